package solver

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// ErrScale says that the whitened means are too large or too small for float64.
var ErrScale = errors.New("solver: expected means between 1e-70 and 1e70 standard deviations from the origin")

// ErrDimension says that the means of components with own covariances span more directions than averages are over.
var ErrDimension = errors.New("solver: expected fewer directions where each component has its own covariance")

// MostOwnDirections is the largest dimension of the Fisher subspace of components with own covariances, unless the loss pools them or needs no quadrature.
const MostOwnDirections = term.MostScatteredDimensions

// MostComponents bounds K, unless the loss needs no quadrature.
const MostComponents = term.MostComponents

// Workspace is memory that solves use again: with one, a Newton step allocates
// nothing from the second of its size on, on one core. The zero value is ready. It holds no
// result, and results do not depend on it; it must not be shared by solves that
// run at the same time.
type Workspace struct{ state descent.State }

// Minimise minimises a loss of p. With Σ_k ⪰ cΣ̄ for own covariances, losses are c-strongly convex in coordinates that Σ̄ whitens
// (gmm.Whitened.LeastEigenvalue). It refuses what the loss does not admit, and with ErrDimension and ErrScale.
func Minimise(l Loss, p gmm.Pairs, o Options) (Candidate, error) {
	return new(Workspace).Minimise(l, p, o)
}

// Minimise is the function Minimise in the memory of ws.
func (ws *Workspace) Minimise(l Loss, p gmm.Pairs, o Options) (Candidate, error) {
	if o.Method == Factored && (o.Columns < 1 || o.Starts < 1) {
		panic(fmt.Sprintf("solver: %d columns from %d starts", o.Columns, o.Starts))
	}
	if err := l.Admit(p); err != nil {
		return Candidate{}, err
	}
	if l.pools {
		p = p.Pooled()
	}
	if o.Method == Reduced && !p.Shared() {
		o.Method = Blind
	}
	if d := p.Left.Dimension(); l.affine && !p.Shared() && d > term.MostTiltedDirections { // rules are over all of them
		return Candidate{}, fmt.Errorf("%w: affine maps of at most %d dimensions, or of an envelope of as many, found %d", ErrDimension, term.MostTiltedDirections, d)
	}
	whiten := gmm.Pairs.WhitenFull
	if o.Method == Reduced {
		whiten = gmm.Pairs.WhitenFisher
	}
	w, err := whiten(p)
	if err != nil {
		return Candidate{}, err
	}
	if w.Left.Means == nil || w.Right.Means == nil {
		none := Minimum{Form: w.Form(nil), Bias: math.NaN()}
		c := Candidate{Method: o.Method.String(), Free: none, Constrained: none, Rule: "exact", Points: 1}
		if l.pools {
			c.Rule, c.Points = closedForm, 0
		}
		return c, nil
	}
	f, err := state(l, p, w, o)
	if err != nil {
		return Candidate{}, err
	}
	switch o.Method {
	case Factored:
		return f.factorise(o)
	case Reduced:
		return f.candidate(ws, o, f.startFrom(ws, o.Start))
	}
	if !p.Shared() && !f.Exact() && !l.affine && term.Narrow(f.Law) && p.Left.FisherDimension() < p.Left.Dimension() {
		return f.outward(ws, o) // whose rules are narrow
	}
	c, err := f.candidate(ws, o, f.randomStart(rand.New(rand.NewPCG(o.Seed, 0))))
	if err != nil || p.Shared() {
		return c, err
	}
	c.Inside, err = f.inside(ws, o, c)
	return c, err
}

// stated is a loss of pairs in coordinates of its own, with the way back.
type stated struct {
	*term.Sum
	loss     Loss
	pairs    gmm.Pairs
	whitened gmm.WhitenedPairs
}

// state states a loss of pairs as the options want it computed.
func state(l Loss, p gmm.Pairs, w gmm.WhitenedPairs, o Options) (*stated, error) {
	law := &term.Law{Weights: p.Weights(), LogWeights: p.LogWeights(), Delta: p.Delta(), Left: term.NewSide(p.Weights(), w.Left),
		Cores: max(1, o.Cores), Budget: descent.NewBudget(o.Limit), Choose: term.Oversampled(o.Oversampling), Thrifty: o.thrifty(len(p.Weights()))}
	if law.Right = law.Left; p.Modalities() == 2 {
		law.Right = term.NewSide(p.Weights(), w.Right)
	}
	for _, means := range []*mat.Dense{w.Left.Means, w.Right.Means} {
		if err := checkScale(means); err != nil {
			return nil, err
		}
	}
	return &stated{term.NewSum(law, l.terms(law)...), l, p, w}, nil
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

// candidate minimises f and brings its minimisers back to original coordinates.
func (f *stated) candidate(ws *Workspace, o Options, start *mat.Dense) (Candidate, error) {
	if q, ok := f.Quadratic(); ok {
		return f.quadratic(ws, q, o, start)
	}
	tolerance := o.tolerance(f.Sum) * f.Signal()
	steps, spent, err := f.Minimise(&ws.state, start, tolerance)
	if err != nil {
		return Candidate{}, err
	}
	found := ws.state.Here().(*term.Point)
	at := found.Iterate()
	c := Candidate{Method: o.Method.String(), Free: f.minimum(at, at.Norm), Steps: steps}
	c.Rule, c.Points, c.RuleError = found.Rule()
	if c.Constrained = c.Free; f.Law.Symmetric() { // found's memory is used again
		constrained, err := f.MinimisePSD(&ws.state, at, c.Free.DistanceBound, tolerance)
		if err != nil {
			return Candidate{}, err
		}
		spent = spent || constrained.Spent
		c.Constrained = f.minimum(constrained.Iterate, constrained.Residual)
		c.Constrained.Rank = constrained.Rank()
		c.Constrained.factored(f, constrained.Root())
		f.offset(&c.Constrained)
	}
	if spent {
		c.Rule += descent.AtLimit
	}
	return c, nil
}

// How a minimiser of a quadratic was found.
const (
	closedForm  = "closed form"
	byGradients = "conjugate gradients"
	byDescent   = "L-BFGS over A"
)

// quadratic is candidate of a quadratic: by its closed form or, blindly, by conjugate gradients, which know neither
// that nor the quadratic's diagonal.
func (f *stated) quadratic(ws *Workspace, q *term.Quadratic, o Options, start *mat.Dense) (Candidate, error) {
	c := Candidate{Method: o.Method.String(), Rule: closedForm}
	m := start
	if o.Method == Reduced {
		m = q.Minimiser()
	} else {
		c.Rule = byGradients
		if err := descent.Quadratic(f, &ws.state, start, o.tolerance(f.Sum)); err != nil {
			return Candidate{}, err
		}
		m = mat.DenseCopyOf(ws.state.Here().Iterate().M)
	}
	if f.Law.Symmetric() {
		dense.Symmetrise(m)
	}
	at, err := ws.state.Try(f, m, 0)
	if err != nil {
		return Candidate{}, err
	}
	c.Free = f.minimum(at, at.Norm)
	c.Free.Rank = f.Rank(at)
	if f.loss.rank != nil && o.Method == Reduced {
		if rank, known := f.loss.rank(f.pairs); known {
			c.Free.Rank = rank
		}
	}
	c.Constrained = c.Free
	switch rank := c.Free.Rank; {
	case !f.Law.Symmetric():
		c.Free.decompose(f, f.turnedBack(m))
		c.Constrained = c.Free
	case rank > 0:
		values, vectors := dense.Eigen(m)
		n := len(values)
		c.Constrained.factored(f, dense.RootColumns(vectors.Slice(0, n, n-rank, n).(*mat.Dense), values[n-rank:]))
	}
	return c, nil
}

// inside minimises within the Fisher subspaces, of dimensions s, unless they are {0} or all.
func (f *stated) inside(ws *Workspace, o Options, whole Candidate) (Minimum, error) {
	p := f.pairs
	left, right := p.Left.FisherDimension(), p.Right.FisherDimension()
	switch {
	case left == 0 || right == 0:
		return Minimum{Form: f.whitened.Form(nil)}, nil
	case left == p.Left.Dimension() && right == p.Right.Dimension():
		return whole.Constrained, nil
	}
	c, err := f.within(left, right, o).candidate(ws, o, mat.NewDense(left, right, nil))
	return c.Constrained, err
}

// factorise is candidate over representations with columns.
func (f *stated) factorise(o Options) (Candidate, error) {
	left, right := f.Law.Left, f.Law.Right
	rows, columns := len(left.Second), len(right.Second)
	tolerance := o.tolerance(f.Sum) * f.Signal()
	longest := mat.Norm(left.Means, 2) * mat.Norm(right.Means, 2)
	way := descent.Factoring{Columns: o.Columns, Starts: o.Starts, Symmetric: f.Law.Symmetric(), Tolerance: tolerance,
		Size: 1 / math.Sqrt((1+longest)*math.Sqrt(float64(max(rows, columns)))), Rand: rand.New(rand.NewPCG(o.Seed, 1))}
	q, quadratic := f.Quadratic()
	if quadratic {
		way.Size, way.Scale = 1/math.Sqrt(float64(max(rows, columns))), q.Scale()
	}
	found, err := descent.Factored(f, way)
	if err != nil {
		return Candidate{}, err
	}
	pt := found.Point.(*term.Point)
	at := pt.Iterate()
	before := at.Err
	f.Look(pt, tolerance, false, false)
	missed := 2 * (at.Err - before) * math.Sqrt(mat.Max(f.Metric().Weights)) * dense.Norm(found.Left) // of ∇L = 2∇f(AAᵀ)A, as ‖G‖_F² ≤ ‖G‖_d² max b
	c := Candidate{Method: o.Method.String(), Rule: byDescent}
	if !quadratic {
		c.Rule, c.Points, c.RuleError = pt.Rule()
	}
	if found.Spent {
		c.Rule += descent.AtLimit
	}
	m := f.minimum(at, at.Norm)
	m.Rank, m.GradientNorm = o.Columns, found.Slope+missed
	if o.Columns < f.fisher() || f.Law.Symmetric() && !quadratic {
		m.DistanceBound = math.Inf(1)
	}
	m.Left = f.factor(left.Rotation, found.Left, f.whitened.Left, f.pairs.Left)
	m.Right = m.Left
	f.offset(&m)
	if c.Constrained = m; !f.Law.Symmetric() {
		m.Right = f.factor(right.Rotation, found.Right, f.whitened.Right, f.pairs.Right)
		c.Free, c.Constrained = m, m
	}
	return c, nil
}
