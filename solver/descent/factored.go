package descent

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Factors are A_L, m×r, and A_R, n×r, as one function L(A_L, A_R) = f(A_L A_Rᵀ) has them; of a symmetric one both are A.
type Factors struct {
	Left, Right *mat.Dense
	Point       Point
	Slope       float64 // ‖∇L‖_F
	Spent       bool    // the budget ended the descent

	a, slope *mat.Dense // A', both factors one above the other, and L's gradient in it
	loss     float64
}

// Factoring says how f is minimised over factors.
type Factoring struct {
	Columns, Starts int     // ≥ 1
	Size            float64 // of the entries of a start, which Rand draws
	Symmetric       bool    // A_L = A_R
	// Scale, if given, is D with A = DA', one number a row of A_L and then of A_R: L is minimised over A', in which it is better
	// conditioned.
	Scale     []float64
	Tolerance float64
	Rand      *rand.Rand
}

// Factored minimises f over factors: L-BFGS from random starts, the best of them polished by a trust-region Newton
// method. With fewer columns than a minimiser of f has ranks that is not convex: what is found is the best stationary point.
func Factored(f Objective, o Factoring) (*Factors, error) {
	l := factored{f: f, Factoring: o}
	l.rows, l.other = f.Metric().Weights.Dims()
	var best *Factors
	spent := false
	for range o.Starts {
		f.Budget().Keep(half)
		found, err := l.descend()
		if best != nil && f.Budget().Exhausted(err) {
			spent = true
			break
		}
		if err != nil {
			return nil, err
		}
		if best == nil || found.loss < best.loss {
			best = found
		}
	}
	best, err := l.polish(best)
	if err != nil {
		return nil, err
	}
	a := l.stretched(best.a)
	best.Left, best.Right = l.split(a)
	best.Slope, best.Spent = dense.Norm(l.pulled(best.Point.Iterate().Gradient, a)), spent
	return best, nil
}

// leastStart is a start's norm at which f is given up where it still cannot be evaluated.
const leastStart = 1e-3

// half of the budget is kept for polishing.
const half = 0.5

// factored is L: with G = ∇f(A_L A_Rᵀ), ∇L = (G A_R, Gᵀ A_L), and 2GA of a symmetric one.
type factored struct {
	f Objective
	Factoring
	rows, other int // m, n
}

// start draws factors.
func (l *factored) start() *mat.Dense {
	rows := l.rows
	if !l.Symmetric {
		rows += l.other
	}
	a := mat.NewDense(rows, l.Columns, nil)
	a.Apply(func(_, _ int, _ float64) float64 { return l.Size * l.Rand.NormFloat64() }, a)
	return a
}

// stretched returns DA'.
func (l *factored) stretched(a *mat.Dense) *mat.Dense {
	if l.Scale == nil {
		return a
	}
	return dense.WeightedRows(l.Scale, a)
}

// split returns both factors, which share memory with a.
func (l *factored) split(a *mat.Dense) (left, right *mat.Dense) {
	if l.Symmetric {
		return a, a
	}
	return a.Slice(0, l.rows, 0, l.Columns).(*mat.Dense), a.Slice(l.rows, l.rows+l.other, 0, l.Columns).(*mat.Dense)
}

// pulled returns (G A_R, Gᵀ A_L) for a matrix G, or 2GA.
func (l *factored) pulled(g, a *mat.Dense) *mat.Dense {
	out := mat.NewDense(a.RawMatrix().Rows, l.Columns, nil)
	if l.Symmetric {
		dense.Product(out, g, a)
		out.Scale(2, out)
		return out
	}
	left, right := l.split(a)
	byLeft, byRight := l.split(out)
	dense.Product(byLeft, g, right)
	dense.ProductLeft(byRight, g, left)
	return out
}

// moved returns V_L A_Rᵀ + A_L V_Rᵀ: how the product moves with the factors.
func (l *factored) moved(a, v *mat.Dense) *mat.Dense {
	left, right := l.split(a)
	vLeft, vRight := l.split(v)
	out := dense.Times(left, vRight.T())
	out.Add(out, dense.Times(vLeft, right.T()))
	return out
}

func (l *factored) at(a *mat.Dense, tolerance float64) (*Factors, error) {
	stretched := l.stretched(a)
	left, right := l.split(stretched)
	m := dense.Times(left, right.T())
	if l.Symmetric {
		dense.Symmetrise(m)
	}
	pt := l.f.New()
	if err := l.f.At(pt, m, tolerance); err != nil {
		return nil, err
	}
	p := &Factors{Point: pt, a: a, slope: l.stretched(l.pulled(pt.Iterate().Gradient, stretched))}
	p.loss, _ = pt.Value()
	return p, nil
}

// descend runs L-BFGS from a random start until it no longer progresses; rounding stops its line
// search near a gradient norm of 1e-10, which is no failure.
func (l *factored) descend() (*Factors, error) {
	var last *Factors // loss and gradient are asked for one after the other
	start := l.start()
	rows, columns := start.Dims()
	evaluate := func(x []float64) (p *Factors, err error) {
		if last != nil && slices.Equal(last.a.RawMatrix().Data, x) {
			return last, nil
		}
		if p, err = l.at(mat.NewDense(rows, columns, slices.Clone(x)), math.Max(l.Tolerance, 1e-9)); err == nil {
			last = p
		}
		return p, err
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			p, err := evaluate(x)
			if err != nil {
				return math.Inf(1)
			}
			return p.loss
		},
		Grad: func(gradient, x []float64) {
			p, err := evaluate(x)
			if err != nil {
				for i := range gradient {
					gradient[i] = math.NaN()
				}
				return
			}
			copy(gradient, p.slope.RawMatrix().Data)
		},
	}
	for size := mat.Norm(start, 2); size > leastStart; size /= 2 {
		if _, err := evaluate(start.RawMatrix().Data); !errors.Is(err, ErrSteep) {
			break
		}
		start.Scale(0.5, start) // into the domain of f
	}
	const iterations = 300
	result, err := optimize.Minimize(problem, start.RawMatrix().Data,
		&optimize.Settings{GradientThreshold: 1e-7, MajorIterations: iterations}, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("solver: L-BFGS found no point: %w", err)
	}
	l.f.Budget().Keep(0)
	return l.at(mat.NewDense(rows, columns, result.X), l.Tolerance)
}

// polish runs Newton's method with conjugate gradients inside a trust region until ‖∇L‖ ≤ tolerance or rounding
// stops the descent.
func (l *factored) polish(p *Factors) (*Factors, error) {
	radius := 0.1 * math.Max(mat.Norm(p.a, 2), 1e-3)
	for range mostSteps {
		size := dense.Norm(p.slope)
		if size <= l.Tolerance || radius < 1e-14*(1+mat.Norm(p.a, 2)) {
			break
		}
		hessian, err := l.f.Hessian(p.Point, hessianTolerance(size))
		if l.f.Budget().Exhausted(err) {
			break
		} else if err != nil {
			return nil, err
		}
		h := factoredHessian{l, p, hessian}
		var memory dense.Arena
		step := conjugateGradients(&memory, h, identity{}, p.slope, math.Sqrt(min(1e-2, size)), radius)
		image, moved := memory.Dense(step.Dims()), memory.CopyOf(p.a)
		h.Apply(image, step)
		predicted := -dense.Inner(p.slope, step) - dense.Inner(step, image)/2
		dense.AddScaled(moved, 1, step)
		next, err := l.at(moved, l.Tolerance)
		if l.f.Budget().Exhausted(err) && !errors.Is(err, ErrSteep) {
			break
		}
		if err != nil && !errors.Is(err, ErrSteep) {
			return nil, err
		}
		noise := 1e-14 * (1 + math.Abs(p.loss))
		if err != nil || !(next.loss < p.loss-0.1*predicted+noise) {
			radius /= 4
			continue
		}
		if predicted < noise && !(dense.Norm(next.slope) < size) {
			break
		}
		radius = math.Max(radius, 2*dense.Norm(step))
		p = next
	}
	return p, nil
}

// factoredHessian is V ↦ D²L[V]: what D²f makes of how the product moves, and ∇f of the factors' own moves.
type factoredHessian struct {
	l       *factored
	at      *Factors
	hessian Operator
}

func (h factoredHessian) Apply(into, v *mat.Dense) {
	a, step := h.l.stretched(h.at.a), h.l.stretched(v)
	moved := h.l.moved(a, step)
	image := mat.DenseCopyOf(moved)
	h.hessian.Apply(image, moved)
	into.Add(h.l.pulled(image, a), h.l.pulled(h.at.Point.Iterate().Gradient, step))
	into.Copy(h.l.stretched(into))
}
