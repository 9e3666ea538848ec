package cosine

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// squeezed is S¹ by the trapezoidal rule in ψ, tan θ = q tan ψ for 0 < q ≤ 1, so that nodes are dense about θ = 0 and π: u = (u₁, u₂) is seen as (u₁, u₂/q), of which ψ is the angle.
//
// What is analytic for |Im θ| < B is so for |Im ψ| < artanh(q tanh B), and a density whose widths have the ratio ε for |Im ψ| < artanh(ε/q): with q² = ε/tanh B nodes are as many as the root of what
// even ones would be. Harmonics e^{ikθ}/√2π go up to a degree at which kernels are nothing; they are sums over nodes, of f(θ) ± f(−θ).
type squeezed struct {
	*circle // for kernels, of as many degrees

	at             [][]float64 // (cos θ, sin θ) of ψ = 2πj/n
	weights        []float64   // (2π/n)dθ/dψ
	cosines, sines [][]float64 // of kθ for each degree k and j ≤ n/2
	even, odd      []float64   // scratch: f(θ_j) ± f(θ_{n−j})
}

func newSqueezed(n, degrees int, q float64) *squeezed {
	s := &squeezed{circle: newCircle(2 * degrees)}
	half := n / 2
	s.even, s.odd = make([]float64, half+1), make([]float64, half+1)
	for j := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(min(j, n-j)) / float64(n))
		sin *= q
		if j > half {
			sin = -sin
		}
		length := math.Hypot(cos, sin)
		s.at = append(s.at, []float64{cos / length, sin / length})
		s.weights = append(s.weights, 2*math.Pi/float64(n)*q/(length*length))
	}
	for k := range degrees + 1 {
		cosines, sines := make([]float64, half+1), make([]float64, half+1)
		for j := range cosines {
			if cosines[j] = 1; k > 0 { // both ways roundings add up to some k
				x, y := s.at[j][0], s.at[j][1]
				cosines[j], sines[j] = x*s.cosines[k-1][j]-y*s.sines[k-1][j], x*s.sines[k-1][j]+y*s.cosines[k-1][j]
			}
		}
		s.cosines, s.sines = append(s.cosines, cosines), append(s.sines, sines)
	}
	return s
}

func (s *squeezed) points() ([][]float64, []float64) { return s.at, s.weights }

func (s *squeezed) analyse(into []complex128, f []float64) {
	half, n := len(s.even)-1, len(s.at)
	for j := range half + 1 {
		x := s.weights[j] / math.Sqrt(2*math.Pi)
		s.even[j], s.odd[j] = x*f[j], x*f[j]
		if j > 0 && j < half {
			s.even[j] += x * f[n-j]
			s.odd[j] -= x * f[n-j]
		}
	}
	for k := range into {
		into[k] = complex(floats.Dot(s.cosines[k], s.even), -floats.Dot(s.sines[k], s.odd))
	}
}

func (s *squeezed) synthesise(into []float64, c []complex128) {
	half, n := len(s.even)-1, len(s.at)
	clear(s.even)
	clear(s.odd)
	for k, x := range c {
		scale := s.times[k] / math.Sqrt(2*math.Pi)
		floats.AddScaled(s.even, scale*real(x), s.cosines[k])
		floats.AddScaled(s.odd, -scale*imag(x), s.sines[k])
	}
	for j := range half + 1 {
		into[j] = s.even[j] + s.odd[j]
		if j > 0 && j < half {
			into[n-j] = s.even[j] - s.odd[j]
		}
	}
}
