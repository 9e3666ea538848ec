package term

import (
	"strings"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Point is a sum at one M, with all that further evaluations there need.
type Point struct {
	iterate descent.Iterate
	f       *Sum
	parts   []evaluation
	hessian hessian
	memory  dense.Arena

	hasLoss         bool // the loss and its error, once computed
	loss, lossError float64
}

// prepare makes memory for the terms, and forgets what it holds of another M.
func (pt *Point) prepare() {
	terms := pt.f.terms
	if len(pt.parts) != len(terms) {
		pt.parts = make([]evaluation, len(terms))
	}
	for i, t := range terms {
		pt.parts[i] = t.evaluation(pt.parts[i])
	}
}

// Iterate returns M and the gradient there.
func (pt *Point) Iterate() *descent.Iterate { return &pt.iterate }

// Value returns f(M) and an estimate of its error.
func (pt *Point) Value() (value, err float64) {
	if !pt.hasLoss {
		pt.loss, pt.lossError, pt.hasLoss = 0, 0, true
		var size float64
		for _, e := range pt.parts {
			own, off, terms := e.value(pt.iterate.Tolerance)
			pt.loss += own
			pt.lossError += off
			size += terms
		}
		pt.lossError += pt.f.traits.relative * size
	}
	return pt.loss, pt.lossError
}

// Bias is the b of a sum of one logistic term, the best at M where it is free.
func (pt *Point) Bias() float64 { return pt.parts[0].(*logisticAt).bias }

// Rule names the quadrature; its nodes are counted, and its error in the gradient is estimated.
func (pt *Point) Rule() (name string, nodes int, err float64) {
	var names []string
	for _, e := range pt.parts {
		names = append(names, e.rule())
		own := e.accuracy()
		nodes += own.nodes
		err += own.err
	}
	return strings.Join(names, " and "), nodes, err
}

// Curvature returns D²f(M)[V], as accurate as the gradient.
func (pt *Point) Curvature(v *mat.Dense) (*mat.Dense, error) {
	h, err := pt.f.Hessian(pt, pt.iterate.Tolerance)
	if err != nil {
		return nil, err
	}
	out := mat.DenseCopyOf(v)
	h.Apply(out, v)
	return out, nil
}

// hessian is V ↦ D²f(M)[V] at one M.
type hessian struct {
	f       *Sum
	parts   []descent.Operator
	scratch dense.Arena // for one product
}

// Apply writes D²f(M)[V].
func (h *hessian) Apply(into, v *mat.Dense) {
	into.Zero()
	h.f.addQuadratic(into, v)
	for _, part := range h.parts {
		h.scratch.Reset()
		image := h.scratch.Dense(v.Dims())
		part.Apply(image, v)
		if h.f.Law.Symmetric() {
			dense.Symmetrise(image)
		}
		dense.AddScaled(into, 1, image)
	}
}

// transposed is a term of Mᵀ.
type transposed struct{ Term }

// Transposed is the function M ↦ t(Mᵀ).
func Transposed(t Term) Term { return transposed{t} }

func (t transposed) measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense) {
	t.Term.measuredBy(func(g *mat.Dense) float64 { return norm(mat.DenseCopyOf(g.T())) }, func() *mat.Dense { return mat.DenseCopyOf(draw().T()) })
}

func (t transposed) evaluation(used evaluation) evaluation {
	e, ok := used.(*transposedAt)
	if !ok {
		e = new(transposedAt)
	}
	e.evaluation = t.Term.evaluation(e.evaluation)
	return e
}

// transposedAt is a transposed term at one M, and its Hessian.
type transposedAt struct {
	evaluation
	bent    descent.Operator
	scratch dense.Arena
}

func (e *transposedAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	part, err := e.evaluation.average(memory, transpose(memory, m), tolerance)
	if err != nil {
		return nil, err
	}
	return transpose(memory, part), nil
}

func (e *transposedAt) hessian(tolerance float64) (descent.Operator, error) {
	var err error
	e.bent, err = e.evaluation.hessian(tolerance)
	return e, err
}

// Apply writes D²f(M)[V].
func (e *transposedAt) Apply(into, v *mat.Dense) {
	e.scratch.Reset()
	seen := transpose(&e.scratch, v)
	image := e.scratch.Dense(seen.Dims())
	e.bent.Apply(image, seen)
	dense.Transpose(into, image)
}

// transpose returns Mᵀ in memory.
func transpose(memory *dense.Arena, m *mat.Dense) *mat.Dense {
	rows, columns := m.Dims()
	out := memory.Dense(columns, rows)
	dense.Transpose(out, m)
	return out
}

// softmax is that of a term, or of one of Mᵀ, and by how much the gradient's error is larger than that of the softmax's part.
func (pt *Point) softmax(term int) (s *softmaxPoint, magnified float64) {
	e := pt.parts[term]
	if turned, ok := e.(*transposedAt); ok {
		e = turned.evaluation
	}
	return e.(interface {
		softmax() (*softmaxPoint, float64)
	}).softmax()
}

// Softmax returns, of a sum with one softmax, E_j p_k, K×K, and the part of Σ_j w_j E_j[x p_k] along the directions in which
// the softmax varies, m×K.
func (pt *Point) Softmax() (p, along *mat.Dense) {
	s, _ := pt.softmax(0)
	return s.over.p, dense.Times(s.directions, s.over.tp)
}

// New returns memory for one evaluation, of this or another sum.
func (f *Sum) New() descent.Point { return new(Point) }

// At evaluates f at M.
func (f *Sum) At(into descent.Point, m *mat.Dense, tolerance float64) error {
	pt := into.(*Point)
	memory := &pt.memory
	memory.Reset()
	pt.f, pt.hasLoss = f, false
	pt.iterate = descent.Iterate{M: memory.CopyOf(m), Tolerance: tolerance, Gradient: memory.Dense(m.Dims()), Of: pt}
	pt.prepare()
	at := &pt.iterate
	f.addQuadratic(at.Gradient, at.M)
	var err, moved float64
	for _, e := range pt.parts {
		part, failure := e.average(memory, at.M, tolerance/float64(len(pt.parts)))
		if failure != nil {
			return failure
		}
		if f.Law.Symmetric() {
			dense.Symmetrise(part)
		}
		dense.AddScaled(at.Gradient, 1, part)
		own := e.accuracy()
		err += own.err
		moved += own.moved
		at.Blur += own.blur
		at.Nodes = max(at.Nodes, own.nodes)
	}
	at.Norm = f.metric.Dual(at.Gradient)
	at.Err = err + f.traits.relative*(moved+f.traits.quadratic*f.metric.Primal(at.M))
	return nil
}

// Hessian averages D²f at a point of f.
func (f *Sum) Hessian(at descent.Point, tolerance float64) (descent.Operator, error) {
	pt := at.(*Point)
	h := &pt.hessian
	h.f, h.parts = f, h.parts[:0]
	for _, e := range pt.parts {
		part, err := e.hessian(tolerance)
		if err != nil {
			return nil, err
		}
		h.parts = append(h.parts, part)
	}
	return h, nil
}
