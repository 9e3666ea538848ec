package interval

import "math/big"

// Pow is pow, and Round is round.
func (c *Context) Pow(x Interval, n int) Interval { return c.pow(x, n) }
func (c *Context) Round(x Interval) Interval      { return c.round(x) }

// Contains tells whether r lies in x; false if x is invalid.
func (x Interval) Contains(r *big.Rat) bool {
	if !x.Valid() {
		return false
	}
	lower, _ := x.lo.Rat(nil)
	upper, _ := x.hi.Rat(nil)
	return lower.Cmp(r) <= 0 && r.Cmp(upper) <= 0
}

// Includes tells whether every number of y lies in x; false if one is invalid.
func (x Interval) Includes(y Interval) bool {
	return x.Valid() && y.Valid() && x.lo.Cmp(y.lo) <= 0 && y.hi.Cmp(x.hi) <= 0
}
