package predicate

import (
	"context"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// plain are the quantities of a mixture that are known exactly, but for roots.
var plain = []struct {
	name string
	of   func(gmm.Pairs) interval
}{
	{"lightest", func(p gmm.Pairs) interval { return point(lightest(p)) }},
	{"components", func(p gmm.Pairs) interval { return whole(p.Components(), p.Components()) }},
	{"dimension", func(p gmm.Pairs) interval { return whole(p.Left.Dimension(), p.Left.Dimension()) }},
	{"separation", func(p gmm.Pairs) interval { return root(p.Left.SquaredSeparation()) }},
	{"delta", func(p gmm.Pairs) interval { return point(p.ExactDelta()) }},
}

// Quantities of a loss: margin is λ_min of the whitened minimiser M_u on the Fisher subspace; rank and kept are rank M*, the number of directions of
// the Fisher subspace that the representation keeps.
const (
	margin = "margin"
	rank   = "rank"
	kept   = "kept"
)

var ofLosses = []string{margin, rank, kept}

// lightest is the smallest weight, as a share.
func lightest(p gmm.Pairs) *big.Rat {
	least, total := new(big.Rat), new(big.Rat)
	for i, w := range p.Left.Exact().Weights {
		if total.Add(total, w); i == 0 || w.Cmp(least) < 0 {
			least = w
		}
	}
	return new(big.Rat).Quo(least, total)
}

// root encloses √x to 2⁻²⁰⁰ of it; where x is a square it is exact.
func root(x *big.Rat) interval {
	n, d := new(big.Int).Sqrt(x.Num()), new(big.Int).Sqrt(x.Denom())
	if r := new(big.Rat).SetFrac(n, d); new(big.Rat).Mul(r, r).Cmp(x) == 0 {
		return point(r)
	}
	const bits = 200 // √(a/b) = √(ab·4^bits)/(b·2^bits), and ab ≥ 1
	scaled := new(big.Int).Mul(x.Num(), x.Denom())
	scaled.Sqrt(scaled.Lsh(scaled, 2*bits))
	unit := new(big.Int).Lsh(x.Denom(), bits)
	return interval{end{new(big.Rat).SetFrac(scaled, unit), true}, end{new(big.Rat).SetFrac(scaled.Add(scaled, big.NewInt(1)), unit), true}}
}

// law is a mixture of which quantities are asked, each solve made once.
type law struct {
	pairs   gmm.Pairs
	decided map[string]decision
	weakest oracle.Grade // of what was asked
}

type decision struct {
	findings oracle.Findings
	known    bool
}

func newLaw(p gmm.Pairs) *law {
	return &law{pairs: p, decided: map[string]decision{}, weakest: oracle.Bounded}
}

// decide solves a loss and judges it.
func (l *law) decide(of losses.Loss) decision {
	if d, ok := l.decided[of.Label()]; ok {
		return d
	}
	var d decision
	if l.pairs.WantSingle() != nil {
		// of own covariances a margin is something else, and what is kept unknown
	} else if found, err := losses.Decide(context.Background(), of, l.pairs, losses.Options{}); err == nil && len(found.Findings.Sides) == 1 {
		d = decision{found.Findings, true}
		l.weakest = min(l.weakest, found.Findings.Evidence.Grade)
	}
	l.decided[of.Label()] = d
	return d
}

// enclosed is what is known of a quantity.
func (l *law) enclosed(q quantity) interval {
	if q.loss == nil {
		return q.exact(l.pairs)
	}
	d := l.decide(*q.loss)
	if !d.known {
		return everything
	}
	if q.kind == margin {
		return enclosedMargin(d.findings)
	}
	c := d.findings.Directions()
	return whole(c.Kept, c.Kept+c.Undecided)
}

// enclosedMargin is the margin to within its error, and of the sign that the verdict gives.
func enclosedMargin(f oracle.Findings) interval {
	out := everything
	if m, e := f.Margin(), f.Evidence.Epsilon; !math.IsNaN(m) && !math.IsInf(m, 0) && f.Evidence.Known() {
		at, by := new(big.Rat).SetFloat64(m), new(big.Rat).SetFloat64(e)
		out = interval{end{at: new(big.Rat).Sub(at, by)}, end{at: new(big.Rat).Add(at, by)}}
	}
	zero := new(big.Rat)
	switch f.Equality() {
	case oracle.Holds:
		return out.intersected(interval{low: end{zero, true}})
	case oracle.Refuted:
		return out.intersected(interval{high: end{at: zero}})
	}
	return out
}

// seen are quantities as the solver sees them, in floats, for a score.
type seen struct {
	pairs   gmm.Pairs
	memory  *solver.Workspace
	margins map[string]float64
}

// value is that of a quantity; NaN where the solver can't tell.
func (s *seen) value(q quantity) float64 {
	switch {
	case q.loss == nil:
		return q.exact(s.pairs).middle()
	case q.kind == margin:
		return s.margin(*q.loss)
	}
	p, err := q.loss.Sees(s.pairs)
	if err != nil {
		return math.NaN()
	}
	m := s.margin(*q.loss)
	switch {
	case math.IsNaN(m):
		return m
	case m > 0:
		return float64(p.Left.FisherDimension())
	}
	c, err := s.memory.Minimise(q.loss.Solver, p, solver.Options{})
	if err != nil {
		return math.NaN()
	}
	return float64(c.Constrained.Rank)
}

func (s *seen) margin(l losses.Loss) float64 {
	if m, ok := s.margins[l.Label()]; ok {
		return m
	}
	p, err := l.Sees(s.pairs)
	m := math.NaN()
	if err == nil {
		m = s.memory.Margin(l.Solver, p)
	}
	s.margins[l.Label()] = m
	return m
}

// middle is the middle of an interval in floats.
func (x interval) middle() float64 {
	if x.low.at == nil || x.high.at == nil {
		return math.NaN()
	}
	low, _ := x.low.at.Float64()
	high, _ := x.high.at.Float64()
	return low + (high-low)/2
}
