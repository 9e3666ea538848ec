package cosine

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// Losses and their derivatives on squeezed nodes are those on even ones, of narrow and far embeddings in any position; both are resolved to rounding.
func TestSqueezedNodesAgreeWithEvenOnes(t *testing.T) {
	losses := map[string]Loss{"infonce": InfoNCE(0.6), "2 negatives": Negatives(2, 1.5), "sigmoid": Sigmoid(3, Bias{}, 0.4), "sigmoid of a bias": Sigmoid(1, Bias{true, -0.3}, 1)}
	for seed := range enough.Cases(4) {
		rng := rand.New(rand.NewPCG(uint64(seed), 24))
		narrow := math.Exp2(-3 - 5*rng.Float64())
		turn := rng.Float64() * 2 * math.Pi
		sin, cos := math.Sincos(turn)
		axes := mat.NewDense(2, 2, []float64{cos, -sin, sin, cos})
		var means, half, covariance mat.Dense
		means.Mul(axes, mat.NewDense(2, 3, []float64{3 * rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), 2 * narrow * rng.NormFloat64(), 0, narrow * rng.NormFloat64()}))
		half.Mul(axes, mat.NewDense(2, 2, []float64{1, 0, 0, narrow * narrow}))
		covariance.Mul(&half, axes.T())
		g, ok := newGaussians(&means, mat.NewSymDense(2, covariance.RawMatrix().Data))
		if !ok {
			t.Fatal(narrow)
		}
		for name, l := range losses {
			if name == "2 negatives" && seed > 0 {
				continue // dear
			}
			v := newEvaluator(l, law{[]float64{0.2, 0.5, 0.3}, 0.75})
			squeezed, along, err := v.layout(g, fine(2))
			if err != nil || squeezed.squeeze == 0 || along == nil {
				t.Fatalf("%s, ratio %g: %+v, %v", name, narrow, squeezed, err)
			}
			even := layout{around: 1 << 14}
			if name == "2 negatives" {
				even.around = 1 << 12
			}
			if even.around < 2*squeezed.around {
				t.Errorf("%s, ratio %g: %d squeezed nodes", name, narrow, squeezed.around)
			}
			of := func(l layout, along *mat.Dense) (value float64, means, covariance *mat.Dense) {
				means, covariance = mat.NewDense(2, 3, nil), mat.NewDense(2, 2, nil)
				value, _ = v.value(g, l, along, means, covariance)
				return value, means, covariance
			}
			value, byMeans, byCovariance := of(squeezed, along)
			for _, axes := range []*mat.Dense{along, nil} {
				other, otherMeans, otherCovariance := of(even, axes)
				rounding := 1e-12 / (narrow * narrow) // precisions cancel, of the order ε⁻², and of products of far means ε⁻⁴ across axes
				if axes == nil {
					rounding += 0x1p-42 / math.Pow(narrow, 4)
				}
				if math.Abs(value-other) > 1e-12 || !mat.EqualApprox(byMeans, otherMeans, rounding*(1+mat.Norm(byMeans, 2))) || !mat.EqualApprox(byCovariance, otherCovariance, rounding*(1+mat.Norm(byCovariance, 2))) {
					t.Errorf("%s, ratio %g: %.15g of squeezed nodes, %.15g of even ones, derivatives %v and %v, %v and %v", name, narrow, value, other,
						mat.Formatted(byMeans), mat.Formatted(otherMeans), mat.Formatted(byCovariance), mat.Formatted(otherCovariance))
				}
			}
		}
	}
}
