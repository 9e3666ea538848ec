package frequency

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
)

// ErrRule says that no rule of so few nodes is known to be as accurate as asked for.
var ErrRule = errors.New("frequency: no rule")

// rule is the midpoint rule of step h on [0, nh], with bounds of what it leaves of the two integrals.
//
// The integrands F are even, and analytic for |Im ω| < min(1, 1/(√τ‖M‖)); τa² tr A² < 1 puts ±ia within. With s = sin πa,
//
//	|sinh π(r+ia)|² = sinh² πr + s² ≥ s² cosh² πr,   ∫_R dr/cosh πr = 1,   ∫_R |r| dr/cosh πr ≤ 4/π² < ½,
//
// so that ∫_R |F(r+ia)| dr is at most B/s, and for the curvature (a + ½)B/s, B bounding the means of |x||v| + 1, or of |x|²|v|² + 1, under e^{at} and
// e^{−at}: their half sum bounds those of sin ωt and cos ωt. Hence (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1, for half of the line)
//
//	|h Σ F((k+½)h) − ∫_0^∞ F| ≤ ∫_R |F(r+ia)| dr / (e^{2πa/h} − 1) + h Σ_{k≥n} |F|.
//
// As 1/sinh is convex, and 1/sinh πω ≤ 2.01 e^{−πω} from 1 on, the nodes from R = nh ≥ 1 on sum to at most B e^{−πR}; as ω/sinh πω falls, those of the
// curvature to at most B(R′ + 1) e^{−πR′}, R′ = (n − ½)h ≥ 1; B with a = 0.
type rule struct {
	step  *big.Rat
	nodes int

	slope, curvature interval.Interval
}

const (
	boundBits = 64 // of the arithmetic of bounds
	heights   = 8  // of contours that are tried, less 1
	mostNodes = 1 << 16
)

// plan chooses a rule with errors of about accuracy in the slope.
func (p *Place) plan(accuracy float64) (rule, error) {
	c := interval.NewContext(boundBits)
	trace, _ := p.determinant[1].Float64() // of A²
	widest := min(1, 1/math.Sqrt(float64(p.Spread)*trace))
	here, err := p.moments(c, new(big.Rat))
	if err != nil {
		return rule{}, err
	}
	const tails = 2 // the share of the tail is the half
	end := max(2, (logOf(here.first)-math.Log(accuracy/tails))/math.Pi)
	best := rule{nodes: mostNodes}
	for i := 1; i < heights; i++ {
		height := dyadic(widest * float64(i) / heights)
		there, err := p.moments(c, height)
		if err != nil { // so high that e^{at} overflows
			c = interval.NewContext(boundBits)
			continue
		}
		a, _ := height.Float64()
		line := c.Quo(there.first, sine(c, height))
		logarithm := logOf(line) - math.Log(accuracy/tails)
		step := dyadic(2 * math.Pi * a / max(1, logarithm))
		h, _ := step.Float64()
		nodes := math.Ceil(end/h) + 1
		if !(h > 0) || nodes >= float64(best.nodes) {
			continue
		}
		best = rule{step: step, nodes: int(nodes)}
		best.bound(c, height, here, there)
	}
	if err := c.Err(); err != nil {
		return rule{}, err
	}
	if best.step == nil {
		return rule{}, fmt.Errorf("%w: the scores are too steep for %d frequencies", ErrRule, mostNodes)
	}
	return best, nil
}

// bound sets what the rule leaves.
func (r *rule) bound(c *interval.Context, height *big.Rat, here, there moments) {
	line := c.Quo(c.FromInt(1), sine(c, height))
	decay := c.Sub(c.Exp(c.Quo(c.Ldexp(c.Mul(c.Pi(), c.FromRat(height)), 1), c.FromRat(r.step))), c.FromInt(1))
	share := c.Quo(line, decay)
	higher := c.FromRat(new(big.Rat).Add(height, big.NewRat(1, 2)))
	left := func(end interval.Interval) interval.Interval { return c.Exp(c.Neg(c.Mul(c.Pi(), end))) }
	end, before := c.FromRat(r.at(big.NewRat(int64(r.nodes), 1))), c.FromRat(r.at(big.NewRat(2*int64(r.nodes)-1, 2)))
	r.slope = c.Add(c.Mul(there.first, share), c.Mul(here.first, left(end)))
	r.curvature = c.Add(c.Mul(c.Mul(there.second, higher), share), c.Mul(c.Mul(here.second, c.Add(before, c.FromInt(1))), left(before)))
}

// at is so many steps.
func (r rule) at(steps *big.Rat) *big.Rat { return new(big.Rat).Mul(r.step, steps) }

// node returns the k-th frequency, and encloses h/sinh πω.
func (r rule) node(c *interval.Context, k int) (omega *big.Rat, weight interval.Interval) {
	omega = r.at(big.NewRat(2*int64(k)+1, 2))
	e := c.Exp(c.Mul(c.Pi(), c.FromRat(omega)))
	return omega, c.Quo(c.Ldexp(c.FromRat(r.step), 1), c.Sub(e, c.Quo(c.FromInt(1), e)))
}

// sine encloses sin πa.
func sine(c *interval.Context, a *big.Rat) interval.Interval {
	s, _ := c.SinCos(c.Mul(c.Pi(), c.FromRat(a)))
	return s
}

// logOf is about the logarithm of an upper bound, however large.
func logOf(x interval.Interval) float64 {
	mantissa := new(big.Float)
	exponent := x.Upper().MantExp(mantissa)
	m, _ := mantissa.Float64()
	return math.Log(m) + float64(exponent)*math.Ln2
}

// dyadic returns a number of 20 bits a little less than x > 0.
func dyadic(x float64) *big.Rat {
	const bits = 20
	r, _ := new(big.Float).SetPrec(bits).SetMode(big.ToZero).SetFloat64(x * (1 - 1.0/1024)).Rat(nil)
	return r
}
