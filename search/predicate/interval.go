package predicate

import (
	"math/big"

	"contrastcheck/oracle"
)

// end is the end of an interval: a rational number, that may be left out, or nil for infinity.
type end struct {
	at   *big.Rat
	open bool
}

// interval is a set of numbers, one of which a quantity is.
type interval struct{ low, high end }

func point(x *big.Rat) interval { return interval{end{at: x}, end{at: x}} }

func whole(least, most int) interval {
	return interval{end{at: big.NewRat(int64(least), 1)}, end{at: big.NewRat(int64(most), 1)}}
}

// everything is all numbers.
var everything = interval{}

func (x interval) isPoint() bool {
	return x.low.at != nil && x.high.at != nil && x.low.at.Cmp(x.high.at) == 0
}

// empty tells that no number is in it.
func (x interval) empty() bool {
	if x.low.at == nil || x.high.at == nil {
		return false
	}
	order := x.low.at.Cmp(x.high.at)
	return order > 0 || order == 0 && (x.low.open || x.high.open)
}

// intersected is what both have.
func (x interval) intersected(y interval) interval {
	if y.low.at != nil && (x.low.at == nil || x.low.at.Cmp(y.low.at) < 0 || x.low.at.Cmp(y.low.at) == 0 && y.low.open) {
		x.low = y.low
	}
	if y.high.at != nil && (x.high.at == nil || x.high.at.Cmp(y.high.at) > 0 || x.high.at.Cmp(y.high.at) == 0 && y.high.open) {
		x.high = y.high
	}
	return x
}

// hull is the least interval with both in it.
func (x interval) hull(y interval) interval {
	switch {
	case x.empty():
		return y
	case y.empty():
		return x
	}
	if y.low.at == nil || x.low.at != nil && (y.low.at.Cmp(x.low.at) < 0 || y.low.at.Cmp(x.low.at) == 0 && !y.low.open) {
		x.low = y.low
	}
	if y.high.at == nil || x.high.at != nil && (y.high.at.Cmp(x.high.at) > 0 || y.high.at.Cmp(x.high.at) == 0 && !y.high.open) {
		x.high = y.high
	}
	return x
}

func (x interval) negated() interval {
	minus := func(e end) end {
		if e.at != nil {
			e.at = new(big.Rat).Neg(e.at)
		}
		return e
	}
	return interval{minus(x.high), minus(x.low)}
}

func (x interval) plus(y interval) interval {
	add := func(a, b end) end {
		if a.at == nil || b.at == nil {
			return end{}
		}
		return end{new(big.Rat).Add(a.at, b.at), a.open || b.open}
	}
	return interval{add(x.low, y.low), add(x.high, y.high)}
}

// times is the product; of what is unbounded, but for a multiple of it, everything: even of 0, as it may be what was divided by 0, which is no number.
func (x interval) times(y interval) interval {
	if x.isPoint() && x.low.at.Sign() != 0 {
		return y.scaled(x.low.at)
	}
	if y.isPoint() && y.low.at.Sign() != 0 {
		return x.scaled(y.low.at)
	}
	ends := []end{x.low, x.high, y.low, y.high}
	for _, e := range ends {
		if e.at == nil {
			return everything
		}
	}
	var out interval
	for i, a := range ends[:2] {
		for j, b := range ends[2:] {
			p := point(new(big.Rat).Mul(a.at, b.at))
			if i+j == 0 {
				out = p
			}
			out = out.hull(p)
		}
	}
	return out
}

// scaled is the product with a number that is not 0.
func (x interval) scaled(by *big.Rat) interval {
	times := func(e end) end {
		if e.at != nil {
			e.at = new(big.Rat).Mul(e.at, by)
		}
		return e
	}
	if by.Sign() < 0 {
		return interval{times(x.high), times(x.low)}
	}
	return interval{times(x.low), times(x.high)}
}

// over is the quotient; of what may be divided by 0, everything.
func (x interval) over(y interval) interval {
	if y.low.at == nil || y.high.at == nil || y.low.at.Sign() <= 0 && y.high.at.Sign() >= 0 {
		return everything
	}
	return x.times(interval{end{at: new(big.Rat).Inv(y.high.at)}, end{at: new(big.Rat).Inv(y.low.at)}})
}

// below is the verdict on x < y, or with equal on x ≤ y.
func below(x, y interval, equal bool) oracle.Verdict {
	switch {
	case certainlyBelow(x.high, y.low, equal):
		return oracle.Holds
	case certainlyBelow(y.high, x.low, !equal):
		return oracle.Refuted
	}
	return oracle.Undecided
}

// certainlyBelow tells that all up to an upper end is below all from a lower end on, or with equal not above.
func certainlyBelow(upper, lower end, equal bool) bool {
	if upper.at == nil || lower.at == nil {
		return false
	}
	order := upper.at.Cmp(lower.at)
	return order < 0 || order == 0 && (equal || upper.open || lower.open)
}

// same is the verdict on x = y.
func same(x, y interval) oracle.Verdict {
	switch {
	case x.isPoint() && y.isPoint() && x.low.at.Cmp(y.low.at) == 0:
		return oracle.Holds
	case certainlyBelow(x.high, y.low, false), certainlyBelow(y.high, x.low, false):
		return oracle.Refuted
	}
	return oracle.Undecided
}
