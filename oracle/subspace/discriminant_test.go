package subspace_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// exactDiscriminant is J(A) for A of one or two independent columns, in rationals.
func exactDiscriminant(e gmm.Exact, a *mat.Dense) (j *big.Rat, independent bool) {
	d, r := a.Dims()
	columns := make([][]*big.Rat, r)
	for c := range columns {
		columns[c] = gmm.Rationals(mat.Col(nil, c, a)...)
	}
	form := func(matrix [][]*big.Rat, x, y []*big.Rat) *big.Rat {
		sum := new(big.Rat)
		for i := range d {
			for l := range d {
				term := new(big.Rat).Mul(x[i], matrix[i][l])
				sum.Add(sum, term.Mul(term, y[l]))
			}
		}
		return sum
	}
	scatter := make([][]*big.Rat, d)
	for i := range scatter {
		scatter[i] = make([]*big.Rat, d)
		for l := range scatter[i] {
			scatter[i][l] = new(big.Rat)
			for k, w := range e.Weights {
				term := new(big.Rat).Mul(w, e.Means[k][i])
				scatter[i][l].Add(scatter[i][l], term.Mul(term, e.Means[k][l]))
			}
		}
	}
	w := func(i, l int) *big.Rat { return form(e.Covariance, columns[i], columns[l]) }
	b := func(i, l int) *big.Rat { return form(scatter, columns[i], columns[l]) }
	mul := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	if r == 1 {
		if w(0, 0).Sign() == 0 {
			return nil, false
		}
		return new(big.Rat).Quo(b(0, 0), w(0, 0)), true
	}
	// tr[W⁻¹B] = (w₂₂b₁₁ − 2 w₁₂b₁₂ + w₁₁b₂₂)/det W.
	determinant := mul(w(0, 0), w(1, 1))
	determinant.Sub(determinant, mul(w(0, 1), w(0, 1)))
	if determinant.Sign() == 0 {
		return nil, false
	}
	sum := mul(w(1, 1), b(0, 0))
	sum.Add(sum, mul(w(0, 0), b(1, 1)))
	sum.Sub(sum, mul(big.NewRat(2, 1), mul(w(0, 1), b(0, 1))))
	return sum.Quo(sum, determinant), true
}

// J agrees with rational arithmetic to within its error, which is small, also where
// the columns are nearly parallel and of very different lengths.
func TestDiscriminantAgreesWithRationals(t *testing.T) {
	compared, worst := 0, 0.0
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.SharedCovariance(), generators.Centred(), generators.NearDegenerate(), generators.ParallelPancakes()).Draw(t, "mixture")
		a := generators.Representation(m.Dimension(), rapid.IntRange(1, 2).Draw(t, "columns")).Draw(t, "A")
		if d, r := a.Dims(); r == 2 && rapid.Bool().Draw(t, "nearly parallel") {
			for i := range d {
				a.Set(i, 1, 1024*a.At(i, 0)+math.Ldexp(a.At(i, 1), -8))
			}
		}
		e := m.Exact()
		want, independent := exactDiscriminant(e, a)
		if !independent {
			return
		}
		got, bound, err := subspace.Discriminant(m, a)
		if err != nil {
			t.Fatalf("J is not found: %v", err)
		}
		compared++
		off := new(big.Rat).Sub(new(big.Rat).SetFloat64(got), want)
		if distance, _ := off.Float64(); math.Abs(distance) > bound {
			t.Fatalf("J is off by more than its bound")
		}
		worst = math.Max(worst, bound/(1+got))
	})
	if compared < 10 || worst > 1e-9 {
		t.Errorf("%d compared, the worst relative bound is %g", compared, worst)
	}
}

// J depends on Col(A) alone: repeated, scaled, zero and superfluous columns change nothing.
func TestDiscriminantOfDependentColumns(t *testing.T) {
	p := read(t, `{"weights": [1, 3], "means": [[2, 0, 1], [0, 1, 0]], "covariance": [[2, 1, 0], [1, 2, 0], [0, 0, 1]]}`)
	j := func(r int, entries ...float64) float64 {
		value, _, err := subspace.Discriminant(p.Left, mat.NewDense(3, r, entries))
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	// One column e₁: Σw μ₁²/σ₁₁ = ¼·4/2.
	if got := j(1, 1, 0, 0); math.Abs(got-0.5) > 1e-15 {
		t.Errorf("J = %g, want 1/2", got)
	}
	if got := j(3, 1, -3, 0, 0, 0, 0, 0, 0, 0); math.Abs(got-0.5) > 1e-15 {
		t.Errorf("of repeated columns and 0: J = %g, want 1/2", got)
	}
	if got := j(1, 1e-150, 0, 0); math.Abs(got-0.5) > 1e-15 {
		t.Errorf("of a tiny column: J = %g, want 1/2", got)
	}
	if got := j(2, 0, 0, 0, 0, 0, 0); got != 0 {
		t.Errorf("of A = 0: J = %g", got)
	}
	// All of R³: tr Σ⁻¹C, and of four columns too.
	want := 0.25*(2*(2*2)/3.0+1) + 0.75*(2/3.0)
	best, _, err := subspace.FisherDiscriminant(p.Left)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []float64{j(3, 1, 0, 0, 0, 1, 0, 0, 0, 1), j(4, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1), best} {
		if math.Abs(got-want) > 1e-14 {
			t.Errorf("J = %.17g, want %.17g", got, want)
		}
	}
}

func TestContainsFisher(t *testing.T) {
	// Σ⁻¹μ = (1, −1)/3·(2, …): Σ⁻¹(1, 0) is along (2, −1).
	p := read(t, `{"weights": [1, 1], "means": [[1, 0], [-3, 0]], "covariance": [[2, 1], [1, 2]]}`)
	for _, c := range []struct {
		a    *mat.Dense
		want bool
	}{
		{mat.NewDense(2, 1, []float64{2, -1}), true},
		{mat.NewDense(2, 1, []float64{1, 0}), false},
		{mat.NewDense(2, 1, []float64{2, math.Nextafter(-1, 0)}), false},
		{mat.NewDense(2, 2, []float64{1, 0, 0, 1}), true},
		{mat.NewDense(2, 2, []float64{1, 2, 0, 0}), false},
		{mat.NewDense(2, 1, nil), false},
	} {
		if got := subspace.ContainsFisher(p.Left, c.a); got != c.want {
			t.Errorf("A = %v: %v, want %v", mat.Formatted(c.a, mat.FormatPython()), got, c.want)
		}
	}
}

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}
