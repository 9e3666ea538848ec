package waves

import (
	"math"
	"math/cmplx"
)

// Wave is Σ_labels w E e^{±θt} at the nodes of a rule, for the means of logistic functions of u = ±(t + b).
type Wave struct {
	Rule   Rule
	sign   float64
	scores []Score
	sums   []complex128 // times the weight
}

// NewWave sums over the labels of scores. The sign is 1 or −1.
func NewWave(rule Rule, scores []Score, sign float64) Wave {
	w := Wave{rule, sign, scores, make([]complex128, len(rule.Nodes))}
	for n, node := range rule.Nodes {
		for _, t := range scores {
			w.sums[n] += complex(t.Weight, 0) * cmplx.Exp(t.exponent(node.Theta*complex(sign, 0)))
		}
		w.sums[n] *= node.Weight
	}
	return w
}

// Biased is e^{θu} over e^{±θt}: what a bias makes of a node's weight.
func Biased(theta complex128, sign, bias float64) complex128 {
	if bias == 0 {
		return 1
	}
	return cmplx.Exp(theta * complex(sign*bias, 0))
}

// Sigma is E σ(u), and E σ′(u).
func (w Wave) Sigma(bias float64) (value, derivative float64) {
	if w.Rule.Shift == 0 {
		value = 0.5
	}
	for n, node := range w.Rule.Nodes {
		term := Biased(node.Theta, w.sign, bias) * w.sums[n]
		value += real(term)
		derivative += real(node.Theta * term)
	}
	return value, derivative
}

// Softplus is E log(1 + e^u), and the size of its terms. On the line c = 0, 1 − Re e^z is taken as 2 sin²(½ Im z) − expm1(Re z) cos(Im z), which loses no digits.
func (w Wave) Softplus(bias float64) (value, size float64) {
	if w.Rule.Shift > 0 {
		for n, node := range w.Rule.Nodes {
			term := Biased(node.Theta, w.sign, bias) * w.sums[n] / node.Theta
			value += real(term)
			size += cmplx.Abs(term) * (1 + cmplx.Abs(node.Theta)*math.Abs(bias)) // exponents are rounded, too
		}
		return value, size
	}
	value, size = math.Ln2, 1
	for _, t := range w.scores {
		mean, _ := t.moments()
		u := w.sign * (mean + bias)
		value += t.Weight * u / 2
		size += t.Weight * math.Abs(u)
	}
	for _, node := range w.Rule.Nodes {
		omega := imag(node.Theta)
		var sum float64
		for _, t := range w.scores {
			z := t.exponent(complex(0, w.sign*omega)) + complex(0, w.sign*omega*bias)
			sine := math.Sin(imag(z) / 2)
			sum += t.Weight * (2*sine*sine - math.Expm1(real(z))*math.Cos(imag(z)))
		}
		term := -imag(node.Weight) * sum / omega
		value += term
		size += term
	}
	return value, size
}

// Damping is by how much smaller the terms of E σ(u), u = ±(t + b), are on the line of a c than on that of c = 0.
func Damping(scores []Score, sign, bias, c float64) float64 {
	if c == 0 {
		return 1
	}
	var sum float64
	for _, t := range scores {
		sum += t.Weight * math.Exp(real(t.exponent(complex(c*sign, 0))))
	}
	return math.Exp(c*sign*bias) * sum / math.Sin(math.Pi*c)
}
