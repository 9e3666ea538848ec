package term

import (
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Affine is the part of a contrastive loss that the negatives of affine representations x ↦ Aᵀx + b make, of one modality whose mean is 0 and
// whose components have one covariance, with the share of positive pairs: scores are xᵀMy + c·x + c·y but for a constant, c = Ab, and terms of x
// alone cancel. As a function of M it is the least value over c,
//
//	min_c  −δ⟨M, B⟩ + ½⟨M², W⟩ + ½|c|² + E_x log Σ_k w_k exp(xᵀMμ_k + c·μ_k),
//
// which is 1-strongly convex, as the sum is jointly in M and c. For a given c that is LogPartition of log-weights log w_k + c·μ_k. With p its softmax,
//
//	∇_c      = c + E Σ_k p_k μ_k
//	D²_c[v]  = v + E[Cov_p(μ) v]
//
// so that the best c is in the span of the means, and by the implicit function theorem D² of the least value is the Schur complement of D²_c.
//
// Of components with covariances of their own it is affineOwn.
func Affine(l *Law) Term {
	if l.Left.Covariances != nil {
		return newAffineOwn(l)
	}
	a := newLogPartition(l, 0)
	a.shift = make([]float64, len(l.Weights))
	out := &affine{logPartition: a, basis: spanOf(a.centred)}
	_, q := out.basis.Dims()
	out.start = make([]float64, q)
	out.means = dense.Times(out.basis.T(), a.centred)
	for k, w := range l.Weights {
		length := mat.Norm(a.centred.ColView(k), 2)
		a.sensitivity += length // of ∇_c
		out.rounding += w * length * l.operations() * unitRoundoff
	}
	out.coupling = 1
	return out
}

type affine struct {
	*logPartition
	basis *mat.Dense // n×q, orthonormal, of the span of the means
	means *mat.Dense // q×K, along it
	profiled
}

// spanOf returns an orthonormal basis of the span of columns.
func spanOf(columns *mat.Dense) *mat.Dense {
	var memory dense.Arena
	u, values, _ := dense.Singular(&memory, mat.DenseCopyOf(columns)) // which it overwrites
	rows, k := columns.Dims()
	q := 0
	for q < min(len(values), k-1) && values[q] > float64(rows+k)*unitRoundoff*values[0] {
		q++
	}
	return mat.DenseCopyOf(u.Slice(0, rows, 0, max(q, 1)))
}

func (a *affine) evaluation(used evaluation) evaluation {
	e, ok := used.(*affineAt)
	if !ok {
		e = &affineAt{softmaxPoint: new(softmaxPoint)}
	}
	e.softmaxPoint = a.logPartition.evaluation(e.softmaxPoint).(*softmaxPoint)
	e.by = a
	return e
}

// affineAt is the term at one M.
type affineAt struct {
	*softmaxPoint
	by   *affine
	bent affineHessian
	settled
}

func (e *affineAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (gradient *mat.Dense, err error) {
	gradient, e.settled, err = e.by.settle(e, memory, m, tolerance)
	return gradient, err
}

// averageAt averages at M and a c along the basis: ∇_c along it, and ∇_M.
func (e *affineAt) averageAt(memory *dense.Arena, m *mat.Dense, along []float64, tolerance float64) (slope []float64, gradient *mat.Dense, err error) {
	a := e.by
	a.shift = mat.Col(a.shift, 0, dense.Times(a.means.T(), mat.NewDense(len(along), 1, slices.Clone(along))))
	if gradient, err = e.softmaxPoint.average(memory, m, tolerance); err != nil {
		return nil, nil, err
	}
	slope = slices.Clone(along)
	likely := a.likelihoods(e.over.p)
	for i := range slope {
		slope[i] += floats.Dot(a.means.RawRowView(i), likely)
	}
	return slope, gradient, nil
}

// firstLength is such that a step changes no score of two means by more than a few units and what scores there are. Rare components far from the others make steps from M = 0, of which the Hessian
// knows none, too long by far; at their ends a rule has to find steps of the softmax that no node is near.
func (a *affine) firstLength(m, step *mat.Dense) float64 {
	const few = 8
	most := func(v *mat.Dense) float64 {
		scores := dense.Times(a.centred.T(), dense.Times(v, a.centred))
		return max(mat.Max(scores), -mat.Min(scores))
	}
	return min(1, (few+most(m))/most(step))
}

// size adds the quadratic to what averages make of the gradient.
func (e *affineAt) size(m, gradient *mat.Dense) float64 {
	second, whole := e.by.Left.Second, mat.DenseCopyOf(gradient)
	dense.Symmetrise(whole)
	for i, w := range second {
		row := whole.RawRowView(i)
		for j, x := range m.RawRowView(i) {
			row[j] += (w + second[j]) / 2 * x
		}
	}
	return e.by.norm(whole)
}

func (e *affineAt) accuracy() accuracy {
	out := e.softmaxPoint.accuracy()
	out.err += e.by.coupling * e.off
	return out
}

func (e *affineAt) value(tolerance float64) (value, err, size float64) {
	value, err, size = e.softmaxPoint.value(tolerance)
	square := floats.Dot(e.along, e.along) / 2
	return value + square, err + e.left*e.left/2, size + square
}

// Shift is, of a sum of one term Affine, the c that was found to be the best at M.
func (pt *Point) Shift() *mat.Dense {
	return pt.parts[0].(interface{ shift() *mat.Dense }).shift()
}

func (e *affineAt) shift() *mat.Dense {
	return dense.Times(e.by.basis, mat.NewDense(len(e.best), 1, slices.Clone(e.best)))
}

func (e *affineAt) hessian(tolerance float64) (descent.Operator, error) {
	h := &e.bent
	part, err := e.softmaxPoint.hessian(tolerance)
	if err != nil {
		return nil, err
	}
	h.softmaxHessian, h.by = part.(*softmaxHessian), e.by
	return h, h.prepare()
}

func (e *affineAt) bend(tolerance float64) error {
	_, err := e.hessian(tolerance)
	return err
}
