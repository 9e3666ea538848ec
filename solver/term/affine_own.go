package term

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// affineOwn is Affine where components have their own covariances: the least value over c of −δ⟨M, B⟩ + E_x log E_y exp(xᵀMy + c·y), which is the log-partition of the anchors (x, 1) and of the
// matrix M over the row cᵀ,
//
//	(x, 1)ᵀ [M; cᵀ] y = xᵀMy + c·y,
//
// convex in both, and c-strongly convex if all covariances are ⪰ cI, as D²[(V, v)] = E Var_y((Vx + v)·y) ≥ c E|Vx + v|².
type affineOwn struct {
	*Law
	beside *tilted // of anchors (x, 1)
	norm   func(g *mat.Dense) float64
	profiled
}

func newAffineOwn(l *Law) *affineOwn {
	n, k := l.Left.Means.Dims()
	row := func(a *mat.Dense, x float64) *mat.Dense { // a over a row of x
		_, columns := a.Dims()
		out := new(mat.Dense)
		out.Stack(a, mat.NewDense(1, columns, slices.Repeat([]float64{x}, columns)))
		return out
	}
	left := &Side{Means: row(l.Left.Means, 1), Second: l.Left.Second, Error: l.Left.Error, Modulus: l.Left.Modulus, Covariances: l.Left.Covariances}
	for _, root := range l.Left.Roots {
		left.Roots = append(left.Roots, row(root, 0))
	}
	anchors := *l
	anchors.Left = left
	return &affineOwn{Law: l, beside: newTilted(&anchors), profiled: profiled{start: make([]float64, n), coupling: 1, rounding: float64(n*k) * unitRoundoff}}
}

func (a *affineOwn) traits() traits { return a.beside.traits() }

func (a *affineOwn) measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense) {
	a.norm = norm
	rng := rand.New(rand.NewPCG(sketchSeed, 1))
	a.beside.measuredBy(func(g *mat.Dense) float64 {
		top, last := parted(g)
		return math.Hypot(norm(top), floats.Norm(last, 2))
	}, func() *mat.Dense {
		last := make([]float64, len(a.Left.Second))
		for i := range last {
			last[i] = rng.NormFloat64()
		}
		return stacked(draw(), last)
	})
}

// parted is the matrix over the last row, symmetric, and that row.
func parted(g *mat.Dense) (top *mat.Dense, last []float64) {
	rows, n := g.Dims()
	top = mat.DenseCopyOf(g.Slice(0, rows-1, 0, n))
	dense.Symmetrise(top)
	return top, slices.Clone(g.RawRowView(rows - 1))
}

// stacked is the matrix over the row.
func stacked(top *mat.Dense, last []float64) *mat.Dense {
	out := new(mat.Dense)
	out.Stack(top, mat.NewDense(1, len(last), slices.Clone(last)))
	return out
}

func (a *affineOwn) evaluation(evaluation) evaluation {
	return &affineOwnAt{tiltedPoint: &tiltedPoint{of: a.beside}, by: a}
}

// affineOwnAt is the term at one M.
type affineOwnAt struct {
	*tiltedPoint
	by *affineOwn
	settled
}

func (e *affineOwnAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (gradient *mat.Dense, err error) {
	gradient, e.settled, err = e.by.settle(e, memory, m, tolerance)
	return gradient, err
}

func (e *affineOwnAt) averageAt(memory *dense.Arena, m *mat.Dense, c []float64, tolerance float64) (slope []float64, gradient *mat.Dense, err error) {
	all, err := e.tiltedPoint.average(memory, stacked(m, c), tolerance)
	if err != nil {
		return nil, nil, err
	}
	gradient, slope = parted(all)
	return slope, gradient, nil
}

func (e *affineOwnAt) size(_, gradient *mat.Dense) float64 {
	return e.by.norm(mat.DenseCopyOf(gradient))
}

func (e *affineOwnAt) accuracy() accuracy {
	out := e.tiltedPoint.accuracy()
	out.err += e.by.coupling * e.off
	return out
}

func (e *affineOwnAt) value(tolerance float64) (value, err, size float64) {
	value, err, size = e.tiltedPoint.value(tolerance)
	return value, err + e.left*e.left/(2*e.by.Left.Modulus), size
}

func (e *affineOwnAt) shift() *mat.Dense { return mat.NewDense(len(e.best), 1, slices.Clone(e.best)) }

func (e *affineOwnAt) bend(tolerance float64) error {
	_, err := e.hessian(tolerance)
	return err
}

func (e *affineOwnAt) hessian(tolerance float64) (descent.Operator, error) {
	whole, err := e.tiltedPoint.hessian(tolerance)
	if err != nil {
		return nil, err
	}
	n := len(e.by.Left.Second)
	corner, known := mat.NewSymDense(n, nil), new(blocks)
	var coupled float64
	image := mat.NewDense(n+1, n, nil)
	for i := range n {
		unit := make([]float64, n)
		unit[i] = 1
		whole.Apply(image, stacked(mat.NewDense(n, n, nil), unit))
		mixed, along := parted(image)
		known.mixed = append(known.mixed, mixed)
		coupled = math.Hypot(coupled, e.by.norm(mixed))
		for l := range i + 1 {
			corner.SetSym(l, i, along[l])
		}
	}
	if !known.corner.Factorize(corner) {
		return nil, fmt.Errorf("solver: the curvature in c is not positive: %.3g", mat.Formatted(corner))
	}
	e.by.coupling, e.by.known = max(1, coupled), known
	return affineOwnHessian{whole, known}, nil
}

// affineOwnHessian is D² of the least value over c at one M.
type affineOwnHessian struct {
	whole descent.Operator
	*blocks
}

func (h affineOwnHessian) Apply(into, v *mat.Dense) {
	n, _ := v.Dims()
	image := mat.NewDense(n+1, n, nil)
	h.whole.Apply(image, stacked(v, make([]float64, n)))
	top, along := parted(image)
	into.Copy(top)
	z := h.solve(mat.NewVecDense(n, along))
	for i, mixed := range h.mixed {
		dense.AddScaled(into, -z.AtVec(i), mixed)
	}
}
