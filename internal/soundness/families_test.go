package soundness

import (
	"math"
	"math/rand/v2"
)

// planarShape says what kind of planar block is drawn.
type planarShape struct {
	near, far int
	shadow    bool // far means lie behind one another
	paired    bool // two modalities
	centred   bool // the block's mean is 0
	tuned     bool // a finder blind to the far means finds a smallest eigenvalue close to 0
	delta     float64
	steepest  float64 // largest slope of a step; 0 means 1000
	gentlest  float64 // smallest; 0 means 1
}

// lightest is the logarithm of the smallest weight drawn, 1e-300, and heaviest of the largest, 0.1.
const lightest, heaviest = -690, -2.3

// drawPlanar draws near components and far ones whose posterior is a step of a slope of
// 1 … 1000 at 1 … 7 standard deviations from one of the near ones, as the minimiser of the
// near ones sees it. It fails where weights or means would leave their ranges.
func drawPlanar(rng *rand.Rand, s planarShape) (truth, bool) {
	b := planar{delta: s.delta}
	uniform := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	scattered := func(n int) (out []vec) {
		switch {
		case s.tuned || rng.IntN(2) == 0: // nearly equal norms: the smallest eigenvalue is close to 0
			a, y, off := uniform(.2, .8), uniform(.7, 1.6), uniform(-.12, .12)
			out = []vec{{a, y + off}, {-a, y - off}}
			if n > 2 {
				out = append(out, vec{uniform(-1, 1), y + uniform(-.5, .5)})
			}
			turned := uniform(0, 2*math.Pi)
			c, t := math.Cos(turned), math.Sin(turned)
			for i, p := range out {
				out[i] = vec{c*p[0] - t*p[1], t*p[0] + c*p[1]}
			}
		default:
			size, at := uniform(.5, 2), vec{}
			if rng.IntN(2) == 0 {
				angle := uniform(0, 2*math.Pi)
				p := uniform(0, 5)
				at = vec{p * math.Cos(angle), p * math.Sin(angle)}
			}
			for range n {
				out = append(out, vec{at[0] + size*rng.NormFloat64(), at[1] + size*rng.NormFloat64()})
			}
		}
		return out
	}
	b.visual = scattered(s.near)
	if s.paired {
		b.text = scattered(s.near)
		if rng.IntN(2) == 0 {
			for k, p := range b.visual {
				b.text[k] = vec{p[0] + .3*rng.NormFloat64(), p[1] + .3*rng.NormFloat64()}
			}
		}
	}
	raw := make([]float64, s.near)
	var total float64
	for k := range raw {
		raw[k] = 1
		if rng.IntN(2) == 0 {
			raw[k] = math.Round(64*uniform(.2, 3)) / 64
		}
		total += raw[k]
	}
	b.weigh(raw)
	if s.centred {
		b.centre()
	}
	blind, err := b.minimise(square{})
	if err != nil {
		return truth{}, false
	}
	const least, most = 1e-5, 1e-3
	if low, _ := eigenvalues(blind); s.tuned && !(math.Abs(low) > least && math.Abs(low) < most) {
		return truth{}, false
	}
	first, steepest, gentlest := uniform(0, 2*math.Pi), s.steepest, max(1, s.gentlest)
	if steepest == 0 {
		steepest = 1000
	}
	slope := gentlest * math.Pow(steepest/gentlest, rng.Float64())
	depth := func() float64 { // in standard deviations
		if s.tuned {
			return uniform(4, 6.3)
		}
		if rng.IntN(2) == 0 {
			return uniform(3, 6)
		}
		return uniform(1, 7)
	}
	tau := depth()
	hidden := []int{}
	for f := range s.far {
		angle := first
		if f > 0 {
			if s.shadow {
				angle += .1 * rng.NormFloat64()
				slope *= uniform(1.1, 3)
				tau += uniform(.1, 2)
			} else {
				angle = uniform(0, 2*math.Pi)
				slope = gentlest * math.Pow(steepest/gentlest, rng.Float64())
				tau = depth()
			}
		}
		e := vec{math.Cos(angle), math.Sin(angle)}
		pull := blind.times(e)
		size := slope / pull.size()
		if !(size > 3 && size < 3e4) {
			return truth{}, false
		}
		far := vec{size * e[0], size * e[1]}
		j := rng.IntN(s.near)
		own := b.visual
		if s.paired {
			own = b.text
		}
		change := blind.times(far.less(own[j]))
		log := math.Log(raw[j]) - tau*change.size() - b.visual[j].dot(change)
		if !(log > lightest && log < heaviest+math.Log(total)) {
			return truth{}, false
		}
		raw = append(raw, rounded(math.Exp(log)))
		if s.paired {
			b.text = append(b.text, far)
			// What the other side has of the far component: near, or far as well.
			other := vec{uniform(-2, 2), uniform(-2, 2)}
			if rng.IntN(3) == 0 {
				other = vec{size * other[0] / 10, size * other[1] / 10}
			}
			b.visual = append(b.visual, other)
		} else {
			b.visual = append(b.visual, far)
		}
		hidden = append(hidden, s.near+f)
	}
	b.weigh(raw)
	if s.centred {
		b.centre()
	}
	t, ok := solvedTruth(b, raw, hidden, blind)
	return t, ok
}

func solvedTruth(b planar, raw []float64, hidden []int, start square) (truth, bool) {
	t := truth{planar: b, raw: raw, hidden: hidden}
	var err error
	if t.blind, err = b.without(hidden).minimise(start); err != nil {
		return t, false
	}
	if t.minimiser, err = b.minimise(t.blind); err != nil {
		return t, false
	}
	t.off = b.off(t.minimiser)
	const known = 1e-10
	return t, t.off < known
}

// rounded keeps three digits.
func rounded(x float64) float64 {
	scale := math.Pow(10, 2-math.Floor(math.Log10(x)))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}

func (b *planar) weigh(raw []float64) {
	var sum float64
	for _, w := range raw {
		sum += w
	}
	b.weights, b.logs = nil, nil
	for _, w := range raw {
		b.weights, b.logs = append(b.weights, w/sum), append(b.logs, math.Log(w/sum))
	}
}

// centre moves each side's mean to 0.
func (b *planar) centre() {
	for _, side := range []*[]vec{&b.visual, &b.text} {
		if *side == nil {
			continue
		}
		average := mean(b.weights, *side)
		var out []vec
		for _, p := range *side {
			out = append(out, p.less(average))
		}
		*side = out
	}
}
