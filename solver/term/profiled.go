package term

import (
	"math"
	"slices"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// profiled is a term that is the least value over a vector c for each M, q numbers along a basis, with what evaluations tell the next.
type profiled struct {
	start []float64  // the c where the last evaluation ended, at M = place
	place *mat.Dense // nil before there was one
	// known are the blocks of c of the last Hessian; nil before there was one.
	known *blocks
	// rounding is about that of ∇_c.
	rounding float64
	// coupling is how far ∇_M moves with c, as the last Hessian tells, and at least 1.
	coupling float64
}

// profiling is an evaluation of such a term.
type profiling interface {
	// averageAt averages at M and c: ∇_c, and ∇_M without a quadratic that is beside it.
	averageAt(memory *dense.Arena, m *mat.Dense, c []float64, tolerance float64) (slope []float64, gradient *mat.Dense, err error)
	// bend makes the blocks of c known.
	bend(tolerance float64) error
	// size is ‖∇f(M)‖_d, given what averageAt returned.
	size(m, gradient *mat.Dense) float64
}

// settled is where an evaluation ended.
type settled struct {
	along []float64 // the c at which averages are
	best  []float64 // the best one to first order
	left  float64   // |∇_c| where averages are
	off   float64   // about that at the best one
}

// settle finds the best c by Newton's method, to a gradient that is small beside the tolerance or as small as rounding leaves it, once what the last Hessian corrects is corrected.
//
// That predicts ∇_c = 0 at each c that is tried, where |∇_c| comes out: a part of what it changed by, η say, which is how much the Hessian is not that of here. Of the corrections it so leaves about η|∇_c|.
func (a *profiled) settle(e profiling, memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, settled, error) {
	const mostRounds, part = 40, 0x1p-4
	const bends = 4      // times η, to be on the safe side
	const roughly = 1e-2 // of a gradient far from the minimum no more digits count
	found := settled{along: a.foreseen(m)}
	best, length := math.Inf(1), 1.0
	change := a.changed(m)
	here := slices.Clone(found.along) // the best so far
	var step *mat.VecDense
	for round := 0; ; round++ {
		mark := memory.Mark()
		slope, gradient, err := e.averageAt(memory, m, found.along, (1-part)*tolerance)
		if err != nil {
			return nil, found, err
		}
		found.left = floats.Norm(slope, 2)
		found.off = min(1, bends*found.left/change) * found.left
		enough := part * max(tolerance, roughly*e.size(m, gradient)) / a.coupling
		switch fresh := found.left < best; {
		case found.off <= enough, found.left <= a.rounding, round == mostRounds, step != nil && !(length > 0x1p-3) && !fresh && found.left < 2*best:
			found.best = a.correct(found.along, slope, gradient)
			copy(a.start, found.best)
			a.place = mat.DenseCopyOf(m)
			return gradient, found, nil
		case fresh:
			const contracts = 0.1
			before := best
			best = found.left
			copy(here, found.along)
			if a.known == nil || round > 0 && !(best < contracts*before) { // the last Hessian does not serve
				if err = e.bend(max(part*part, min(tolerance, 1))); err != nil {
					return nil, found, err
				}
			}
			step = a.known.solve(mat.NewVecDense(len(slope), slope))
			length, change = 1, found.left
		default:
			length /= 2
			change = math.SmallestNonzeroFloat64 // nothing is known
		}
		for i := range here {
			found.along[i] = here[i] - length*step.AtVec(i)
		}
		memory.Release(mark)
	}
}

// correct moves c and ∇_M by what is left of ∇_c, to first order.
func (a *profiled) correct(along, slope []float64, gradient *mat.Dense) (best []float64) {
	best = slices.Clone(along)
	if a.known == nil {
		return best
	}
	z := a.known.solve(mat.NewVecDense(len(slope), slope))
	for i, mixed := range a.known.mixed {
		dense.AddScaled(gradient, -z.AtVec(i), mixed)
		best[i] -= z.AtVec(i)
	}
	return best
}

// foreseen is the best c at M to first order, as the last Hessian tells.
func (a *profiled) foreseen(m *mat.Dense) []float64 {
	out := slices.Clone(a.start)
	if a.known == nil || a.place == nil {
		return out
	}
	var move mat.Dense
	move.Sub(m, a.place)
	floats.Sub(out, a.known.solve(a.known.slopes(&move)).RawVector().Data)
	return out
}

// changed is by how much ∇_c changed to first order from where the last evaluation ended, as the last Hessian tells.
func (a *profiled) changed(m *mat.Dense) float64 {
	if a.known == nil || a.place == nil {
		return math.SmallestNonzeroFloat64
	}
	var move mat.Dense
	move.Sub(m, a.place)
	return mat.Norm(a.known.slopes(&move), 2) + math.SmallestNonzeroFloat64
}
