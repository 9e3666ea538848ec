package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"
)

// Bias is the number b that a sigmoid loss adds to all scores. The zero value is the best one for each matrix.
type Bias = enclosure.Bias

// FixedBias is a bias that is given.
func FixedBias(b float64) Bias { return Bias{Fixed: true, Value: b} }

// Sigmoid is the sigmoid loss (SigLIP) of m > 0 negatives a positive pair,
//
//	L(M) = min_b E log(1 + e^{−xᵀMx̂ − b}) + m E log(1 + e^{xᵀMy + b}),   or that for a fixed b,
//
// (x, x̂) a pair and y an independent draw, of one modality, or of two whose pairs share their component. It is strictly convex jointly in M and b, but grows linearly, so that
// convexity is strong near each matrix only (enclosure.Logistic). By convexity in the scores its minimiser and all stationary points lie in the Fisher subspaces.
//
// M* = 0 iff δB = 0 for a free b, as ∇L(0) = −δB m/(m + 1). For a fixed one (1 + e^b)∇L(0) = −δB + (m e^b − 1) μ̄_L μ̄_Rᵀ, which vanishes for certain where δB = 0 and a mean is 0, or
// where δB = 0, m = 1 and b = 0; what else vanishes is left to arithmetic.
func Sigmoid(m float64, bias Bias) Loss {
	l := Loss{
		Name: "sigmoid", metric: whitened.Flat, modulus: locally,
		admits: func(p gmm.Pairs) error {
			if p.Modalities() == 1 {
				return p.WantShared()
			}
			return p.WantCertain()
		},
		sum: logistic(func(at *point) *enclosure.Logistic {
			return enclosure.NewSigmoid(at.left, at.right, at.m, at.delta, m, bias, at.work)
		}),
	}
	if !bias.Fixed {
		l.vanishes, l.biased = uninformative, sigmoidSampled(m)
		return l
	}
	l.sampled = sigmoidSampled(m)(bias.Value)
	l.vanishes = func(p gmm.Pairs) (rule string, zero bool) {
		rule, zero = uninformative(p)
		return rule, zero && (m == 1 && bias.Value == 0 || p.Left.Centred() || p.Right.Centred())
	}
	return l
}

// DistanceSigmoid is the sigmoid loss with the scores −½|Aᵀx − Aᵀy|², the best bias and one modality,
//
//	L(M) = min_b E log(1 + e^{½D(x, x̂) − b}) + m E log(1 + e^{b − ½D(x, y)}),   D(x, y) = (x − y)ᵀM(x − y).
//
// It is convex as Sigmoid is. Its minimiser and all stationary points lie in the centred Fisher subspace, M* = 0 iff δB = 0, as ∇L(0) = −δB m/(m + 1), and at δ = 1 it keeps all of that
// subspace. A bias that is fixed does not leave that: noise in D can make up for it.
func DistanceSigmoid(m float64) Loss {
	return Loss{
		Name: "distance-sigmoid", admits: gmm.Pairs.WantSingle, metric: whitened.Flat, modulus: locally, distances: true,
		sum: logistic(func(at *point) *enclosure.Logistic {
			return enclosure.NewDistanceSigmoid(at.left, at.m, at.delta, m, at.work)
		}),
		vanishes: uninformative, biased: sigmoidSampled(m),
	}
}

// sigmoidSampled is one draw at a bias: m times the mean over negatives.
func sigmoidSampled(m float64) func(bias float64) draw {
	return func(b float64) draw {
		return func(positive float64, right, _ func() []float64) (value, _, _ float64) {
			negatives := right()
			for _, score := range negatives {
				value += m * softplus(score+b) / float64(len(negatives))
			}
			return value + softplus(-positive-b), 0, 0
		}
	}
}
