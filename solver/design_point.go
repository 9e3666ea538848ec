package solver

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// view is a softmax as one component sees it, over some of the components: with
// logits l_i(t) = offset_i + slope_iᵀt,
//
//	log p_k(t) = l_k − log Σ_members e^{l_i},   g = ∇ log p_k = slope_k − Σ p_i slope_i.
//
// log p_k is concave in t, whatever the members.
type view struct {
	offsets []float64   // K
	slopes  [][]float64 // K of q
	members []int
	p       []float64 // of the members, at the last t
	mean    []float64 // q, Σ p_i slope_i there
}

// viewsOf returns what the components see of a softmax, with no members yet.
func viewsOf(c *contrasts) []*view {
	q, k := c.slopes.Dims()
	slopes := make([][]float64, k)
	for i := range slopes {
		slopes[i] = mat.Col(nil, i, c.slopes)
	}
	views := make([]*view, k)
	for j := range views {
		views[j] = &view{offsets: c.offsets.RawRowView(j), slopes: slopes, p: make([]float64, k), mean: make([]float64, q)}
	}
	return views
}

// over returns the view over other members.
func (v *view) over(members []int) *view {
	out := *v
	out.members, out.p, out.mean = members, make([]float64, len(members)), make([]float64, len(v.mean))
	return &out
}

// at computes p and its mean slope at t, and returns log Σ e^{l_i}.
func (v *view) at(t []float64) float64 {
	v.p = v.p[:len(v.members)]
	for n, i := range v.members {
		v.p[n] = v.offsets[i] + dot(v.slopes[i], t)
	}
	log := logSumExp(v.p)
	clear(v.mean)
	for n, i := range v.members {
		v.p[n] = math.Exp(v.p[n] - log)
		addTo(v.mean, v.p[n], v.slopes[i])
	}
	return log
}

// logOf returns log p_k at t and writes its gradient.
func (v *view) logOf(k int, t, gradient []float64) float64 {
	log := v.at(t)
	floats.SubTo(gradient, v.slopes[k], v.mean)
	return v.offsets[k] + dot(v.slopes[k], t) - log
}

// designPoint is where a component's probability peaks against the normal density:
// t* = argmax F, F(t) = log p_k(t) − |t|²/2, which is strongly concave, so that t* is
// unique and within slack = |∇F(t)| of any t.
type designPoint struct {
	t     []float64 // q, t* to within slack
	slack float64
	log   float64   // log p_k(t)
	g     []float64 // its gradient
}

// peak returns max F to within slack².
func (d *designPoint) peak() float64 { return d.log - dot(d.t, d.t)/2 }

// highest bounds log p_k(t*): log p_k is below its tangent at t.
func (d *designPoint) highest() float64 { return d.log + floats.Norm(d.g, 2)*d.slack }

// designPoint finds the design point of p_k by Newton's method, damped: F is concave
// but, where slopes are large, far from quadratic.
func (v *view) designPoint(k int) designPoint {
	const steps, halvings, converged, sufficient = 80, 50, 1e-10, 1e-4
	q := len(v.mean)
	d := designPoint{t: make([]float64, q), g: make([]float64, q)}
	d.log = v.logOf(k, d.t, d.g)
	trial, ascent, step, gradient := make([]float64, q), mat.NewVecDense(q, nil), mat.NewVecDense(q, nil), make([]float64, q)
	value := d.log
	try := func(t []float64) bool { // F at t is higher by enough
		log := v.logOf(k, t, gradient)
		if f := log - dot(t, t)/2; f >= value+sufficient*math.Abs(dot(ascent.RawVector().Data, t)-dot(ascent.RawVector().Data, d.t)) && f > value {
			d.log, value = log, f
			copy(d.t, t)
			copy(d.g, gradient)
			return true
		}
		return false
	}
	if square := dot(d.g, d.g); square > 0 { // where the first tangent reaches 1, at the edge of a step
		copy(trial, d.g)
		floats.Scale(min(1, -d.log/square), trial)
		try(trial)
	}
	for range steps {
		floats.SubTo(ascent.RawVector().Data, d.g, d.t)
		if d.slack = mat.Norm(ascent, 2); d.slack <= converged*(1+floats.Norm(d.t, 2)) {
			break
		}
		v.at(d.t)
		var curvature mat.Cholesky
		if !curvature.Factorize(v.bend()) || curvature.SolveVecTo(step, ascent) != nil {
			break
		}
		moved := false
		for length, n := 1.0, 0; n < halvings && !moved; length, n = length/2, n+1 {
			copy(trial, d.t)
			floats.AddScaled(trial, length, step.RawVector().Data)
			moved = try(trial)
		}
		if !moved {
			break
		}
	}
	return d
}

// bend returns −D²F = I + Σ p_i (slope_i − mean)(slope_i − mean)ᵀ where at was last.
func (v *view) bend() *mat.SymDense {
	q := len(v.mean)
	out, off := mat.NewSymDense(q, nil), make([]float64, q)
	for i := range q {
		out.SetSym(i, i, 1)
	}
	for n, i := range v.members {
		floats.SubTo(off, v.slopes[i], v.mean)
		out.SymRankOne(out, v.p[n], mat.NewVecDense(q, off))
	}
	return out
}
