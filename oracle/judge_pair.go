package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// PairFindings is what the oracle finds of a pair of representations, beside a loss.
type PairFindings struct {
	// Gap bounds f(M) − min f from above, M = A_L A_Rᵀ; +Inf where nothing could be bounded.
	Gap float64
	// Distance bounds ‖M − M*‖_F in whitened coordinates, M* the minimiser over all M; +Inf where nothing could be bounded.
	Distance float64
	// Outside is ‖Q A_L‖/‖A_L‖ in whitened coordinates, Q the projector off the left
	// Fisher subspace, and OutsideError bounds its error; 0 for A_L = 0.
	Outside, OutsideError float64
}

// JudgePair evaluates how far a pair of representations, A_L d_L×r and A_R d_R×r, can be from minimising a loss
// over all M, r at least min(s_L, s_R), and how far A_L leaves its Fisher subspace. In one modality M must be symmetric.
// By strong convexity f(M) − f(M*) ≤ ‖∇f(M)‖²_d/2c, with the gradient
// evaluated to about tolerance. It refuses pairs that the loss is not judged for, with gmm.ErrOtherModel, and panics if the
// matrices do not have these shapes.
func JudgePair(l Loss, p gmm.Pairs, left, right *mat.Dense, tolerance float64) (PairFindings, error) {
	if err := l.admits(p); err != nil {
		return PairFindings{}, err
	}
	rows, r := left.Dims()
	if other, columns := right.Dims(); rows != p.Left.Dimension() || other != p.Right.Dimension() || columns != r {
		panic(fmt.Sprintf("oracle: representations of %d×%d and %d×%d do not fit dimensions %d and %d",
			rows, r, other, columns, p.Left.Dimension(), p.Right.Dimension()))
	}
	m := new(mat.Dense)
	m.Mul(left, right.T())
	if p.Modalities() == 1 {
		dense.Symmetric(m)
	}
	at, err := see(l, p, gmm.Plain(m), nil)
	if err != nil {
		return PairFindings{}, err
	}
	// The product is rounded, at most by (r+1) roundings of |A_L||A_R|ᵀ, and so is the
	// form; ∇f moves by at most ‖D²f‖ times that.
	seen := at.left.Representation(left)
	moved := at.formError*mat.Norm(at.m, 2) + float64(r+1)*dense.Roundoff*mat.Norm(seen, 2)*mat.Norm(at.right.Representation(right), 2)
	e, err := at.bounded(tolerance)
	if err != nil {
		return PairFindings{}, err
	}
	gradient := e.Norm + e.Err + at.sum.Steepest()*moved
	f := PairFindings{Gap: gradient * gradient / (2 * at.modulus(gradient))}
	f.Distance, _ = at.distances(gradient)
	f.Distance += moved
	if _, zero := l.vanishes(p); zero && mat.Norm(m, math.Inf(1)) == 0 {
		f.Gap, f.Distance = 0, 0 // M* = 0, exactly
	}
	if size := mat.Norm(seen, 2); size > 0 {
		space := subspace.FisherIn(at.left, p.Left.FisherDimension())
		f.Outside = mat.Norm(space.Off(seen), 2) / size
		f.OutsideError = 2*space.Error + at.left.FormError + float64(16*rows)*dense.Roundoff
	}
	return f, nil
}
