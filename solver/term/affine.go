package term

import (
	"math"

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
func Affine(l *Law) Term {
	a := newLogPartition(l, 0)
	a.shift = make([]float64, len(l.Weights))
	out := &affine{logPartition: a, basis: spanOf(a.centred)}
	_, q := out.basis.Dims()
	out.start = make([]float64, q)
	out.means = dense.Times(out.basis.T(), a.centred)
	for k := range l.Weights {
		a.sensitivity += mat.Norm(a.centred.ColView(k), 2) // of ∇_c
	}
	out.coupling = 1
	return out
}

type affine struct {
	*logPartition
	basis *mat.Dense // n×q, orthonormal, of the span of the means
	means *mat.Dense // q×K, along it
	start []float64  // q, c along the basis where the last evaluation ended
	// coupling is how far ∇_M moves with c, as the last Hessian tells, and at least 1.
	coupling float64
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
	by    *affine
	along []float64 // q, the c found, along the basis
	left  float64   // |∇_c| there
	bent  affineHessian
}

// average finds the best c by Newton's method, to a gradient that is small beside the tolerance or as small as rounding leaves it.
func (e *affineAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	const mostRounds, part = 40, 0x1p-4
	a := e.by
	enough := part * tolerance / a.coupling
	e.along = append(e.along[:0], a.start...)
	best, length := math.Inf(1), 1.0
	here := append([]float64{}, e.along...) // the best so far
	var step *mat.VecDense
	for round := 0; ; round++ {
		mark := memory.Mark()
		slope, gradient, err := e.averageAt(memory, m, tolerance/2)
		if err != nil {
			return nil, err
		}
		e.left = floats.Norm(slope, 2)
		switch fresh := e.left < best; {
		case e.left <= enough, round == mostRounds, step != nil && !(length > 0x1p-3) && !fresh && e.left < 2*best:
			copy(a.start, e.along)
			return gradient, nil
		case fresh:
			best = e.left
			copy(here, e.along)
			if step, err = e.newton(slope, max(part*part, min(tolerance, 1))); err != nil {
				return nil, err
			}
			length = 1
		default:
			length /= 2
		}
		for i := range here {
			e.along[i] = here[i] - length*step.AtVec(i)
		}
		memory.Release(mark)
	}
}

// averageAt averages at M and at the c that is set: ∇_c along the basis, and ∇_M.
func (e *affineAt) averageAt(memory *dense.Arena, m *mat.Dense, tolerance float64) (slope []float64, gradient *mat.Dense, err error) {
	a := e.by
	a.shift = mat.Col(a.shift, 0, dense.Times(a.means.T(), mat.NewDense(len(e.along), 1, append([]float64{}, e.along...))))
	if gradient, err = e.softmaxPoint.average(memory, m, tolerance); err != nil {
		return nil, nil, err
	}
	slope = append([]float64{}, e.along...)
	likely := a.likelihoods(e.over.p)
	for i := range slope {
		slope[i] += floats.Dot(a.means.RawRowView(i), likely)
	}
	return slope, gradient, nil
}

// newton is the step (D²_c)⁻¹∇_c.
func (e *affineAt) newton(slope []float64, tolerance float64) (*mat.VecDense, error) {
	if _, err := e.hessian(tolerance); err != nil {
		return nil, err
	}
	return e.bent.solve(mat.NewVecDense(len(slope), slope)), nil
}

func (e *affineAt) accuracy() accuracy {
	out := e.softmaxPoint.accuracy()
	out.err += e.by.coupling * e.left
	return out
}

func (e *affineAt) value(tolerance float64) (value, err, size float64) {
	value, err, size = e.softmaxPoint.value(tolerance)
	square := floats.Dot(e.along, e.along) / 2
	return value + square, err + e.left*e.left/2, size + square
}

// Shift is, of a sum of one term Affine, the c that was found to be the best at M.
func (pt *Point) Shift() *mat.Dense {
	e := pt.parts[0].(*affineAt)
	return dense.Times(e.by.basis, mat.NewDense(len(e.along), 1, append([]float64{}, e.along...)))
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
