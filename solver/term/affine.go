package term

import (
	"math"
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
func Affine(l *Law) Term {
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
	start []float64  // q, c along the basis where the last evaluation ended, at M = place
	place *mat.Dense
	// known are the blocks of c of the last Hessian; nil before there was one.
	known *blocks
	// rounding is about that of ∇_c.
	rounding float64
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
	along []float64 // q, the c at which averages are, along the basis
	best  []float64 // the best one to first order
	left  float64   // |∇_c| where averages are
	off   float64   // about that at the best one
	bent  affineHessian
}

// average finds the best c by Newton's method, to a gradient that is small beside the tolerance or as small as rounding leaves it, once what the last Hessian corrects is corrected.
//
// That predicts ∇_c = 0 at each c that is tried, where |∇_c| comes out: a part of what it changed by, η say, which is how much the Hessian is not that of here. Of the corrections it so leaves about η|∇_c|.
func (e *affineAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	const mostRounds, part = 40, 0x1p-4
	const bends = 4      // times η, to be on the safe side
	const roughly = 1e-2 // of a gradient far from the minimum no more digits count
	a := e.by
	e.along = a.foreseen(m)
	best, length := math.Inf(1), 1.0
	change := a.changed(m)
	here := append([]float64{}, e.along...) // the best so far
	var step *mat.VecDense
	for round := 0; ; round++ {
		mark := memory.Mark()
		slope, gradient, err := e.averageAt(memory, m, (1-part)*tolerance)
		if err != nil {
			return nil, err
		}
		e.left = floats.Norm(slope, 2)
		e.off = min(1, bends*e.left/change) * e.left
		enough := part * max(tolerance, roughly*a.slope(m, gradient)) / a.coupling
		switch fresh := e.left < best; {
		case e.off <= enough, e.left <= a.rounding, round == mostRounds, step != nil && !(length > 0x1p-3) && !fresh && e.left < 2*best:
			e.correct(slope, gradient)
			copy(a.start, e.best)
			a.place = mat.DenseCopyOf(m)
			return gradient, nil
		case fresh:
			const contracts = 0.1
			before := best
			best = e.left
			copy(here, e.along)
			if a.known == nil || round > 0 && !(best < contracts*before) { // the last Hessian does not serve
				if _, err = e.hessian(max(part*part, min(tolerance, 1))); err != nil {
					return nil, err
				}
			}
			step = a.known.solve(mat.NewVecDense(len(slope), slope))
			length, change = 1, e.left
		default:
			length /= 2
			change = math.SmallestNonzeroFloat64 // nothing is known
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

// correct moves c and ∇_M by what is left of ∇_c, to first order.
func (e *affineAt) correct(slope []float64, gradient *mat.Dense) {
	e.best = slices.Clone(e.along)
	known := e.by.known
	if known == nil {
		return
	}
	z := known.solve(mat.NewVecDense(len(slope), slope))
	for i, mixed := range known.mixed {
		dense.AddScaled(gradient, -z.AtVec(i), mixed)
		e.best[i] -= z.AtVec(i)
	}
}

// foreseen is the best c at M to first order, as the last Hessian tells.
func (a *affine) foreseen(m *mat.Dense) []float64 {
	out := slices.Clone(a.start)
	if a.known == nil || a.place == nil {
		return out
	}
	var move mat.Dense
	move.Sub(m, a.place)
	floats.Sub(out, a.known.solve(a.known.slopes(&move)).RawVector().Data)
	return out
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

// slope is ‖∇f(M)‖_d, given the part without the quadratic.
func (a *affine) slope(m, gradient *mat.Dense) float64 {
	whole := mat.DenseCopyOf(gradient)
	dense.Symmetrise(whole)
	for i, w := range a.Left.Second {
		row := whole.RawRowView(i)
		for j, x := range m.RawRowView(i) {
			row[j] += (w + a.Left.Second[j]) / 2 * x
		}
	}
	return a.norm(whole)
}

// changed is by how much ∇_c changed to first order from where the last evaluation ended, as the last Hessian tells.
func (a *affine) changed(m *mat.Dense) float64 {
	if a.known == nil || a.place == nil {
		return math.SmallestNonzeroFloat64
	}
	var move mat.Dense
	move.Sub(m, a.place)
	return mat.Norm(a.known.slopes(&move), 2) + math.SmallestNonzeroFloat64
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
	e := pt.parts[0].(*affineAt)
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
