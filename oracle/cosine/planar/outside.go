package planar

import (
	"fmt"
	"math"
	"math/cmplx"

	"contrastcheck/oracle/cosine"
)

// Noisy is a shape with a column of noise beside it: x ↦ (x₁, ρx₂, εν), ν being a coordinate off S_F, whitened.
type Noisy struct {
	Shape
	Noise float64 // ε > 0
}

// sphere is the rule on the sphere of embeddings. With D = diag(1, ρ, ε) a direction v of (x, ν) and the embedding f are those of D^(−½)G and D^(½)G, G = (cos γ, sin γ, sinh t): the integral is one over γ, of period 2π, and t, of
//
//	p(v) (ρε)^(−½) cosh t/|D^(−½)G|³,   p(v) = (2π)^(−3/2) e^(−‖m‖²/2) [d + √(2π)(1 + d²)e^(d²/2)Φ(d)],   d = m·v,
//
// by trapezoidal rules of N nodes and of steps h, up to |t| = T, of which those with t ≥ 0 stand for both.
type sphere struct {
	around int
	step   float64
	up     int       // nodes with t > 0
	missed []float64 // K: for each component, of the integral of a function that is at most 1 on the strips
}

// newSphere returns the rule of the fewest nodes whose errors are about small. The rule in t errs by 2M/(e^(2πy/h) − 1), M being a bound of the integral of the modulus over lines of the strip, and that in γ by 4πM/(e^(Ny) − 1) (Trefethen & Weideman, SIAM Review 56, 2014, theorems 5.1 and 3.2).
func (m Mixture) newSphere(n Noisy, scale, small float64) (sphere, error) {
	bend := math.Min(1, arc*arc/(scale*scale))
	root := math.Sqrt(n.Ratio)
	const parts, widest, most = 48, 0.75, 1 << 19
	bound := func(of func(y float64) (strip, bool), far, y float64) (float64, bool) {
		s, ok := of(y)
		return 4 * math.Pi * 2 / root * s.size * solidBound(far, far*math.Sqrt(s.reach)), ok && s.bend <= bend
	}
	fewest := func(of func(y float64) (strip, bool)) (need, at float64) {
		need = math.Inf(1)
		for i := 1; i <= parts; i++ {
			y := widest * math.Pow(2, -float64(parts-i)/6)
			if high, ok := bound(of, m.far, y); ok {
				if x := math.Log(1+high/small) / y; x < need {
					need, at = x, y
				}
			}
		}
		return need, at
	}
	steps, up := fewest(n.upwards)
	nodes, side := fewest(n.aside)
	beyond := func(far float64) float64 { return 2 * 2 * math.Pi * solidBound(far, far) * n.Noise / (2 * root) } // over sinh²T
	last := math.Asinh(math.Sqrt(beyond(m.far) / small))
	if !(steps*last/(2*math.Pi)*nodes < most) {
		return sphere{}, fmt.Errorf("%w than %d", ErrNodes, most)
	}
	r := sphere{around: int(math.Ceil(nodes)) + 1, step: 2 * math.Pi / steps}
	r.up = int(math.Ceil(last / r.step))
	for _, mean := range m.means {
		far := math.Hypot(mean[0], mean[1])
		a, _ := bound(n.upwards, far, up)
		b, _ := bound(n.aside, far, side)
		sinh := math.Sinh(r.step * float64(r.up))
		r.missed = append(r.missed, a/math.Expm1(2*math.Pi*up/r.step)+b/math.Expm1(float64(r.around)*side)+beyond(far)/(sinh*sinh))
	}
	return r, nil
}

// solid is the density of directions v of N(m, I₃) on the sphere, d and f being the parts of m along and across v.
func solid(d, f float64) float64 {
	const none = -30
	if d < none {
		return 0
	}
	return math.Pow(2*math.Pi, -1.5) * (d*math.Exp(-(d*d+f*f)/2) + math.Sqrt(2*math.Pi)*(1+d*d)*math.Exp(-f*f/2)*math.Erfc(-d/math.Sqrt2)/2)
}

// solidBound bounds it where |d| ≤ r: (2π)^(3/2)p = e^(−‖m‖²/2) ∫₀^∞ r²e^(−r²/2 + rd) dr.
func solidBound(far, r float64) float64 {
	return math.Pow(2*math.Pi, -1.5) * (r*math.Exp(-far*far/2) + math.Sqrt(2*math.Pi)*(1+r*r)*math.Exp((r*r-far*far)/2))
}

// Outside encloses the loss at a shape with noise beside it, to about small or rounding. The error is ErrNodes.
func (m Mixture) Outside(n Noisy, temperature, small float64) (cosine.Enclosure, error) {
	k := 1 / temperature
	r, err := m.newSphere(n, k, small)
	if err != nil {
		return cosine.Enclosure{}, err
	}
	means := m.turned(n.Axis)
	rows := r.up + 1
	root, fine := math.Sqrt(n.Ratio), math.Sqrt(n.Noise)
	turn := make([]complex128, r.around)
	high, mass := make([]float64, r.around*rows), make([]float64, r.around*rows) // the third coordinate of f, ≥ 0, and the probability of both signs
	flat := make([]complex128, len(means))                                       // E[f₁ + if₂ | k]
	for i := range turn {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(r.around))
		long := math.Hypot(cos, root*sin)
		turn[i] = complex(cos/long, root*sin/long)
		from := cos*cos + sin*sin/n.Ratio
		for j := range rows {
			t := r.step * float64(j)
			sinh, cosh := math.Sinh(t), math.Cosh(t)
			whole := math.Sqrt(from + sinh*sinh/n.Noise)
			v := [3]float64{cos / whole, sin / root / whole, sinh / fine / whole}
			weight := 2 * math.Pi / float64(r.around) * r.step / (root * fine) * cosh / (whole * whole * whole)
			if j > 0 {
				weight *= 2
			}
			top := math.Hypot(long, fine*sinh)
			at := i*rows + j
			high[at] = fine * sinh / top
			for c, mean := range means {
				d, f := mean[0]*v[0]+mean[1]*v[1], mean[1]*v[0]-mean[0]*v[1]
				p := weight * solid(d, math.Hypot(f, v[2]*math.Hypot(mean[0], mean[1])))
				mass[at] += m.weights[c] * p
				flat[c] += complex(p*long/top, 0) * turn[i]
			}
		}
	}
	missed, worst := 0.0, 0.0
	for c, w := range m.weights {
		missed += w * r.missed[c]
		worst = math.Max(worst, r.missed[c])
	}
	rounded := 2*m.rounding() + unit*float64(len(mass))
	s := newSeries(k, small/16)
	z := s.means(turn, high, mass)
	far := grown*missed + rounded + s.tail + unit*math.Pow(float64(s.degrees+4), 3)
	var mean, doubt float64
	for i, w := range mass {
		of := math.Max(z[i], math.Exp(-2*k))
		off := 2 * k
		if of > far {
			off = math.Min(off, far/(of-far))
		}
		mean += w * math.Log(of)
		doubt += w * off
	}
	positive, all := 0.0, complex(0, 0)
	for c, w := range m.weights {
		positive += m.delta * w * real(flat[c]*cmplx.Conj(flat[c]))
		all += complex(w, 0) * flat[c]
	}
	positive += (1 - m.delta) * real(all*cmplx.Conj(all))
	first := 3*worst + rounded + 8*unit // ‖f‖² = 1 + 2‖Im f‖² ≤ 3, so that |f₁ + if₂| ≤ √6 on the strips
	return cosine.Enclosure{
		Value: k*(1-positive) + mean,
		Error: k*(4*first+4*first*first+8*unit) + missed*(2*k+outer) + rounded*2*k + doubt + unit*4*(k+1),
	}, nil
}
