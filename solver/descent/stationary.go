package descent

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Function is a smooth function of n numbers: it returns f(θ) and writes ∇f(θ) into gradient, of the same length. Where it is not defined it returns NaN or +Inf.
type Function func(θ, gradient []float64) float64

// Search steers Stationary. The zero value asks for the defaults.
type Search struct {
	// Tolerance is the gradient norm that is aimed at: ≥ 0. Zero means 1e-13(1 + |f|), what rounding leaves of most functions.
	Tolerance float64
	// Steps bounds the quasi-Newton steps from one start: ≥ 1. Zero means 500.
	Steps int
	// Newton bounds the Newton steps from the best end: ≥ 1. Zero means 60.
	Newton int
	// Step returns the step of central differences at θ: > 0, a small part of the length on which the curvature of f changes. nil means 2^{−52/3} max(1, ‖θ‖_∞).
	Step func(θ []float64) float64
	// Flat returns directions, one a column, n×k of any rank, along which a symmetry leaves f as it is: with A ↦ AR for rotations R those are A(E_ij − E_ji), with
	// A ↦ cA it is A. Newton steps do not move along them and LeastCurvature does not see them. nil means none: a curvature along a
	// symmetry is then 0 but for the differences' error.
	Flat func(θ []float64) *mat.Dense
}

// StationaryPoint is where a search ended: at the least value that it found, which need not be the least that there is.
type StationaryPoint struct {
	At    []float64
	Value float64
	// GradientNorm is ‖∇f‖₂.
	GradientNorm float64
	// LeastCurvature is the least eigenvalue of ∇²f off the flat directions, by central differences of the gradient: at a local minimum it is not negative. CurvatureError is an
	// estimate of its error, from how far the differences are from a symmetric matrix, and from the gradient that is left, as that may be rounding. Where every direction is flat both are 0.
	LeastCurvature, CurvatureError float64
	// Reached is how many of the starts led to this value, but for what a descent leaves to be done.
	Reached int
}

// Stationary looks for a minimum of a function that need not be convex: by quasi-Newton descents from all starts (BFGS; L-BFGS beyond 60 numbers), whose line searches
// stall near ‖∇f‖ = 1e-10, and then from the best end by Newton steps with a Hessian from central differences of the gradient. A saddle is left along its direction of
// most negative curvature. The result depends on nothing but f, the starts and the options; of ends that rounding does not tell apart it is the first start's.
//
// It panics without starts. Where f is defined at none of them, the point has the value NaN or +Inf.
func Stationary(f Function, starts [][]float64, o Search) StationaryPoint {
	if len(starts) == 0 {
		panic("descent: no starts")
	}
	if o.Steps == 0 {
		o.Steps = 500
	}
	if o.Newton == 0 {
		o.Newton = 60
	}
	s := searched{f, o}
	ends := make([]place, len(starts))
	best := 0
	for i, start := range starts {
		ends[i] = s.descend(start)
		if ends[i].below(ends[best]) {
			best = i
		}
	}
	out := s.polish(ends[best])
	for _, end := range ends {
		const alike = 1e-7 // descents that end at one minimum have values this near to each other
		if math.Abs(end.value-out.Value) <= alike*(1+math.Abs(out.Value)) {
			out.Reached++
		}
	}
	out.Reached = max(1, out.Reached) // where the best end was a saddle
	return out
}

// searched is a function and how its minimum is looked for.
type searched struct {
	f Function
	Search
}

// place is a point with its value and gradient.
type place struct {
	at, gradient []float64
	value        float64
}

func (s searched) evaluate(θ []float64) place {
	p := place{at: slices.Clone(θ), gradient: make([]float64, len(θ))}
	p.value = s.f(p.at, p.gradient)
	return p
}

func (p place) defined() bool { return p.value < math.Inf(1) }

func (p place) slope() float64 { return floats.Norm(p.gradient, 2) }

// noise is how far rounding moves a value.
func (p place) noise() float64 { return 0x1p-47 * (1 + math.Abs(p.value)) }

// below tells whether a place has a smaller value than another, as far as rounding tells, or has a value where the other has none.
func (p place) below(q place) bool {
	return p.defined() && (!q.defined() || p.value < q.value-q.noise())
}

func (s searched) converged(p place) bool {
	tolerance := s.Tolerance
	if tolerance == 0 {
		tolerance = 1e-13 * (1 + math.Abs(p.value))
	}
	return p.slope() <= tolerance
}

// descend takes quasi-Newton steps, as far as line searches get.
func (s searched) descend(start []float64) place {
	const dense = 60 // numbers, up to which all of an inverse Hessian is kept
	begin := s.evaluate(start)
	if !begin.defined() || s.converged(begin) {
		return begin
	}
	last := begin // one evaluation serves value and gradient
	at := func(θ []float64) place {
		if !slices.Equal(θ, last.at) {
			last = s.evaluate(θ)
		}
		return last
	}
	problem := optimize.Problem{
		Func: func(θ []float64) float64 { return at(θ).value },
		Grad: func(into, θ []float64) { copy(into, at(θ).gradient) },
	}
	var method optimize.Method = new(optimize.BFGS)
	if len(start) > dense {
		method = new(optimize.LBFGS)
	}
	settings := &optimize.Settings{GradientThreshold: 1e-12, MajorIterations: s.Steps,
		Converger: &optimize.FunctionConverge{Absolute: begin.noise(), Iterations: 10}}
	result, _ := optimize.Minimize(problem, start, settings, method) // an error is a line search that got no further
	if result == nil {
		return begin
	}
	end := at(result.X)
	if !end.defined() || end.value > begin.value {
		return begin
	}
	return end
}

// polish takes Newton steps.
func (s searched) polish(p place) StationaryPoint {
	var c curvatures
	for range s.Newton {
		if !p.defined() {
			break
		}
		c = s.curvatures(p)
		next, better := s.improve(p, c)
		if !better {
			break
		}
		p = next
	}
	out := StationaryPoint{At: p.at, Value: p.value, GradientNorm: p.slope(), CurvatureError: c.err}
	if c.step > 0 {
		out.CurvatureError += p.slope() / c.step
	}
	if len(c.values) > 0 {
		out.LeastCurvature = c.values[0]
	}
	return out
}

// improve returns a better place: by a Newton step or, where there is a direction of negative curvature, along that and down from there.
func (s searched) improve(p place, c curvatures) (place, bool) {
	if len(c.values) == 0 {
		return p, false
	}
	if saddle := c.values[0] < -10*c.err && -c.values[0] > 1e-7*max(1, c.values[len(c.values)-1]); saddle {
		if next, ok := s.leave(p, c); ok {
			return next, true
		}
	}
	if s.converged(p) {
		return p, false
	}
	return s.newton(p, c)
}

// leave goes off along the direction of least curvature, downhill, and descends.
func (s searched) leave(p place, c curvatures) (place, bool) {
	v := mat.Col(nil, 0, c.directions)
	if floats.Dot(v, p.gradient) > 0 {
		floats.Scale(-1, v)
	}
	for length := 1 + floats.Norm(p.at, 2); length > 1e-4; length /= 4 {
		for range 2 { // both ways
			trial := slices.Clone(p.at)
			floats.AddScaled(trial, length, v)
			if next := s.evaluate(trial); next.below(p) {
				return s.descend(next.at), true
			}
			floats.Scale(-1, v)
		}
	}
	return p, false
}

// newton takes the step −Σ vᵢ⟨vᵢ, ∇f⟩/|λᵢ|, or a part of it, that lowers the value or, where rounding hides that, halves the gradient.
func (s searched) newton(p place, c curvatures) (place, bool) {
	n := len(p.at)
	step := make([]float64, n)
	least := max(0x1p-40*math.Abs(c.values[len(c.values)-1]), c.err, math.SmallestNonzeroFloat64)
	for i, λ := range c.values {
		v := mat.Col(nil, i, c.directions)
		floats.AddScaled(step, -floats.Dot(v, p.gradient)/max(math.Abs(λ), least), v)
	}
	const shortest, jitter = 0x1p-20, 100 // values jump by more than their own rounding
	for length := 1.0; length > shortest; length /= 2 {
		trial := slices.Clone(p.at)
		floats.AddScaled(trial, length, step)
		next := s.evaluate(trial)
		if next.below(p) || next.defined() && next.value <= p.value+jitter*p.noise() && next.slope() < p.slope()/2 {
			return next, true
		}
	}
	return p, false
}
