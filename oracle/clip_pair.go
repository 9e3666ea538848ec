package oracle

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ClipPairFindings is what the oracle finds of a pair of representations, beside the
// CLIP loss.
type ClipPairFindings struct {
	// Gap bounds L(A_V, A_T) − min L from above; +Inf where nothing could be bounded.
	Gap float64
	// Outside is ‖Q_V A_V‖/‖A_V‖ in whitened coordinates, Q_V the projector off the visual
	// Fisher subspace, and OutsideError bounds its error; 0 for A_V = 0.
	Outside, OutsideError float64
}

// JudgeClipPair evaluates how far a pair of representations, A_V d_V×r and A_T d_T×r,
// can be from minimising the CLIP loss, r at least min(s_V, s_T), and how far A_V leaves S_V.
// By strong convexity g(M) − g(M*) ≤ ¼‖∇g(M)‖²_d at M = A_V A_Tᵀ, with the gradient
// evaluated to about tolerance. It panics if the matrices do not have these shapes.
func JudgeClipPair(p gmm.Pairs, visual, text *mat.Dense, tolerance float64) (ClipPairFindings, error) {
	rows, r := visual.Dims()
	if other, columns := text.Dims(); rows != p.Left.Dimension() || other != p.Right.Dimension() || columns != r {
		panic(fmt.Sprintf("oracle: representations of %d×%d and %d×%d do not fit dimensions %d and %d",
			rows, r, other, columns, p.Left.Dimension(), p.Right.Dimension()))
	}
	var product mat.Dense
	product.Mul(visual, text.T())
	at, err := seeClip(p, gmm.Plain(&product))
	if err != nil {
		return ClipPairFindings{}, err
	}
	e, err := at.boundedGradient(tolerance, costliest)
	if err != nil {
		return ClipPairFindings{}, err
	}
	// The product is rounded, at most by (r+1) roundings of |A_V||A_T|ᵀ, and so is the
	// form; ∇g moves by at most ‖D²g‖ times that.
	n := float64(r+1) * unitRoundoff
	moved := at.formError*mat.Norm(at.m, 2) + n*mat.Norm(seenThrough(at.visual, visual), 2)*mat.Norm(seenThrough(at.text, text), 2)
	gradient := e.norm + e.err + at.steepest()*moved
	f := ClipPairFindings{Gap: gradient * gradient / (4 * (1 - at.defect))}
	if uncorrelated(p) && mat.Norm(&product, math.Inf(1)) == 0 {
		f.Gap = 0 // M* = 0, exactly
	}
	seen := seenThrough(at.visual, visual)
	if size := mat.Norm(seen, 2); size > 0 {
		s := p.Left.FisherDimension().Value
		space := at.visual.fisherSpace(s, s == len(at.visual.w))
		f.Outside = mat.Norm(at.visual.off(seen, space), 2) / size
		f.OutsideError = 2*space.angle + at.visual.formError + float64(16*rows)*unitRoundoff
	}
	return f, nil
}

// steepest bounds ‖D²g‖: the quadratic part, and E[xxᵀ] times the variance of contrasts.
func (at *clipPoint) steepest() float64 {
	sum := slices.Max(at.visual.w) + slices.Max(at.text.w)
	for _, c := range at.choices() { // |·|² ≤ |·|²_* max √w
		sum += slices.Max(c.anchors.w) * math.Pow(slices.Max(c.reach), 2) * math.Sqrt(slices.Max(c.partners.w))
	}
	return sum
}

// seenThrough returns a representation in the view's coordinates, in which it acts on
// whitened points: rotationᵀ Λᵀ A for a frame of all original coordinates.
func seenThrough(v *view, a *mat.Dense) *mat.Dense {
	var half mat.Dense
	half.Mul(v.root.T(), a)
	out := new(mat.Dense)
	out.Mul(v.rotation.T(), &half)
	return out
}
