package search

import (
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/theorems"
)

// draft is a case's mixture in rationals, to be changed. Its numbers are shared
// between drafts and never written to.
type draft struct {
	weights     []*big.Rat     // whole, without a common divisor
	means       [][]*big.Rat   // K×d
	covariances [][][]*big.Rat // one if it is shared, else K
	own         bool           // each component has its covariance
	delta       *big.Rat
}

func newDraft(c theorems.Case) draft { return draftOf(c.Pairs) }

func draftOf(p gmm.Pairs) draft {
	e := p.Left.Exact()
	covariances, own := e.Covariances, !p.Shared()
	if !own {
		covariances = [][][]*big.Rat{e.Covariance}
	}
	return draft{whole(e.Weights), e.Means, covariances, own, p.ExactDelta()}
}

// build returns the case that the draft describes, and reports false for an
// invalid one. The seed is that of random starts.
func (d draft) build(seed uint64) (theorems.Case, bool) {
	e := gmm.Exact{Weights: d.weights, Means: d.means}
	if d.own {
		e.Covariances = d.covariances
	} else {
		e.Covariance = d.covariances[0]
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		return theorems.Case{}, false
	}
	p, err := gmm.NewPairs(m, d.delta)
	return theorems.Case{Pairs: p, Seed: seed}, err == nil
}

// Numbers that drafts share.
var zero, one = new(big.Rat), big.NewRat(1, 1)

func (d draft) components() int { return len(d.weights) }
func (d draft) dimension() int  { return len(d.means[0]) }

// heaviest is the component of the largest weight, the last of several.
func (d draft) heaviest() int {
	at := 0
	for k, w := range d.weights {
		if w.Cmp(d.weights[at]) >= 0 {
			at = k
		}
	}
	return at
}

// centred returns the draft with the mean of its heaviest component such that the
// mixture's is 0.
func (d draft) centred() draft {
	at := d.heaviest()
	d.means = replaced(d.means, at, gmm.CentringMean(d.weights, d.means, at))
	return d
}

// withMean returns the draft with one coordinate of a mean changed.
func (d draft) withMean(k, i int, x *big.Rat) draft {
	d.means = replaced(d.means, k, replaced(d.means[k], i, x))
	return d
}

// withMeans returns the draft with every coordinate changed by f.
func (d draft) withMeans(f func(*big.Rat) *big.Rat) draft {
	d.means = each(d.means, func(row []*big.Rat) []*big.Rat { return each(row, f) })
	return d
}

// withWeights returns the draft with other weights of any scale.
func (d draft) withWeights(weights []*big.Rat) draft {
	d.weights = whole(weights)
	return d
}

// withCovariance returns the draft with an entry of a covariance changed, and its
// mirror image.
func (d draft) withCovariance(n, i, j int, x *big.Rat) draft {
	rows := replaced(d.covariances[n], i, replaced(d.covariances[n][i], j, x))
	rows[j] = replaced(rows[j], i, x)
	d.covariances = replaced(d.covariances, n, rows)
	return d
}

// replaced returns a copy of xs with x at place i.
func replaced[X any](xs []X, i int, x X) []X {
	out := slices.Clone(xs)
	out[i] = x
	return out
}

// without returns a copy of xs without the one at place i.
func without[X any](xs []X, i int) []X { return slices.Delete(slices.Clone(xs), i, i+1) }

// whole returns the smallest whole numbers in the proportion of positive weights.
func whole(weights []*big.Rat) []*big.Rat {
	return each(gmm.SmallestWhole(weights), func(w *big.Int) *big.Rat { return new(big.Rat).SetInt(w) })
}

// each returns f of every one of xs.
func each[X, Y any](xs []X, f func(X) Y) []Y {
	out := make([]Y, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}
