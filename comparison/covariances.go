package comparison

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"contrastcheck/comparison/clustering"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// CovarianceEffect says what it changes that each class of a table has its own covariance: the representation A* of those beside the shared-covariance answer, that of the same mixture with
// Σ̄ = Σ w_k Σ_k in the place of every Σ_k. Both have the same Fisher subspace S_F. Angles are between spaces of covectors a in the metric aᵀΣ̄b, in which S_F is
// orthogonal to its complement.
type CovarianceEffect struct {
	Own, Shared Embedding
	// ToFisher is the largest angle of a vector of Col(A*) to S_F: the largest principal angle, and 90° where A* has more columns than S_F dimensions. ToShared is the largest principal
	// angle of Col(A*) to the column space of the shared-covariance answer.
	ToFisher, ToShared Angle
	// Leak is ‖QM*‖/‖M*‖ for the projector Q across S_F, whitened, in Frobenius norm: the part of M* that leaves S_F, where ToFisher looks at directions, however little they count.
	Leak float64
	// Contained is the verdict on Col(A*) ⊆ S_F, for own covariances.
	Contained oracle.Verdict
	// NearestMean and Quadratic compare rules that are fitted in either embedding.
	NearestMean, Quadratic Errors
	// Rows of the table.
	Rows int

	open  bool   // the rank of the shared-covariance answer is not certain
	space string // how the Fisher subspace is written, "" for S_F
}

// Space is how the Fisher subspace is written: of distances, which see differences, it is the centred one, S_c.
func (e CovarianceEffect) Space() string { return cmp.Or(e.space, "S_F") }

// Embedding is one of two representations.
type Embedding struct {
	Rank             int     // of A*, as far as is known
	DiscriminantKept float64 // of tr[Σ̄⁻¹B], by oracle.Effect
}

// Angle is an angle in degrees, known to ±Error by the solver's own estimate of how far the minimiser is: a bound b of ‖M̂ − M*‖ turns no vector of Col(M̂) by more than
// asin(b/λ), λ the smallest positive eigenvalue of M̂. NaN where there is none.
type Angle struct{ Degrees, Error float64 }

// Errors are the shares of rows that a rule gets wrong in either embedding when it is fitted there to all rows but the one in question (leave-one-out; the embedding has been learned from all),
// with standard errors √(e(1 − e)/n). NaN where the rule cannot be fitted.
type Errors struct {
	Own, Shared Estimate
	// P is how probable at least as uneven numbers of rows are that only one of the two gets wrong, if neither is better: McNemar's test, exact and two-sided.
	P float64
}

// Covariances decides about the given pairs of a loss, pooled, and compares that with the decision about them as they are, of which it is given the effect. The table is the one that
// they were fitted to, with the λ of each class, nil for none. It refuses what losses.Decide does, and covariances that float64 cannot factor.
func Covariances(ctx context.Context, l losses.Loss, own losses.Decision, effect oracle.Effect, o losses.Options, t *tables.Table, lambdas []float64) (CovarianceEffect, error) {
	o.Method = solver.Reduced
	shared, err := losses.Decide(ctx, l, own.Given.Pooled(), o)
	if err != nil {
		return CovarianceEffect{}, err
	}
	m := own.Given.Left
	e := CovarianceEffect{space: l.Subspace(), Own: Embedding{own.Rank(), effect.Share()}, Shared: Embedding{shared.Rank(), shared.Effects(l, o)[0].Share()},
		Contained: own.Findings.Containment(), open: shared.Findings.Directions().Undecided > 0, Rows: len(t.Class)}
	whiten, err := newMetric(m)
	if err != nil {
		return e, err
	}
	ownMinimum, sharedMinimum := own.Lifted().Constrained, shared.Lifted().Constrained
	a, b := ownMinimum.Left.Columns, sharedMinimum.Left.Columns
	fisher, err := whiten.fisher()
	if err != nil {
		return e, err
	}
	e.ToFisher, e.ToShared = Angle{math.NaN(), math.NaN()}, Angle{math.NaN(), math.NaN()}
	if e.Leak = math.NaN(); a != nil {
		u, least := whiten.of(a)
		e.ToFisher = whiten.departure(u, fisher, ownMinimum.DistanceBound/least)
		e.Leak = leak(whiten.times(a), fisher)
		if b != nil {
			v, leastShared := whiten.of(b)
			e.ToShared = whiten.angle(u, v, ownMinimum.DistanceBound/least, sharedMinimum.DistanceBound/leastShared)
		}
	}
	e.classify(m, a, b, t, lambdas)
	return e, nil
}

// metric brings covectors into coordinates in which Σ̄ is I: a ↦ RD^½a, D = diag Σ̄, RᵀR the correlation matrix.
type metric struct {
	mixture  *gmm.Mixture
	root     mat.TriDense
	scales   []float64
	rounding float64 // how far it turns a vector, in radians, to first order
}

func newMetric(m *gmm.Mixture) (*metric, error) {
	covariance := m.Covariance()
	d := m.Dimension()
	w := &metric{mixture: m, scales: make([]float64, d)}
	for i := range d {
		w.scales[i] = math.Sqrt(covariance.At(i, i))
	}
	correlation := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			correlation.SetSym(i, j, covariance.At(i, j)/(w.scales[i]*w.scales[j]))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(correlation) {
		return nil, fmt.Errorf("comparison: expected a covariance that float64 can factor: %w", gmm.ErrIllConditioned)
	}
	factor.UTo(&w.root)
	const roundoff = 0x1p-53
	w.rounding = 4 * float64(d) * float64(d) * roundoff / m.LeastCorrelation()
	return w, nil
}

// times returns RD^½A.
func (w *metric) times(a *mat.Dense) *mat.Dense {
	scaled := mat.DenseCopyOf(a)
	for i, x := range w.scales {
		row := scaled.RawRowView(i)
		for j := range row {
			row[j] *= x
		}
	}
	var out mat.Dense
	out.Mul(&w.root, scaled)
	return &out
}

// of returns an orthonormal basis of the span of A, and the smallest eigenvalue of AAᵀ on it, whitened.
func (w *metric) of(a *mat.Dense) (basis *mat.Dense, least float64) {
	out := w.times(a)
	var svd mat.SVD
	svd.Factorize(out, mat.SVDNone)
	values := svd.Values(nil)
	return subspace.Orthonormal(out), math.Pow(values[len(values)-1], 2)
}

// fisher returns an orthonormal basis of S_F; nil of {0}.
func (w *metric) fisher() (*mat.Dense, error) {
	whitened, err := w.mixture.WhitenFisher()
	if err != nil || whitened.Means == nil {
		return nil, err
	}
	return subspace.Orthonormal(w.times(whitened.Frame.Columns(w.mixture))), nil
}

// departure is the largest angle of a vector of the span of u to that of s.
func (w *metric) departure(u, s *mat.Dense, turned float64) Angle {
	_, columns := u.Dims()
	if s == nil {
		return Angle{90, 0}
	}
	if _, dim := s.Dims(); columns > dim {
		return Angle{90, w.error(turned)}
	}
	return w.angle(u, s, turned, 0)
}

// angle is the largest principal angle, of spaces that are turned by angles of these sines at most.
func (w *metric) angle(u, v *mat.Dense, sines ...float64) Angle {
	return Angle{largestAngle(u, v), w.error(sines...)}
}

func (w *metric) error(sines ...float64) float64 {
	off := w.rounding
	for _, x := range sines {
		off += math.Asin(min(1, x))
	}
	return min(90, off*180/math.Pi)
}

// leak is ‖QWWᵀ‖/‖WWᵀ‖ for whitened columns W, and Q across the span of s.
func leak(columns, s *mat.Dense) float64 {
	var product, along, off mat.Dense
	product.Mul(columns, columns.T())
	if s == nil {
		return 1
	}
	along.Mul(s.T(), &product)
	off.Mul(s, &along)
	off.Sub(&product, &off)
	return mat.Norm(&off, 2) / mat.Norm(&product, 2)
}

// classify has rules err on the rows, in both embeddings.
func (e *CovarianceEffect) classify(m *gmm.Mixture, own, shared *mat.Dense, t *tables.Table, lambdas []float64) {
	left := func(a *mat.Dense) clustering.LeaveOneOut {
		if a == nil {
			return clustering.LeaveOneOut{}
		}
		var by []clustering.Shrinkage
		for k, lambda := range lambdas {
			by = append(by, clustering.Shrinkage{Lambda: lambda, Target: target(m, k, lambda, a)})
		}
		return clustering.NewLeaveOneOut(clustering.Labelled{X: Map{A: a}.Rows(t), Labels: t.Class}, by)
	}
	inOwn, inShared := left(own), left(shared)
	e.NearestMean, e.Quadratic = newErrors(inOwn.NearestMean, inShared.NearestMean), newErrors(inOwn.Quadratic, inShared.Quadratic)
}

// target is λ (tr Σ_k/d) AᵀA, which shrinking has added to AᵀΣ_kA: it leaves the trace of Σ_k alone.
func target(m *gmm.Mixture, k int, lambda float64, a *mat.Dense) *mat.SymDense {
	_, columns := a.Dims()
	out := mat.NewSymDense(columns, nil)
	out.SymOuterK(lambda*mat.Trace(m.Own(k))/float64(m.Dimension()), a.T())
	return out
}

// newErrors compares two rules by the rows that they get wrong; nil where one could not be fitted.
func newErrors(own, shared []bool) Errors {
	e := Errors{share(own), share(shared), math.NaN()}
	if own == nil || shared == nil {
		return e
	}
	onlyOwn, onlyShared := 0, 0
	for i, wrong := range own {
		switch {
		case wrong && !shared[i]:
			onlyOwn++
		case !wrong && shared[i]:
			onlyShared++
		}
	}
	fewer, both := float64(min(onlyOwn, onlyShared)), float64(onlyOwn+onlyShared)
	e.P = 1
	if both > 0 {
		e.P = min(1, 2*distuv.Binomial{N: both, P: 0.5}.CDF(fewer))
	}
	return e
}

// share is the mean of n answers, and its standard error.
func share(wrong []bool) Estimate {
	if wrong == nil {
		return Estimate{math.NaN(), math.NaN()}
	}
	count := 0
	for _, w := range wrong {
		if w {
			count++
		}
	}
	n := float64(len(wrong))
	mean := float64(count) / n
	return Estimate{mean, math.Sqrt(mean * (1 - mean) / n)}
}
