package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"
	"contrastcheck/solver/term/frullani"

	"gonum.org/v1/gonum/mat"
)

// negatives is the term E log(1 + Σ_{i≤N} e^{s_i − s_0}) of the scores of an anchor x with its positive and with N independent negatives, s = xᵀM·, of one modality
// whose components share a covariance (package frullani). It is strictly convex, and strongly near each M.
type negatives struct {
	law   *Law
	count int
	norm  func(g *mat.Dense) float64
}

// Negatives is InfoNCE's average over so many negatives, at least 1.
func Negatives(l *Law, count int) Term { return &negatives{law: l, count: count} }

func (f *negatives) traits() traits {
	m, k := f.law.Left.Means.Dims()
	return traits{pull: float64(f.count) / float64(f.count+1), coarsest: coarse, relative: float64(16*m+4*k+64)*unitRoundoff + f.law.inputError()}
}

func (f *negatives) measuredBy(norm func(g *mat.Dense) float64, _ func() *mat.Dense) { f.norm = norm }

func (f *negatives) evaluation(evaluation) evaluation { return &negativesAt{of: f, least: math.NaN()} }

// negativesAt is such a term at one M.
type negativesAt struct {
	of     *negatives
	values []float64  // the eigenvalues of M
	turn   *mat.Dense // its eigenvectors
	law    frullani.Law
	found  frullani.Average
	bend   *frullani.Bend
	least  float64 // the smallest eigenvalue of D²f, once it is known
}

// errWide says that no rule serves.
var errWide = fmt.Errorf("%w: with finitely many negatives, the mean over anchors is in as many dimensions as M has", descent.ErrSteep)

// perNode is what a node costs for a component, in products: a double integral of exponentials.
const perNode = 3000

// spend evaluates, within the work that is left, and takes note of it.
func (e *negativesAt) spend(tolerance float64, bent bool) (frullani.Average, error) {
	k := len(e.law.Weights)
	const most = 1 << 20
	limit, err := e.of.law.Budget.Nodes(most*perNode/k, k)
	if err != nil {
		return frullani.Average{}, err
	}
	found, err := e.law.At(e.values, tolerance, bent, limit/perNode)
	if err != nil {
		return found, errWide
	}
	e.of.law.Budget.Spend(found.Nodes*perNode/k, k)
	return found, nil
}

// average evaluates the gradient at M.
func (e *negativesAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	law := e.of.law
	e.values, e.turn = dense.Eigen(m)
	e.law = frullani.Law{Weights: law.Weights, Means: dense.Times(e.turn.T(), law.Left.Means), Delta: law.Delta, Negatives: e.of.count, Cores: law.Cores, Choose: law.Choose}
	var err error
	e.found, err = e.spend(tolerance, false)
	if err != nil {
		return nil, err
	}
	return e.back(e.found.Gradient), nil
}

// back returns a matrix that was written in the eigenvectors of M.
func (e *negativesAt) back(a *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(e.turn, a), e.turn.T())
}

func (e *negativesAt) accuracy() accuracy {
	var size float64
	m, k := e.law.Means.Dims()
	norm := max(-e.values[0], e.values[m-1])
	for j, w := range e.law.Weights {
		for l := range k {
			x, y := mat.Norm(e.law.Means.ColView(j), 2), mat.Norm(e.law.Means.ColView(l), 2)
			product := math.Sqrt((x*x + float64(m)) * (y*y + float64(m)))
			size += w * e.law.Weights[l] * product * (1 + product*norm)
		}
	}
	return accuracy{err: e.found.Error, moved: size, nodes: e.found.Nodes}
}

// value returns f(M).
func (e *negativesAt) value(float64) (value, err, size float64) {
	norm := max(-e.values[0], e.values[len(e.values)-1])
	return e.found.Value, e.found.Error * (1 + norm), math.Abs(e.found.Value) + e.accuracy().moved*norm
}

func (e *negativesAt) rule() string { return e.found.Rule }

// hessian averages the second derivatives.
func (e *negativesAt) hessian(tolerance float64) (descent.Operator, error) {
	found, err := e.spend(tolerance, true)
	if err != nil {
		return nil, err
	}
	e.bend = found.Bend
	return e, nil
}

// Apply writes D²f(M)[V] for a symmetric V.
func (e *negativesAt) Apply(into, v *mat.Dense) {
	turned := dense.Times(dense.Times(e.turn.T(), v), e.turn)
	out := mat.NewDense(len(e.values), len(e.values), nil)
	e.bend.Apply(out, turned)
	dense.Symmetrise(out)
	into.Copy(e.back(out))
}

// modulus estimates the smallest eigenvalue of D²f(M) in the metric.
func (e *negativesAt) modulus(metric descent.Metric, _ float64) float64 {
	if !math.IsNaN(e.least) {
		return e.least
	}
	const accuracy = 1e-3
	if e.bend == nil {
		if _, err := e.hessian(accuracy); err != nil {
			return 0
		}
	}
	e.least = descent.LeastCurvature(e, metric, true, func() bool { return true })
	return e.least
}

// NegativesOf is the term at M = 1 of a side in r dimensions, with an estimate of its error: in the eigenvectors of its covariance S points are those of x/√s for the
// matrix diag(s).
func NegativesOf(weights []float64, delta float64, count int, side Projected) (value, err float64, failure error) {
	if size := mat.Norm(side.Covariance, 2) + mat.Norm(side.Means, 2); math.IsNaN(size) || math.IsInf(size, 0) {
		return math.NaN(), math.Inf(1), errWide
	}
	spectrum, turn := dense.Eigen(side.Covariance)
	means := dense.Times(turn.T(), side.Means)
	first := 0 // of the directions that representations show
	for r := len(spectrum); first < r && spectrum[first] <= float64(8*r)*unitRoundoff*spectrum[r-1]; first++ {
	}
	if first == len(spectrum) {
		return math.Log1p(float64(count)), unitRoundoff * math.Log1p(float64(count)), nil
	}
	r, k := means.Dims()
	seen, s := mat.DenseCopyOf(means.Slice(first, r, 0, k)), spectrum[first:]
	seen.Apply(func(i, _ int, x float64) float64 { return x / math.Sqrt(s[i]) }, seen)
	law := frullani.Law{Weights: weights, Means: seen, Delta: delta, Negatives: count, Cores: 1, Choose: (*quadrature.Rule).Choose}
	const limit, accuracy = 1 << 15, 1e-13
	found, failure := law.At(s, accuracy, false, limit)
	if failure != nil {
		return math.NaN(), math.Inf(1), errWide
	}
	var size float64
	for j, w := range weights {
		x := mat.Norm(side.Means.ColView(j), 2)
		size += w * (x*x + mat.Trace(side.Covariance))
	}
	return found.Value, found.Error*(1+s[len(s)-1]) + float64(16*r+4*k+64)*unitRoundoff*(math.Abs(found.Value)+size), nil
}
