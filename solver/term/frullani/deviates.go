package frullani

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
)

// deviates averages functions of z = e^{c+bξ}, ξ ∼ N(0, 1), for many c on multiples of one step:
//
//	1 − e^{−z}, ze^{−z} and its derivatives in c, z(1 − z)e^{−z}, z(1 − 3z + z²)e^{−z}, z(1 − 7z + 6z² − z³)e^{−z}.
//
// By the trapezoidal rule in bξ, of that step or of a part of it, the average is a scalar product of a table of the function with a normal density. Where b is
// too small for such a step, a Gauss–Hermite rule has few nodes.
type deviates struct {
	tolerance float64
	step      float64
	reach     float64 // of ξ
	lowest    float64 // of log z, below which all functions are 0
	levels    []*level
	points    []int // of Gauss–Hermite rules, for b up to so many grains, once they are known
}

const (
	functions = 5
	most      = 3   // halvings of the step
	highest   = 6.6 // of log z: e^{−z} is 0 from here on
	grain     = 1.0 / 64
)

// level is a table of the functions at (first + n)·step/2^p.
type level struct {
	first  int
	values [functions][]float64
}

func newDeviates(tolerance float64, negatives int) *deviates {
	const widest, narrowest = 0.8, 0.25
	digits := -math.Log(tolerance)
	return &deviates{tolerance: tolerance, step: min(widest, max(narrowest, math.Pi*math.Pi/(digits+3))),
		reach: math.Sqrt(2 * (digits + math.Log1p(float64(negatives)))), lowest: -digits - math.Log1p(float64(negatives)) - 1, levels: make([]*level, most+1)}
}

// kernel has the weights of bξ for a mean a, at (first + n)·step/2^p; p = −1 where nodes are those of a Gauss–Hermite rule for e^{bξ}.
type kernel struct {
	p, first       int
	weights        []float64
	beyond         []float64 // sums of the weights from the n-th on
	mean           float64
	factors, gauss []float64
}

// kernel sets the weights for a mean and a deviation.
func (d *deviates) kernel(of *kernel, mean, b float64) {
	of.mean = mean
	of.p = d.halvings(b)
	if of.p < 0 {
		rule := d.hermite(b)
		of.gauss = rule.Weights
		of.factors = of.factors[:0]
		for _, xi := range rule.Nodes {
			of.factors = append(of.factors, math.Exp(b*xi))
		}
		return
	}
	if d.levels[of.p] == nil {
		d.levels[of.p] = d.tabulate(of.p)
	}
	step := math.Ldexp(d.step, -of.p)
	of.first = int(math.Ceil((mean - d.reach*b) / step))
	last := int(math.Floor((mean + d.reach*b) / step))
	n := last - of.first + 1
	if cap(of.weights) < n {
		of.weights, of.beyond = make([]float64, n), make([]float64, n+1)
	}
	of.weights, of.beyond = of.weights[:n], of.beyond[:n+1]
	// a density at equidistant points is a product of exponentials
	x := (float64(of.first)*step - mean) / b
	s := step / b
	w, ratio, bend := s/math.Sqrt(2*math.Pi)*math.Exp(-x*x/2), math.Exp(-s*(x+s/2)), math.Exp(-s*s)
	for i := range of.weights {
		of.weights[i] = w
		w *= ratio
		ratio *= bend
	}
	floats.Scale(1/floats.Sum(of.weights), of.weights) // what was left out is less than the tolerance
	of.beyond[n] = 0
	for i := n - 1; i >= 0; i-- {
		of.beyond[i] = of.beyond[i+1] + of.weights[i]
	}
}

// halvings returns the p of the widest step/2^p that serves a deviation, −1 for none. The functions are analytic for |Im log z| < ½π, and in ξ + iy a density grows by e^{y²/2}.
func (d *deviates) halvings(b float64) int {
	for p := range most + 1 {
		h := math.Ldexp(d.step, -p) / b
		y := min(math.Pi/(2*b), 2*math.Pi/h)
		if 2*math.Exp(y*y/2-2*math.Pi*y/h) <= d.tolerance {
			return p
		}
	}
	return -1
}

func (d *deviates) tabulate(p int) *level {
	step := math.Ldexp(d.step, -p)
	t := &level{first: int(math.Floor(d.lowest / step))}
	size := int(math.Ceil(highest/step)) - t.first
	for f := range t.values {
		t.values[f] = make([]float64, size)
	}
	for i := range size {
		var out [functions]float64
		add(&out, 1, math.Exp(float64(t.first+i)*step), functions)
		for f, x := range out {
			t.values[f][i] = x
		}
	}
	return t
}

// average evaluates the first count functions at c = height·step + mean, tau being height·step.
func (d *deviates) average(out *[functions]float64, of *kernel, height int, tau float64, count int) {
	if of.p < 0 {
		e := math.Exp(tau + of.mean)
		for n, f := range of.factors {
			add(out, of.gauss[n], e*f, count)
		}
		return
	}
	t := d.levels[of.p]
	at := height<<of.p + of.first - t.first
	n := len(of.weights)
	begin, end := min(n, max(0, -at)), max(0, min(n, len(t.values[0])-at))
	if begin < end {
		weights := of.weights[begin:end]
		for f := range count {
			out[f] = floats.Dot(weights, t.values[f][at+begin:at+end])
		}
	}
	out[0] += of.beyond[end]
}

// add adds the first count functions of z, 3 or 5.
func add(out *[functions]float64, weight, z float64, count int) {
	const large, small = 745, 0.03
	if z > large {
		out[0] += weight
		return
	}
	var lost float64
	if z < small { // keeps all digits
		lost = z * (1 - z/2*(1-z/3*(1-z/4*(1-z/5*(1-z/6*(1-z/7))))))
	} else {
		lost = 1 - math.Exp(-z)
	}
	out[0] += weight * lost
	weight *= z * (1 - lost)
	out[1] += weight
	out[2] += weight * (1 - z)
	if count > 3 {
		out[3] += weight * (1 + z*(z-3))
		out[4] += weight * (1 + z*(-7+z*(6-z)))
	}
}

// hermite is the Gauss–Hermite rule for a deviation.
func (d *deviates) hermite(deviation float64) quadrature.Points {
	n := int(math.Ceil(deviation / grain))
	for len(d.points) <= n {
		width := 2 * grain * math.Max(0.5, float64(len(d.points)))
		points := 2
		for points < quadrature.MostPoints && quadrature.Estimate(width, points) > d.tolerance {
			points++
		}
		d.points = append(d.points, points)
	}
	return quadrature.Hermite(d.points[n])
}
