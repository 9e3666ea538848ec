// Package interval is arithmetic on closed intervals of real numbers with outward
// rounding: every result encloses the exact one for all reals in its operands.
//
// A Context computes at a chosen precision and remembers the first operation that
// had no answer, so that formulas stay formulas:
//
//	c := interval.NewContext(128)
//	x := c.FromRat(big.NewRat(1, 3))
//	y := c.Log(c.Add(c.FromInt(1), c.Exp(x)))
//	if err := c.Err(); err != nil { … }
//
// What is trusted is that math/big.Float rounds sums, products and quotients
// correctly towards ±∞, and big.Int's Sqrt. Upon these, exp and log are
// argument reduction and a Taylor polynomial in intervals, with the remainder
// enclosed; π and ln 2 are sums of arctangents of reciprocal integers. Nothing rests
// on a float64 but the speed.
//
// Sources: R. E. Moore, R. B. Kearfott, M. J. Cloud, Introduction to Interval
// Analysis (SIAM 2009), chapters 2 to 5; F. Johansson, Arb: efficient
// arbitrary-precision midpoint-radius interval arithmetic, IEEE Transactions on
// Computers 66 (2017).
package interval
