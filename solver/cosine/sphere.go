package cosine

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/integrate/quad"
)

// rule is a quadrature on S^{r−1} with the harmonics that it resolves. It is not safe for concurrent use.
type rule interface {
	// points are unit vectors, with weights that sum to the measure of S^{r−1}.
	points() (at [][]float64, weights []float64)
	// analyse writes ∫fY* of all harmonics, and synthesise the sum of harmonics; both of functions on the points.
	analyse(into []complex128, f []float64)
	synthesise(into []float64, c []complex128)
	// harmonics are the degree of each coefficient, and how many harmonics it stands for, as functions are real.
	harmonics() (degree []int, times []float64)
	// angles are cosines at which functions of the angle between two points are asked for. kernel is what convolution with such a function multiplies the harmonics of each
	// degree by: a linear map of its values at the angles, of which spread is the transpose.
	angles() []float64
	kernel(values []float64) []float64
	spread(degrees []float64) []float64
}

// newRule returns the rule of a layout on S^{r−1} for r ≤ 3.
func newRule(r int, l layout) rule {
	switch r {
	case 1:
		return twoPoints{}
	case 2:
		if l.squeeze > 0 {
			return newSqueezed(l.around, l.degrees, l.squeeze)
		}
		return newCircle(l.around)
	}
	return newSphere(l)
}

// layout is how many nodes a rule has around, a power of 2, and on a sphere on how many rings; on a circle, where nodes are not even, by which q they are squeezed; and up to which degree there are harmonics, 0 for as many as nodes resolve.
type layout struct {
	around, rings int
	squeeze       float64
	degrees       int
}

// finer is the layout of a quarter more nodes in a direction, which has the digits that l lacks.
func (l layout) finer() layout {
	return layout{5 * l.around / 4, 5 * l.rings / 4, l.squeeze, 5 * l.degrees / 4}
}

// harmonics of a sphere: their degrees are less than degrees, their orders than orders. memory is what they take at the nodes of a meridian.
func (l layout) harmonics() (degrees, orders, memory int) {
	degrees = l.rings
	if l.degrees > 0 {
		degrees = min(degrees, l.degrees)
	}
	orders = min(degrees, l.around/2)
	return degrees, orders, l.rings * degrees * orders
}

// twoPoints is S⁰: 1 and −1.
type twoPoints struct{}

func (twoPoints) points() ([][]float64, []float64) { return [][]float64{{1}, {-1}}, []float64{1, 1} }

func (twoPoints) analyse(into []complex128, f []float64) {
	into[0], into[1] = complex((f[0]+f[1])/math.Sqrt2, 0), complex((f[0]-f[1])/math.Sqrt2, 0)
}

func (twoPoints) synthesise(into []float64, c []complex128) {
	into[0], into[1] = real(c[0]+c[1])/math.Sqrt2, real(c[0]-c[1])/math.Sqrt2
}

func (twoPoints) harmonics() ([]int, []float64) { return []int{0, 1}, []float64{1, 1} }
func (twoPoints) angles() []float64             { return []float64{1, -1} }
func (twoPoints) kernel(values []float64) []float64 {
	return []float64{values[0] + values[1], values[0] - values[1]}
}
func (twoPoints) spread(degrees []float64) []float64 {
	return []float64{degrees[0] + degrees[1], degrees[0] - degrees[1]}
}

// circle is S¹ by the trapezoidal rule, with e^{ikθ}/√2π for k ≤ n/2.
type circle struct {
	n       int
	fft     *fourier.FFT
	at      [][]float64
	cosines []float64
	degree  []int
	times   []float64
	scratch []complex128
}

func newCircle(n int) *circle {
	c := &circle{n: n, fft: fourier.NewFFT(n), scratch: make([]complex128, n/2+1)}
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		c.at = append(c.at, []float64{cos, sin})
		c.cosines = append(c.cosines, cos)
	}
	for k := range n/2 + 1 {
		c.degree, c.times = append(c.degree, k), append(c.times, 2)
	}
	c.times[0], c.times[n/2] = 1, 1
	return c
}

func (c *circle) points() ([][]float64, []float64) {
	weights := make([]float64, c.n)
	for i := range weights {
		weights[i] = 2 * math.Pi / float64(c.n)
	}
	return c.at, weights
}

func (c *circle) analyse(into []complex128, f []float64) {
	c.fft.Coefficients(into, f)
	scale := complex(math.Sqrt(2*math.Pi)/float64(c.n), 0)
	for k := range into {
		into[k] *= scale
	}
}

func (c *circle) synthesise(into []float64, coefficients []complex128) {
	scale := complex(1/math.Sqrt(2*math.Pi), 0)
	for k, x := range coefficients {
		c.scratch[k] = x * scale
	}
	c.fft.Sequence(into, c.scratch)
}

func (c *circle) harmonics() ([]int, []float64) { return c.degree, c.times }
func (c *circle) angles() []float64             { return c.cosines }

// kernel is ∫κ(cos Δ) cos kΔ dΔ.
func (c *circle) kernel(values []float64) []float64 {
	c.fft.Coefficients(c.scratch, values)
	out := make([]float64, c.n/2+1)
	for k := range out {
		out[k] = real(c.scratch[k]) * 2 * math.Pi / float64(c.n)
	}
	return out
}

func (c *circle) spread(degrees []float64) []float64 {
	for k, x := range degrees {
		c.scratch[k] = complex(x/c.times[k], 0)
	}
	out := c.fft.Sequence(nil, c.scratch)
	for i := range out {
		out[i] *= 2 * math.Pi / float64(c.n)
	}
	return out
}

// sphere is S² by Gauss–Legendre nodes in the height z and the trapezoidal rule around, with the harmonics P̄_lm(z)e^{imφ} for l less than the number of rings
// and m less than half of the nodes around, or for fewer.
type sphere struct {
	n, rings        int // nodes around, and rings
	degrees, orders int // of l and m, from 0
	fft             *fourier.FFT
	at              [][]float64
	weights         []float64
	heights         []float64
	gauss           []float64   // weights of heights, which sum to 2
	legendre        [][]float64 // for each m, then l ≥ m: P̄_lm of the rings, normalised so that harmonics are
	zonal           [][]float64 // for each l: P_l of the rings
	degree          []int
	times           []float64
	row             []float64
	spectra         [][]complex128 // of the rings
}

func newSphere(l layout) *sphere {
	n := l.around
	s := &sphere{n: n, rings: l.rings, fft: fourier.NewFFT(n), row: make([]float64, n)}
	s.degrees, s.orders, _ = l.harmonics()
	s.heights, s.gauss = make([]float64, s.rings), make([]float64, s.rings)
	quad.Legendre{}.FixedLocations(s.heights, s.gauss, -1, 1)
	for j, z := range s.heights {
		s.spectra = append(s.spectra, make([]complex128, n/2+1))
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			across := math.Sqrt((1 - z) * (1 + z))
			s.at = append(s.at, []float64{across * cos, across * sin, z})
			s.weights = append(s.weights, s.gauss[j]*2*math.Pi/float64(n))
		}
	}
	for m := range s.orders {
		for l := m; l < s.degrees; l++ {
			s.degree, s.times = append(s.degree, l), append(s.times, 2)
			if m == 0 {
				s.times[len(s.times)-1] = 1
			}
			s.legendre = append(s.legendre, s.associated(l, m))
			if m == 0 {
				zonal := make([]float64, s.rings)
				for j, x := range s.legendre[l] {
					zonal[j] = x * math.Sqrt(4*math.Pi/float64(2*l+1))
				}
				s.zonal = append(s.zonal, zonal)
			}
		}
	}
	return s
}

// associated is P̄_lm of the rings, by the recursion in l from those of one and two degrees less, which are there.
func (s *sphere) associated(l, m int) []float64 {
	out := make([]float64, s.rings)
	last := len(s.legendre) - 1
	for j, z := range s.heights {
		switch l - m {
		case 0:
			x := math.Log(1/(4*math.Pi)) / 2 // P̄_mm = √((2m+1)!!/(4π (2m)!!)) (−√(1−z²))^m
			for i := 1; i <= m; i++ {
				x += math.Log(1+1/float64(2*i)) / 2
			}
			out[j] = math.Exp(x + float64(m)*math.Log1p(-z*z)/2)
			if m%2 == 1 {
				out[j] = -out[j]
			}
		case 1:
			out[j] = math.Sqrt(float64(2*m+3)) * z * s.legendre[last][j]
		default:
			L, M := float64(l), float64(m)
			a := math.Sqrt((4*L*L - 1) / (L*L - M*M))
			b := math.Sqrt(((L-1)*(L-1) - M*M) / (4*(L-1)*(L-1) - 1))
			out[j] = a * (z*s.legendre[last][j] - b*s.legendre[last-1][j])
		}
	}
	return out
}

func (s *sphere) points() ([][]float64, []float64) { return s.at, s.weights }
func (s *sphere) harmonics() ([]int, []float64)    { return s.degree, s.times }
func (s *sphere) angles() []float64                { return s.heights }

func (s *sphere) analyse(into []complex128, f []float64) {
	for j := range s.rings {
		s.fft.Coefficients(s.spectra[j], f[j*s.n:(j+1)*s.n])
	}
	at := 0
	for m := range s.orders {
		for range s.degrees - m {
			var re, im float64
			for j, p := range s.legendre[at] {
				x := s.spectra[j][m]
				re += s.gauss[j] * p * real(x)
				im += s.gauss[j] * p * imag(x)
			}
			into[at] = complex(re*2*math.Pi/float64(s.n), im*2*math.Pi/float64(s.n))
			at++
		}
	}
}

func (s *sphere) synthesise(into []float64, c []complex128) {
	for j := range s.rings {
		clear(s.spectra[j])
	}
	at := 0
	for m := range s.orders {
		for range s.degrees - m {
			re, im := real(c[at]), imag(c[at])
			for j, p := range s.legendre[at] {
				s.spectra[j][m] += complex(re*p, im*p)
			}
			at++
		}
	}
	for j := range s.rings {
		s.fft.Sequence(into[j*s.n:(j+1)*s.n], s.spectra[j])
	}
}

// kernel is 2π∫κ(z)P_l(z)dz (Funk and Hecke).
func (s *sphere) kernel(values []float64) []float64 {
	out := make([]float64, s.degrees)
	for l := range out {
		for j, p := range s.zonal[l] {
			out[l] += 2 * math.Pi * s.gauss[j] * p * values[j]
		}
	}
	return out
}

func (s *sphere) spread(degrees []float64) []float64 {
	out := make([]float64, s.rings)
	for l, x := range degrees {
		for j, p := range s.zonal[l] {
			out[j] += 2 * math.Pi * s.gauss[j] * p * x
		}
	}
	return out
}
