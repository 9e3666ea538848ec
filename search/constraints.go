package search

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// Constraints are what a counterexample must look like, each exactly, in rationals: a hunt draws and climbs within them, and
// what makes a counterexample simple keeps them. The zero value asks for nothing.
type Constraints struct {
	// Weights are those wanted. The zero value is any.
	Weights Weights
	// Lightest is what the smallest weight must be at least, in (0, 1]. Nil means any.
	Lightest *big.Rat
	// Near keeps every number near that of a mixture. Nil means anywhere.
	Near *Near
	// Spherical asks for covariances that are multiples of the identity.
	Spherical bool
	// Integers bounds numerators and denominators of the means. Zero means any.
	Integers int
	// Where must hold, beyond the errors of its quantities.
	Where predicate.Predicate
}

// none tells that nothing is asked for.
func (x Constraints) none() bool {
	return !x.Weights.given() && x.Lightest == nil && x.Near == nil && !x.Spherical && x.Integers == 0 && !x.Where.Given()
}

// of completes the ranges of limits by what the constraints say of them, and refuses what no mixture meets.
func (x Constraints) of(l Limits, asked theorems.Range) (Limits, error) {
	impossible := func(format string, args ...any) (Limits, error) {
		return l, fmt.Errorf("%w: "+format, append([]any{ErrLimits}, args...)...)
	}
	if x.Integers < 0 {
		return impossible("expected means of numerators and denominators up to a positive number, found %d", x.Integers)
	}
	for _, fixed := range []struct {
		components int
		by         string
	}{{len(x.Weights.shares), "weights"}, {x.Near.components(), "components of the mixture to be near to"}} {
		switch n := fixed.components; {
		case n == 0:
		case asked != theorems.Range{} && !asked.Contains(n):
			return impossible("expected a range of components with %d in it, as there are %d %s; found %d:%d", n, n, fixed.by, asked.Least, asked.Most)
		default:
			l.Components, asked = theorems.Range{Least: n, Most: n}, theorems.Range{Least: n, Most: n}
		}
	}
	if n := x.Near.dimension(); n > 0 {
		if l.dimensionAsked && !l.Dimension.Contains(n) {
			return impossible("expected a range of dimension with %d in it, as the mixture to be near to has %d; found %d:%d", n, n, l.Dimension.Least, l.Dimension.Most)
		}
		l.Dimension = theorems.Range{Least: n, Most: n}
	}
	if x.Lightest != nil && x.Lightest.Sign() <= 0 {
		return impossible("expected a smallest weight > 0, found %s", x.Lightest.RatString())
	}
	if err := x.agree(); err != nil {
		return l, err
	}
	if x.Lightest == nil {
		return l, nil
	}
	most := new(big.Int).Quo(x.Lightest.Denom(), x.Lightest.Num()) // ⌊1/lightest⌋ components have room
	if !most.IsInt64() || most.Int64() >= int64(l.Components.Most) {
		return l, nil
	}
	if l.Components.Most = int(most.Int64()); l.Components.Most < l.Components.Least {
		return impossible("expected a smallest weight of at most 1/%d, as there are %d components or more; found %s", l.Components.Least, l.Components.Least, x.Lightest.RatString())
	}
	return l, nil
}

// admit tells whether a draft meets the constraints.
func (x Constraints) admit(d draft) bool {
	if x.none() {
		return true
	}
	return x.Weights.admit(d.weights) &&
		(x.Lightest == nil || d.lightest().Cmp(x.Lightest) >= 0) &&
		(!x.Spherical || !slices.ContainsFunc(d.covariances, func(c [][]*big.Rat) bool { return !gmm.IsScalar(c) })) &&
		(x.Integers == 0 || !slices.ContainsFunc(d.means, func(row []*big.Rat) bool { return slices.ContainsFunc(row, x.tooLong) })) &&
		(x.Near == nil || x.Near.admit(d))
}

// tooLong tells that a number has a numerator or denominator beyond Integers.
func (x Constraints) tooLong(n *big.Rat) bool {
	most := big.NewInt(int64(x.Integers))
	return n.Num().CmpAbs(most) > 0 || n.Denom().Cmp(most) > 0
}

// fit moves a draft to where it meets the constraints, mostly: weights, covariances and means, each by itself. Then it centres what is to be centred.
func (x Constraints) fit(d draft, centred bool) draft {
	d = x.plain(x.weighed(d))
	if centred {
		d = x.balanced(d)
	}
	return d
}

// weighed has the weights that are wanted: those given in the order of the draft's, or its own, the smallest of them raised.
func (x Constraints) weighed(d draft) draft {
	switch {
	case x.Weights.given():
		return d.withWeights(x.Weights.like(d.weights))
	case x.Lightest == nil:
		return d
	}
	weights := slices.Clone(d.weights)
	for range weights {
		least := new(big.Rat).Mul(x.Lightest, sum(weights))
		for k, w := range weights {
			if w.Cmp(least) < 0 {
				weights[k] = ceiling(least)
			}
		}
	}
	if raised := d.withWeights(weights); raised.lightest().Cmp(x.Lightest) >= 0 {
		return raised
	}
	return d.withWeights(each(d.weights, func(*big.Rat) *big.Rat { return one }))
}

// plain has spherical covariances and short means where these are wanted.
func (x Constraints) plain(d draft) draft {
	if x.Spherical {
		d.covariances = each(d.covariances, func(c [][]*big.Rat) [][]*big.Rat {
			if gmm.IsScalar(c) {
				return c
			}
			return gmm.IdentityRows(len(c))
		})
	}
	if x.Integers > 0 {
		d = d.withMeans(x.short)
	}
	return d
}

// short is a number near another whose numerator and denominator are within Integers: itself, or a whole one.
func (x Constraints) short(n *big.Rat) *big.Rat {
	if !x.tooLong(n) {
		return n
	}
	whole, most := nearest(n), big.NewRat(int64(x.Integers), 1)
	if new(big.Rat).Abs(whole).Cmp(most) > 0 {
		return most.Mul(most, big.NewRat(int64(n.Sign()), 1))
	}
	return whole
}

// balanced centres. Where means are to be short, it looks for a weight of the heaviest component, near its own, and a short mean of it, that the others balance when the
// mean of the lightest moves by as little as can be.
func (x Constraints) balanced(d draft) draft {
	out := d.centred()
	if x.Integers == 0 || x.Weights.given() || x.admit(out) {
		return out
	}
	at, lightest := d.heaviest(), slices.IndexFunc(d.weights, func(w *big.Rat) bool { return w.Cmp(slices.MinFunc(d.weights, (*big.Rat).Cmp)) == 0 })
	if at == lightest {
		return out
	}
	const around, most = 8, 60 // parts of the weight that it may change by; weights tried on either side
	w := d.weights[at].Num().Int64()
	least := math.Inf(1)
	for by := -min(w/around, most); by <= min(w/around, most); by++ {
		s := d
		s.weights = replaced(d.weights, at, big.NewRat(w+by, 1)) // not reduced, so that the order stays
		s = s.centred()
		moved := 0.0
		for i := range s.dimension() {
			mean := x.shortest(s.means[at][i], w+by)
			shift := new(big.Rat).Sub(s.means[at][i], mean)
			shift.Mul(shift, s.weights[at]).Quo(shift, s.weights[lightest])
			f, _ := shift.Float64()
			moved += math.Abs(f)
			s = s.withMean(at, i, mean).withMean(lightest, i, shift.Add(shift, s.means[lightest][i]))
		}
		if s.heaviest() == at && moved < least && !slices.ContainsFunc(s.means[lightest], x.tooLong) {
			out, least = s.withWeights(s.weights), moved
		}
	}
	return out
}

// shortest is the number nearest to another whose denominator is within Integers and divides a weight.
func (x Constraints) shortest(of *big.Rat, weight int64) *big.Rat {
	var best, least *big.Rat
	for q := int64(1); q <= min(weight, int64(x.Integers)); q++ {
		if weight%q != 0 {
			continue
		}
		scale := big.NewRat(q, 1)
		near := nearest(new(big.Rat).Mul(of, scale))
		near.Quo(near, scale)
		off := new(big.Rat).Sub(near, of)
		if off.Abs(off); !x.tooLong(near) && (least == nil || off.Cmp(least) < 0) {
			best, least = near, off
		}
	}
	if best == nil {
		return of
	}
	return best
}

// lightest is the smallest weight, as a share.
func (d draft) lightest() *big.Rat {
	least := slices.MinFunc(d.weights, (*big.Rat).Cmp)
	return new(big.Rat).Quo(least, sum(d.weights))
}

func sum(xs []*big.Rat) *big.Rat {
	total := new(big.Rat)
	for _, x := range xs {
		total.Add(total, x)
	}
	return total
}

// ceiling is the least whole number that is no less.
func ceiling(x *big.Rat) *big.Rat {
	if x.IsInt() {
		return x
	}
	return new(big.Rat).Add(truncated(x), one)
}

// weighing is what the constraints make of k weights in floats, that sum to 1 and of which the last is the heaviest; nil where they ask for nothing.
func (x Constraints) weighing(k int) func([]float64) []float64 {
	switch {
	case x.Weights.given():
		return func(weights []float64) []float64 {
			out, total := make([]float64, k), 0.0
			for i, w := range x.Weights.like(gmm.Rationals(weights...)) {
				out[i], _ = w.Float64()
				total += out[i]
			}
			for i := range out {
				out[i] /= total
			}
			return out
		}
	case x.Lightest != nil:
		least, _ := x.Lightest.Float64()
		return func(weights []float64) []float64 {
			return each(weights, func(w float64) float64 { return least + (1-float64(k)*least)*w })
		}
	}
	return nil
}
