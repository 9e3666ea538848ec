package predicate

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// condition is true or false of a mixture.
type condition interface {
	// judge decides it where each quantity is in an interval.
	judge(of func(quantity) interval) oracle.Verdict
	// score is positive where it is false, as far as the solver sees.
	score(s *seen) float64
	// narrow shrinks what quantities may be to where it may be true, and tells whether that is anywhere.
	narrow(b Box) (Box, bool)
	// each calls f with every quantity.
	each(f func(quantity))
}

// number is one of a mixture.
type number interface {
	enclose(of func(quantity) interval) interval
	value(s *seen) float64
	each(f func(quantity))
}

type (
	constant struct{ rational *big.Rat }
	quantity struct {
		name  string
		exact func(gmm.Pairs) interval
		kind  string       // margin, rank or kept
		loss  *losses.Loss // nil of a mixture alone
	}
	arithmetic struct {
		operator    string
		left, right number
	}
	comparison struct {
		operator    string
		left, right number
	}
	junction struct {
		all         bool // and, else or
		left, right condition
	}
)

// Judgement is what is known of a predicate of one mixture.
type Judgement struct {
	Verdict oracle.Verdict
	// Grade is that of the weakest quantity that was asked for, at most Bounded.
	Grade oracle.Grade
	// Detail lists the quantities with what is known of them.
	Detail string
}

// Judge decides a predicate of pairs of one modality with one covariance. It is undecided where its quantities are not known well enough.
func (p Predicate) Judge(of gmm.Pairs) Judgement {
	l := newLaw(of)
	j := Judgement{Verdict: p.root.judge(l.enclosed)}
	j.Grade = l.weakest
	var parts []string
	p.root.each(func(q quantity) {
		if q.loss != nil {
			if _, asked := l.decided[q.loss.Label()]; !asked {
				return
			}
		}
		if part := q.name + " " + l.enclosed(q).String(); !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	})
	j.Detail = strings.Join(parts, "; ")
	return j
}

// Score is positive where the predicate is false of a mixture, as far as the solver sees, and the larger the farther from true; relative to the size of what is compared.
// NaN where it can't tell.
func (p Predicate) Score(of gmm.Pairs, memory *solver.Workspace) float64 {
	return p.root.score(&seen{of, memory, map[string]float64{}})
}

// String writes an interval for people: = 2, in [1, 2], or as a number and its error.
func (x interval) String() string {
	switch {
	case x.isPoint():
		return "= " + short(x.low.at)
	case x.low.at == nil && x.high.at == nil:
		return "unknown"
	case x.low.at == nil:
		return "≤ " + short(x.high.at)
	case x.high.at == nil:
		return "> " + short(x.low.at)
	case x.low.at.IsInt() && x.high.at.IsInt():
		return fmt.Sprintf("in [%s, %s]", short(x.low.at), short(x.high.at))
	}
	width, _ := new(big.Rat).Sub(x.high.at, x.low.at).Float64()
	if width < rootWidth {
		return fmt.Sprintf("= %.6g…", x.middle())
	}
	return fmt.Sprintf("= %.6g ± %.1g", x.middle(), width/2)
}

// rootWidth is more than that of any enclosed root.
const rootWidth = 1e-30

func short(x *big.Rat) string {
	const digits = 12
	if text := x.RatString(); len(text) <= digits {
		return text
	}
	f, _ := x.Float64()
	return fmt.Sprintf("%.6g", f)
}

func (c constant) enclose(func(quantity) interval) interval { return point(c.rational) }
func (c constant) value(*seen) float64                      { f, _ := c.rational.Float64(); return f }
func (c constant) each(func(quantity))                      {}

func (q quantity) enclose(of func(quantity) interval) interval { return of(q) }
func (q quantity) value(s *seen) float64                       { return s.value(q) }
func (q quantity) each(f func(quantity))                       { f(q) }

func (a arithmetic) enclose(of func(quantity) interval) interval {
	x, y := a.left.enclose(of), a.right.enclose(of)
	switch a.operator {
	case "+":
		return x.plus(y)
	case "-":
		return x.plus(y.negated())
	case "*":
		return x.times(y)
	}
	return x.over(y)
}

func (a arithmetic) value(s *seen) float64 {
	x, y := a.left.value(s), a.right.value(s)
	switch a.operator {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	}
	return x / y
}

func (a arithmetic) each(f func(quantity)) { a.left.each(f); a.right.each(f) }

func (c comparison) judge(of func(quantity) interval) oracle.Verdict {
	x, y := c.left.enclose(of), c.right.enclose(of)
	switch c.operator {
	case "<":
		return below(x, y, false)
	case "<=":
		return below(x, y, true)
	case ">":
		return below(y, x, false)
	case ">=":
		return below(y, x, true)
	case "==":
		return same(x, y)
	}
	return not(same(x, y))
}

// tie is what is scored where both sides are equal and that refutes.
const tie = 1e-9

func (c comparison) score(s *seen) float64 {
	x, y := c.left.value(s), c.right.value(s)
	apart := x - y
	if size := math.Abs(x) + math.Abs(y); size > 0 {
		apart /= size
	}
	score := apart
	switch c.operator {
	case "<":
		score = apart + tie
	case ">":
		score = -apart + tie
	case ">=":
		score = -apart
	case "==":
		score = math.Abs(apart)
	case "!=":
		score = tie - math.Abs(apart)
	}
	if c.exact() { // floats say how far, but not which
		if c.judge(func(q quantity) interval { return q.exact(s.pairs) }) == oracle.Refuted {
			return max(score, tie)
		}
		return min(score, 0)
	}
	if score > 0 || math.IsNaN(score) {
		return score
	}
	return min(score, c.nearness(s), 0)
}

// exact tells that both sides are of exact quantities.
func (c comparison) exact() bool {
	exact := true
	c.each(func(q quantity) { exact = exact && q.loss == nil })
	return exact
}

// nearness is, of a comparison that is true, how near it is to false where its sides are ranks, which are whole and show no way: rank of a loss grows
// with t = λ_min beside that of the spectral loss, which shrinks with a direction of the means as the margin does, and
// the sides cross where t of one is positive and of the other negative. A side without a rank crosses whenever the other does. 0 of comparisons of other numbers.
func (c comparison) nearness(s *seen) float64 {
	x, left := softened(c.left, s)
	y, right := softened(c.right, s)
	if !left && !right {
		return 0
	}
	leftAbove, rightAbove := min(soft(x, left), soft(-y, right)), min(soft(y, right), soft(-x, left))
	switch c.operator {
	case "<", "<=":
		return min(leftAbove, 0)
	case ">", ">=":
		return min(rightAbove, 0)
	}
	return min(max(leftAbove, rightAbove), 0)
}

// soft is t, or +Inf of a side that has no rank.
func soft(t float64, given bool) float64 {
	if !given {
		return math.Inf(1)
	}
	return t
}

// softened is t of the first rank of a side.
func softened(n number, s *seen) (t float64, given bool) {
	n.each(func(q quantity) {
		if given || q.loss == nil || q.kind == margin {
			return
		}
		t, given = s.margin(*q.loss)/s.margin(losses.Spectral), true
	})
	return t, given
}

func (c comparison) each(f func(quantity)) { c.left.each(f); c.right.each(f) }

func (j junction) judge(of func(quantity) interval) oracle.Verdict {
	decisive := oracle.Holds
	if j.all {
		decisive = oracle.Refuted
	}
	left := j.left.judge(of)
	if left == decisive {
		return left // the right side may take a solve
	}
	right := j.right.judge(of)
	switch {
	case right == decisive, left == right:
		return right
	}
	return oracle.Undecided
}

func (j junction) score(s *seen) float64 {
	if j.all { // false where one is
		return max(j.left.score(s), j.right.score(s))
	}
	return min(j.left.score(s), j.right.score(s))
}

func (j junction) each(f func(quantity)) { j.left.each(f); j.right.each(f) }

func not(v oracle.Verdict) oracle.Verdict {
	switch v {
	case oracle.Holds:
		return oracle.Refuted
	case oracle.Refuted:
		return oracle.Holds
	}
	return v
}
