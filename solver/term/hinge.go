package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/ramp"

	"gonum.org/v1/gonum/mat"
)

// Laws of the score of a triple (x, x̂, y): a positive pair and an independent draw, of one modality whose components share a covariance.
type Laws func(weights []float64, delta float64, means *mat.Dense) ramp.Scores

// hinge is the term
//
//	f(M) = E (α + t)₊,   t = gain aᵀMb,
//
// whose gradient is gain E[1(α + t > 0) a bᵀ], and D²f[V] = gain² E[δ(α + t) (aᵀVb) a bᵀ] (package ramp).
type hinge struct {
	law    *Law
	margin float64 // α
	scores ramp.Scores
	norm   func(g *mat.Dense) float64
}

// Hinge is the hinge with a margin α > 0 of scores of a law.
func Hinge(l *Law, margin float64, laws Laws) Term {
	return &hinge{law: l, margin: margin, scores: laws(l.Weights, l.Delta, l.Left.Means)}
}

func (f *hinge) traits() traits {
	m, _ := f.law.Left.Means.Dims()
	return traits{pull: 1, coarsest: coarse, relative: float64(16*m+64)*unitRoundoff + f.law.inputError()}
}

func (f *hinge) measuredBy(norm func(g *mat.Dense) float64, _ func() *mat.Dense) { f.norm = norm }

func (f *hinge) evaluation(evaluation) evaluation { return &hingeAt{of: f} }

// leave stretches a start to a root mean square of the scores of α/2, or takes a multiple of −∇f(0), in place of 0: where scores are small beside α, f is linear to
// exponentially small terms.
func (f *hinge) leave(start *mat.Dense) *mat.Dense {
	if mat.Norm(start, 2) == 0 {
		start = mat.NewDense(start.RawMatrix().Rows, start.RawMatrix().Cols, nil)
		for _, label := range f.scores.Labels {
			dense.AddOuter(start, -label.Weight, label.A, label.B)
		}
		dense.Symmetrise(start)
	}
	const enough = 0.5
	if size := f.spread(start); size > 0 && size < enough*f.margin {
		start = mat.DenseCopyOf(start)
		start.Scale(enough*f.margin/size, start)
	}
	return start
}

// spread is √(E t²).
func (f *hinge) spread(m *mat.Dense) float64 {
	var square float64
	own := dense.Inner(m, m)
	for _, label := range f.scores.Labels {
		a, b := mat.NewVecDense(len(label.A), label.A), mat.NewVecDense(len(label.B), label.B)
		var fromA, fromB mat.VecDense
		fromA.MulVec(m.T(), a)
		fromB.MulVec(m, b)
		mean := mat.Dot(a, &fromB)
		square += label.Weight * (mean*mean + mat.Dot(&fromA, &fromA) + mat.Dot(&fromB, &fromB) + own)
	}
	return f.scores.Gain * math.Sqrt(square)
}

// errHinge says that no rule resolves the scores.
var errHinge = fmt.Errorf("%w: the scores of triplets vary too fast", descent.ErrSteep)

// finer are the refinements that rules are tried at: rules converge geometrically, so that the difference of two bounds what the finer one leaves by far.
var finer = []float64{1.25, 1.75, 2.5, 4}

// rampRule prepares all labels, at slopes c; nil where they vary too fast.
func rampRule(scores ramp.Scores, slopes []float64, margin, finer float64) []*ramp.Average {
	var out []*ramp.Average
	for _, label := range scores.Labels {
		v := ramp.New(label, slopes, margin, finer)
		if v == nil {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// positive is P(α + t > 0), and E[1(α + t > 0) a bᵀ].
func positive(scores ramp.Scores, rule []*ramp.Average) (probability float64, products *mat.Dense) {
	m := len(scores.Labels[0].A)
	products = mat.NewDense(m, m, nil)
	for i, v := range rule {
		own := mat.NewDense(m, m, nil)
		weight := scores.Labels[i].Weight
		probability += weight * v.Positive(own, weight)
		products.Add(products, own)
	}
	return probability, products
}

// hingeAt is a hinge at one M.
type hingeAt struct {
	of          *hinge
	values      []float64   // the eigenvalues of M
	turn        *mat.Dense  // its eigenvectors
	turned      ramp.Scores // in these
	averages    []*ramp.Average
	probability float64    // P(α + t > 0)
	gradient    *mat.Dense // in the eigenvectors
	err         float64
	least       float64 // the smallest eigenvalue of D²f, once it is known
}

// average refines rules until two gradients differ by no more than half the tolerance, or than rounding makes.
func (e *hingeAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := e.of
	e.values, e.turn = dense.Eigen(m)
	e.turned, e.least, e.averages = ramp.Scores{Gain: f.scores.Gain}, math.NaN(), nil
	for _, label := range f.scores.Labels {
		e.turned.Labels = append(e.turned.Labels, ramp.Label{Weight: label.Weight, A: e.across(label.A), B: e.across(label.B)})
	}
	slopes := make([]float64, len(e.values))
	for i, s := range e.values {
		slopes[i] = f.scores.Gain * s
	}
	indifferent := math.Max(tolerance/2, f.traits().relative*e.accuracy().moved)
	var last *mat.Dense
	for _, by := range finer {
		if e.averages = rampRule(e.turned, slopes, f.margin, by); e.averages == nil {
			return nil, errHinge
		}
		if err := e.spend(1); err != nil {
			return nil, err
		}
		e.probability, e.gradient = positive(e.turned, e.averages)
		e.gradient.Scale(f.scores.Gain, e.gradient)
		if last != nil {
			var difference mat.Dense
			difference.Sub(e.gradient, last)
			if e.err = f.norm(&difference); e.err <= indifferent {
				return e.back(e.gradient), nil
			}
		}
		last = mat.DenseCopyOf(e.gradient)
	}
	return nil, errHinge
}

// spend takes note of so many walks over all nodes and labels, and fails where these are more than is left.
func (e *hingeAt) spend(walks int) error {
	work, k, m := e.of.law.Budget, len(e.of.law.Weights), len(e.values)
	nodes := 1 + walks*e.nodes()*m*(perCoordinate+m)/(k*k) // each of K² products
	if left, err := work.Nodes(nodes, k); err != nil || left < nodes {
		return descent.ErrSpent
	}
	work.Spend(nodes, k)
	return nil
}

// nodes counts those of all labels.
func (e *hingeAt) nodes() int {
	count := 0
	for _, v := range e.averages {
		count += v.Nodes()
	}
	return count
}

// across returns a vector in the eigenvectors of M.
func (e *hingeAt) across(x []float64) []float64 {
	out := mat.NewVecDense(len(x), nil)
	out.MulVec(e.turn.T(), mat.NewVecDense(len(x), x))
	return out.RawVector().Data
}

// back returns a matrix that was written in the eigenvectors of M.
func (e *hingeAt) back(a *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(e.turn, a), e.turn.T())
}

// accuracy: where the means are off, so are the products, and the step where the score is −α.
func (e *hingeAt) accuracy() accuracy {
	var size float64
	f, m := e.of, float64(len(e.values))
	steep := f.scores.Gain * max(-e.values[0], e.values[len(e.values)-1]) / f.margin
	for _, label := range f.scores.Labels {
		product := math.Sqrt((dense.Dot(label.A, label.A) + m) * (dense.Dot(label.B, label.B) + m))
		size += f.scores.Gain * label.Weight * product * (1 + steep*product)
	}
	return accuracy{err: e.err, moved: size, nodes: e.nodes()}
}

// value is αP(α + t > 0) + ⟨M, ∇f(M)⟩, as E[1(α + t > 0) t] is linear in the M of t.
func (e *hingeAt) value(float64) (value, err, size float64) {
	value = e.of.margin * e.probability
	size, err = e.of.margin, e.err
	for i, s := range e.values {
		value += s * e.gradient.At(i, i)
		size += math.Abs(s * e.gradient.At(i, i))
		err += e.err * math.Abs(s)
	}
	return value, err, size
}

func (e *hingeAt) rule() string {
	return fmt.Sprintf("Gauss–Legendre %d", e.nodes())
}

// hessian is by the rule of the gradient; a step takes some products.
func (e *hingeAt) hessian(float64) (descent.Operator, error) {
	const products = 8
	return e, e.spend(products)
}

// Apply writes D²f(M)[V] for a symmetric V.
func (e *hingeAt) Apply(into, v *mat.Dense) {
	m := len(e.values)
	out, turned := mat.NewDense(m, m, nil), dense.Times(dense.Times(e.turn.T(), v), e.turn)
	gain := e.turned.Gain
	for i, of := range e.averages {
		of.Curve(out, turned, gain*gain*e.turned.Labels[i].Weight)
	}
	into.Copy(e.back(out))
}

// modulus estimates the smallest eigenvalue of D²f(M) in the metric, with no more steps than the budget pays for.
func (e *hingeAt) modulus(metric descent.Metric, _ float64) float64 {
	if math.IsNaN(e.least) {
		e.least = descent.LeastCurvature(e, metric, true, func() bool { return e.spend(1) == nil })
	}
	return e.least
}

// HingeOf is the hinge of a side in r dimensions at M = 1, with an estimate of its error: in the eigenvectors of its covariance S the
// score is one of slopes s and of points x/√s. A direction in which S is rounding is one that A does not have.
func HingeOf(weights []float64, delta, margin float64, laws Laws, side Projected) (value, err float64, failure error) {
	if size := mat.Norm(side.Covariance, 2) + mat.Norm(side.Means, 2); math.IsNaN(size) || math.IsInf(size, 0) {
		return math.NaN(), math.Inf(1), errHinge
	}
	spectrum, turn := dense.Eigen(side.Covariance)
	means := dense.Times(turn.T(), side.Means)
	r, k := means.Dims()
	first := 0
	for first < r-1 && spectrum[first] <= float64(16*r)*unitRoundoff*spectrum[r-1] {
		first++
	}
	spectrum = spectrum[first:]
	if spectrum[0] <= 0 { // A = 0
		return margin, 0, nil
	}
	unit := mat.NewDense(r-first, k, nil)
	unit.Apply(func(i, j int, x float64) float64 { return x / math.Sqrt(spectrum[i]) }, means.Slice(first, r, 0, k))
	scores := laws(weights, delta, unit)
	slopes := make([]float64, len(spectrum))
	for i, s := range spectrum {
		slopes[i] = scores.Gain * s
	}
	rounding := float64(16*r+4*k+64) * unitRoundoff
	last := math.NaN()
	for _, by := range finer {
		rule := rampRule(scores, slopes, margin, by)
		if rule == nil {
			break
		}
		probability, products := positive(scores, rule)
		value, size := margin*probability, margin
		for i, c := range slopes {
			value += c * products.At(i, i)
			size += math.Abs(c * products.At(i, i))
		}
		if err = math.Abs(value-last) + rounding*size; err <= 4*rounding*size {
			return value, err, nil
		}
		last = value
	}
	return math.NaN(), math.Inf(1), errHinge
}
