package planar

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
)

// Shape is a matrix with columns in S_F but for rotations of its rows' space and a scale, which change no loss of cosines: x ↦ (x₁, ρx₂), x₁ being along an axis.
type Shape struct {
	Axis  float64 // φ, radians
	Ratio float64 // ρ, in (0, 1]
}

// ErrNodes says that a rule would have more nodes than it may.
var ErrNodes = errors.New("planar: expected a temperature, a separation and a shape whose loss needs fewer nodes")

const mostNodes = 1 << 14

// local is the loss at a shape, with what bounds it near by. With tan θ = ρ tan α, α being the direction of x from the axis, the loss at any shape at a distance t, exp(tS)A, is, as log E exp is convex, at least
//
//	L + κ(E_q − E_pos)[cos(θ₁ − θ₂) at t, less that at 0],
//
// q being the law of (x, y) ∝ e^(κ cos) in y, at A. Along exp(tS), of which S has the eigenvalues ±½ and an axis θ₀, angles move by θ̇ = −½ sin 2(θ − θ₀), so that with D = θ₁ − θ₂ and σ = θ₁ + θ₂ − 2θ₀
//
//	d/dt cos D = sin²D cos σ,   d²/dt² cos D = −cos D sin²D (3cos²σ − 1),   |d/dt log sin D| ≤ 1.
//
// The second is at most 2|cos D| sin²D ≤ 4/(3√3), and at most 2e^(2t) times sin²D at 0.
type local struct {
	value, error float64 // of the loss
	slope        float64 // at least |κ(E_q − E_pos)[sin²D e^(iσ)]|
	pairs, soft  float64 // at least E_pos sin²D and E_q sin²D
	scale        float64 // κ
}

// below is a lower bound of the loss at all shapes up to a distance, which is that of the hyperbolic plane of which log 1/ρ and 2φ are polar coordinates.
func (l local) below(distance float64) float64 {
	bend := l.scale * (bent(distance, l.pairs) + bent(distance, l.soft))
	return l.value - l.error - distance*(l.slope+distance*bend/2)
}

// bent bounds the mean of |d²/dt² cos D| up to a distance, of sin²D at 0.
func bent(distance, spread float64) float64 {
	return math.Min(4/(3*math.Sqrt(3)), 2*math.Exp(2*distance)*spread)
}

// rule is the trapezoidal rule in γ, tan γ = √ρ tan α, of period 2π, in which tan θ = √ρ tan γ. On |Im γ| ≤ y angles θ and α have |Im| ≤ Y, tanh Y = tanh(y)/√ρ: tan is a Möbius transformation of e^(2iγ), the maps are ones with real
// coefficients that keep the unit circle, and a circle |e^(2iγ)| = e^(−2y) has its image symmetric about the real line, so that |Im| is largest at γ = iy or ½π + iy. There too |dα/dγ| ≤ cosh²Y/√ρ.
// A function that is analytic and at most M on the strip is integrated by N nodes to within 4πM/(e^(Ny) − 1) (L. N. Trefethen, J. A. C. Weideman, The exponentially convergent trapezoidal rule, SIAM Review 56, 2014, theorem 3.2).
type rule struct {
	nodes  int
	missed []float64 // K: for each component, of the integral of a function that is at most 1 on the strip
}

// Strips are such that embeddings have imaginary parts, here of length sinh Y, of at most min(1, arc/κ), so that their real parts, cosh Y, are at most √2 long and κ(cosh Y − 1) ≤ 0.7, and e^(κcos(θ − φ)) has an argument within ±arc for real φ:
// |Z| lies between cos(arc) and 1 times E e^(κ Re cos).
const (
	arc    = 1.4
	grown  = 2.02 // e^0.7
	outer  = 3.9  // |log Z| is at most that and 2κ: κ(cosh Y + 1) − log cos(arc) + arc
	cosArc = 0.169
)

// newRule returns the rule of the fewest nodes whose errors are about small.
func (m Mixture) newRule(ratio, scale, small float64) (rule, error) {
	q := math.Sqrt(ratio)
	widest := math.Asinh(math.Min(1, arc/scale))
	bound := func(far, of float64) float64 {
		return 4 * math.Pi * densityBound(far, of) * math.Cosh(of) * math.Cosh(of) / q
	}
	strip := func(of float64) float64 { return math.Atanh(q * math.Tanh(of)) }
	fewest, best := math.Inf(1), 0.0
	const parts = 24
	for i := 1; i <= parts; i++ {
		of := widest * float64(i) / parts
		if need := math.Log(1+bound(m.far, of)/small) / strip(of); need < fewest {
			fewest, best = need, of
		}
	}
	if !(fewest < mostNodes) {
		return rule{}, fmt.Errorf("%w than %d", ErrNodes, mostNodes)
	}
	r := rule{nodes: int(math.Ceil(fewest)) + 1}
	for _, mean := range m.means {
		r.missed = append(r.missed, bound(math.Hypot(mean[0], mean[1]), best)/math.Expm1(float64(r.nodes)*strip(best)))
	}
	return r, nil
}

// at is the loss at a shape, to about small or rounding.
func (m Mixture) at(s Shape, b bessel, scale, small float64) (local, error) {
	r, err := m.newRule(s.Ratio, scale, small)
	if err != nil {
		return local{}, err
	}
	n, q := r.nodes, math.Sqrt(s.Ratio)
	means := m.turned(s.Axis)
	turn, mass := make([]complex128, n), make([]float64, n) // e^(iθ)
	moments := make([][4]complex128, len(means))            // E[e^(inθ) | k], n = 0 … 3
	given := make([]float64, len(means))
	step := 2 * math.Pi / float64(n)
	for j := range turn {
		sin, cos := math.Sincos(step * float64(j))
		from, to := math.Hypot(q*cos, sin), math.Hypot(cos, q*sin)
		x, y := q*cos/from, sin/from
		turn[j] = complex(cos/to, q*sin/to)
		weight := step * q / (from * from)
		for k, mean := range means {
			given[k] = weight * density(mean[0]*x+mean[1]*y, mean[1]*x-mean[0]*y)
			mass[j] += m.weights[k] * given[k]
		}
		power := complex(1, 0)
		for i := range 4 {
			for k := range means {
				moments[k][i] += complex(given[k], 0) * power
			}
			power *= turn[j]
		}
	}
	missed, worst := 0.0, 0.0
	for k, w := range m.weights {
		missed += w * r.missed[k]
		worst = math.Max(worst, r.missed[k])
	}
	rounded := m.rounding() + unit*float64(n)

	c := make([]complex128, b.modes+1) // E e^(inθ)
	power := make([]complex128, n)
	for j := range power {
		power[j] = complex(mass[j], 0)
	}
	for i := range c {
		sum := complex(0, 0)
		for j, p := range power {
			sum += p
			power[j] = p * turn[j]
		}
		c[i] = sum
	}
	kernel := newKernels(b)
	far := grown*missed + rounded + b.tail + unit*(8*scale+float64(4*b.modes)+32) // the error of Z, and of what is at most Z
	var mean, doubt, soft, unsure float64
	tilt := complex(0, 0)
	for j, w := range mass {
		z, spread, lean := kernel.at(c, turn[j])
		z = math.Max(z, math.Exp(-2*scale))
		off := 2 * scale
		if z > far {
			off = math.Min(off, far/(z-far))
		}
		mean += w * math.Log(z)
		doubt += w * off
		// Where Z is less than its error the quotients may be anything; what they stand for is in [0, 1], and in the unit disc.
		soft += w * math.Min(1, math.Max(0, spread/z))
		tilt += complex(w, 0) * inDisc(lean/complex(z, 0)) * turn[j] * turn[j]
		if wrong := 6 * far / (z - far); z > far && wrong < 2 {
			unsure += w * wrong
		} else {
			unsure += w * 2
		}
	}
	l := local{scale: scale, soft: soft}
	var positive, pairs float64
	pull := complex(0, 0)
	whole := [4]complex128{}
	product := func(weight float64, c [4]complex128) {
		positive += weight * (real(c[1])*real(c[1]) + imag(c[1])*imag(c[1]))
		pairs += weight * (1 - real(c[2])*real(c[2]) - imag(c[2])*imag(c[2])) / 2
		pull += complex(weight/2, 0) * (c[1]*c[1] - c[3]*complex(real(c[1]), -imag(c[1])))
	}
	for k, w := range m.weights {
		product(m.delta*w, moments[k])
		for i := range whole {
			whole[i] += complex(w, 0) * moments[k][i]
		}
	}
	product(1-m.delta, whole)
	first, third := 2.5*worst+rounded+8*unit, 14.1*worst+rounded+16*unit // |e^(iθ)| ≤ e^Y ≤ 2.42 on the strip, |e^(3iθ)| ≤ 14.1
	l.value = scale*(1-positive) + mean
	l.error = scale*(2*first+first*first+8*unit) + missed*(2*scale+outer) + rounded*2*scale + doubt + unit*4*(scale+1)
	// On the strip |sin²D e^(−iD)| ≤ cosh²Y e^Y ≤ 4.9, so that E[e^(κ cos) …]/Z is at most 4.9/cos(arc), and |e^(2iθ)| at most 5.9; at real θ its error is one of 4.9 far in the numerator and far in Z, and 2 at most.
	ratio := unsure + 4.9*5.9/cosArc*missed + rounded + 32*unit
	l.slope = scale * (math.Hypot(real(tilt-pull), imag(tilt-pull)) + ratio + 2*(first+third))
	l.pairs = pairs + third*2
	l.soft += ratio
	return l, nil
}

// inDisc is the number of the unit disc next to z.
func inDisc(z complex128) complex128 {
	if long := cmplx.Abs(z); long > 1 {
		return z / complex(long, 0)
	}
	return z
}

// kernels are coefficients of e^(κ(cos D − 1)), its product with sin²D, and that with sin²D e^(−iD).
type kernels struct{ plain, spread, even, odd []float64 }

func newKernels(b bessel) kernels {
	var k kernels
	for n := range b.modes + 1 {
		twice := 2.0
		if n == 0 {
			twice = 1
		}
		k.plain = append(k.plain, twice*b.values[n])
		k.spread = append(k.spread, twice*b.spread(n))
		k.even = append(k.even, twice*(b.spread(n+1)+b.spread(n-1))/2)
		k.odd = append(k.odd, twice*(b.spread(n+1)-b.spread(n-1))/2)
	}
	return k
}

// at are their means over y at an e^(iθ), from the E e^(inθ).
func (k kernels) at(c []complex128, turn complex128) (plain, spread float64, lean complex128) {
	power := complex(1, 0)
	var even, odd float64
	for n, of := range c {
		re := real(power)*real(of) + imag(power)*imag(of)
		im := imag(power)*real(of) - real(power)*imag(of)
		plain += k.plain[n] * re
		spread += k.spread[n] * re
		even += k.even[n] * re
		odd += k.odd[n] * im
		power *= turn
	}
	return plain, spread, complex(even, odd)
}
