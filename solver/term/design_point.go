package term

import (
	"contrastcheck/solver/internal/dense"
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
		v.p[n] = v.offsets[i] + dense.Dot(v.slopes[i], t)
	}
	log := floats.LogSumExp(v.p)
	clear(v.mean)
	for n, i := range v.members {
		v.p[n] = math.Exp(v.p[n] - log)
		dense.AddTo(v.mean, v.p[n], v.slopes[i])
	}
	return log
}

// rarity is the logarithm of a product p(t) ≤ 1 of softmaxes, concave in t ∈ R^q.
type rarity []oneOf

// oneOf is log p_k of a view.
type oneOf struct {
	*view
	k int
}

// logAt returns log p at t and writes its gradient.
func (r rarity) logAt(t, gradient []float64) (log float64) {
	clear(gradient)
	for _, o := range r {
		all := o.at(t)
		log += o.offsets[o.k] + dense.Dot(o.slopes[o.k], t) - all
		for i, slope := range o.slopes[o.k] {
			gradient[i] += slope - o.mean[i]
		}
	}
	return log
}

// addHessian adds −D² log p where logAt was last: Σ p_i (slope_i − mean)(slope_i − mean)ᵀ for each factor.
func (r rarity) addHessian(into *mat.SymDense) {
	for _, o := range r {
		off := mat.NewVecDense(len(o.mean), nil)
		for n, i := range o.members {
			floats.SubTo(off.RawVector().Data, o.slopes[i], o.mean)
			into.SymRankOne(into, o.p[n], off)
		}
	}
}

// designPoint is where a rare event counts most beside the normal density: t* = argmax F,
// F(t) = log p(t) − |t|²/2, which is strongly concave, so that t* is unique and within
// slack = |∇F(t)| of any t.
type designPoint struct {
	t     []float64 // q, t* to within slack
	slack float64
	log   float64   // log p(t)
	g     []float64 // its gradient
}

// peak returns max F to within slack².
func (d *designPoint) peak() float64 { return d.log - dense.Dot(d.t, d.t)/2 }

// highest bounds log p(t*): log p is below its tangent at t.
func (d *designPoint) highest() float64 { return d.log + floats.Norm(d.g, 2)*d.slack }

// designPoint finds the design point of p_k.
func (v *view) designPoint(k int) designPoint { return designPointOf(rarity{{v, k}}) }

// designPointOf finds a design point by Newton's method, damped: F is concave but,
// where slopes are large, far from quadratic.
func designPointOf(r rarity) designPoint {
	q := len(r[0].mean)
	const steps, halvings, converged, sufficient = 80, 50, 1e-10, 1e-4
	d := designPoint{t: make([]float64, q), g: make([]float64, q)}
	d.log = r.logAt(d.t, d.g)
	value := d.log
	trial, gradient := make([]float64, q), make([]float64, q)
	ascent, step := mat.NewVecDense(q, nil), mat.NewVecDense(q, nil)
	floats.SubTo(ascent.RawVector().Data, d.g, d.t)
	try := func(length float64, step []float64) bool { // whether F rises enough, and then takes the step
		floats.AddScaledTo(trial, d.t, length, step)
		log := r.logAt(trial, gradient)
		f := log - dense.Dot(trial, trial)/2
		if !(f > value && f >= value+sufficient*length*dense.Dot(ascent.RawVector().Data, step)) {
			return false
		}
		d.log, value = log, f
		copy(d.t, trial)
		copy(d.g, gradient)
		return true
	}
	if square := dense.Dot(d.g, d.g); square > 0 { // where the first tangent reaches 1, at the edge of a step
		try(min(1, -d.log/square), d.g)
	}
	curvature := mat.NewSymDense(q, nil)
	var factor mat.Cholesky
	for range steps {
		floats.SubTo(ascent.RawVector().Data, d.g, d.t)
		if d.slack = mat.Norm(ascent, 2); d.slack <= converged*(1+floats.Norm(d.t, 2)) {
			break
		}
		r.logAt(d.t, d.g)
		curvature.Zero()
		for i := range q {
			curvature.SetSym(i, i, 1)
		}
		r.addHessian(curvature)
		if !factor.Factorize(curvature) || factor.SolveVecTo(step, ascent) != nil {
			break
		}
		moved := false
		for length, n := 1.0, 0; n < halvings && !moved; length, n = length/2, n+1 {
			moved = try(length, step.RawVector().Data)
		}
		if !moved {
			break
		}
	}
	return d
}
