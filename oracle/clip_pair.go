package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

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
func JudgeClipPair(p gmm.Paired, visual, text *mat.Dense, tolerance float64) (ClipPairFindings, error) {
	rows, r := visual.Dims()
	if other, columns := text.Dims(); rows != p.Visual.Dimension() || other != p.Text.Dimension() || columns != r {
		panic(fmt.Sprintf("oracle: representations of %d×%d and %d×%d do not fit dimensions %d and %d",
			rows, r, other, columns, p.Visual.Dimension(), p.Text.Dimension()))
	}
	var product mat.Dense
	product.Mul(visual, text.T())
	at, err := seePaired(CLIP, p, gmm.PlainCross(&product), nil)
	if err != nil {
		return ClipPairFindings{}, err
	}
	e, err := at.bounded(tolerance)
	if err != nil {
		return ClipPairFindings{}, err
	}
	// The product is rounded, at most by (r+1) roundings of |A_V||A_T|ᵀ, and so is the
	// form; ∇g moves by at most ‖D²g‖ times that.
	n := float64(r+1) * dense.Roundoff
	moved := at.formError*mat.Norm(at.m, 2) + n*mat.Norm(at.left.Representation(visual), 2)*mat.Norm(at.right.Representation(text), 2)
	gradient := e.Norm + e.Err + at.sum.Steepest()*moved
	f := ClipPairFindings{Gap: gradient * gradient / (4 * (1 - at.defect))}
	if uncorrelated(p) && mat.Norm(&product, math.Inf(1)) == 0 {
		f.Gap = 0 // M* = 0, exactly
	}
	seen := at.left.Representation(visual)
	if size := mat.Norm(seen, 2); size > 0 {
		space := subspace.FisherIn(at.left, p.Visual.FisherDimension().Value)
		f.Outside = mat.Norm(space.Off(seen), 2) / size
		f.OutsideError = 2*space.Error + at.left.FormError + float64(16*rows)*dense.Roundoff
	}
	return f, nil
}
