package term

import (
	"fmt"
	"math"
	"math/cmplx"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/waves"

	"gonum.org/v1/gonum/mat"
)

// perCoordinate is what a coordinate of a wave costs beside a product: a logarithm, an exponential, divisions.
const perCoordinate = 64

// logisticAt is a logistic term at one M = L diag(values) Rᵀ, of singular vectors, or of eigenvectors L = R where M is symmetric.
type logisticAt struct {
	of          *logistic
	values      []float64 // as many as min(m, n)
	left, right *mat.Dense
	parts       []part // in these coordinates
	scores      [][]waves.Score
	shifts      []float64
	over        phases // the rules that were found fine enough
	bias        float64
	mixed       *mat.Dense // C
	corner      float64    // c
	err         float64
	least       float64 // the smallest eigenvalue of D²f, once it is known
	panels      int
}

// place turns the term into the coordinates of M.
func (e *logisticAt) place(m *mat.Dense) {
	f := e.of
	if f.law.Symmetric() {
		e.values, e.left = dense.Eigen(m)
		e.right = e.left
	} else {
		e.left, e.values, e.right = dense.FullSingular(m)
	}
	e.parts, e.scores, e.shifts = nil, nil, nil
	e.bias, e.least, e.over = f.bias.Value, math.NaN(), phases{}
	for _, p := range f.parts {
		at := p
		at.labels = nil
		var scores []waves.Score
		for _, label := range p.labels {
			label.X, label.V = turned(label.X, e.left), turned(label.V, e.right)
			at.labels = append(at.labels, label)
			score := waves.Score{Weight: label.Weight}
			for i, s := range e.values {
				score.Shares = append(score.Shares, p.noise.Share(s, label.X[i], label.V[i]))
			}
			scores = append(scores, score)
		}
		e.parts, e.scores, e.shifts = append(e.parts, at), append(e.scores, scores), append(e.shifts, f.shift(p, e.values))
	}
}

// turned returns a vector in a basis.
func turned(x []float64, basis *mat.Dense) []float64 {
	out := mat.NewVecDense(len(x), nil)
	out.MulVec(basis.T(), mat.NewVecDense(len(x), x))
	return out.RawVector().Data
}

// average evaluates the gradient at M: rules are refined until two differ by no more than half the tolerance, or than rounding makes. They converge geometrically, so
// that the difference bounds what the finer one leaves by far.
func (e *logisticAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := e.of
	e.place(m)
	rate := math.Abs(e.bias)
	for _, scores := range e.scores {
		rate = max(rate, math.Abs(e.bias)+waves.Rate(scores))
	}
	var last *mat.Dense
	for _, n := range waves.Panels(rate) {
		e.over = f.waves(n, e.parts, e.scores, e.shifts)
		e.panels = n
		if err := e.spend(1); err != nil {
			return nil, err
		}
		e.bias = e.over.best(e.bias)
		gradient := e.gradient()
		if last != nil {
			var difference mat.Dense
			difference.Sub(gradient, last)
			indifferent := math.Max(tolerance/2, f.traits().relative*e.accuracy().moved)
			if e.err = f.norm(&difference); e.err <= indifferent {
				return e.back(gradient), nil
			}
		}
		last = gradient
	}
	return nil, errFast
}

// spend takes note of so many walks over all nodes and labels, and fails where these are more than is left.
func (e *logisticAt) spend(walks int) error {
	work, k := e.of.law.Budget, len(e.of.law.Weights)
	rows, columns := e.dims()
	labels := 0
	for _, p := range e.parts {
		labels += len(p.labels)
	}
	nodes := walks * (1 + e.nodes()*labels*max(rows, columns)*(perCoordinate+min(rows, columns))/(k*k)) // each of K² products
	if left, err := work.Nodes(nodes, k); err != nil || left < nodes {
		return descent.ErrSpent
	}
	work.Spend(nodes, k)
	return nil
}

// dims are those of M.
func (e *logisticAt) dims() (rows, columns int) {
	rows, _ = e.left.Dims()
	columns, _ = e.right.Dims()
	return rows, columns
}

// nodes of one part's rule.
func (e *logisticAt) nodes() int { return waves.Points * e.panels }

// back returns a matrix that was written in the coordinates of M.
func (e *logisticAt) back(a *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(e.left, a), e.right.T())
}

// weighed are the moments of x and v of a label at a node.
type weighed struct {
	mass complex128 // times the node's weight, the label's probability, m, and e^{θεb}
	x, v []complex128
	all  []waves.Coordinate
}

// product is E[x_i v_k] under the weight, its mass apart.
func (t *weighed) product(i, k int) complex128 {
	z := t.x[i] * t.v[k]
	if i == k {
		z += t.all[i].XV
	}
	return z
}

// each visits all nodes and labels of the rules.
func (e *logisticAt) each(visit func(theta complex128, sign float64, t *weighed)) {
	var t weighed
	rows, columns := e.dims()
	for i, p := range e.parts {
		for _, node := range e.over.parts[i].Rule.Nodes {
			biased := node.Weight * waves.Biased(node.Theta, p.sign, e.bias) * complex(p.factor, 0)
			for _, label := range p.labels {
				e.weigh(&t, p, label, node.Theta, rows, columns)
				t.mass *= biased
				visit(node.Theta, p.sign, &t)
			}
		}
	}
}

// weigh states the moments of a label for e^{θεt}. Coordinates that M does not see are weighed by nothing.
func (e *logisticAt) weigh(t *weighed, p part, label waves.Label, theta complex128, rows, columns int) {
	t.x, t.v, t.all = t.x[:0], t.v[:0], t.all[:0]
	var exponent complex128
	for i := range max(rows, columns) {
		var s, x, v float64
		if i < len(e.values) {
			s = e.values[i]
		}
		if i < rows {
			x = label.X[i]
		}
		if i < columns {
			v = label.V[i]
		}
		c := p.noise.Weighed(theta*complex(p.sign, 0), s, x, v)
		exponent += c.Exponent
		t.x, t.v, t.all = append(t.x, c.X), append(t.v, c.V), append(t.all, c)
	}
	t.x, t.v = t.x[:rows], t.v[:columns]
	t.mass = complex(label.Weight, 0) * cmplx.Exp(exponent)
}

// gradient is ∇f in the coordinates of M, in one modality not symmetric, and takes note of C and c.
func (e *logisticAt) gradient() *mat.Dense {
	rows, columns := e.dims()
	out := mat.NewDense(rows, columns, nil)
	e.mixed, e.corner = mat.NewDense(rows, columns, nil), 0
	for i, p := range e.parts {
		if e.shifts[i] > 0 {
			continue
		}
		var t weighed
		for _, label := range p.labels { // half of the residue
			e.weigh(&t, p, label, 0, rows, columns)
			for a := range rows {
				row := out.RawRowView(a)
				for b := range row {
					row[b] += p.sign * p.factor / 2 * real(t.mass*t.product(a, b))
				}
			}
		}
	}
	e.each(func(theta complex128, sign float64, t *weighed) {
		e.corner += real(theta * t.mass)
		for a := range rows {
			row, mixed := out.RawRowView(a), e.mixed.RawRowView(a)
			for b := range row {
				z := t.mass * t.product(a, b)
				row[b] += sign * real(z)
				mixed[b] += real(theta * z)
			}
		}
	})
	return out
}

// accuracy counts, for moved, what relative errors of scores do to σ(u) and to X, and to the best bias.
func (e *logisticAt) accuracy() accuracy {
	var size, slope float64
	rows, columns := e.dims()
	for i, p := range e.parts {
		varianceX, varianceV := p.noise.Variances()
		damped := p.factor * e.over.parts[i].Damping(e.bias)
		for _, label := range p.labels {
			x, v := dense.Dot(label.X, label.X)+varianceX*float64(rows), dense.Dot(label.V, label.V)+varianceV*float64(columns)
			length := math.Sqrt(x * v)
			size += damped * label.Weight * length * (1 + length*e.norm())
			slope += damped * label.Weight * (1 + length*e.norm())
		}
	}
	if e.over.free {
		size += slope * dense.Norm(e.mixed) / e.corner
	}
	return accuracy{err: e.err, moved: size, nodes: e.nodes()}
}

// norm is ‖M‖.
func (e *logisticAt) norm() float64 {
	var norm float64
	for _, s := range e.values {
		norm = max(norm, math.Abs(s))
	}
	return norm
}

// value returns f(M).
func (e *logisticAt) value(float64) (value, err, size float64) {
	value, size = e.over.softplus(e.bias)
	return value, e.err * (1 + e.norm()), size
}

func (e *logisticAt) rule() string { return fmt.Sprintf("Gauss–Legendre %d", e.nodes()) }
