package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// waves are nodes ω with weights that hold 1/sinh πω.
type waves struct{ frequencies, weights []float64 }

// lastFrequency is where e^{−πω} is far below rounding.
const lastFrequency = 12.75

// newWaves is the Gauss–Legendre rule of so many panels.
func newWaves(panels int) waves {
	const points = 16
	nodes, weights := make([]float64, points), make([]float64, points)
	var out waves
	for p := range panels {
		quad.Legendre{}.FixedLocations(nodes, weights, lastFrequency*float64(p)/float64(panels), lastFrequency*float64(p+1)/float64(panels))
		for n, omega := range nodes {
			out.frequencies = append(out.frequencies, omega)
			out.weights = append(out.weights, weights[n]/math.Sinh(math.Pi*omega))
		}
	}
	return out
}

// panels are the numbers of panels tried, each half as many again as the last or a third more.
var panels = []int{2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256}

// perCoordinate is what a coordinate of a wave costs beside a product: a logarithm, an exponential, divisions.
const perCoordinate = 64

// logisticAt is a logistic term at one M.
type logisticAt struct {
	of     *logistic
	values []float64  // the eigenvalues of M
	turn   *mat.Dense // its eigenvectors
	labels []triple   // in these
	waves  waves
	err    float64
}

// each visits all nodes and triples.
func (e *logisticAt) each(over waves, visit func(omega, weight float64, t *waved)) {
	var t waved
	for n, omega := range over.frequencies {
		for _, label := range e.labels {
			label.waved(omega, e.values, &t)
			visit(omega, over.weights[n]*label.weight, &t)
		}
	}
}

// average evaluates the gradient at M: rules are refined until two differ by no more than half the tolerance. They converge geometrically, so
// that the difference bounds what the finer one leaves by far.
func (e *logisticAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := e.of
	e.values, e.turn = dense.Eigen(m)
	e.labels = e.labels[:0]
	for _, label := range f.labels {
		e.labels = append(e.labels, triple{label.weight, e.turned(label.x), e.turned(label.v)})
	}
	var last *mat.Dense
	for _, n := range panels {
		rule := newWaves(n)
		if err := e.spend(rule); err != nil {
			return nil, err
		}
		gradient := e.gradient(rule)
		if sum := mat.Sum(gradient); math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, descent.ErrSteep
		}
		if last != nil {
			var difference mat.Dense
			difference.Sub(gradient, last)
			if e.err = f.norm(&difference); e.err <= tolerance/2 {
				e.waves = rule
				return e.back(gradient), nil
			}
		}
		last = gradient
	}
	return nil, fmt.Errorf("%w: scores vary too fast", descent.ErrSteep)
}

// spend takes note of one walk over all nodes and triples, and fails where that is more than is left.
func (e *logisticAt) spend(over waves) error {
	work, k := e.of.law.Budget, len(e.of.law.Weights)
	nodes := 1 + len(over.frequencies)*len(e.labels)*len(e.values)*(perCoordinate+len(e.values))/(k*k) // each of K² products
	if left, err := work.Nodes(nodes, k); err != nil || left < nodes {
		return descent.ErrSpent
	}
	work.Spend(nodes, k)
	return nil
}

// turned returns a vector in the eigenvectors of M.
func (e *logisticAt) turned(x []float64) []float64 {
	out := mat.NewVecDense(len(x), nil)
	out.MulVec(e.turn.T(), mat.NewVecDense(len(x), x))
	return out.RawVector().Data
}

// back returns a matrix that was written in the eigenvectors of M.
func (e *logisticAt) back(a *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(e.turn, a), e.turn.T())
}

// gradient is ∇f in the eigenvectors of M, not symmetric.
func (e *logisticAt) gradient(over waves) *mat.Dense {
	m := len(e.values)
	out := mat.NewDense(m, m, nil)
	for _, label := range e.labels {
		dense.AddOuter(out, label.weight/2, label.x, label.v)
	}
	e.each(over, func(_, weight float64, t *waved) {
		for i := range m {
			row := out.RawRowView(i)
			for k := range row {
				row[k] += weight * imag(t.mass*t.product(i, k))
			}
		}
	})
	return out
}

func (e *logisticAt) accuracy() accuracy {
	var size float64
	m := float64(len(e.values))
	for _, label := range e.labels {
		x, v := dense.Dot(label.x, label.x)+m, dense.Dot(label.v, label.v)+2*m
		size += label.weight * math.Sqrt(x*v) * (1 + math.Sqrt(x*v)*e.norm())
	}
	return accuracy{err: e.err, moved: size, nodes: len(e.waves.frequencies)}
}

// norm is ‖M‖.
func (e *logisticAt) norm() float64 { return max(-e.values[0], e.values[len(e.values)-1]) }

func (e *logisticAt) value(float64) (value, err, size float64) {
	scores := scoresOf(e.labels, e.values, func(s float64) (ofSquare, ofProduct float64) { return s * s, s })
	value, size = meanSoftplus(scores, e.waves)
	return value, e.err * (1 + e.norm()), size
}

func (e *logisticAt) rule() string {
	return fmt.Sprintf("Gauss–Legendre %d", len(e.waves.frequencies))
}

// hessian is by the rule of the gradient.
func (e *logisticAt) hessian(float64) (descent.Operator, error) { return e, e.spend(e.waves) }

// Apply writes D²f(M)[V] for a symmetric V: E[q x_a v_b] for q = xᵀVv is E[q] E[x_a v_b] and the sum over the ways to pair one of x, v in q with one of
// x_a, v_b, or each, by Isserlis' formula about the means.
func (e *logisticAt) Apply(into, v *mat.Dense) {
	turned := dense.Times(dense.Times(e.turn.T(), v), e.turn)
	m := len(e.values)
	out := mat.NewDense(m, m, nil)
	fromX, fromV := make([]complex128, m), make([]complex128, m) // Vᵀ E x and V E v
	e.each(e.waves, func(omega, weight float64, t *waved) {
		var q complex128
		clear(fromX)
		clear(fromV)
		for i := range m {
			for k, c := range turned.RawRowView(i) {
				fromX[k] += complex(c, 0) * t.x[i]
				fromV[i] += complex(c, 0) * t.v[k]
				q += complex(c, 0) * t.product(i, k)
			}
		}
		for a := range m {
			row := out.RawRowView(a)
			for b, c := range turned.RawRowView(a) {
				z := q*t.product(a, b) + complex(c, 0)*(complex(2/(t.a[a]*t.a[b]), 0)+t.both[a]*t.both[b]) +
					complex(1/t.a[a], 0)*fromV[a]*t.v[b] + complex(2/t.a[b], 0)*t.x[a]*fromX[b] +
					t.both[a]*fromX[a]*t.v[b] + t.both[b]*t.x[a]*fromV[b]
				row[b] += weight * omega * real(t.mass*z)
			}
		}
	})
	into.Copy(e.back(out))
}

// modulus is the smallest eigenvalue of D²f(M) in the metric of weights b, on symmetric matrices.
func (e *logisticAt) modulus(metric descent.Metric) float64 {
	m := len(e.values)
	basis := make([]*mat.Dense, 0, m*(m+1)/2)
	for i := range m {
		for k := i; k < m; k++ {
			v := mat.NewDense(m, m, nil)
			v.Set(i, k, 1)
			v.Set(k, i, 1)
			v.Scale(1/metric.Primal(v), v)
			basis = append(basis, v)
		}
	}
	form, image := mat.NewDense(len(basis), len(basis), nil), mat.NewDense(m, m, nil)
	for i, v := range basis {
		e.Apply(image, v)
		for k, u := range basis {
			form.Set(i, k, dense.Inner(u, image))
		}
	}
	var memory dense.Arena
	return dense.SmallestEigenvalue(&memory, form)
}
