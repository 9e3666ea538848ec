package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Loss is a convex loss of M = A_L A_Rᵀ, as the oracle knows it: by its definition, its gradient and its convexity, of
// which no solver tells it anything.
type Loss struct {
	Name string
	// admits refuses pairs that the loss is not judged for, with gmm.ErrOtherModel.
	admits func(p gmm.Pairs) error
	// metric is the H, and modulus returns a c ≥ 0, of D²f[V,V] ≥ c Σ H_ij V_ij², W being diagonal: everywhere, where gradient is +Inf; else so near the
	// point that a gradient of that norm there leaves the minimiser, over symmetric matrices or those ⪰ 0, at most gradient/c away in the norm of H, and
	// the loss at most gradient²/2c above its minimum.
	metric  whitened.Metric
	modulus func(at *point, gradient float64) float64
	// sum encloses the gradient at a point.
	sum func(at *point) enclosure.Sum
	// within is the defect up to which containment, which is a theorem, holds for all purposes: what rounding leaves of its gradients. Zero means 1e-8.
	within float64
	// finite tells whether the loss is finite at a point, unless it is so everywhere and this is nil.
	finite func(at *point) bool
	// vanishes decides without arithmetic whether M* = 0, and words the rule.
	vanishes func(p gmm.Pairs) (rule string, zero bool)
	// repelled tells, for certain, that M = 0 is the minimiser over M ⪰ 0, though it need not be that over all M; nil where these are 0 together.
	repelled func(p gmm.Pairs) bool
	// rank computes the rank of M* exactly and names what has that rank, known being false where there is no theorem; nil where there is none at all.
	rank func(p gmm.Pairs) (of string, rank int, known bool)
	// ownTerm bounds ‖D²f‖, of own covariances, at all matrices within a radius of a point's, in Frobenius norm, whose columns and rows lie in the span of orthonormal
	// columns; nil where these covariances matter by their mean only.
	ownTerm func(at *point, inside *mat.Dense) (steepest, radius float64)
	// grouped says that own covariances with E[Qx | Px] = 0, P the projector on the Fisher subspace and Q = I − P, leave Col(M*) in that: that L(A) ≥ L(PA) for every A.
	grouped bool
	// falls is what Fall bounds; nil for 0.
	falls func(p gmm.Pairs, v *mat.Dense, left, right float64) float64
	// proved says that package proof proves equality.
	proved bool
	// steady says that the terms' Steepest is a bound at every matrix.
	steady bool
	// graded says that short directions can be judged by blocks.
	graded bool
	// distances says that scores are −½‖A_Lᵀx − A_Rᵀy‖², and not xᵀMy.
	distances bool
	// temperature is τ of scores that are cosines over τ; 0 for others.
	temperature float64
	// affine says that representations have a bias, over which the loss is the least value, on pairs that are centred.
	affine bool
	// linear is the Candidates' Linear of a judgement.
	linear []float64
	// sampled is one draw of the loss: of the score of a positive pair and, drawn as they are asked for, those of
	// x with independent y, and of y with independent x; of one modality either with the same independent points. bias is what was corrected, share the
	// largest draw's in its sum.
	sampled draw
	// biased is sampled for each value of a bias, where the loss is the minimum over that.
	biased func(bias float64) draw
	// inLog, unless it is nil, is one draw of what has a mean over all pairs whose logarithm is a part of the loss, beside the mean of sampled.
	inLog func(right func() []float64) float64
}

type draw = func(positive float64, right, left func() []float64) (value, bias, share float64)

// strongly is the modulus of a loss that is c-strongly convex everywhere.
func strongly(c float64) func(*point, float64) float64 {
	return func(*point, float64) float64 { return c }
}

// Admit refuses pairs that the loss is not judged for, with gmm.ErrOtherModel.
func (l Loss) Admit(p gmm.Pairs) error { return l.admits(p) }

// score is that of two points as representations show them.
func (l Loss) score(x, y []float64) float64 {
	if l.temperature > 0 {
		return floats.Dot(x, y) / (floats.Norm(x, 2) * floats.Norm(y, 2) * l.temperature)
	}
	if !l.distances {
		return floats.Dot(x, y)
	}
	d := floats.Distance(x, y, 2)
	return -d * d / 2
}

// Vanishes tells, exactly, whether M* = 0.
func (l Loss) Vanishes(p gmm.Pairs) bool {
	_, zero := l.vanishes(p)
	return zero
}

// Proves tells whether package proof has proofs about the loss.
func (l Loss) Proves() bool { return l.proved }

// Own tells whether own covariances of p matter beyond their mean.
func (l Loss) Own(p gmm.Pairs) bool { return l.ownTerm != nil && !p.Shared() }
