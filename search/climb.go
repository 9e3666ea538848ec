package search

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// sufficient is the score at which an ascent ends: high enough for numbers to be
// rounded, and low enough for weights and distances to stay moderate.
const sufficient = 0.012

// climb ascends a score from a drawn mixture by CMA-ES and, where it has
// ended below sufficient, by a local polish, and rounds the best mixture to a case
// that the check refutes. Of a claim that is lifted the mixture is a base of a dimension less, and the score that of its best lifting; else the
// score is the claim's own.
func (s start) climb(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	k, d := s.shape()
	if k < d+1 || d < 2 { // ℓ(β) = 0 and Σ w β = 0 are d conditions on K numbers; a base has a dimension less
		return s.plainly(ctx, budget)
	}
	a, rounded := s.ascent(), s.rounded
	if s.claim.Hunt.Ascent == theorems.ByLifting {
		rounded = s.roundedLifting
	}
	// A polish gets a part of the budget, and rounding the last of it.
	a.ascend(ctx, s, s.drawnPoint(a), firstStep, budget*3/4, budget-mostRoundings)
	s.saw(a.best)
	if !(a.best > 0) {
		return found, a.evaluations, false
	}
	for c := range rounded(a.base(a.at), s.exampleSeed(0)) {
		if a.evaluations++; a.evaluations > budget {
			return found, budget, false
		}
		if found, ok = refute(s.claim, s.limits, c); ok {
			return found, a.evaluations, true
		}
	}
	return found, a.evaluations, false
}

// firstStep is that of an ascent from a drawn point.
const firstStep = 0.5

// ascent is the space that the claim's score, or lifting, is ascended in.
func (s start) ascent() *ascent {
	k, d := s.shape()
	if s.claim.Hunt.Ascent != theorems.ByLifting {
		return newAscent(k, d, s.delta(), s.limits, s.score)
	}
	var memory solver.Workspace
	a := newAscent(k, d-1, s.delta(), s.limits, func(b solver.Base) float64 { return memory.Lift(b).Score })
	if s.limits.Separation != nil || s.objective == Balanced { // whose bases are liftings of many, slow where they are farther
		a.separation /= math.Sqrt2 // the new coordinate takes its share
	}
	return a
}

// drawnPoint is where a start begins.
func (s start) drawnPoint(a *ascent) []float64 {
	return a.point(s.generator().Example(s.exampleSeed(0)))
}

// ascend climbs from a point by CMA-ES and, where that has ended below what is enough, polishes; each until the evaluations reach a number.
func (a *ascent) ascend(ctx context.Context, s start, x []float64, step float64, climbing, polishing int) {
	// A run that fails still leaves the best point that it met.
	_, _ = optimize.Minimize(a.problem(ctx, climbing), x, &optimize.Settings{Converger: optimize.NeverTerminate{}, Concurrent: 1},
		&optimize.CmaEsChol{InitStepSize: step, Src: rand.NewPCG(s.seed, uint64(s.number))})
	if a.polishes < a.best && a.best < a.enough {
		a.polish(ctx, a.at, polishing)
	}
}

// polish climbs by simplices, until that gains next to nothing.
func (a *ascent) polish(ctx context.Context, x []float64, evaluations int) {
	const gain, without = 1e-3, 50
	_, _ = optimize.Minimize(a.problem(ctx, evaluations), x,
		&optimize.Settings{Converger: &optimize.FunctionConverge{Relative: gain, Iterations: without}, Concurrent: 1}, &optimize.NelderMead{})
}

// plainly looks where there is no ascent.
func (s start) plainly(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	if s.limits.none() {
		return s.draws(ctx, min(budget, mostDraws))
	}
	return s.stroll(ctx, budget)
}

// score is that of a centred mixture in floats, as the claim gives it.
func (s start) score(b solver.Base) float64 {
	const exactly = 0x1p20 // the parts of 1 that matter to no score
	c, ok := s.near(b, exactly, s.exampleSeed(0))
	if !ok {
		return math.NaN()
	}
	return s.claim.Hunt.Score(c)
}

// problem is that of ascending, until the score is sufficient, the evaluations are used up,
// or ctx ends.
func (a *ascent) problem(ctx context.Context, evaluations int) optimize.Problem {
	return optimize.Problem{
		Func: func(x []float64) float64 { return -a.height(x) },
		Status: func() (optimize.Status, error) {
			if a.best >= a.enough || a.evaluations >= evaluations || ctx.Err() != nil {
				return optimize.FunctionThreshold, nil
			}
			return optimize.NotTerminated, nil
		},
	}
}

// ascent is the space of centred mixtures: log(w_k/w_K), and the means relative
// to that of component K, in units of unit standard deviations.
type ascent struct {
	k, s        int
	delta       float64
	least       float64 // of weights
	separation  float64
	weighed     func([]float64) []float64 // what constraints make of weights; nil for as they are
	score       func(solver.Base) float64
	enough      float64 // the height at which an ascent ends
	polishes    float64 // what is higher is polished
	evaluations int
	best        float64 // the greatest height met
	at          []float64
}

// unit is the distance that a step of size 1 covers, in standard deviations.
const unit = 4

// rarest is the least weight, relative to the greatest, of a base.
const rarest = 1.0 / 4000

// farthest is the distance of means where the limits allow any.
const farthest = 40

func newAscent(k, s int, delta *big.Rat, l Limits, score func(solver.Base) float64) *ascent {
	a := &ascent{k: k, s: s, separation: farthest, weighed: l.weighing(k), score: score, enough: sufficient, best: math.Inf(-1)}
	a.delta, _ = delta.Float64()
	if l.Lightest != nil {
		a.least, _ = l.Lightest.Float64()
	}
	if reach := l.reach(); reach > 0 {
		a.separation = reach
	}
	return a
}

// point returns the ascent's coordinates of a drawn mixture: its weights, and its means
// along the directions in which they differ most.
func (a *ascent) point(c theorems.Case) []float64 {
	m := c.Pairs.Left
	common := newDraft(c).heaviest()
	weights, means := m.Weights(), m.Means()
	along := principal(m, a.s)
	var logs, places []float64
	for k, w := range weights {
		if k == common {
			continue
		}
		logs = append(logs, math.Log(w/weights[common]))
		var apart mat.VecDense
		apart.SubVec(means.RowView(k), means.RowView(common))
		for i := range a.s {
			places = append(places, mat.Dot(&apart, along.ColView(i))/unit)
		}
	}
	return append(logs, places...)
}

// principal returns the s directions in which the means differ most, as columns.
func principal(m *gmm.Mixture, s int) *mat.Dense {
	var svd mat.SVD
	centred := gmm.CentredScatter(m.Weights(), m.Means().T())
	if !svd.Factorize(centred, mat.SVDThin) {
		panic("search: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	return mat.DenseCopyOf(u.Slice(0, m.Dimension(), 0, s))
}

// base returns the centred base mixture of a point, whatever its coordinates: the
// component K comes last.
func (a *ascent) base(x []float64) solver.Base {
	b := solver.Base{Weights: make([]float64, a.k), Means: mat.NewDense(a.s, a.k, nil), Delta: a.delta, Centred: true}
	total := 1.0
	for k := range a.k - 1 {
		b.Weights[k] = math.Exp(min(0, max(math.Log(rarest), x[k])))
		total += b.Weights[k]
	}
	b.Weights[a.k-1] = 1
	for k := range b.Weights {
		b.Weights[k] /= total
	}
	if a.weighed != nil {
		b.Weights = a.weighed(b.Weights)
	}
	for i := range a.s {
		var mean float64
		for k := range a.k - 1 {
			y := unit * x[a.k-1+k*a.s+i]
			b.Means.Set(i, k, y)
			mean += b.Weights[k] * y
		}
		for k := range a.k {
			b.Means.Set(i, k, b.Means.At(i, k)-mean)
		}
	}
	return b
}

// height is the score of a point, less what it leaves the bounds of weights and
// distances by.
func (a *ascent) height(x []float64) float64 {
	const hopeless = -10
	a.evaluations++
	var beyond float64
	for _, log := range x[:a.k-1] {
		beyond += max(0, log) + max(0, math.Log(rarest)-log)
	}
	b := a.base(x)
	for k := range a.k {
		for l := range k {
			var apart float64
			for i := range a.s {
				apart = math.Hypot(apart, b.Means.At(i, k)-b.Means.At(i, l))
			}
			beyond += max(0, apart/a.separation-1)
		}
	}
	h := float64(hopeless)
	if beyond < 1 {
		if e := a.score(b); !math.IsNaN(e) {
			h = e
		}
	}
	h -= beyond
	if h > a.best {
		a.best, a.at = h, slices.Clone(x)
	}
	return h
}
