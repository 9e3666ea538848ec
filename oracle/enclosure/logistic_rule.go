package enclosure

import (
	"fmt"
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// logisticRule is the midpoint rule of step h on [0, nh], with bounds of what it leaves of the two integrals.
type logisticRule struct {
	h                 float64
	n                 int
	gradient, hessian float64
}

// lines is the number of heights of a contour that are tried.
const lines = 24

// plan chooses the step and the number of nodes so that the gradient's bound is about tolerance.
//
// The integrands F are even and analytic for |Im ω| < min(1, 1/(√τ‖M‖)). On the lines Im ω = ±a they are
// at most B(a)/|sinh πω|, and |ω| B(a)/|sinh πω|, B(a) the moments for θ = ±a, so that
//
//	|h Σ F − ∫_0^∞ F| ≤ ∫_R |F(r + ia)| dr / (e^{2πa/h} − 1) + h Σ_{beyond} |F|
//
// (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1, for half of the line). With s = sin πa,
// |sinh π(r+ia)|² = sinh² πr + s², the first integral is at most (2/π)(1 + log coth(½ arsinh s)), as 1/√(sinh² + s²) is
// below 1/s up to arsinh s and below 1/sinh beyond; for the Hessian it is a times that and ∫|r|/|sinh πr| dr = ½. As 1/sinh is
// convex, the nodes from R on sum to at most (1/π) log coth(πR/2), as r/sinh πr decreases to at most
// 2(R/π + 1/π²) e^{−πR}/(1 − e^{−2πR}) for R = (n − ½)h.
func (l bilinear) plan(tolerance float64) (logisticRule, error) {
	var norm float64
	for _, x := range l.s {
		norm = max(norm, math.Abs(x))
	}
	widest := 1.0
	if norm > 0 {
		widest = min(1, 1/(math.Sqrt(l.spread)*norm))
	}
	here := l.both(0)
	var best logisticRule
	const most = 1 << 14
	for i := 1; i < lines; i++ {
		height := widest * float64(i) / lines
		there := l.both(height)
		sine := math.Sin(math.Pi * height)
		line := 2 / math.Pi * (1 + math.Log((math.Sqrt(1+sine*sine)+1)/sine))
		h := 2 * math.Pi * height / math.Log1p(2*line*there.first/tolerance)
		if h <= best.h || math.IsNaN(h) {
			continue
		}
		decay := math.Expm1(2 * math.Pi * height / h)
		best = logisticRule{h: h, gradient: line * there.first / decay, hessian: (height*line + 0.5) * there.second / decay}
	}
	if best.h == 0 {
		return best, fmt.Errorf("%w: scores too steep", ErrGrid)
	}
	tail := func(r float64) float64 { return here.first / math.Pi * math.Log1p(2/math.Expm1(math.Pi*r)) }
	for best.n = 1; tail(float64(best.n)*best.h) > tolerance/2; best.n++ {
		if best.n == most {
			return best, fmt.Errorf("%w: more than %d", ErrGrid, most)
		}
	}
	best.gradient += tail(float64(best.n) * best.h)
	r := (float64(best.n) - 0.5) * best.h
	best.hessian += here.second * 2 * (r/math.Pi + 1/(math.Pi*math.Pi)) * math.Exp(-math.Pi*r) / -math.Expm1(-2*math.Pi*r)
	return best, nil
}

// node returns ω and h/sinh πω, which is off by a relative πω roundings; e^{−πω} makes at most one of them.
func (r logisticRule) node(n int) (omega, weight float64) {
	omega = (float64(n) + 0.5) * r.h
	return omega, r.h / math.Sinh(math.Pi*omega)
}

// offBy bounds what the errors of the points a_c and b_c, and of M's eigenvectors, do to the gradient in Frobenius norm (first) and to the curvature
// (second): a point that is off by |δx|, |δv| moves t by |M|(|δx||v| + |x||δv|), and |σ′| ≤ ¼, |σ″| ≤ 1/(6√3).
func (l bilinear) offBy() moments {
	dim := float64(len(l.s))
	var norm float64
	for _, x := range l.s {
		norm = max(norm, math.Abs(x))
	}
	const steepest = 1 / (6 * 1.7320508)
	turning := 16 * dim * dense.Roundoff // of M's eigenvectors
	var out moments
	for c, p := range l.probabilities {
		x, v := mat.Norm(l.x.ColView(c), 2), mat.Norm(l.v.ColView(c), 2)
		// E|x|², E|v|², and of the fourth powers
		square, other := x*x+dim, v*v+l.spread*dim
		fourth, fourthOther := square*square+2*dim+4*x*x, other*other+2*l.spread*l.spread*dim+4*l.spread*v*v
		dx, dv := l.offX[c], l.offV[c]
		third, thirdOther := math.Pow(fourth, 0.75), math.Pow(fourthOther, 0.75)
		out.first += p * (turning*norm*square*other/4 + dx*(math.Sqrt(other)+norm*math.Sqrt(square)*other/4) + dv*(math.Sqrt(square)+norm*square*math.Sqrt(other)/4))
		out.second += p * (turning*norm*steepest*third*thirdOther + dx*(math.Sqrt(square)*other/2+steepest*norm*square*thirdOther) + dv*(square*math.Sqrt(other)/2+steepest*norm*third*other))
	}
	return out
}
