package cosine

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// MostColumns is the largest rank of a representation whose loss is evaluated.
const MostColumns = 3

// The temperatures that are served: below, a rule has too many nodes.
const LeastTemperature, MostTemperature = 0.01, 100

// ErrColumns says that a representation has a rank that is not served, and ErrNarrow that its embeddings are so much narrower one way than another, or so far from the origin, that the
// rules do not resolve their directions.
var (
	ErrColumns = errors.New("cosine: expected a representation of rank 1 to 3")
	ErrNarrow  = errors.New("cosine: expected embeddings that are resolved on the sphere")
)

// evaluator has the rules of a loss, each made once.
type evaluator struct {
	loss Loss
	law  law
	on   map[layout]resolved
}

// resolved is the loss on one rule.
type resolved struct {
	*field
	functional
}

func newEvaluator(l Loss, p law) *evaluator {
	return &evaluator{loss: l, law: p, on: map[layout]resolved{}}
}

func (v *evaluator) field(r int, l layout) resolved {
	if _, ok := v.on[l]; !ok {
		f := newField(r, l)
		v.on[l] = resolved{f, v.loss.functional(v.loss.temperature, f)}
	}
	return v.on[l]
}

// value is the loss of embeddings, with the best bias, on a rule along axes, nil for those that they have; where derivatives are given with its derivatives in the means, r×K, and the covariance.
func (v *evaluator) value(g gaussians, l layout, axes, means, covariance *mat.Dense) (value, bias float64) {
	r, count := g.means.Dims()
	if axes != nil {
		value, bias = v.value(g.turned(axes), l, nil, means, covariance)
		if means != nil { // back
			means.Mul(axes, mat.DenseCopyOf(means))
			var half mat.Dense
			half.Mul(axes, covariance)
			covariance.Mul(&half, axes.T())
		}
		return value, bias
	}
	on := v.field(r, l)
	radials, densities := make([]radial, count), make([][]float64, count)
	for k := range radials {
		radials[k] = g.at(k, on.at)
		densities[k] = radials[k].moments[0]
	}
	value, bias, h := on.of(v.law, densities, means != nil)
	if means == nil {
		return value, bias
	}
	slope := make([]float64, r)
	for k := range radials {
		for i, w := range on.field.weights {
			h[k][i] *= w
		}
		clear(slope)
		g.slopes(k, radials[k], on.at, h[k], slope, covariance)
		means.SetCol(k, slope)
	}
	return value, bias
}

// Evaluation is the loss of a representation.
type Evaluation struct {
	// Value is known to ±Error, an estimate from a finer rule, or rounding.
	Value, Error float64
	// Bias is the b of a sigmoid loss, NaN of others.
	Bias float64
	Rule string
	// Points are the nodes of the rule.
	Points int
}

// Admits refuses pairs of two modalities and components with covariances of their own, with gmm.ErrOtherModel, and means that are all 0.
func Admits(p gmm.Pairs) error { return p.WantSingle() }

// Evaluate is the loss of x ↦ Aᵀx/‖Aᵀx‖ for A, d×r in original coordinates. It refuses what Admits does, with ErrColumns a rank of 0 or above MostColumns, and with
// ErrNarrow what the rules do not resolve. It panics if A has not d rows.
func Evaluate(l Loss, p gmm.Pairs, a *mat.Dense) (Evaluation, error) {
	means, covariance, err := embedded(p, a)
	if err != nil {
		return Evaluation{}, err
	}
	g, err := reduced(means, covariance)
	if err != nil {
		return Evaluation{}, err
	}
	return newEvaluator(l, law{p.Weights(), p.Delta()}).evaluation(g)
}

// embedded returns the means Aᵀμ_k, r×K, and the covariance AᵀΣA of what pairs that Admits takes are mapped to.
func embedded(p gmm.Pairs, a *mat.Dense) (means, covariance *mat.Dense, err error) {
	if err := Admits(p); err != nil {
		return nil, nil, err
	}
	var half mat.Dense
	means, covariance = new(mat.Dense), new(mat.Dense)
	means.Mul(a.T(), p.Left.Means().T())
	half.Mul(p.Left.Covariance(), a)
	covariance.Mul(a.T(), &half)
	return means, covariance, nil
}

// reduced turns embeddings into the span of AᵀΣA.
func reduced(means, covariance *mat.Dense) (gaussians, error) {
	r, _ := covariance.Dims()
	symmetric := mat.NewSymDense(r, nil)
	for i := range r {
		for j := i; j < r; j++ {
			symmetric.SetSym(i, j, (covariance.At(i, j)+covariance.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) {
		return gaussians{}, fmt.Errorf("%w, found no number", ErrColumns)
	}
	values := eigen.Values(nil)
	const rounding = 0x1p-46
	first := 0
	for first < r && !(values[first] > rounding*values[r-1]) {
		first++
	}
	rank := r - first
	if rank < 1 || rank > MostColumns {
		return gaussians{}, fmt.Errorf("%w, found %d", ErrColumns, rank)
	}
	var vectors, turned mat.Dense
	eigen.VectorsTo(&vectors)
	turned.Mul(vectors.Slice(0, r, first, r).T(), means)
	diagonal := mat.NewSymDense(rank, nil)
	for i := range rank {
		diagonal.SetSym(i, i, values[first+i])
	}
	g, ok := newGaussians(&turned, diagonal)
	if !ok {
		return g, fmt.Errorf("%w, found %d", ErrColumns, rank)
	}
	return g, nil
}

// evaluation is the value by two rules.
func (v *evaluator) evaluation(g gaussians) (Evaluation, error) {
	r, _ := g.means.Dims()
	l, axes, err := v.finest(g)
	if err != nil {
		return Evaluation{}, err
	}
	var e Evaluation
	e.Value, e.Bias = v.value(g, l, axes, nil, nil)
	const rounding = 0x1p-46
	e.Error = rounding * (1 + math.Abs(e.Value))
	e.Rule, e.Points = [...]string{"closed form", "trapezoidal rule on a circle", "Gauss–Legendre rule on a sphere"}[r-1], len(v.field(r, l).at)
	if r == 1 {
		return e, nil
	}
	value, bias := v.value(g, l.finer(), axes, nil, nil)
	e.Error += math.Abs(value - e.Value)
	e.Value, e.Bias, e.Points = value, bias, len(v.field(r, l.finer()).at)
	return e, nil
}
