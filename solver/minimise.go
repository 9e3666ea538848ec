package solver

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ErrScale says that the whitened means are too large or too small for float64.
var ErrScale = errors.New("solver: expected means between 1e-70 and 1e70 standard deviations from the origin")

// Options steer a solve. The zero value asks for the defaults.
type Options struct {
	// Tolerance is the total error of the gradient that is aimed at, in
	// whitened coordinates: > 0. Zero means 1e-10 for K ≤ 5 components, 1e-8 for K ≤ 8,
	// 1e-6 for K ≤ 16, else 1e-5; where that needs too many nodes, errors are larger and say so.
	// Where the components barely differ it is relative to ‖∇f(0)‖ < 1.
	Tolerance float64
	// Oversampling multiplies the number of quadrature points along each
	// direction, to check a result by a finer rule: ≥ 1. Zero means 1.
	Oversampling int
	// Seed determines the random start of Blind. Reduced does not use it.
	Seed uint64
	// Cores is how many goroutines share the quadrature nodes of one evaluation,
	// which pays for problems of four components or more: ≥ 1. Zero means 1. The
	// result does not depend on it.
	Cores int
	// Limit multiplies the work that a solve may spend before it ends with what it has, and says so in
	// Rule: > 0. Zero means 1, some half a minute on two cores.
	Limit float64
	// Start is where Reduced begins, d×d in original coordinates; the minimum of a
	// neighbouring mixture saves most of the steps. The part of it that the Fisher
	// subspace sees is used, unless M = 0 is nearer to stationary. nil means M = 0.
	// The loss is strongly convex, so minima differ by no more than their
	// DistanceBounds whatever the start. Blind does not use it.
	Start *mat.Dense
}

// tolerance resolves the default: quadrature beyond four directions cannot pay for ten digits.
func (o Options) tolerance(components int) float64 {
	switch {
	case o.Tolerance > 0:
		return o.Tolerance
	case components <= 5:
		return 1e-10
	case components <= 8:
		return 1e-8
	case components <= 16:
		return 1e-6
	}
	return 1e-5
}

// Minimum is a minimiser of the loss, as a form and with its errors.
type Minimum struct {
	// Form is the symmetric matrix M on R^d; its N is nil where M = 0 because
	// the Fisher subspace is {0}.
	Form gmm.Form
	// Root is A with AAᵀ = M, d×rank, in original coordinates; nil for rank 0
	// and for an unconstrained minimum.
	Root *mat.Dense
	// Coefficients is B, m×rank, with A = FB for the columns F of the form's frame; in
	// them A keeps the precision that Root loses where Σ is ill-conditioned.
	Coefficients *mat.Dense
	// Rank is the rank of a minimum over positive semidefinite matrices.
	Rank int
	// Loss is f(M), LossError an estimate of its error.
	Loss, LossError float64
	// GradientNorm is ‖∇f(M)‖_d in whitened coordinates (mathematics: ‖G‖²_d =
	// Σ 2G_ij²/(w_i + w_j) in the eigenbasis of I + C); for a constrained
	// minimum the KKT residual ‖∇f(M) − Z‖_d.
	GradientNorm float64
	// DistanceBound bounds ‖M − M_exact‖_F in whitened coordinates by
	// GradientNorm plus estimates of quadrature, whitening and rounding error. What a
	// rule for many directions cannot see of the softmax is integrated along lines
	// through it, with an error estimate of its own, or bounded by the tangents of log p_k.
	DistanceBound float64
}

// Candidate is what a solve found. Nothing in it is a verdict.
type Candidate struct {
	Method        string  // "reduced" or "blind"
	Unconstrained Minimum // over all symmetric M
	Minimiser     Minimum // over M ⪰ 0
	Rule          string  // the quadrature rule at Unconstrained
	Points        int     // its nodes
	RuleError     float64 // its estimated error of the gradient, whitened
	Steps         int     // Newton steps that led to Unconstrained
}

// Reduced minimises the InfoNCE loss of p inside the Fisher subspace, in s
// dimensions, by Newton's method from M = 0 or the given start. It panics if that
// start is not d×d.
func Reduced(p gmm.Pairs, o Options) (Candidate, error) { return new(Workspace).Reduced(p, o) }

// Reduced is the function Reduced in the memory of ws.
func (ws *Workspace) Reduced(p gmm.Pairs, o Options) (Candidate, error) {
	if err := checkSingle(p); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.WhitenFisher()
	if err != nil {
		return Candidate{}, err
	}
	if w.Means == nil {
		none := Minimum{Form: gmm.Form{Left: w.Frame, Right: w.Frame}}
		return Candidate{Method: "reduced", Unconstrained: none, Minimiser: none, Rule: "exact", Points: 1}, nil
	}
	f, rotation, err := steered(p, w, o)
	if err != nil {
		return Candidate{}, err
	}
	start := f.zero()
	if o.Start != nil {
		start = f.startFrom(ws, p.Left, w, rotation, o.Start)
	}
	return f.candidate(ws, "reduced", p.Left, w, rotation, start, o.tolerance(p.Components()))
}

// Blind minimises the InfoNCE loss of p over all d dimensions, from a random
// matrix of full rank. It neither computes nor uses the Fisher subspace: whether
// the minimiser lies there is for others to judge.
func Blind(p gmm.Pairs, o Options) (Candidate, error) { return new(Workspace).Blind(p, o) }

// Blind is the function Blind in the memory of ws.
func (ws *Workspace) Blind(p gmm.Pairs, o Options) (Candidate, error) {
	if err := checkSingle(p); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return Candidate{}, err
	}
	f, rotation, err := steered(p, w, o)
	if err != nil {
		return Candidate{}, err
	}
	start := randomStart(w.Means, rand.New(rand.NewPCG(o.Seed, 0)))
	return f.candidate(ws, "blind", p.Left, w, rotation, start, o.tolerance(p.Components()))
}

// MostComponents is far beyond what tensor rules serve, and bounds K; it keeps the exact rank of
// the means of a mislabelled table from being computed in vain.
const MostComponents = 64

// checkSingle refuses pairs of which the InfoNCE loss of one shared covariance is not.
func checkSingle(p gmm.Pairs) error {
	if err := p.WantSingle(); err != nil {
		return err
	}
	return checkComponents(p)
}

func checkComponents(p gmm.Pairs) error {
	if k := p.Components(); k > MostComponents {
		return fmt.Errorf("solver: expected at most %d components, found %d", MostComponents, k)
	}
	return nil
}

// randomStart returns a random symmetric matrix of full rank, small enough that
// its softmax is no steeper than that of typical minimisers.
func randomStart(means *mat.Dense, rng *rand.Rand) *mat.Dense {
	d, _ := means.Dims()
	start := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range i + 1 {
			x := rng.NormFloat64()
			start.Set(i, j, x)
			start.Set(j, i, x)
		}
	}
	longest := mat.Norm(means, 2)
	start.Scale(1/((1+longest*longest)*math.Sqrt(float64(d))), start)
	return start
}

// Within these sizes of the whitened means the squares of gradients neither
// overflow nor vanish.
const smallestWhitened, largestWhitened = 1e-70, 1e70

func checkScale(means *mat.Dense) error {
	if longest := max(mat.Max(means), -mat.Min(means)); longest != 0 && !(smallestWhitened < longest && longest < largestWhitened) {
		return fmt.Errorf("%w, found one of about %.3g; rescale them", ErrScale, longest)
	}
	return nil
}

// steered is the loss of p as the options want it computed, with newInfoNCE's rotation.
func steered(p gmm.Pairs, w gmm.Whitened, o Options) (*infonce, *mat.Dense, error) {
	if err := checkScale(w.Means); err != nil {
		return nil, nil, err
	}
	f, rotation := newInfoNCE(p, w)
	f.steer(o)
	return f, rotation, nil
}

// candidate minimises f and brings both minimisers back to original coordinates.
func (f *infonce) candidate(ws *Workspace, method string, mixture *gmm.Mixture, w gmm.Whitened, rotation, start *mat.Dense, tolerance float64) (Candidate, error) {
	tolerance *= f.signal()
	found, err := f.minimise(ws, start, tolerance)
	if err != nil {
		return Candidate{}, err
	}
	free := f.minimum(w, rotation, &found.place, found.norm)
	c := Candidate{Method: method, Unconstrained: free, Rule: found.ruleName(), Points: found.softmaxPoint.nodes(),
		RuleError: found.ruleError(f.sensitivity), Steps: found.steps}
	spent := found.spent // found's memory is used again
	constrained, err := f.minimisePSD(ws, found, free.DistanceBound, tolerance)
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

// canonicalColumns reverses the order of the columns, so that the largest
// eigenvalue comes first, and makes each column's largest entry positive, the
// first of them where rounding alone tells several apart. The columns of coefficients
// follow.
func canonicalColumns(a, coefficients *mat.Dense) (root, follow *mat.Dense) {
	rows, columns := a.Dims()
	out := mat.NewDense(rows, columns, nil)
	follow = mat.DenseCopyOf(coefficients)
	for j := range columns {
		column := mat.Col(nil, columns-1-j, a)
		const alike = 1 - 1e-6 // no minimiser is this inaccurate, and no symmetry this nearly broken
		var largest float64
		for _, x := range column {
			if math.Abs(x)*alike > math.Abs(largest) {
				largest = x
			}
		}
		for i, x := range column {
			out.Set(i, j, math.Copysign(1, largest)*x)
		}
		for i, x := range mat.Col(nil, columns-1-j, coefficients) {
			follow.Set(i, j, math.Copysign(1, largest)*x)
		}
	}
	return out, follow
}

func (f *infonce) minimum(w gmm.Whitened, rotation *mat.Dense, pt *place, residual float64) Minimum {
	return minimum(w, rotation, pt, residual, residual+pt.err+(f.operations()*unitRoundoff+w.Error)*mat.Norm(pt.m, 2))
}

// minimum brings M back from turned whitened coordinates to the frame of w.
func minimum(w gmm.Whitened, rotation *mat.Dense, pt *place, residual, distance float64) Minimum {
	m, _ := rotation.Dims()
	var half, turned mat.Dense
	half.Mul(rotation, pt.m)
	turned.Mul(&half, rotation.T())
	symmetric := mat.NewSymDense(m, nil)
	for i := range m {
		for j := i; j < m; j++ {
			symmetric.SetSym(i, j, (turned.At(i, j)+turned.At(j, i))/2)
		}
	}
	loss, lossError := pt.whole.value()
	return Minimum{Form: w.Form(symmetric), Loss: loss, LossError: lossError, GradientNorm: residual, DistanceBound: distance}
}

// Representation returns A, d×r, with AAᵀ = M: the columns of Root and zeros.
// It panics if r is smaller than the rank of the minimum.
func (c Candidate) Representation(d, r int) *mat.Dense {
	if r < c.Minimiser.Rank {
		panic(fmt.Sprintf("solver: a representation of rank %d does not fit %d columns", c.Minimiser.Rank, r))
	}
	a := mat.NewDense(d, r, nil)
	if c.Minimiser.Root != nil {
		a.Slice(0, d, 0, c.Minimiser.Rank).(*mat.Dense).Copy(c.Minimiser.Root)
	}
	return a
}
