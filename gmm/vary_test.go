package gmm_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

var rationals = cmp.Comparer(func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })

// Separate keeps the mean, composes by multiplication, and multiplies differences of means.
func TestSeparate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := generators.SharedCovariance().Draw(t, "mixture")
		factor := big.NewRat(int64(rapid.IntRange(0, 12).Draw(t, "quarters")), 4)
		apart, err := m.Separate(factor)
		if err != nil {
			t.Fatal(err)
		}
		before, after := m.Exact(), apart.Exact()
		if !cmp.Equal(before.Mean(), after.Mean(), rationals) || !cmp.Equal(before.Weights, after.Weights, rationals) {
			t.Fatal("the mean or the weights moved")
		}
		for k := range before.Means {
			for i := range before.Means[k] {
				was := new(big.Rat).Sub(before.Means[k][i], before.Means[0][i])
				if is := new(big.Rat).Sub(after.Means[k][i], after.Means[0][i]); is.Cmp(was.Mul(was, factor)) != 0 {
					t.Fatal("a difference of means is not the multiple asked for")
				}
			}
		}
		if apart.Coincident() != (m.Coincident() || factor.Sign() == 0) {
			t.Fatal("the means coincide, or do not, without reason")
		}
	})
}

// A path of a weight gives one component its weight and keeps the proportions of the others.
func TestReweigh(t *testing.T) {
	reweighed := 0
	rapid.Check(t, func(t *rapid.T) {
		m := generators.Distinct().Draw(t, "mixture")
		k := rapid.IntRange(0, m.Components()-1).Draw(t, "component")
		w := big.NewRat(int64(rapid.IntRange(1, 15).Draw(t, "sixteenths")), 16)
		other, err := weighed(m, k, w)
		if err != nil {
			t.Fatal(err)
		}
		before, after := m.Exact(), other.Left.Exact()
		if after.Weights[k].Cmp(w) != 0 || !cmp.Equal(before.Means, after.Means, rationals) {
			t.Fatal("the weight is not the one asked for, or the means moved")
		}
		sum := new(big.Rat)
		first := (k + 1) % len(after.Weights)
		for i, x := range after.Weights {
			sum.Add(sum, x)
			if i != k && new(big.Rat).Mul(x, before.Weights[first]).Cmp(new(big.Rat).Mul(before.Weights[i], after.Weights[first])) != 0 {
				t.Fatal("the other weights changed their proportions")
			}
		}
		if sum.Cmp(big.NewRat(1, 1)) != 0 {
			t.Fatal("the weights do not sum to 1")
		}
		reweighed++
	})
	enough.Drawn(t, "mixtures reweighed", reweighed, 50)
}

// weighed gives a component a weight, at δ = 1.
func weighed(m *gmm.Mixture, k int, w *big.Rat) (gmm.Pairs, error) {
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		return p, err
	}
	path, err := gmm.ParsePath(fmt.Sprintf("weight[%d]", k+1))
	if err != nil {
		return p, err
	}
	return path.Set(p, w)
}

func TestReweighRefuses(t *testing.T) {
	two := generators.Distinct().Example(1)
	for _, w := range []*big.Rat{new(big.Rat), big.NewRat(1, 1), big.NewRat(-1, 2)} {
		if _, err := weighed(two, 0, w); !errors.Is(err, gmm.ErrWeight) {
			t.Errorf("weight %v: %v", w, err)
		}
	}
}

// Restriction undoes Form, in Fisher frames and in full ones.
func TestRestrictionUndoesForm(t *testing.T) {
	restricted := 0
	rapid.Check(t, func(t *rapid.T) {
		m := generators.SharedCovariance().Draw(t, "mixture")
		inside, err := m.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		full, err := m.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []gmm.Whitened{inside, full} {
			if w.Root == nil {
				if w.Restriction(m, mat.NewSymDense(m.Dimension(), nil)) != nil {
					t.Fatal("nothing has a restriction")
				}
				continue
			}
			n, _ := w.Means.Dims()
			v := mat.NewSymDense(n, nil)
			for i := range n {
				for j := i; j < n; j++ {
					v.SetSym(i, j, float64(rapid.IntRange(-8, 8).Draw(t, "entry")))
				}
			}
			back := w.Restriction(m, w.Form(v).Matrix(of(t, m)))
			var apart mat.Dense
			apart.Sub(back, v)
			const tame = 1e-10 // roundoff times the condition number of the family's covariances and means
			if mat.Norm(&apart, 2) > tame*(1+mat.Norm(v, 2)) {
				t.Fatal("a form's restriction is another matrix")
			}
			restricted++
		}
	})
	enough.Drawn(t, "forms restricted", restricted, 100)
}
