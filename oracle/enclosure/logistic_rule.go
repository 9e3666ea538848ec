package enclosure

import (
	"fmt"
	"math"
	"math/cmplx"
)

// logisticRule is the midpoint rule of step h on the line Re θ = shift, 0 < Im θ < nh, with bounds of what it leaves of a part's share of the gradient and of
// the Hessian.
type logisticRule struct {
	shift, h          float64
	n                 int
	gradient, hessian float64
}

// lines is the number of heights of a contour that are tried.
const lines = 24

// shift chooses the line of a part's integral: Re θ = 0, or one on which the integrand is so much smaller that digits are saved, as where a bias makes
// σ(u) small, which is ½ − ½ beside Re θ = 0.
func (l *Logistic) shift(p part) float64 {
	const smaller = 1.0 / 8
	c := edge(p)
	if moved := l.size(p, c).first / math.Sin(math.Pi*c); moved < smaller*l.size(p, 0).first {
		return c
	}
	return 0
}

// edge is half of how far Re θ can be moved.
func edge(p part) float64 {
	below, above := p.reach()
	if p.sign < 0 {
		above = below
	}
	return min(1, above) / 2
}

// plan chooses the step and the number of nodes of a part so that the gradient's bound is about tolerance.
//
// On a line Re θ = c, F(θ) = E X e^{θu} is at most J(c), the moments for c, and the part of the gradient is ½∫ F/sin πθ dω over the whole line. The integrand
// is analytic between the lines c ± a inside the strip 0 < Re θ < 1; for c = 0 it is, less what is odd, also at its pole. So
//
//	|h Σ − ∫| ≤ ½ (∫_{c+a} |F/sin πθ| dω + ∫_{c−a} |F/sin πθ| dω)/(e^{2πa/h} − 1) + h Σ_{beyond} |F/sin πθ|
//
// (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1, for half of the line). With s = |sin πr|,
// |sin π(r+iω)|² = sinh² πω + s², the integral of 1/|sin πθ| over a line is at most (2/π)(1 + log coth(½ arsinh s)), as 1/√(sinh² + s²) is
// below 1/s up to arsinh s and below 1/sinh beyond; for the Hessian, which has |θ| ≤ |r| + |ω| more, it is |r| times that and ∫|ω|/|sinh πω| dω = ½. As 1/sinh is
// convex, the nodes from R on sum to at most (1/π) log coth(πR/2), as ω/sinh πω decreases to at most
// 2(R/π + 1/π²) e^{−πR}/(1 − e^{−2πR}) for R = (n − ½)h.
func (l *Logistic) plan(p part, tolerance float64) (logisticRule, error) {
	best := logisticRule{shift: l.shift(p)}
	below, above := p.reach()
	widest := best.shift
	if best.shift == 0 {
		widest = min(1, below, above)
	}
	here := l.size(p, best.shift)
	const most = 1 << 14
	for i := 1; i < lines; i++ {
		height := widest * float64(i) / lines
		var first, second float64 // half the integrals on both lines
		for _, r := range []float64{best.shift + height, best.shift - height} {
			there := l.size(p, r)
			sine := math.Abs(math.Sin(math.Pi * r))
			line := 2 / math.Pi * (1 + math.Log((math.Sqrt(1+sine*sine)+1)/sine))
			first += p.factor * line * there.first / 2
			second += p.factor * (math.Abs(r)*line + 0.5) * there.second / 2
		}
		h := 2 * math.Pi * height / math.Log1p(2*first/tolerance)
		if h <= best.h || math.IsNaN(h) {
			continue
		}
		decay := math.Expm1(2 * math.Pi * height / h)
		best.h, best.gradient, best.hessian = h, first/decay, second/decay
	}
	if best.h == 0 {
		return best, fmt.Errorf("%w: scores too steep", ErrGrid)
	}
	tail := func(r float64) float64 { return math.Log1p(2/math.Expm1(math.Pi*r)) / math.Pi } // h Σ 1/sinh
	for best.n = 1; p.factor*here.first*tail(float64(best.n)*best.h) > tolerance/2; best.n++ {
		if best.n == most {
			return best, fmt.Errorf("%w: more than %d", ErrGrid, most)
		}
	}
	beyond := tail(float64(best.n) * best.h)
	best.gradient += p.factor * here.first * beyond
	r := (float64(best.n) - 0.5) * best.h
	best.hessian += p.factor * here.second * (best.shift*beyond + 2*(r/math.Pi+1/(math.Pi*math.Pi))*math.Exp(-math.Pi*r)/-math.Expm1(-2*math.Pi*r))
	return best, nil
}

// node returns θ = c + iω and h/sin πθ, which is off by a relative π|θ| roundings; e^{−πω} makes at most one of them.
func (r logisticRule) node(n int) (theta, weight complex128) {
	theta = complex(r.shift, (float64(n)+0.5)*r.h)
	if r.shift == 0 {
		return theta, complex(0, -r.h/math.Sinh(math.Pi*imag(theta)))
	}
	return theta, complex(r.h, 0) / cmplx.Sin(math.Pi*theta)
}

// affordable plans rules, one a part, whose nodes cost so many products a label.
func (l *Logistic) affordable(tolerance float64, products int, work *Budget) (rules []logisticRule, err error) {
	limit := work.within(mostOfLogistic)
	rows, columns := l.dims()
	var labels, cost float64
	for _, p := range l.parts {
		labels += float64(len(p.labels()))
	}
	if planning := 4 * lines * labels * float64(max(rows, columns)) * perCoordinate; planning > limit {
		return nil, fmt.Errorf("%w: %.2g choices of components", ErrGrid, labels)
	}
	for _, p := range l.parts {
		rule, err := l.plan(p, tolerance/float64(len(l.parts)))
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
		cost += float64(rule.n) * float64(len(p.labels())) * float64(products)
	}
	if cost > limit {
		return nil, fmt.Errorf("%w: frequencies for %.2g choices of components", ErrGrid, labels)
	}
	work.spend(cost)
	return rules, nil
}
