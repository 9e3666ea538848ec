package solver

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ErrDimension says that a mixture with own covariances has more dimensions than a
// tensor rule over all of them serves.
var ErrDimension = errors.New("solver: expected at most 3 dimensions where each component has its own covariance")

// MostGeneralDimensions is the largest d that General serves.
const MostGeneralDimensions = 3

// GeneralCandidate is what a solve with own covariances found. Nothing in it is a verdict.
type GeneralCandidate struct {
	// Candidate holds the minimisers over all d dimensions.
	Candidate
	// Inside is the minimiser over positive semidefinite M with Col(M) in the
	// Fisher subspace of Σ̄; its N is nil where that is {0}.
	Inside Minimum
}

// General minimises the InfoNCE loss of a mixture with own covariances,
//
//	f(M) = −⟨M, T_δ⟩ + E_x log Σ_k w_k exp(xᵀMμ_k + ½xᵀMΣ_kMx),
//
// over all symmetric matrices and over positive semidefinite ones, from a random
// matrix of full rank, and once more inside the Fisher subspace. With Σ_k ⪰ cΣ̄, f is
// c-strongly convex in coordinates that Σ̄ whitens, so distances are at most gradients
// divided by c, which is gmm.Whitened.LeastEigenvalue.
//
// Expectations are tensor Gauss–Hermite rules over all coordinates, refined until two
// levels agree; the error that Minimum reports is their difference. It refuses more
// than MostGeneralDimensions dimensions with ErrDimension.
func General(p gmm.Pairs, o Options) (GeneralCandidate, error) {
	if err := p.WantOneModality(); err != nil {
		return GeneralCandidate{}, err
	}
	if d := p.Left.Dimension(); d > MostGeneralDimensions {
		return GeneralCandidate{}, fmt.Errorf("%w, found %d", ErrDimension, d)
	}
	if err := checkComponents(p); err != nil {
		return GeneralCandidate{}, err
	}
	w, err := p.Left.Apart().WhitenFull()
	if err != nil {
		return GeneralCandidate{}, err
	}
	if err := checkScale(w.Means); err != nil {
		return GeneralCandidate{}, err
	}
	f, rotation := newGeneral(p, w)
	f.work = newBudget(o)
	tolerance := o.tolerance(p.Components())
	found, err := f.candidate(p.Left, w, rotation, randomStart(w.Means, rand.New(rand.NewPCG(o.Seed, 0))), tolerance)
	if err != nil {
		return GeneralCandidate{}, err
	}
	c := GeneralCandidate{Candidate: found}
	s := p.Left.FisherDimension().Value
	if s == 0 {
		c.Inside = Minimum{Form: gmm.Form{Left: w.Frame, Right: w.Frame}}
		return c, nil
	}
	if s == p.Left.Dimension() { // the Fisher subspace is everything
		c.Inside = c.Minimiser
		return c, nil
	}
	basis := leadingDirections(w.Means, s)
	inside, turned := f.restricted(basis, rotation)
	inside.work = newBudget(o) // the first solve may have left nothing
	within, err := inside.candidate(p.Left, w, turned, mat.NewDense(s, s, nil), tolerance)
	c.Inside = within.Minimiser
	return c, err
}

// leadingDirections returns an orthonormal basis of the s directions that vectors,
// the columns of a, whatever their lengths, span best.
func leadingDirections(a *mat.Dense, s int) *mat.Dense {
	unit := mat.DenseCopyOf(a)
	rows, columns := unit.Dims()
	for j := range columns {
		if length := mat.Norm(a.ColView(j), 2); length > 0 {
			for i := range rows {
				unit.Set(i, j, unit.At(i, j)/length)
			}
		}
	}
	var memory arena
	u, _, _ := singular(&memory, unit)
	return mat.DenseCopyOf(u.Slice(0, rows, 0, s))
}

// general is the InfoNCE loss of a mixture with own covariances as a function of a
// symmetric M in m coordinates whitened by Σ̄ and turned so that W = I + C is
// diagonal. With p(x) the softmax of φ_k(x) = log w_k + xᵀMμ_k + ½xᵀMT_kMx, and y given x
// drawn from the components N(μ_k + T_kMx, T_k) with weights p_k,
//
//	∇f(M)     = −T_δ + sym E_x[ x E[y|x]ᵀ ]
//	D²f(M)[V] = sym E_x[ x xᵀ V Cov(y|x) ]
//
// as xᵀMy has the log-Laplace transform log Σ_k exp φ_k, whose derivatives in M are moments of
// the tilted law of y. Cov(y|x) ⪰ cI, so D²f[V, V] ≥ c⟨V², W⟩.
type general struct {
	metric
	weights     []float64
	logWeights  []float64
	delta       float64
	modulus     float64      // c
	means       *mat.Dense   // m×K, μ_k
	covariances []*mat.Dense // K, T_k, m×m
	roots       []*mat.Dense // K, T_k = R_kR_kᵀ
	target      *mat.Dense   // T_δ, m×m
	inputError  float64      // relative error of means and covariances
	work        *budget
}

// newGeneral states the loss of p in whitened coordinates. It also returns the
// m×m rotation whose columns are the diagonalising directions.
func newGeneral(p gmm.Pairs, w gmm.Whitened) (*general, *mat.Dense) {
	f := &general{weights: p.Weights(), logWeights: p.LogWeights(), delta: p.Delta(), modulus: w.LeastEigenvalue, means: w.Means, inputError: w.Error}
	for k, t := range w.Covariances {
		f.covariances = append(f.covariances, mat.DenseCopyOf(t))
		f.inputError = max(f.inputError, w.CovarianceErrors[k]/mat.Norm(t, 2))
	}
	d, _ := w.Means.Dims()
	whole := mat.NewDense(d, d, nil)
	for i := range d {
		whole.Set(i, i, 1)
	}
	return f.restricted(whole, whole)
}

// restricted returns f(BNBᵀ) as a function of N, s×s: the loss of the mixture of
// Bᵀx, turned so that its W is diagonal. The basis B, m×s orthonormal, is written in
// coordinates that rotation takes those of f to; so is turned, the basis of N.
func (f *general) restricted(basis, rotation *mat.Dense) (inside *general, turned *mat.Dense) {
	var own, means mat.Dense
	own.Mul(rotation.T(), basis)
	means.Mul(own.T(), f.means)
	scatter, turn := eigen(gmm.RawScatter(f.weights, &means))
	var directions mat.Dense
	directions.Mul(&own, turn)
	out := &general{metric: metric{second: scatter}, weights: f.weights, logWeights: f.logWeights, delta: f.delta, modulus: f.modulus,
		inputError: f.inputError, means: new(mat.Dense), work: f.work}
	for i, c := range scatter {
		out.second[i] = 1 + max(0, c)
	}
	out.means.Mul(directions.T(), f.means)
	for _, t := range f.covariances {
		var half, inner mat.Dense
		half.Mul(t, &directions)
		inner.Mul(directions.T(), &half)
		symmetrise(&inner)
		out.covariances = append(out.covariances, &inner)
		out.roots = append(out.roots, positiveRoot(&inner))
	}
	out.target = pairMoment(out.weights, out.means, out.delta)
	turned = new(mat.Dense)
	turned.Mul(rotation, &directions)
	return out, turned
}

// pairMoment is T_δ = E x x̂ᵀ = δC + (1−δ)μ̄μ̄ᵀ of a positive pair.
func pairMoment(weights []float64, means *mat.Dense, delta float64) *mat.Dense {
	mean := gmm.Mean(weights, means)
	out := mat.DenseCopyOf(gmm.RawScatter(weights, means))
	out.Apply(func(i, j int, c float64) float64 { return delta*c + (1-delta)*mean.AtVec(i)*mean.AtVec(j) }, out)
	return out
}

// positiveRoot returns an R with RRᵀ = S of a positive semidefinite matrix.
func positiveRoot(s *mat.Dense) *mat.Dense {
	values, vectors := eigen(s)
	for i, value := range values {
		values[i] = math.Sqrt(max(0, value))
	}
	return weightedColumns(vectors, values)
}

// coarsest is the quadrature error allowed in the first steps.
func (f *general) coarsest() float64 { return coarse * f.signal() }

// signal is min(1, ‖∇f(0)‖_d) = min(1, δ‖B‖_d), as for a shared covariance: at M = 0
// the covariances do not enter.

func (f *general) signal() float64 {
	b := mat.DenseCopyOf(gmm.CentredScatter(f.weights, f.means))
	if size := f.delta * f.dualNorm(b); size > 0 {
		return min(1, size)
	}
	return 1
}

// roundings is a generous count of the roundings that one term of the gradient sees.
func (f *general) roundings() float64 {
	m, k := f.means.Dims()
	return float64(4*m*m + 4*k + 64)
}

// distance bounds ‖M − M_exact‖_F by what strong convexity makes of the gradient.
func (f *general) distance(at *place, residual float64) float64 {
	return (residual+at.err)/f.modulus + (f.roundings()*unitRoundoff+f.inputError)*mat.Norm(at.m, 2)
}

// candidate minimises f and brings both minimisers back to original coordinates.
func (f *general) candidate(mixture *gmm.Mixture, w gmm.Whitened, rotation, start *mat.Dense, tolerance float64) (Candidate, error) {
	tolerance *= f.signal()
	d := newGeneralDescent(f)
	f.work.keep(half)
	steps, spent, err := newton(d, f.work, start, tolerance)
	if err != nil {
		return Candidate{}, err
	}
	f.work.keep(0)
	found := &d.here.place
	c := Candidate{Method: "blind", Rule: d.here.rule.String(), Points: d.here.rule.Nodes() * len(f.weights), RuleError: d.here.ruleError, Steps: steps,
		Unconstrained: f.minimum(w, rotation, found, found.norm)}
	constrained, err := minimisePSD(d, f.work, found, c.Unconstrained.DistanceBound, tolerance)
	if err != nil {
		return Candidate{}, err
	}
	if spent || constrained.spent {
		c.Rule += atLimit
	}
	c.Minimiser = f.minimum(w, rotation, constrained.place, constrained.residual)
	c.Minimiser.Rank = len(constrained.n)
	if root := constrained.root(); root != nil {
		var turned mat.Dense
		turned.Mul(rotation, root)
		c.Minimiser.Root, c.Minimiser.Coefficients = canonicalColumns(w.Columns(mixture, &turned), w.Coefficients(&turned))
	}
	return c, nil
}

func (f *general) minimum(w gmm.Whitened, rotation *mat.Dense, at *place, residual float64) Minimum {
	return minimum(w, rotation, at, residual, f.distance(at, residual))
}
