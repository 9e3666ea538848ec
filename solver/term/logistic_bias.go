package term

import (
	"math"

	"contrastcheck/solver/term/waves"
)

// phases are the waves of a logistic term's parts.
type phases struct {
	free  bool // so is the bias
	parts []phase
}

type phase struct {
	part
	waves.Wave
}

func (w *phases) add(p part, wave waves.Wave) { w.parts = append(w.parts, phase{p, wave}) }

// slope is ∂_b, increasing in b, and ∂²_b.
func (w phases) slope(bias float64) (slope, curvature float64) {
	for _, p := range w.parts {
		sigma, derivative := p.Sigma(bias)
		slope += p.factor * p.sign * sigma
		curvature += p.factor * derivative
	}
	return slope, curvature
}

// softplus is f and the size of its terms.
func (w phases) softplus(bias float64) (value, size float64) {
	for _, p := range w.parts {
		own, terms := p.Softplus(bias)
		value += p.factor * own
		size += p.factor * terms
	}
	return value, size
}

// best is the bias, from start on where it is free: by Newton's method, whose steps are halved between biases at which the slope has either sign, and
// no longer than the way from one to the other.
func (w phases) best(start float64) float64 {
	if !w.free {
		return start
	}
	b, low, high, longest := start, math.Inf(-1), math.Inf(1), 2.0
	const steps = 100
	for range steps {
		slope, curvature := w.slope(b)
		if slope < 0 {
			low = b
		} else {
			high = b
		}
		step := -slope / curvature
		if math.Abs(step) <= 2*unitRoundoff*(1+math.Abs(b)) {
			return b
		}
		if !(curvature > 0) || math.Abs(step) > longest {
			step = -math.Copysign(longest, slope)
			longest *= 2
		}
		if next := b + step; low < next && next < high {
			b = next
		} else {
			b = (low + high) / 2 // of biases that the steps have been to
		}
	}
	return b
}
