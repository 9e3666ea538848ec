package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// Stability evaluates, for the InfoNCE loss of own covariances and whitened, both sides of what bounds how far M* leaves the Fisher subspace,
//
//	tr(WD_PP²) + tr D_QP(I+W)D_PQ + ‖D_QQ‖²_F ≤ σ²/c²,   f(M_in) − f(M*) ≤ σ²/2c,   σ² = 4 tr X(I+W)⁻¹Xᵀ + ‖Y‖²_F,
//
// D = M* − M_in, M_in the minimiser over M ⪰ 0 in the subspace, P the projector on that and Q = I − P, X = Q∇f(M_in)P, Y ⪰ 0 the negative part of Q∇f(M_in)Q, W = I + C the second moment,
// and Σ_k ⪰ cΣ̄. For c tr(WD²) ≤ ⟨∇f(M*) − ∇f(M_in), D⟩ ≤ −2⟨X, D_QP⟩ + ⟨Y, D_QQ⟩.
//
// Candidates for both minimisers are given with bounds of their distances to them, and their losses with bounds of the errors. The gradient is the oracle's own. Left are the bounds,
// Right what they bound. It refuses what InfoNCE is not judged for, and mixtures of one covariance.
func Stability(p gmm.Pairs, inside, minimiser Known, tolerance float64) (distance, gap Inequality, failure error) {
	none := Inequality{Left: math.NaN(), Right: math.NaN(), Error: math.Inf(1), Scale: 1}
	if failure = InfoNCE.admits(p); failure != nil {
		return none, none, failure
	}
	at, failure := see(InfoNCE, p, inside.Form, enclosure.NewBudget(1))
	if failure != nil {
		return none, none, failure
	}
	if at.own == nil {
		return none, none, gmm.ErrOtherModel
	}
	if !mat.Equal(inside.Form.Left.Basis, minimiser.Form.Left.Basis) {
		panic("oracle: two candidates are compared in different frames")
	}
	best := at.of(minimiser.Form, nil)
	s := subspace.FisherIn(at.left, p.Left.FisherDimension())
	e, failure := at.bounded(tolerance)
	if failure != nil {
		return none, none, failure
	}
	lipschitz, _ := at.loss.ownTerm(at, s.Basis)
	turned := (4*s.Error + 16*float64(len(at.left.W))*dense.Roundoff) * mat.Norm(e.Matrix, 2)
	sigma, sigmaOff := spreadOut(at, s, e.Matrix), e.Err+lipschitz*inside.Distance+turned
	c := at.own.Modulus
	var d mat.Dense
	d.Sub(best.m, at.m)
	most := 1 + slices.Max(at.left.W)
	size := mat.Norm(at.m, 2)
	moved := inside.Distance + minimiser.Distance + (2*s.Error+at.formError)*(size+mat.Norm(best.m, 2))
	left := at.moved(s, &d)
	distance = Inequality{
		Left: sigma * sigma / (c * c), Right: left,
		Error: (2*sigma+sigmaOff)*sigmaOff/(c*c) + (2*math.Sqrt(left*most)+most*moved)*moved,
		Scale: max(most*size*size, sigma*sigma/(c*c)),
	}
	gap = Inequality{
		Left: sigma * sigma / (2 * c), Right: inside.Loss - minimiser.Loss,
		Error: (2*sigma+sigmaOff)*sigmaOff/(2*c) + inside.LossError + minimiser.LossError,
		Scale: max(math.Abs(inside.Loss), size*size, sigma*sigma/(2*c)),
	}
	return distance, gap, nil
}

// Known is a candidate for a minimiser in a frame of all d dimensions, with a bound of its distance to that, whitened, and its loss with a bound of its error.
type Known struct {
	Form                      gmm.Form
	Distance, Loss, LossError float64
}

// spreadOut is σ.
func spreadOut(at *point, s subspace.Subspace, gradient *mat.Dense) float64 {
	off := s.Off(gradient) // Q∇f
	var x mat.Dense
	x.Mul(off, s.Basis)
	rank := s.Dimension()
	w := mat.NewDense(rank, rank, nil)
	for i := range rank {
		for j := range rank {
			for a, weight := range at.left.W {
				w.Set(i, j, w.At(i, j)+s.Basis.At(a, i)*weight*s.Basis.At(a, j))
			}
		}
		w.Set(i, i, w.At(i, i)+1)
	}
	var solved mat.Dense
	_ = solved.Solve(w, x.T()) // I + W ⪰ 2I
	square := 4 * dense.Inner(mat.DenseCopyOf(x.T()), &solved)
	across := dense.Symmetric(s.Off(mat.DenseCopyOf(off.T())))
	values, _ := dense.Eigen(across)
	for _, v := range values {
		square += math.Pow(min(v, 0), 2)
	}
	return math.Sqrt(max(square, 0))
}

// moved is the left side of the first inequality: Q has W = I.
func (at *point) moved(s subspace.Subspace, d *mat.Dense) float64 {
	off := s.Off(d)
	var inside, across, weighed mat.Dense
	inside.Sub(d, off)
	inside = *mat.DenseCopyOf(inside.T()) // DP
	kept := s.Off(&inside)
	inside.Sub(&inside, kept) // PDP
	weighed.Mul(mat.NewDiagDense(len(at.left.W), at.left.W), &inside)
	square := dense.Inner(&weighed, &inside)
	across.Sub(off, mat.DenseCopyOf(s.Off(mat.DenseCopyOf(off.T())).T())) // QDP
	var right mat.Dense
	right.Mul(&across, mat.NewDiagDense(len(at.left.W), at.left.W))
	square += dense.Inner(&across, &across) + dense.Inner(&right, &across)
	rest := s.Off(mat.DenseCopyOf(off.T()))
	return square + dense.Inner(rest, rest)
}
