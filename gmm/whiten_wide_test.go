package gmm_test

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// power returns 10^−digits.
func power(digits int) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
}

// nearlySingular draws an exact mixture whose covariance LLᵀ has a condition number of up to 1e26 or so, beyond what double-double
// Gram matrices survive, and whose means L y are moderate in standard deviations.
func nearlySingular(t *rapid.T) *gmm.Mixture {
	k, d := rapid.IntRange(2, 4).Draw(t, "K"), rapid.IntRange(2, 3).Draw(t, "d")
	least, thin := power(rapid.IntRange(0, 12).Draw(t, "digits")), rapid.IntRange(0, d-1).Draw(t, "thin")
	small := func(label string) *big.Rat {
		return big.NewRat(int64(rapid.IntRange(-40, 40).Draw(t, label)), 10)
	}
	l := make([][]*big.Rat, d)
	for i := range l {
		l[i] = make([]*big.Rat, d)
		for j := range l[i] {
			l[i][j] = new(big.Rat)
			if j < i {
				l[i][j] = small("L")
			}
		}
		l[i][i].SetInt64(1)
		if i == thin {
			l[i][i].Set(least)
		}
	}
	e := gmm.Exact{}
	for i := range l {
		e.Covariance = append(e.Covariance, nil)
		for j := range l {
			sum := new(big.Rat)
			for c := range l {
				sum.Add(sum, new(big.Rat).Mul(l[i][c], l[j][c]))
			}
			e.Covariance[i] = append(e.Covariance[i], sum)
		}
	}
	for range k {
		e.Weights = append(e.Weights, big.NewRat(int64(rapid.IntRange(1, 9).Draw(t, "weight")), 1))
		y := make([]*big.Rat, d)
		for i := range y {
			y[i] = small("y")
		}
		row := make([]*big.Rat, d)
		for i := range row {
			row[i] = new(big.Rat)
			for j := range y {
				row[i].Add(row[i], new(big.Rat).Mul(l[i][j], y[j]))
			}
		}
		e.Means = append(e.Means, row)
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The whitened means have the exact Gram matrix UᵀΣ⁻¹U, up to the error that they state.
func TestWhiteningOfNearlySingularCovariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nearlySingular(t)
		gram := m.ExactGram()
		for name, whiten := range map[string]func() (gmm.Whitened, error){"Fisher": m.WhitenFisher, "full": m.WhitenFull} {
			w, err := whiten()
			if err != nil {
				t.Fatalf("%s: %v in %v", name, err, m)
			}
			if w.Means == nil {
				continue
			}
			if w.Error > 1e-9 {
				t.Fatalf("%s: an error of %g for %v", name, w.Error, m)
			}
			var products mat.Dense
			products.Mul(w.Means.T(), w.Means)
			longest := 0.0
			for j := range m.Components() {
				longest = max(longest, mat.Norm(w.Means.ColView(j), 2))
			}
			for i := range m.Components() {
				for j := range m.Components() {
					exact, _ := gram[i][j].Float64()
					if off := math.Abs(products.At(i, j) - exact); off > (3*w.Error+1e-14)*longest*longest {
						t.Fatalf("%s: ⟨y_%d, y_%d⟩ = %g, not %g, beside an error of %g: %v", name, i, j, products.At(i, j), exact, w.Error, m)
					}
				}
			}
		}
	})
}

func TestExactPrecisionSolves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nearlySingular(t)
		e := m.Exact()
		x, exact := m.ExactPrecision()
		if !exact {
			t.Fatalf("no exact solution for %v", m)
		}
		for k, row := range x {
			for i, sigma := range e.Covariance {
				sum := new(big.Rat)
				for j := range row {
					sum.Add(sum, new(big.Rat).Mul(sigma[j], row[j]))
				}
				if sum.Cmp(e.Means[k][i]) != 0 {
					t.Fatalf("(ΣX)_%d%d = %s, not %s", i, k, sum.RatString(), e.Means[k][i].RatString())
				}
			}
		}
	})
	floats, err := gmm.New([]float64{1}, mat.NewDense(1, 1, []float64{0.1}), mat.NewDense(1, 1, []float64{0.25}))
	if err != nil {
		t.Fatal(err)
	}
	want := gmm.Rationals(0.1)[0]
	want.Mul(want, big.NewRat(4, 1))
	if x, exact := floats.ExactPrecision(); !exact || x[0][0].Cmp(want) != 0 {
		t.Fatalf("the floats 0.1 and 0.25 give Σ⁻¹μ = %v, not %v", x, want)
	}
}
