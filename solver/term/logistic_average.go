package term

import (
	"fmt"
	"math"

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
	laws        []waves.Laws // by the rules that were found fine enough
	over        phases
	coarser     phases // of the rule before
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
	e.bias, e.least, e.over, e.coarser, e.laws = f.bias.Value, math.NaN(), phases{}, phases{}, nil
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
		e.parts, e.scores, e.shifts = append(e.parts, at), append(e.scores, scores), append(e.shifts, f.shift(p, scores, e.values))
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
		e.panels = n
		if err := e.spend(2); err != nil {
			return nil, err
		}
		e.weigh()
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
	return nil, f.tooFast()
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

// weigh states the laws of points at the nodes of rules of so many panels.
func (e *logisticAt) weigh() {
	e.coarser = e.over
	e.laws, e.over = nil, phases{free: !e.of.bias.Fixed}
	for i, p := range e.parts {
		laws, wave := waves.NewLaws(waves.NewRule(e.panels, e.shifts[i]), e.points(p), e.scores[i], p.sign)
		e.laws = append(e.laws, laws)
		e.over.add(p, wave)
	}
}

func (e *logisticAt) points(p part) waves.Labelled {
	return waves.Labelled{Labels: p.labels, Noise: p.noise, Values: e.values}
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
		var t waves.Weighed
		e.points(p).At(0, &t, func(int) { // half of the residue
			for a := range rows {
				row := out.RawRowView(a)
				for b := range row {
					row[b] += p.sign * p.factor / 2 * real(t.Mass*t.Product(a, b))
				}
			}
		})
	}
	for i, p := range e.parts {
		e.laws[i].Each(e.bias, p.factor, func(theta complex128, t *waves.Weighed) {
			e.corner += real(theta * t.Mass)
			for a := range rows {
				row, mixed := out.RawRowView(a), e.mixed.RawRowView(a)
				for b := range row {
					z := t.Mass * t.Product(a, b)
					row[b] += p.sign * real(z)
					mixed[b] += real(theta * z)
				}
			}
		})
	}
	return out
}

// accuracy counts, for moved, what relative errors of scores do to σ(u) and to X, and to the best bias.
func (e *logisticAt) accuracy() accuracy {
	var size, slope float64
	rows, columns := e.dims()
	for i, p := range e.parts {
		varianceX, varianceV := p.noise.Variances()
		damped := p.factor * waves.Damping(e.scores[i], p.sign, e.bias, e.shifts[i])
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

// value returns f(M). Its integrand has one more pole at 0 than that of the gradient, so that two rules may agree on the gradient and not yet on it.
func (e *logisticAt) value(float64) (value, err, size float64) {
	value, size = e.over.softplus(e.bias)
	before, _ := e.coarser.softplus(e.bias)
	return value, math.Abs(value-before) + e.err*(1+e.norm()), size
}

func (e *logisticAt) rule() string { return fmt.Sprintf("Gauss–Legendre %d", e.nodes()) }
