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
)

// walk ascends a height from a draft, within the limits, by random steps of rational numbers: an evolution strategy of one parent
// and one child, whose steps grow when one succeeds and shrink when they do not, so that about one in five does
// (Rechenberg 1973). It knows no coordinates, so that it serves every claim and every constraint; numbers grow no longer than the steps are fine.
type walk struct {
	start
	height func(theorems.Case) float64 // NaN or −Inf where there is none
	rng    *rand.Rand

	at          draft
	best        float64
	evaluations int
}

// Steps: the first, in parts of what a number may change by; what a success lengthens them by, and so that one in five balances, a failure shortens them by; and the shortest.
const firstWalk, lengthen, shortest = 0.2, 1.5, 1e-4

// shorten is lengthen^(−1/4).
var shorten = math.Pow(lengthen, -0.25)

// newWalk begins at a draft; the number keeps the walks of a start apart.
func (s start) newWalk(at draft, number int, height func(theorems.Case) float64) *walk {
	w := &walk{start: s, height: height, rng: rand.New(rand.NewPCG(s.seed, uint64(s.exampleSeed(-1-number)))), at: at, best: math.Inf(-1)}
	if h, ok := w.seen(at); ok {
		w.best = h
	}
	return w
}

// seen is the height of a draft within the limits.
func (w *walk) seen(d draft) (float64, bool) {
	w.evaluations++
	if w.extreme(d) {
		return 0, false
	}
	c, ok := d.build(uint64(w.exampleSeed(0)))
	if !ok {
		return 0, false
	}
	if !w.limits.admit(w.claim, c) {
		const outside = -10 // below all that is admitted, and the higher the nearer to where it must be
		h := outside - w.missing(c)
		return h, w.limits.Where.Given() && !math.IsNaN(h)
	}
	h := w.height(c)
	return h, !math.IsNaN(h)
}

// missing is how far a case is from where it must be: more than 0 outside; −Inf where it may be anywhere.
func (s start) missing(c theorems.Case) float64 {
	if !s.limits.Where.Given() {
		return math.Inf(-1)
	}
	memory := workspaces.Get().(*solver.Workspace)
	defer workspaces.Put(memory)
	return s.limits.Where.Score(c.Pairs, memory)
}

// extreme tells that a draft is beyond what ascents take on, too, and solves are slow at: a weight rarer than rarest beside the heaviest or, where no limit of it is given,
// coordinates of means farther apart than farthest standard deviations.
func (s start) extreme(d draft) bool {
	if s.limits.Near != nil {
		return false
	}
	least, most := slices.MinFunc(d.weights, (*big.Rat).Cmp), slices.MaxFunc(d.weights, (*big.Rat).Cmp)
	if ratio, _ := new(big.Rat).Quo(least, most).Float64(); ratio < rarest {
		return true
	}
	if s.limits.Separation != nil {
		return false
	}
	for i := range d.dimension() {
		for k := range d.components() {
			for l := range k {
				apart, _ := new(big.Rat).Sub(d.means[k][i], d.means[l][i]).Float64()
				variance, _ := d.covariance(k)[i][i].Float64()
				if math.Abs(apart) > farthest*math.Sqrt(variance) {
					return true
				}
			}
		}
	}
	return false
}

// until walks until the height exceeds a bound, the evaluations reach a number, the steps are too short, or ctx ends.
func (w *walk) until(ctx context.Context, enough float64, evaluations int) {
	for step := firstWalk; step > shortest && !(w.best > enough) && w.evaluations < evaluations && ctx.Err() == nil; {
		d := w.limits.fit(w.step(step), w.claim.Hunt.Hypotheses.Centred)
		if h, ok := w.seen(d); ok && h > w.best {
			w.at, w.best = d, h
			step = min(1, step*lengthen)
		} else {
			step *= shorten
		}
	}
}

// step moves all numbers, or those of one component.
func (w *walk) step(size float64) draft {
	d, only := w.at, -1
	if w.rng.IntN(2) == 0 {
		only = w.rng.IntN(d.components())
	}
	reach := 1.0
	if w.limits.Near != nil {
		reach, _ = w.limits.Near.radius.Float64()
	}
	d.weights = replaced(d.weights, 0, d.weights[0])
	for k := range d.components() {
		if only >= 0 && k != only {
			continue
		}
		weight, _ := d.weights[k].Float64()
		if by := math.Exp(reach * size * w.rng.NormFloat64()); !w.limits.Weights.given() {
			if x := onGrid(weight*by, weight*size*reach); x != nil && x.Sign() > 0 {
				d.weights[k] = x
			}
		}
		for i, x := range d.means[k] {
			scale, _ := d.meanScale(k, i).Float64()
			d = d.withMean(k, i, w.moved(x, math.Sqrt(scale)*size*reach))
		}
	}
	d.weights = whole(d.weights)
	for n, rows := range d.covariances {
		if !d.own && gmm.IsIdentity(rows) {
			continue // other means do the same
		}
		for i, row := range rows {
			for j, x := range row[:i+1] {
				if x.Sign() == 0 && i != j && !d.own || w.limits.Spherical {
					continue
				}
				scale, _ := d.covarianceScale(n, i, j).Float64() // negative, if a variance was moved below 0: no such draft is built
				d = d.withCovariance(n, i, j, w.moved(x, math.Sqrt(math.Abs(scale))*size*reach/2))
			}
		}
	}
	return d
}

// moved is a number moved by about so much: where the means are to be short, by a whole number. It stays where floats don't reach.
func (w *walk) moved(x *big.Rat, about float64) *big.Rat {
	by := about * w.rng.NormFloat64()
	if w.limits.Integers > 0 {
		if whole := new(big.Rat).SetFloat64(math.Round(math.Copysign(max(math.Abs(by), w.rng.Float64()), by))); whole != nil {
			return whole.Add(whole, x)
		}
		return x
	}
	f, _ := x.Float64()
	if out := onGrid(f+by, about); out != nil {
		return out
	}
	return x
}

// onGrid is x on a grid of powers of two 16 times finer than a step; nil where x is no number.
func onGrid(x, step float64) *big.Rat {
	const finer = 16
	grid := math.Exp2(math.Floor(math.Log2(step / finer)))
	if out := new(big.Rat).SetFloat64(math.Round(x/grid) * grid); out != nil {
		return out
	}
	return new(big.Rat).SetFloat64(x)
}
