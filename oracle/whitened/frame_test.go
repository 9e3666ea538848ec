package whitened

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

func exactOf(x dd.Number) *big.Rat {
	return new(big.Rat).Add(new(big.Rat).SetFloat64(x.Hi), new(big.Rat).SetFloat64(x.Lo))
}

func rationals(a *mat.Dense) [][]*big.Rat {
	rows, _ := a.Dims()
	out := make([][]*big.Rat, rows)
	for i := range out {
		out[i] = gmm.Rationals(a.RawRowView(i)...)
	}
	return out
}

// quadratic returns AᵀSB in rationals, from columns.
func quadratic(a, s, b [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(a))
	for i, x := range a {
		for _, y := range b {
			sum := new(big.Rat)
			for r := range x {
				for c := range y {
					sum.Add(sum, new(big.Rat).Mul(x[r], new(big.Rat).Mul(s[r][c], y[c])))
				}
			}
			out[i] = append(out[i], sum)
		}
	}
	return out
}

// Both products of inFrame are within their bounds of the exact ones.
func TestFrameErrorsAreBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 18))
	for i := range 60 {
		thin := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(rng.IntN(26))), nil))
		sigma := [][]*big.Rat{{big.NewRat(4, 1), big.NewRat(6, 1)}, {big.NewRat(6, 1), thin.Add(thin, big.NewRat(9, 1))}}
		e := gmm.Exact{Covariance: sigma}
		for range 3 {
			x := big.NewRat(1+rng.Int64N(50), 7)
			e.Weights = append(e.Weights, big.NewRat(1, 3))
			e.Means = append(e.Means, []*big.Rat{x, new(big.Rat).Mul(big.NewRat(3, 2), x)})
		}
		e.Means[0][1] = new(big.Rat).Add(e.Means[0][1], new(big.Rat).SetFloat64(math.Ldexp(1, -rng.IntN(60))))
		m, err := gmm.NewExact(e)
		if err != nil {
			t.Fatal(err)
		}
		frame := gmm.Frame{Basis: mat.NewDense(2, 2, []float64{1 + rng.Float64(), 3 * rng.NormFloat64(), 0, -1e5 * rng.Float64()})}
		form, columns := sigma, e.Means
		if i%2 == 0 {
			frame = gmm.Frame{Fisher: true, Basis: mat.NewDense(3, 2, []float64{rng.NormFloat64(), 0, 1e3, rng.NormFloat64(), -1, 1e-3})}
			form = m.ExactGram()
			columns = rationals(mat.NewDense(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}))
		}
		c := rationals(mat.DenseCopyOf(frame.Basis.T()))
		exact := quadratic(c, form, c)
		pulled := quadratic(c, form, columns)
		if !frame.Fisher {
			unit := rationals(mat.NewDense(2, 2, []float64{1, 0, 0, 1}))
			pulled = quadratic(c, unit, columns)
		}
		gram := m.ExactGram()
		for _, f := range []func() (products, bool){
			func() (products, bool) { return inFrame(m, frame), true },
			func() (products, bool) { return inFrameWide(m, frame) },
		} {
			got, ok := f()
			if !ok {
				t.Fatalf("no wide products for %v", m)
			}
			var square float64
			for a := range got.covariance {
				for b := range got.covariance {
					d, _ := new(big.Rat).Sub(exactOf(got.covariance[a][b]), exact[a][b]).Float64()
					square += d * d
				}
			}
			if math.Sqrt(square) > got.covarianceError {
				t.Errorf("FᵀΣF is off by %g, more than %g: %v", math.Sqrt(square), got.covarianceError, m)
			}
			for k := range 3 {
				var miss float64
				for a := range got.means {
					d, _ := new(big.Rat).Sub(exactOf(got.means[a][k]), pulled[a][k]).Float64()
					miss = math.Hypot(miss, d)
				}
				length, _ := gram[k][k].Float64()
				if miss > got.meanError*math.Sqrt(length) {
					t.Errorf("Fᵀμ_%d is off by %g, more than %g: %v", k, miss, got.meanError*math.Sqrt(length), m)
				}
			}
		}
	}
}
