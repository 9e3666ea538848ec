package solver

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Literal minimises L(A) = f(AAᵀ) over representations A with r columns, as the
// loss is stated, over all d dimensions: L-BFGS from starts random points, the
// best of them polished by a trust-region Newton method.
//
// For r ≥ s the problem has the minimum of the convex one. For r < s it is not
// convex: what is returned is the best stationary point found, Minimiser.Rank is
// r, and nothing bounds its distance to a global minimum, so that DistanceBound is
// +Inf. Minimiser.GradientNorm is ‖∇L(A)‖_F in whitened
// coordinates; Unconstrained is empty. It panics if r < 1 or starts < 1.
func Literal(p gmm.Pairs, r, starts int, o Options) (Candidate, error) {
	if r < 1 || starts < 1 {
		panic(fmt.Sprintf("solver: %d columns from %d starts", r, starts))
	}
	if err := checkSingle(p); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return Candidate{}, err
	}
	f, rotation := newInfoNCE(p, w)
	f.cores, f.work = max(1, o.Cores), newBudget(o)
	tolerance := o.tolerance(p.Components()) * f.signal()
	d := len(f.second)
	l := &literal{f: f, rows: d, columns: r}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	var best *factorPoint
	spent := false
	for range starts {
		f.work.keep(half)
		found, err := l.descend(l.randomStart(rng), tolerance)
		if best != nil && f.work.exhausted(err) {
			spent = true
			break
		}
		if err != nil {
			return Candidate{}, err
		}
		if best == nil || found.loss < best.loss {
			best = found
		}
	}
	if best, err = l.polish(best, tolerance); err != nil {
		return Candidate{}, err
	}
	f.look(&best.softmaxPoint, f.measure, tolerance, false)
	best.err += best.blind.gradient
	best.hasLoss = best.hasLoss && best.blind.loss == 0
	missed := 2 * best.blind.gradient * math.Sqrt(floats.Max(f.second)) * norm2(best.a) // of ∇L = 2∇f(AAᵀ)A, as ‖G‖_F² ≤ ‖G‖_d² max W
	var turned mat.Dense
	turned.Mul(rotation, best.a)
	c := Candidate{Method: "literal", Rule: best.ruleName(), Points: best.softmaxPoint.nodes(),
		RuleError: best.ruleError(f.sensitivity)}
	if spent {
		c.Rule += atLimit
	}
	c.Minimiser = f.minimum(w, rotation, &best.point.place, norm2(best.slope)+missed)
	c.Minimiser.DistanceBound = math.Inf(1)
	c.Minimiser.Root, c.Minimiser.Coefficients = w.Columns(p.Left, &turned), w.Coefficients(&turned)
	c.Minimiser.Rank = r
	return c, nil
}

// literal is L as a function of A, rows×columns, in the coordinates of f.
type literal struct {
	f             *infonce
	rows, columns int
}

// factorPoint is L at A: ∇L(A) = 2∇f(AAᵀ)A.
type factorPoint struct {
	*point
	a, slope *mat.Dense
	loss     float64
}

func (l *literal) at(a *mat.Dense, tolerance float64) (*factorPoint, error) {
	m := new(mat.Dense)
	m.Mul(a, a.T())
	symmetrise(m)
	pt, err := l.f.at(new(storage), m, tolerance)
	if err != nil {
		return nil, err
	}
	p := &factorPoint{point: pt, a: a, slope: new(mat.Dense)}
	p.slope.Mul(pt.gradient, a)
	p.slope.Scale(2, p.slope)
	p.loss, _ = pt.value()
	return p, nil
}

// literalHessian is V ↦ D²L(A)[V] = 2 D²f(M)[AVᵀ + VAᵀ] A + 2∇f(M) V.
type literalHessian struct {
	*factorPoint
	hessian hessian
}

func (h *literalHessian) apply(v *mat.Dense) *mat.Dense {
	moved, out, bend := new(mat.Dense), new(mat.Dense), new(mat.Dense)
	moved.Mul(h.a, v.T())
	moved.Add(moved, mat.DenseCopyOf(moved.T()))
	image := mat.DenseCopyOf(moved)
	h.hessian.apply(image, moved)
	out.Mul(image, h.a)
	bend.Mul(h.gradient, v)
	out.Add(out, bend)
	out.Scale(2, out)
	return out
}

// randomStart draws A so that its softmax is gentle.
func (l *literal) randomStart(rng *rand.Rand) *mat.Dense {
	a := mat.NewDense(l.rows, l.columns, nil)
	longest := mat.Norm(l.f.means, 2)
	size := 1 / math.Sqrt((1+longest*longest)*math.Sqrt(float64(l.rows)))
	for i := range l.rows {
		for j := range l.columns {
			a.Set(i, j, size*rng.NormFloat64())
		}
	}
	return a
}

// descend runs L-BFGS until it no longer progresses; rounding stops its line
// search near a gradient norm of 1e-10, which is no failure.
func (l *literal) descend(start *mat.Dense, tolerance float64) (*factorPoint, error) {
	var last *factorPoint // loss and gradient are asked for one after the other
	evaluate := func(x []float64) (p *factorPoint, err error) {
		if last != nil && slices.Equal(last.a.RawMatrix().Data, x) {
			return last, nil
		}
		if p, err = l.at(mat.NewDense(l.rows, l.columns, slices.Clone(x)), math.Max(tolerance, 1e-9)); err == nil {
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
	const iterations = 300
	result, err := optimize.Minimize(problem, start.RawMatrix().Data,
		&optimize.Settings{GradientThreshold: 1e-7, MajorIterations: iterations}, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("solver: L-BFGS found no point: %w", err)
	}
	l.f.work.keep(0)
	return l.at(mat.NewDense(l.rows, l.columns, result.X), tolerance)
}

// polish runs Newton's method with conjugate gradients inside a trust region
// (Steihaug, SIAM J. Numer. Anal. 20, 1983), until ‖∇L‖ ≤ tolerance or rounding
// stops the descent.
func (l *literal) polish(p *factorPoint, tolerance float64) (*factorPoint, error) {
	radius := 0.1 * math.Max(mat.Norm(p.a, 2), 1e-3)
	for range mostSteps {
		size := norm2(p.slope)
		if size <= tolerance || radius < 1e-14*(1+mat.Norm(p.a, 2)) {
			break
		}
		h := literalHessian{factorPoint: p}
		if err := h.hessian.at(p.point, hessianTolerance(size)); l.f.work.exhausted(err) {
			break
		} else if err != nil {
			return nil, err
		}
		step, predicted := h.trustStep(radius)
		next, err := l.at(shiftedBy(p.a, step), tolerance)
		if l.f.work.exhausted(err) && !errors.Is(err, errSteep) {
			break
		}
		if err != nil && !errors.Is(err, errSteep) {
			return nil, err
		}
		noise := 1e-14 * (1 + math.Abs(p.loss))
		if err != nil || !(next.loss < p.loss-0.1*predicted+noise) {
			radius /= 4
			continue
		}
		if predicted < noise && !(inner(next.slope, next.slope) < size*size) {
			break
		}
		radius = math.Max(radius, 2*norm2(step))
		p = next
	}
	return p, nil
}

// trustStep minimises the quadratic model within the radius by conjugate
// gradients, and returns the step and the decrease that it predicts.
func (h *literalHessian) trustStep(radius float64) (step *mat.Dense, predicted float64) {
	rows, columns := h.a.Dims()
	step = mat.NewDense(rows, columns, nil)
	r := mat.DenseCopyOf(h.slope)
	r.Scale(-1, r)
	direction := mat.DenseCopyOf(r)
	rr := inner(r, r)
	stop := rr * math.Min(1e-2, math.Sqrt(rr))
	model := func() float64 { // the decrease −⟨g, s⟩ − ½⟨s, Hs⟩
		return -inner(h.slope, step) - inner(step, h.apply(step))/2
	}
	for range 2*rows*columns + 10 {
		hd := h.apply(direction)
		bend := inner(direction, hd)
		length := rr / bend
		if bend <= 0 || norm2(shiftedBy(step, scaledBy(length, direction))) >= radius {
			return shiftedBy(step, scaledBy(toBoundary(step, direction, radius), direction)), model()
		}
		addScaled(step, length, direction)
		addScaled(r, -length, hd)
		next := inner(r, r)
		if next <= stop*rr || next == 0 {
			break
		}
		direction.Scale(next/rr, direction)
		direction.Add(direction, r)
		rr = next
	}
	return step, model()
}

// toBoundary returns t ≥ 0 with |step + t·direction| = radius.
func toBoundary(step, direction *mat.Dense, radius float64) float64 {
	a, b, c := inner(direction, direction), inner(step, direction), inner(step, step)-radius*radius
	return (-b + math.Sqrt(math.Max(0, b*b-a*c))) / a
}

func shiftedBy(a, step *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Add(a, step)
	return out
}
