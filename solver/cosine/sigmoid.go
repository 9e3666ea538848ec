package cosine

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Bias is the b of a sigmoid loss: free, the best one, unless Fixed says that it is Value.
type Bias struct {
	Fixed bool
	Value float64
}

// Sigmoid is the loss with negatives of the weight m > 0 and scores s = f·f′/τ,
//
//	L(A) = E log(1 + e^{−s(x, x̂) − b}) + m E log(1 + e^{s(x, y) + b}).
func Sigmoid(m float64, b Bias, τ float64) Loss {
	return Loss{temperature: τ, functional: func(τ float64, on *field) functional { return &sigmoid{field: on, τ: τ, m: m, b: b} }}
}

type sigmoid struct {
	*field
	τ, m float64
	b    Bias
}

func (l *sigmoid) of(p law, densities [][]float64, slope bool) (value, bias float64, h [][]float64) {
	positive, negative := l.correlations(p, densities)
	b := l.b.Value
	if !l.b.Fixed {
		b = l.best(positive, negative)
	}
	for i, c := range l.angles() {
		value += positive[i]*softplus(-c/l.τ-b) + l.m*negative[i]*softplus(c/l.τ+b)
	}
	if !slope {
		return value, b, nil
	}
	// The best bias moves the loss to second order only.
	h = slopes(densities, true)
	pull := l.tabulated(func(c float64) float64 { return softplus(-c/l.τ - b) })
	push := l.tabulated(func(c float64) float64 { return softplus(c/l.τ + b) })
	all := p.mix(densities)
	both := make([]float64, len(pull))
	floats.AddScaled(both, 2*(1-p.delta), pull)
	floats.AddScaled(both, 2*l.m, push)
	common := l.convolved(both, all)
	for k, w := range p.weights {
		floats.AddScaled(h[k], w, common)
		if p.delta > 0 {
			floats.AddScaled(h[k], 2*p.delta*w, l.convolved(pull, densities[k]))
		}
	}
	return value, b, h
}

// correlations weigh the angles between the two points of positive and of negative pairs: E κ(cos) is a sum over them.
func (l *sigmoid) correlations(p law, densities [][]float64) (positive, negative []float64) {
	power := func(f []float64) []float64 {
		l.analyse(l.coefficients, f)
		out := make([]float64, slices.Max(l.degree)+1)
		for i, c := range l.coefficients {
			out[l.degree[i]] += l.times[i] * (real(c)*real(c) + imag(c)*imag(c))
		}
		return out
	}
	all := power(p.mix(densities))
	same := make([]float64, len(all))
	floats.AddScaled(same, 1-p.delta, all)
	if p.delta > 0 {
		for k, w := range p.weights {
			floats.AddScaled(same, p.delta*w, power(densities[k]))
		}
	}
	return l.spread(same), l.spread(all)
}

// best is the bias that minimises a convex function: by Newton steps within a bracket.
func (l *sigmoid) best(positive, negative []float64) float64 {
	low, high := -1/l.τ-math.Log(l.m)-1, 1/l.τ-math.Log(l.m)+1 // where the derivative has either sign, as |s| ≤ 1/τ
	b := (low + high) / 2
	for range 100 {
		var slope, curvature float64
		for i, c := range l.angles() {
			up, down := logistic(c/l.τ+b), logistic(-c/l.τ-b)
			slope += l.m*negative[i]*up - positive[i]*down
			curvature += (l.m*negative[i] + positive[i]) * up * down
		}
		if slope > 0 {
			high = b
		} else {
			low = b
		}
		next := b - slope/curvature
		if !(low < next && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-b) <= 1e-15*(1+math.Abs(b)) || high-low <= 1e-15*(1+math.Abs(b)) {
			return next
		}
		b = next
	}
	return b
}

// softplus is log(1 + e^t).
func softplus(t float64) float64 { return max(t, 0) + math.Log1p(math.Exp(-math.Abs(t))) }

// logistic is 1/(1 + e^{−t}).
func logistic(t float64) float64 { return 1 / (1 + math.Exp(-t)) }
