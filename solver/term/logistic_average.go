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

// refinements are the numbers of panels to try for scores of a rate: each half as many again as the last. A function e^{iωt} turns as
// fast as |t| is large: for |t| at most a rate R, a panel of length 16/R has less than three turns, which its 16 points resolve to many digits, as they do
// the poles of a score that is spread about 0. Rules that are coarser than that can agree on what is wrong, where e^{iωt} has decayed at every node of both.
func refinements(rate float64) []int {
	const resolved, most = 16, 1 << 11
	var out []int
	for n := math.Max(2, math.Ceil(lastFrequency*rate/resolved)); n <= most; n = math.Ceil(1.5 * n) {
		out = append(out, int(n))
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// errFast says that no rule resolves the scores.
var errFast = fmt.Errorf("%w: the scores of triplets vary too fast", descent.ErrSteep)

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
	least  float64 // the smallest eigenvalue of D²f, once it is known
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

// average evaluates the gradient at M: rules are refined until two differ by no more than half the tolerance, or than rounding makes. They converge geometrically, so
// that the difference bounds what the finer one leaves by far.
func (e *logisticAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := e.of
	e.values, e.turn = dense.Eigen(m)
	e.labels, e.least = e.labels[:0], math.NaN()
	for _, label := range f.labels {
		e.labels = append(e.labels, triple{label.weight, e.turned(label.x), e.turned(label.v)})
	}
	indifferent := math.Max(tolerance/2, f.traits().relative*e.accuracy().moved)
	var last *mat.Dense
	for _, n := range refinements(rateOf(e.scores())) {
		rule := newWaves(n)
		if err := e.spend(rule, 1); err != nil {
			return nil, err
		}
		gradient := e.gradient(rule)
		if last != nil {
			var difference mat.Dense
			difference.Sub(gradient, last)
			if e.err = f.norm(&difference); e.err <= indifferent {
				e.waves = rule
				return e.back(gradient), nil
			}
		}
		last = gradient
	}
	return nil, errFast
}

// spend takes note of so many walks over all nodes and triples, and fails where these are more than is left.
func (e *logisticAt) spend(over waves, walks int) error {
	work, k := e.of.law.Budget, len(e.of.law.Weights)
	nodes := walks * (1 + len(over.frequencies)*len(e.labels)*len(e.values)*(perCoordinate+len(e.values))/(k*k)) // each of K² products
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

// value returns f(M).
func (e *logisticAt) value(float64) (value, err, size float64) {
	value, size = meanSoftplus(e.scores(), e.waves)
	return value, e.err * (1 + e.norm()), size
}

// scores are the laws of t under the triples.
func (e *logisticAt) scores() []score {
	return scoresOf(e.labels, e.values, func(s float64) (ofSquare, ofProduct float64) { return s * s, s })
}

func (e *logisticAt) rule() string {
	return fmt.Sprintf("Gauss–Legendre %d", len(e.waves.frequencies))
}

// hessian is by the rule of the gradient; a step takes some products.
func (e *logisticAt) hessian(float64) (descent.Operator, error) {
	const products = 8
	return e, e.spend(e.waves, products)
}

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

// modulus estimates the smallest eigenvalue of D²f(M) in the metric, with no more steps than the budget pays for.
func (e *logisticAt) modulus(metric descent.Metric) float64 {
	if math.IsNaN(e.least) {
		e.least = leastEigenvalue(e, metric, func() bool { return e.spend(e.waves, 1) == nil })
	}
	return e.least
}
