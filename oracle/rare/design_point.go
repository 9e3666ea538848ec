package rare

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// choice is log p_k of a softmax.
type choice struct {
	seen
	k int
}

// chances is a product of probabilities, Π p_k^power, each of its own softmax: its logarithm
// is concave, as log p_k = −log Σ_l e^{l_l − l_k} is.
type chances struct {
	of    []choice
	power float64
}

// logarithm returns log Π p_k^power at t, its gradient, and the size of the terms of the first.
func (c chances) logarithm(t []float64) (value float64, gradient []float64, size float64) {
	gradient = make([]float64, len(t))
	for _, x := range c.of {
		p := make([]float64, len(x.offset))
		logs, logit := x.shares(p, t), x.logit(x.k, t)
		value += c.power * (logit - logs)
		size += c.power * (math.Abs(logit) + math.Abs(logs) + length(x.slope[x.k])*length(t))
		addScaled(gradient, c.power, x.slope[x.k])
		addScaled(gradient, -c.power, x.mean(p))
	}
	return value, gradient, size
}

// search finds design points: the maximiser t* of
//
//	F(t) = log Π p_k^power − tiltᵀt − |t − start|²/2.
//
// F is 1-strongly concave, so that |t − t*| ≤ |∇F(t)| at every t, wherever a search ends.
type search struct {
	chances
	start, tilt []float64
	steps       *int // how many Newton steps are left to all searches
}

// designPoint approaches t*; off bounds the distance. A steep softmax is nearly a polyhedron, on
// which Newton's method zigzags: logits are first divided by a τ, and the softened logarithm multiplied by
// it, and τ lowered towards 1.
func (s search) designPoint() (t []float64, off float64) {
	t = append([]float64(nil), s.start...)
	steepest := 0.0
	for _, x := range s.of {
		for l := range x.offset {
			if !absent(x.seen, l) {
				steepest = max(steepest, distance(x.slope[l], x.slope[x.k]))
			}
		}
	}
	for heat := min(steepest, math.MaxFloat64); heat > cooling; heat /= cooling {
		s.ascend(t, heat, warmSteps)
	}
	return t, s.ascend(t, 1, lastSteps)
}

// How τ is lowered, and how many steps are taken at each and at last.
const cooling, warmSteps, lastSteps = 4, 6, 40

// value returns F, of the given chances, and its gradient.
func (s search) value(c chances, t []float64) (float64, []float64) {
	value, gradient, _ := c.logarithm(t)
	for i, x := range t {
		off := x - s.start[i]
		value -= s.tilt[i]*x + off*off/2
		gradient[i] -= s.tilt[i] + off
	}
	return value, gradient
}

// ascend takes up to so many damped Newton steps from t and returns |∇F| at its end.
func (s search) ascend(t []float64, heat float64, steps int) float64 {
	warm := chances{power: s.power * heat}
	for _, x := range s.of {
		y := choice{seen{make([]float64, len(x.offset)), make([][]float64, len(x.slope))}, x.k}
		for l := range x.offset {
			y.offset[l], y.slope[l] = x.offset[l]/heat, scaled(1/heat, x.slope[l])
		}
		warm.of = append(warm.of, y)
	}
	at, gradient := s.value(warm, t)
	for step := 0; ; step++ {
		const settled = 1e-10
		size := length(gradient)
		if size <= settled*(1+length(t)) || step == steps || *s.steps <= 0 || math.IsNaN(size) {
			return size
		}
		*s.steps--
		direction := warm.newtonStep(t, gradient)
		slope := dot(gradient, direction)
		moved := false
		const sufficient, shortest = 1e-4, 0x1p-40
		for length := 1.0; length > shortest && !moved; length /= 2 {
			next := append([]float64(nil), t...)
			addScaled(next, length, direction)
			if x, g := s.value(warm, next); x >= at+sufficient*length*slope {
				copy(t, next)
				at, gradient, moved = x, g, true
			}
		}
		if !moved {
			return size
		}
	}
}

// newtonStep solves (I + power·Σ Cov_p(slope)) d = gradient.
func (c chances) newtonStep(t, gradient []float64) []float64 {
	q := len(gradient)
	h := mat.NewSymDense(q, nil)
	for i := range q {
		h.SetSym(i, i, 1)
	}
	for _, x := range c.of {
		p := make([]float64, len(x.offset))
		x.shares(p, t)
		mean := x.mean(p)
		for l, share := range p {
			if share > 0 {
				d := scaled(1, x.slope[l])
				addScaled(d, -1, mean)
				h.SymRankOne(h, c.power*share, mat.NewVecDense(q, d))
			}
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return gradient // still an ascent
	}
	out := mat.NewVecDense(q, nil)
	_ = chol.SolveVecTo(out, mat.NewVecDense(q, gradient)) // its error is a poor condition, met by the search along the line
	return out.RawVector().Data
}
