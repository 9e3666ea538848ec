package noncontrastive

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/line"

	"gonum.org/v1/gonum/integrate/quad"
)

// Margin is Hadsell's loss of pairs, E D(x, x̂) + κ E(α − √D(x, y))₊², D(a, b) = ‖Aᵀ(a − b)‖², with independent negatives y. The zero value has κ = α = 1.
type Margin struct {
	// Weight is κ > 0, zero means 1, and Reach α > 0, zero means 1.
	Weight, Reach float64
}

// Leak compares Hadsell's loss inside S_c and outside, where S_c is a line.
//
// Inside, M = m e₁e₁ᵀ in whitened coordinates, e₁ along S_c, and D = m z² with z ∼ N(d_jk, 2): at the best m > 0 the density of z at 0 makes E D^{−½} infinite. Beside it noise q > 0, M = m e₁e₁ᵀ + q nnᵀ, adds 2q to the first
// term, and takes E 2κα(√(D + q ξ²) − √D), of order q log 1/q, from the second: the loss falls, of every mixture with dim S_c = 1, for all κ, α and δ and all r ≥ 2.
type Leak struct {
	// Inside is a lower bound of the loss of every A with columns in S_c, Along the m that comes next to it.
	Inside, Along float64
	// Outside is an upper bound of the loss at the matrix outside.
	Outside float64
}

// Gap is a lower bound of how much lower the loss outside is.
func (l Leak) Gap() float64 { return l.Inside - l.Outside }

// Verdict is Refuted where containment is, and Undecided else.
func (l Leak) Verdict() oracle.Verdict {
	if l.Gap() > 0 {
		return oracle.Refuted
	}
	return oracle.Undecided
}

// JudgeMargin compares the loss at m e₁e₁ᵀ + q nnᵀ, whitened, n ⟂ e₁, with that of all matrices inside S_c. Errors are line.ErrShape unless dim S_c = 1 < d, and ErrWeights.
func JudgeMargin(p gmm.Pairs, l Margin, along, across float64) (Leak, error) {
	f, err := marginOf(p, l)
	if err != nil {
		return Leak{}, err
	}
	if !(along > 0 && across > 0) || math.IsInf(along+across, 1) {
		return Leak{}, fmt.Errorf("%w, found m = %v, q = %v", ErrWeights, along, across)
	}
	var out Leak
	out.Inside, out.Along = f.inside()
	value, e := f.outside(along, across)
	out.Outside = value + e
	return out, nil
}

// margin is the loss of differences z ∼ Σ shares_i N(steps_i, 2) along S_c.
type margin struct {
	shares, steps []float64
	positive      float64 // E(x₁ − x̂₁)² = 2 + 2(1−δ)b, b the variance of the means
	weight, reach float64
	off           float64 // bounds the error of each step
}

func marginOf(p gmm.Pairs, l Margin) (margin, error) {
	f := margin{weight: l.Weight, reach: l.Reach}
	for _, x := range []*float64{&f.weight, &f.reach} {
		if *x == 0 {
			*x = 1
		}
		if !(*x > 0) || math.IsInf(*x, 1) {
			return f, fmt.Errorf("%w, found %v", ErrWeights, *x)
		}
	}
	if err := p.WantSingle(); err != nil {
		return f, err
	}
	centred, err := p.Centre()
	if err != nil {
		return f, err
	}
	m, err := line.Of(centred)
	if err != nil {
		return f, err
	}
	weights, means, delta := m.Floats()
	same, between := 0.0, 0.0
	for j, w := range weights {
		same += w * w
		between += w * means[j] * means[j]
		for k := range j {
			f.shares, f.steps = append(f.shares, 2*w*weights[k]), append(f.steps, math.Abs(means[j]-means[k]))
		}
	}
	f.shares, f.steps = append(f.shares, same), append(f.steps, 0)
	f.positive = 2 + 2*(1-delta)*between
	f.off = 8 * dense.Roundoff * m.Farthest()
	return f, nil
}

// pushed are E(α − |√m z|)₊ and E(α − |√m z|)₊², with a bound of the error of either over α and α².
//
// Of y ∼ N(ν, σ²) on 0 < y < α, with p = α − ν, a = −ν/σ, b = p/σ: E(α − y) = pΔΦ + σ(φ(b) − φ(a)) and E(α − y)² = (p² + σ²)ΔΦ + pσφ(b) − σ(2α − ν)φ(a). Steps that are off move ν by √m off, either mean by no more than
// once and 2α times that.
func (f margin) pushed(m float64) (one, two, err float64) {
	σ := math.Sqrt(2 * m)
	size := 0.0
	for i, step := range f.steps {
		for _, ν := range []float64{math.Sqrt(m) * step, -math.Sqrt(m) * step} {
			p := f.reach - ν
			a, b := -ν/σ, p/σ
			mass := between(a, b)
			one += f.shares[i] * (p*mass + σ*(density(b)-density(a)))
			two += f.shares[i] * ((p*p+σ*σ)*mass + p*σ*density(b) - σ*(2*f.reach-ν)*density(a))
			size = max(size, (math.Abs(p)+σ+f.reach)/f.reach)
		}
	}
	const operations = 64
	return one, two, operations*dense.Roundoff*size*size + 2*math.Sqrt(m)*f.off/f.reach
}

// value is the loss inside at m, slope m times its derivative there, m E z₊² − κE(α|y| − y²)₊, and err bounds the error of either.
func (f margin) value(m float64) (value, slope, err float64) {
	one, two, e := f.pushed(m)
	push := f.weight * f.reach * f.reach
	return m*f.positive + f.weight*two, m*f.positive - f.weight*(f.reach*one-two), 2*push*e + 64*dense.Roundoff*(m*f.positive+push)
}

// inside is a lower bound of the loss over m ≥ 0, and the m near the minimum. The loss is convex in m: beyond where its slope is certainly positive, and before where it is negative, it is no lower than between, and there
// no lower than its tangent.
func (f margin) inside() (least, at float64) {
	low, high := 1e-12*f.reach*f.reach, f.reach*f.reach
	for _, slope, _ := f.value(high); slope < 0; _, slope, _ = f.value(high) {
		high *= 2
	}
	for low < high*(1-0x1p-40) {
		middle := math.Sqrt(low * high)
		if _, slope, _ := f.value(middle); slope < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	at = high
	value, slope, err := f.value(at)
	for wide := 0x1p-24; wide < 1; wide *= 2 {
		_, before, e := f.value(at * (1 - wide))
		_, beyond, e2 := f.value(at * (1 + wide))
		if before < -e && beyond > e2 {
			return value - err - (math.Abs(slope)+err)*wide, at
		}
	}
	return math.Inf(-1), at
}

// outside is the loss at (m, q), and a bound of its error. With √D e^{iθ} = ρe^{iθ} the embedding's difference,
//
//	E(α − √D)₊² = ∫₀^α (α − ρ)²ρ ∫ Σ shares N(ρ cos θ; √m step, 2m) N(ρ sin θ; 0, 2q) dθ dρ,
//
// of an integrand that is entire: a trapezoidal rule in θ and a Gauss–Legendre rule in ρ converge geometrically. With μ = min(m, q) the Gaussians at a complex place of imaginary part β are no larger than e^{β²/(4μ)}
// times their peak, and β is ρ sinh b in the strip |Im θ| ≤ b, and (α/4)(s − 1/s) at most on the Bernstein ellipse of sum of half-axes s.
func (f margin) outside(m, q float64) (value, err float64) {
	α := f.reach
	narrow := 4 * min(m, q)
	peak := 1 / (4 * math.Pi * math.Sqrt(m*q))
	around, angles := settle(16, func(n int, b float64) float64 {
		β := α * math.Sinh(b)
		return math.Pow(α, 4) / 12 * 4 * math.Pi * peak * math.Exp(β*β/narrow) / math.Expm1(float64(n)*b)
	})
	through, radii := settle(8, func(n int, b float64) float64 {
		s := math.Exp(b)
		β, far := α/4*(s-1/s), α/2*(1+(s+1/s)/2)
		return α / 2 * 64 / 15 * math.Pow(far, 3) * 2 * math.Pi * peak * math.Exp(β*β/narrow) * math.Pow(s, -2*float64(n-1)) / (1 - 1/(s*s))
	})
	ρ, weights := make([]float64, radii), make([]float64, radii)
	quad.Legendre{}.FixedLocations(ρ, weights, 0, α)
	sum := 0.0
	for i, r := range ρ {
		for a := range angles {
			sin, cos := math.Sincos(2 * math.Pi * float64(a) / float64(angles))
			across := math.Exp(-r * sin * r * sin / (4 * q))
			for c, step := range f.steps {
				y := r*cos - math.Sqrt(m)*step
				sum += weights[i] * (α - r) * (α - r) * r * f.shares[c] * across * math.Exp(-y*y/(4*m))
			}
		}
	}
	push := sum * peak * 2 * math.Pi / float64(angles)
	value = m*f.positive + 2*q + f.weight*push
	// Terms are positive, each off by some roundings and those of its exponent, of which e^{−x} keeps less than one; a node that is off by some of α moves its term by the slope of the Gaussians, no more than 1/√(eμ) of their peak, and of (α − ρ)²ρ, α².
	terms := float64(radii * angles * len(f.steps))
	nodes := α * math.Pow(α, 3) * 2 * math.Pi * peak * (1 + α/math.Sqrt(narrow))
	err = f.weight*(around+through+dense.Roundoff*((terms+64)*push+64*nodes)+2*α*math.Sqrt(m)*f.off) + 64*dense.Roundoff*(m*f.positive+2*q)
	return value, err
}

// settle doubles the nodes of a rule until a bound of its error, at the best of some widths, is small; the bound is what is left then.
func settle(nodes int, bound func(n int, width float64) float64) (least float64, n int) {
	const small, most = 1e-13, 1 << 12
	for n = nodes; ; n *= 2 {
		least = math.Inf(1)
		for b := 1.0 / 64; b < 4; b *= 1.25 {
			if e := bound(n, b); e < least {
				least = e
			}
		}
		if least < small || n >= most {
			return least, n
		}
	}
}

// between is Φ(b) − Φ(a), a ≤ b, from the tail where both are on one side.
func between(a, b float64) float64 {
	if a > 0 {
		return (math.Erfc(a/math.Sqrt2) - math.Erfc(b/math.Sqrt2)) / 2
	}
	return (math.Erfc(-b/math.Sqrt2) - math.Erfc(-a/math.Sqrt2)) / 2
}

func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
