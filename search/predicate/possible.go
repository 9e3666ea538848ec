package predicate

import (
	"maps"
	"math/big"

	"contrastcheck/oracle"
)

// Box is what the quantities of some mixtures may be.
type Box map[string]interval

// Shape is what is known of mixtures before they are drawn.
type Shape struct {
	Components, Dimension int
	// Lightest is the least that the smallest weight may be, Separation the largest distance of two means, and Delta what δ is; nil where anything may be.
	Lightest, Separation, Delta *big.Rat
}

func (s Shape) box() Box {
	zero, one := new(big.Rat), big.NewRat(1, 1)
	b := Box{
		"components": whole(s.Components, s.Components),
		"dimension":  whole(s.Dimension, s.Dimension),
		"lightest":   {end{zero, true}, end{at: big.NewRat(1, int64(s.Components))}},
		"separation": {low: end{at: zero}},
		"delta":      {end{zero, true}, end{at: one}},
	}
	if s.Lightest != nil {
		b["lightest"] = b["lightest"].intersected(interval{low: end{at: s.Lightest}})
	}
	if s.Separation != nil {
		b["separation"] = b["separation"].intersected(interval{high: end{at: s.Separation}})
	}
	if s.Delta != nil {
		b["delta"] = point(s.Delta)
	}
	return b
}

// of is what a quantity may be; a loss keeps no more directions than there are.
func (b Box) of(q quantity) interval {
	if x, ok := b[q.name]; ok {
		return x
	}
	if q.kind == rank || q.kind == kept {
		return interval{low: end{at: new(big.Rat)}, high: b["components"].high}.intersected(interval{high: b["dimension"].high})
	}
	return everything
}

// Possible tells whether a mixture of a shape may meet the predicate: false is certain.
func (p Predicate) Possible(s Shape) bool {
	return possible(p.root, s.box())
}

// Refutable tells whether a mixture of a shape may refute it: false is certain.
func (p Predicate) Refutable(s Shape) bool {
	return possible(opposed(p.root), s.box())
}

// possible narrows twice, as what comes later may help what comes before.
func possible(c condition, b Box) bool {
	b, somewhere := c.narrow(b)
	if somewhere {
		_, somewhere = c.narrow(b)
	}
	return somewhere
}

// Exact tells that the predicate is about exact numbers alone.
func (p Predicate) Exact() bool {
	exact := true
	p.root.each(func(q quantity) { exact = exact && q.loss == nil })
	return exact
}

// opposed is the opposite of a condition.
func opposed(c condition) condition {
	if j, ok := c.(junction); ok {
		return junction{!j.all, opposed(j.left), opposed(j.right)}
	}
	x := c.(comparison)
	x.operator = opposite[x.operator]
	return x
}

// narrow of "and" narrows by both sides; of "or" it has room for what both leave.
func (j junction) narrow(b Box) (Box, bool) {
	if j.all {
		b, somewhere := j.left.narrow(b)
		if !somewhere {
			return b, false
		}
		return j.right.narrow(b)
	}
	left, either := j.left.narrow(b)
	right, or := j.right.narrow(b)
	switch {
	case !either:
		return right, or
	case !or:
		return left, true
	}
	out := maps.Clone(left)
	for name, x := range right {
		if y, ok := left[name]; ok {
			out[name] = x.hull(y)
		}
	}
	for name := range left {
		if _, ok := right[name]; !ok {
			delete(out, name)
		}
	}
	return out, true
}

func (c comparison) narrow(b Box) (Box, bool) {
	if c.judge(b.of) == oracle.Refuted {
		return b, false
	}
	x, y := c.left.enclose(b.of), c.right.enclose(b.of)
	operator := c.operator
	for _, side := range []struct {
		of   number
		with interval
	}{{c.left, y}, {c.right, x}} {
		if q, ok := side.of.(quantity); ok {
			narrowed := b.of(q).intersected(where(operator, side.with))
			if narrowed.empty() {
				return b, false
			}
			b = maps.Clone(b)
			b[q.name] = narrowed
		}
		operator = mirrored[operator]
	}
	return b, true
}

var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

// where are the numbers that compare so with one of an interval.
func where(operator string, with interval) interval {
	strict := func(e end) end {
		e.open = e.open || e.at != nil
		return e
	}
	switch operator {
	case "<":
		return interval{high: strict(with.high)}
	case "<=":
		return interval{high: with.high}
	case ">":
		return interval{low: strict(with.low)}
	case ">=":
		return interval{low: with.low}
	case "==":
		return with
	}
	return everything
}
