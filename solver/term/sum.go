// Package term holds what contrastive losses are sums of, as functions of a matrix M of scores xᵀMy: log-partitions,
// with the engine that averages softmaxes over mixtures, and quadratics.
package term

import (
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/closed"

	"gonum.org/v1/gonum/mat"
)

// Term is a convex function of an m×n matrix M.
type Term interface {
	traits() traits
	// measuredBy says how gradients are measured: by ‖·‖_d, and by random Z with E⟨G, Z⟩² = ‖G‖_d².
	measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense)
	// evaluation returns memory for evaluations, the given one if it serves, which forgets what it holds.
	evaluation(used evaluation) evaluation
}

// traits are what a sum has to know of a term. B = Σ_k w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ is the scatter between both sides.
type traits struct {
	// modulus is a c with D²f[V, V] ≥ c‖V‖² everywhere, the norm being that of the metric; of two sides, beside a term of the other. Where there
	// is none but near each M, evaluations have one (type locally).
	modulus   float64
	metric    *closed.Metric // of a term that is to be measured otherwise than by a sum's own metric: alone; or nil
	quadratic float64        // the term is so many times ½Σ b_ij M_ij², b the metric's weights, which the sum evaluates, beside an average
	pull      float64        // ∇f(0) is −δB times this
	mean      float64        // and μ̄_L μ̄_Rᵀ times this
	coarsest  float64        // error of the gradient allowed in the first steps, relative to the signal
	relative  float64        // error of what is averaged, by rounding and by the errors of the means
}

// evaluation is a term at one M.
type evaluation interface {
	// average returns the gradient at M, without the quadratic part, to an error of about tolerance. What it returns lives in memory.
	average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error)
	accuracy() accuracy
	// value returns f(M) with an estimate of its error, and the size of its terms.
	value(tolerance float64) (value, err, size float64)
	// hessian averages D²f(M), without the quadratic part, by a rule whose error in the gradient would be tolerance.
	hessian(tolerance float64) (descent.Operator, error)
	// rule names the quadrature.
	rule() string
}

// accuracy is that of an evaluation's gradient, in ‖·‖_d.
type accuracy struct {
	err   float64 // of the quadrature
	moved float64 // by how much a relative error of what is averaged moves it, as a multiple of that
	blur  float64 // as of descent.Iterate
	nodes int
}

// Sum is a loss as a function of M in the coordinates of its law, symmetric in one modality: the sum of its terms. With W
// and V the second moments of the sides, I + C, both diagonal, its metric is b_ij = ½(w_i + v_j), and with q the terms' quadratic parts
//
//	f(M)      = ½q Σ_ij b_ij M_ij² + averages
//	∇f(M)     = q b∘M + Σ ∇averages
//	D²f(M)[V] = q b∘V + Σ D²averages[V],
//
// averages' parts made symmetric in one modality.
type Sum struct {
	Law    *Law
	terms  []Term
	metric descent.Metric
	scale  [2][]float64 // l and r with ‖diag(l)V diag(r)‖_F ≤ ‖V‖, that of the metric
	traits traits       // of all terms together
	least  float64      // ‖V‖ ≥ least·‖V‖_F
	atZero float64      // ‖∇f(0)‖_d
	rng    *rand.Rand   // of functionals
}

var _ descent.Cautious = (*Sum)(nil)

// cautious is a term of which steps may be too long.
type cautious interface {
	firstLength(m, step *mat.Dense) float64
}

// FirstLength is the least of the terms'.
func (f *Sum) FirstLength(m, step *mat.Dense) float64 {
	length := 1.0
	for _, t := range f.terms {
		if c, ok := t.(cautious); ok {
			length = min(length, c.firstLength(m, step))
		}
	}
	return length
}

var _ descent.Objective = (*Sum)(nil)

// sketchSeed determines the functionals of sketches.
const sketchSeed = 0

// NewSum states a loss.
func NewSum(l *Law, terms ...Term) *Sum {
	f := &Sum{Law: l, terms: terms, metric: descent.Metric{Weights: mat.NewDense(len(l.Left.Second), len(l.Right.Second), nil)}}
	for i, w := range l.Left.Second {
		row := f.metric.Weights.RawRowView(i)
		for j, v := range l.Right.Second {
			row[j] = (w + v) / 2
		}
	}
	for _, t := range terms {
		t.measuredBy(f.norm, f.functional)
		own := t.traits()
		f.traits.quadratic += own.quadratic
		f.traits.pull += own.pull
		f.traits.mean += own.mean
		f.traits.coarsest = max(f.traits.coarsest, own.coarsest)
		f.traits.relative = max(f.traits.relative, own.relative)
	}
	left := centredColumns(l.Weights, l.Left.Means)
	right := left
	if !l.Symmetric() {
		right = centredColumns(l.Weights, l.Right.Means)
	}
	b := dense.Times(dense.WeightedColumns(left, l.Weights), right.T())
	if f.least = 1; !l.Symmetric() {
		f.least = math.Sqrt(mat.Min(f.metric.Weights))
	}
	f.scale = [2][]float64{quarterPowers(l.Left.Second), quarterPowers(l.Right.Second)}
	if own := terms[0].traits().metric; own != nil && len(terms) == 1 {
		f.metric, f.scale, f.least = descent.Metric{Weights: own.Weights}, [2][]float64{own.Left, own.Right}, 1
	}
	b.Scale(-f.traits.pull*l.Delta, b)
	if f.traits.mean != 0 {
		dense.AddOuter(b, f.traits.mean, gmm.Mean(l.Weights, l.Left.Means).RawVector().Data, gmm.Mean(l.Weights, l.Right.Means).RawVector().Data)
	}
	f.atZero = f.metric.Dual(b)
	return f
}

// Quadratic tells whether the sum is a quadratic.
func (f *Sum) Quadratic() (*Quadratic, bool) {
	form, _ := f.terms[0].(closedForm)
	q, ok := form.Function.(*Quadratic)
	return q, ok && len(f.terms) == 1
}

// Exact tells whether the sum needs no quadrature.
func (f *Sum) Exact() bool {
	for _, t := range f.terms {
		if _, ok := t.(closedForm); !ok {
			return false
		}
	}
	return true
}

// bounded is a term that is not defined at every M.
type bounded interface{ contains(m *mat.Dense) bool }

// Contains tells whether M is in the domain of all terms.
func (f *Sum) Contains(m *mat.Dense) bool {
	for _, t := range f.terms {
		if t, ok := t.(bounded); ok && !t.contains(m) {
			return false
		}
	}
	return true
}

// Rank counts the singular values of M, scaled on both sides as the metric's error bounds are, that are positive for certain.
func (f *Sum) Rank(at *descent.Iterate) int {
	scaled := dense.WeightedRows(f.scale[0], dense.WeightedColumns(at.M, f.scale[1]))
	bound := (at.Norm+at.Err)/f.modulus(at, at.Norm+at.Err) + f.traits.relative*mat.Norm(scaled, 2)
	rank := 0
	for _, x := range dense.SingularValues(scaled) {
		if x > bound {
			rank++
		}
	}
	return rank
}

// locally is an evaluation of a term that is strongly convex near its M, but not everywhere: its modulus is that of the distance to the minimiser of the term
// alone, where the gradient or what the KKT conditions leave of it is of the given size.
type locally interface {
	modulus(metric descent.Metric, residual float64) float64
}

// modulus is that of all terms together, near M where it is a local one.
func (f *Sum) modulus(at *descent.Iterate, residual float64) float64 {
	least := math.Inf(1)
	for i, t := range f.terms {
		own := t.traits().modulus
		if near, ok := at.Of.(*Point).parts[i].(locally); ok {
			own = near.modulus(f.metric, residual)
		}
		least = min(least, own)
	}
	return float64(len(f.terms)) * max(0, least) // an estimate may be negative by its rounding
}

// quarterPowers returns w^¼.
func quarterPowers(w []float64) []float64 {
	out := make([]float64, len(w))
	for i, x := range w {
		out[i] = math.Sqrt(math.Sqrt(x))
	}
	return out
}

// norm is ‖G‖_d, of ½(G + Gᵀ) in one modality.
func (f *Sum) norm(g *mat.Dense) float64 {
	if f.Law.Symmetric() {
		dense.Symmetrise(g)
	}
	return f.metric.Dual(g)
}

// functional returns a random Z with E⟨G, Z⟩² = ‖G‖²_d, symmetric in one modality.
func (f *Sum) functional() *mat.Dense {
	if f.rng == nil {
		f.rng = rand.New(rand.NewPCG(sketchSeed, 0))
	}
	rng := f.rng
	rows, columns := f.metric.Weights.Dims()
	z, b := mat.NewDense(rows, columns, nil), f.metric.Weights
	if !f.Law.Symmetric() {
		z.Apply(func(i, j int, _ float64) float64 { return rng.NormFloat64() * math.Sqrt(1/b.At(i, j)) }, z)
		return z
	}
	for i := range rows {
		for j := range i {
			x := rng.NormFloat64() / math.Sqrt(2*b.At(i, j))
			z.Set(i, j, x)
			z.Set(j, i, x)
		}
		z.Set(i, i, rng.NormFloat64()/math.Sqrt(b.At(i, i)))
	}
	return z
}

// Metric is that of the sum.
func (f *Sum) Metric() descent.Metric { return f.metric }

// Budget is that of the law.
func (f *Sum) Budget() *descent.Budget { return f.Law.Budget }

// Coarsest is the quadrature error allowed in the first steps.
func (f *Sum) Coarsest() float64 { return f.traits.coarsest * f.Signal() }

// Signal is min(1, ‖∇f(0)‖_d), the scale of the minimiser where
// the components barely differ; 1 where they do not differ at all. Tolerances
// are relative to it, so that a faint mixture is solved to as many digits as
// another.
func (f *Sum) Signal() float64 {
	if f.atZero > 0 {
		return min(1, f.atZero)
	}
	return 1
}

// NormAtZero is ‖∇f(0)‖_d.
func (f *Sum) NormAtZero() float64 { return f.atZero }

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// Distance bounds ‖M − M*‖_F by what strong convexity makes of the gradient or, on the cone, of what the KKT conditions leave
// of it, with its error and with the rounding of M in other coordinates; +Inf where rounding leaves no convexity.
func (f *Sum) Distance(at *descent.Iterate, residual float64) float64 {
	modulus := f.modulus(at, residual+at.Err)
	if !(modulus > 0) {
		return math.Inf(1)
	}
	return (residual+at.Err)/(modulus*f.least) + f.traits.relative*mat.Norm(at.M, 2)
}

// addQuadratic adds q b∘V.
func (f *Sum) addQuadratic(into, v *mat.Dense) {
	if f.traits.quadratic == 0 {
		return
	}
	rows, _ := v.Dims()
	for i := range rows {
		row, b := into.RawRowView(i), f.metric.Weights.RawRowView(i)
		for j, x := range v.RawRowView(i) {
			row[j] += x * (f.traits.quadratic * b[j])
		}
	}
}
