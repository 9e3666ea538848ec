package quadrature

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
)

// Points holds the nodes and weights of a one-dimensional rule for
// E g(t), t ∼ N(0, 1), in ascending order of the nodes.
type Points struct {
	Nodes, Weights []float64
}

// negligible is the weight below which a node is left out: with |g| ≤ 1 + t²
// the sum of all such terms stays below float64's roundoff.
const negligible = 1e-24

// Hermite returns the n-point Gauss–Hermite rule for the standard normal
// distribution, exact for polynomials of degree 2n − 1 up to the nodes left out
// because their weight is below 1e-24. The result is shared: do not write to it.
// It panics if n < 1 or n > MostPoints.
func Hermite(n int) Points {
	if n < 1 || n > MostPoints {
		panic("quadrature: the number of points is out of range")
	}
	return rules[n]()
}

// MostPoints is the largest number of points in one direction.
const MostPoints = 400

var rules = func() (rules [MostPoints + 1]func() Points) {
	for n := 1; n <= MostPoints; n++ {
		rules[n] = sync.OnceValue(func() Points { return hermite(n) })
	}
	return rules
}()

// hermite turns gonum's rule for ∫ f(x) dx, whose weights contain e^{x²}, into
// one for the normal distribution: t = √2 x, ∫ g(t) φ(t) dt = Σ (w e^{−x²}/√π) g(√2 x).
// The nodes are polished and the weights recomputed from the orthonormal
// recurrence, as gonum's carry only about 13 digits.
func hermite(n int) Points {
	x := make([]float64, n)
	w := make([]float64, n)
	quad.Hermite{}.FixedLocations(x, w, math.Inf(-1), math.Inf(1))
	p := Points{make([]float64, 0, n), make([]float64, 0, n)}
	var sum float64
	for i := range n / 2 { // the upper half follows by symmetry
		t := math.Sqrt2 * x[i]
		value, slope, _ := orthonormal(n, t)
		t -= value / slope // 13 digits become 26
		if _, _, square := orthonormal(n, t); 1/square >= negligible {
			p.Nodes = append(p.Nodes, t)
			p.Weights = append(p.Weights, 1/square)
			sum += 2 / square
		}
	}
	half := len(p.Nodes)
	if n%2 == 1 {
		_, _, square := orthonormal(n, 0)
		p.Nodes = append(p.Nodes, 0)
		p.Weights = append(p.Weights, 1/square)
		sum += 1 / square
	}
	for i := half - 1; i >= 0; i-- {
		p.Nodes = append(p.Nodes, -p.Nodes[i])
		p.Weights = append(p.Weights, p.Weights[i])
	}
	for i := range p.Weights {
		p.Weights[i] /= sum
	}
	return p
}

// roots[m] is √m, and inverseRoots[m] its inverse.
var roots, inverseRoots = func() (roots, inverse [MostPoints + 1]float64) {
	for m := range roots {
		roots[m] = math.Sqrt(float64(m))
		inverse[m] = 1 / roots[m]
	}
	return roots, inverse
}()

// orthonormal evaluates the orthonormal Hermite polynomial h_n and its slope at
// t, and Σ_{m<n} h_m(t)², whose inverse is the Gauss weight at a root. All three
// are scaled by e^{−t²/4} (the last by its square) where they would overflow.
func orthonormal(n int, t float64) (value, slope, square float64) {
	previous, current := 0.0, 1.0
	scale := 0.0 // the true values are e^scale times those held
	for m := range n {
		square += current * current
		next := (t*current - roots[m]*previous) * inverseRoots[m+1]
		previous, current = current, next
		if size := math.Abs(current); size > 1e100 {
			previous, current, square = previous*1e-100, current*1e-100, square*1e-200
			scale += 100 * math.Ln10
		}
	}
	return current, roots[n] * previous, square * math.Exp(2*scale)
}
