package explore

import (
	"context"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// verdicts are what a simpler mixture must keep.
type verdicts struct {
	containment, equality oracle.Verdict
	directions            oracle.Directions
}

// units are what numbers are rounded to multiples of, the coarsest first.
var units = []*big.Rat{big.NewRat(1, 1), big.NewRat(1, 2), big.NewRat(1, 4), big.NewRat(1, 5), big.NewRat(1, 10), big.NewRat(1, 20), big.NewRat(1, 50), big.NewRat(1, 100), big.NewRat(1, 1000)}

// simplify rounds the numbers of a mixture, all of them and then one by one, to the coarsest grid on which its verdicts are the same. Components and dimensions stay.
func simplify(ctx context.Context, body []byte, part func(any)) (any, error) {
	a, err := read(body)
	if err != nil {
		return nil, err
	}
	if err := a.Pairs.WantOneModality(); err != nil {
		return nil, err
	}
	if err := a.loss.Admit(a.Pairs); err != nil {
		return nil, err
	}
	s := &simplifying{asked: a, centred: a.Pairs.Left.Centred(), part: part}
	s.e, s.delta = a.Pairs.Left.Exact(), a.Pairs.ExactDelta()
	s.e.Weights = lightestOne(s.e.Weights)
	if s.wanted, err = s.judge(a.Pairs); err != nil {
		return nil, err
	}
	if s.wanted.containment == oracle.Undecided && s.wanted.equality == oracle.Undecided {
		return nil, refusef("expected a mixture of which something is decided, found none to keep")
	}
	changed := s.coarsen()
	for s.pass(ctx) {
		changed = true
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !changed {
		return found{Sentence: "no simpler numbers have the same verdicts", Tried: s.tried}, nil
	}
	p, err := s.build(s.e, s.delta)
	if err != nil {
		return nil, err
	}
	file, err := written(p)
	return found{file, fmt.Sprintf("the same verdicts, %d mixtures tried", s.tried), s.tried}, err
}

// simplifying is a mixture that becomes simpler. Weights are in units of the lightest.
type simplifying struct {
	asked
	centred bool
	part    func(any)
	memory  losses.Workspace
	e       gmm.Exact
	delta   *big.Rat
	wanted  verdicts
	tried   int
}

func (s *simplifying) judge(p gmm.Pairs) (verdicts, error) {
	s.tried++
	d, err := s.memory.Decide(context.Background(), s.loss, p, losses.Options{Limit: limit})
	if err != nil {
		return verdicts{}, err
	}
	return verdicts{d.Findings.Containment(), d.Findings.Equality(), d.Findings.Directions()}, nil
}

func (s *simplifying) build(e gmm.Exact, delta *big.Rat) (gmm.Pairs, error) {
	if s.centred {
		e = balanced(e)
	}
	return made(e, delta)
}

// keep takes a mixture in the place of the present one, if its verdicts are the same.
func (s *simplifying) keep(e gmm.Exact, delta *big.Rat) bool {
	p, err := s.build(e, delta)
	if err != nil {
		return false
	}
	if v, err := s.judge(p); err != nil || v != s.wanted {
		return false
	}
	s.e, s.delta = e, delta
	return true
}

// coarsen rounds everything to the coarsest unit that can be.
func (s *simplifying) coarsen() bool {
	for _, unit := range units {
		e := s.e
		round := func(x *big.Rat) *big.Rat { return shorter(x, nearest(x, unit)) }
		e.Weights, e.Means = each(e.Weights, round), eachRow(e.Means, round)
		if e.Covariance != nil {
			e.Covariance = eachRow(e.Covariance, round)
		}
		if e.Covariances != nil {
			e.Covariances = each(e.Covariances, func(rows [][]*big.Rat) [][]*big.Rat { return eachRow(rows, round) })
		}
		if size(e) == size(s.e) {
			return false // nothing is to be gained
		}
		if s.keep(e, s.delta) {
			return true
		}
	}
	return false
}

// pass tries each number alone; false where none became simpler, or ctx has ended.
func (s *simplifying) pass(ctx context.Context) bool {
	before := s.tried
	changed := false
	for _, place := range s.places() {
		x := place.of(s.e, s.delta)
		for _, unit := range append([]*big.Rat{big.NewRat(1000, 1)}, units...) { // to 0 first
			if ctx.Err() != nil {
				return false
			}
			y := nearest(x, unit)
			if length(y) >= length(x) {
				continue
			}
			e, delta := s.e, s.delta
			place.set(&e, &delta, y)
			if s.keep(e, delta) {
				changed = true
				break
			}
		}
	}
	s.part(underWay{s.tried, fmt.Sprintf("%d mixtures tried", s.tried)})
	return changed && s.tried > before
}

// place is a number of a mixture.
type place struct {
	set setter
	of  func(e gmm.Exact, delta *big.Rat) *big.Rat
}

// places are the numbers that are tried one by one.
func (s *simplifying) places() (all []place) {
	add := func(name string, of func(e gmm.Exact, delta *big.Rat) *big.Rat) {
		if set, err := s.setter("", name); err == nil {
			all = append(all, place{set, of})
		}
	}
	for k := range s.e.Means {
		add(fmt.Sprintf("weights[%d]", k), func(e gmm.Exact, _ *big.Rat) *big.Rat { return e.Weights[k] })
	}
	for k, mean := range s.e.Means {
		for i := range mean {
			add(fmt.Sprintf("means[%d][%d]", k, i), func(e gmm.Exact, _ *big.Rat) *big.Rat { return e.Means[k][i] })
		}
	}
	for i := range s.e.Covariance {
		for j := range i + 1 {
			add(fmt.Sprintf("covariance[%d][%d]", i, j), func(e gmm.Exact, _ *big.Rat) *big.Rat { return e.Covariance[i][j] })
		}
	}
	add("delta", func(_ gmm.Exact, delta *big.Rat) *big.Rat { return delta })
	return all
}

// lightestOne are weights in units of the lightest.
func lightestOne(weights []*big.Rat) []*big.Rat {
	least := weights[0]
	for _, w := range weights {
		if w.Cmp(least) < 0 {
			least = w
		}
	}
	return each(weights, func(w *big.Rat) *big.Rat { return new(big.Rat).Quo(w, least) })
}

// size is how long the numbers are together.
func size(e gmm.Exact) (sum int) {
	count := func(x *big.Rat) *big.Rat {
		sum += length(x)
		return x
	}
	each(e.Weights, count)
	eachRow(e.Means, count)
	eachRow(e.Covariance, count)
	for _, rows := range e.Covariances {
		eachRow(rows, count)
	}
	return sum
}

// shorter is y if that is shorter than x.
func shorter(x, y *big.Rat) *big.Rat {
	if length(y) < length(x) {
		return y
	}
	return x
}

// each returns f of every one of xs.
func each[X any](xs []X, f func(X) X) []X {
	out := make([]X, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

func eachRow(rows [][]*big.Rat, f func(*big.Rat) *big.Rat) [][]*big.Rat {
	return each(rows, func(row []*big.Rat) []*big.Rat { return each(row, f) })
}
