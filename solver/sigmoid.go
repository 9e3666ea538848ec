package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Bias is the number b that a sigmoid loss adds to all scores. The zero value is the best one for each matrix.
type Bias = term.Bias

// FixedBias is a bias that is given.
func FixedBias(b float64) Bias { return Bias{Fixed: true, Value: b} }

// Sigmoid is the sigmoid loss of m > 0 negatives a positive pair (SigLIP; Zhai, Mustafa, Kolesnikov and Beyer, ICCV 2023),
//
//	L(M) = min_b E log(1 + e^{−xᵀMy − b}) + m E log(1 + e^{xᵀMy + b}),   or that for a fixed b,
//
// over positive pairs and over independent points, of one modality or of two. It is convex jointly in M and b.
func Sigmoid(m float64, b Bias) Loss {
	return biased(logistic("sigmoid", gmm.Pairs.WantShared, term.Sigmoid(m, b)))
}

// DistanceSigmoid is the sigmoid loss with the scores −½(x − y)ᵀM(x − y), of one modality and with the best bias.
func DistanceSigmoid(m float64) Loss {
	return biased(logistic("distance-sigmoid", gmm.Pairs.WantSingle, term.DistanceSigmoid(m)))
}

// biased says that a bias goes with M.
func biased(l Loss) Loss {
	l.biased = true
	return l
}
