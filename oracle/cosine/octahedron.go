package cosine

import (
	"errors"
	"fmt"
	"math"
)

// ErrStability says that the second-order gain is out of the rule's reach.
var ErrStability = errors.New("cosine: expected a temperature and a separation of which the rule needs fewer nodes")

// Octahedron is the mixture of six equally likely means ±m e_i, i = 1, 2, 3, whitened, in more than 3 dimensions, with probability δ of a shared component.
type Octahedron struct{ Distance, Delta float64 } // m > 0 and δ

// Stability encloses Δ, the second-order gain of noise at A₀ = [e₁ e₂ e₃] for InfoNCE with infinitely many negatives: with n across S_F and v across the rows of A₀, both of length 1, and κ = 1/τ
//
//	L(A₀ + εnvᵀ) = L(A₀) + Δε² + o(ε²),   Δ = κ{E_pos[c‖u‖⁻²] − ½ E_x E_{y∼softmax}[c(‖u‖⁻² + ‖u′‖⁻²)]},
//
// c the cosine of u = A₀ᵀx and u′ = A₀ᵀy: A₀ is a local minimum along noise where Δ > 0, and none where Δ < 0.
//
// The direction θ of u has the density ρ, and that times E[‖u‖⁻² | θ] is q,
//
//	ρ(θ) = e^(−m²/2)/(12π) Σ_k (1 + m²θ_k²) e^(m²θ_k²/2),   q(θ) = e^(−m²/2)/(12π) Σ_k e^(m²θ_k²/2),
//
// as what Φ has cancels in ±e_k. With Z(θ) = ∫ρ(φ)e^(κθ·φ)dφ, W likewise of q, and E[u/‖u‖ | k] = v₁e_k, E[u/‖u‖³ | k] = v₃e_k
//
//	Δ = κ{δ v₁v₃ − ½ ∫ (q ∂Z/∂κ + ρ ∂W/∂κ)/Z dθ},   v₃ = erf(m/√2)/m² − √(2/π)e^(−m²/2)/m,   v₁ = erf(m/√2) − v₃.
func (o Octahedron) Stability(temperature float64) (Enclosure, error) {
	k, m := 1/temperature, o.Distance
	// Where |Im θ| ≤ bend all is analytic. θ·θ = 1 there too, and |arg e^(κθ·φ)| ≤ κ|Im θ| ≤ 1 for real φ, so that |∂Z/∂κ| and, as q ≤ ρ, |∂W/∂κ| are at most |θ||Z|/cos 1.
	bend := math.Min(1, math.Min(1/k, 1/m))
	rate := math.Asinh(bend)
	const digits = 40 // e^−40 = 4e-18
	nodes := int(digits/(2*rate)) + 2
	around := int(digits/(4*rate)) + 2
	const most = 2000
	if nodes > most || !(m > 0) || !(k > 0) {
		return Enclosure{}, fmt.Errorf("%w than %d", ErrStability, most)
	}
	size := math.Sqrt(1 + 2*bend*bend)
	largest := (2 + m*m*size*size) * math.Exp(m*m*bend*bend/2) / (4 * math.Pi) * size / math.Cos(1) // of the integrand

	s := newSeries(k, m)
	rule := legendre(nodes)
	total := 0.0
	for i, z := range rule.at[nodes/2:] { // even in z
		weight := 2 * rule.weight[nodes/2+i]
		if nodes%2 == 1 && i == 0 {
			weight /= 2
		}
		part := 0.0
		for j := range around { // of period ½π in the longitude
			sin, cos := math.Sincos(math.Pi / 2 * float64(j) / float64(around))
			across := math.Sqrt((1 - z) * (1 + z))
			part += s.integrand([3]float64{across * cos, across * sin, z})
		}
		total += weight * part * 2 * math.Pi / float64(around)
	}
	// The rule in z: an integrand that is at most 2π·largest on the ellipse, whose half axes are √(1 + bend²) and bend; that in the longitude on the strip |Im| ≤ rate, for each z.
	missed := 64.0/15*2*math.Pi*largest*math.Exp(-2*rate*float64(nodes))/(1-math.Exp(-2*rate)) + 2*4*math.Pi*largest/math.Expm1(4*rate*float64(around))

	far := math.Erf(m / math.Sqrt2)
	v3 := far/(m*m) - math.Sqrt(2/math.Pi)*math.Exp(-m*m/2)/m
	v1 := far - v3
	value := k * (o.Delta*v1*v3 - total/2)
	// Of pairs, v₃ errs by some units of its terms; of the series, the integrand by twice the relative error of its sums; both integrands are at most 2 on average, as ∫ρ = 1.
	rounding := 16*unit*(1+1/(m*m)) + 4*s.error + unit*float64(4*nodes+64)*(1+m*m)
	return Enclosure{value, k * (missed + rounding)}, nil
}

// series are those of Z, W and their derivatives by κ, by the addition theorem with e^(κt) = Σ_l (2l + 1) i_l(κ) P_l(t), i_l being modified spherical Bessel functions:
//
//	Z(θ) = ⅓ Σ_k Σ_l (2l + 1) i_l(κ) r_l P_l(θ_k),   r_l = ½e^(−m²/2) ∫ (1 + m²t²)e^(m²t²/2) P_l(t) dt,
//
// and W with s_l = ½e^(−m²/2) ∫ e^(m²t²/2) P_l(t) dt. Odd l vanish.
type series struct {
	distance              float64
	z, zByScale, wByScale []float64 // coefficients of P_l, l = 0, 2, 4, …
	error                 float64   // of Z, ∂Z/∂κ and ∂W/∂κ, relative to Z ≥ 1
}

func newSeries(k, m float64) series {
	// i_l ≤ κ^l/(2l + 1)!! e^(κ²/(4l + 6)) falls by more than a half from l = κ on.
	degrees := int(2*k) + 40
	degrees -= degrees % 2
	bessel := sphericalBessel(k, degrees+2)
	// The integrals' integrands are at most (1 + m²(1 + b²))e^(m²b²/2) R^l on the ellipse with half axes √(1 + b²), b, and R = their sum.
	b := math.Min(1, 2/m)
	rate := math.Asinh(b)
	const digits = 40
	nodes := degrees/2 + int(digits/(2*rate)) + 4
	rule := legendre(nodes)
	missed := 64.0 / 15 * (1 + m*m*(1+b*b)) * math.Exp(m*m*b*b/2+rate*float64(degrees-2*nodes)) / (1 - math.Exp(-2*rate)) / 2
	s := series{distance: m}
	r, q := make([]float64, degrees+1), make([]float64, degrees+1)
	for i, t := range rule.at {
		weight := rule.weight[i] * math.Exp(m*m*(t-1)*(t+1)/2) / 2
		before, p := 0.0, 1.0 // P_{l−1} and P_l
		for l := range degrees + 1 {
			r[l] += weight * (1 + m*m*t*t) * p
			q[l] += weight * p
			before, p = p, (float64(2*l+1)*t*p-float64(l)*before)/float64(l+1)
		}
	}
	all := 0.0
	for l := 0; l <= degrees; l += 2 {
		of, by := float64(2*l+1)*bessel[l], float64(2*l+1)*(bessel[l+1]+float64(l)/k*bessel[l]) // i_l′ = i_{l+1} + (l/κ) i_l
		s.z, s.zByScale, s.wByScale = append(s.z, of*r[l]), append(s.zByScale, by*r[l]), append(s.wByScale, by*q[l])
		all += of + by
	}
	tail := 4 * float64(2*degrees+5) * bessel[degrees+2] * (1 + float64(degrees+2)/k)
	s.error = all*(missed+unit*float64(16*nodes+8*degrees)*(1+m*m)) + tail
	return s
}

// sphericalBessel are i_0(k), …, i_n(k), by their recurrence downwards, i_{l−1} = i_{l+1} + (2l + 1)/k i_l, which is stable, and i_0 = sinh(k)/k.
func sphericalBessel(k float64, n int) []float64 {
	const more = 40
	out := make([]float64, n+1)
	above, at := 0.0, 1e-280
	for l := n + more; l >= 1; l-- {
		above, at = at, above+float64(2*l+1)/k*at
		if l-1 <= n {
			out[l-1] = at
		}
		if at > 1e200 {
			above, at = above*1e-200, at*1e-200
			for j := l - 1; j <= n; j++ {
				out[j] *= 1e-200
			}
		}
	}
	scale := math.Sinh(k) / k / out[0]
	for l := range out {
		out[l] *= scale
	}
	return out
}

// integrand is (q ∂Z/∂κ + ρ ∂W/∂κ)/Z at a direction.
func (s series) integrand(theta [3]float64) float64 {
	var density, inverse, z, zBy, wBy float64
	for _, t := range theta {
		far := s.distance * s.distance * t * t
		e := math.Exp((far - s.distance*s.distance) / 2)
		density += (1 + far) * e
		inverse += e
		before, p := 0.0, 1.0
		for l := range 2*len(s.z) - 1 {
			if l%2 == 0 {
				z += s.z[l/2] * p
				zBy += s.zByScale[l/2] * p
				wBy += s.wByScale[l/2] * p
			}
			before, p = p, (float64(2*l+1)*t*p-float64(l)*before)/float64(l+1)
		}
	}
	return (inverse*zBy + density*wBy) / z / (12 * math.Pi)
}
