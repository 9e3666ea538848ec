package interval

import (
	"math"
	"math/big"
	"math/bits"
	"sync"
)

// Exp returns e^x; ErrOverflow where that exceeds 2^MaxExponent.
//
// For a narrow x, with any integers n and k (those taken make r small),
//
//	e^x = 2^n (e^r)^(2^k),   r = (x − n ln 2)/2^k
//	e^r = Σ_{i<N} r^i/i! + R,   |R| ≤ Σ_{i≥N} |r|^i/i! ≤ 2|r|^N/N!   where |r| ≤ ½
//
// in intervals. A wide x is done at its ends, as exp increases.
func (c *Context) Exp(x Interval) Interval {
	if !c.accepts("Exp", x) {
		return Interval{}
	}
	const narrow = 0.5
	if !x.isPoint() && (x.Width().Cmp(big.NewFloat(narrow)) > 0 || beyond(x.lo) || beyond(x.hi)) {
		return c.Hull(c.Exp(Interval{x.lo, x.lo}), c.Exp(Interval{x.hi, x.hi}))
	}
	switch {
	case x.isPoint() && x.lo.Sign() == 0:
		return c.FromInt(1)
	case beyond(x.hi) && x.hi.Sign() > 0: // e^x > 2^x
		return c.fail(ErrOverflow, "Exp of", x)
	case beyond(x.hi): // 0 < e^x < 2^x ≤ 2^−MaxExponent
		return Interval{new(big.Float), least}
	}
	// Squaring k times costs k bits, x − n ln 2 the bits of n; the sum a few more.
	squarings := halvings(c.precision)
	inner := c.with(uint(squarings + max(0, x.hi.MantExp(nil)) + 12))
	lower, _ := x.lo.Float64()
	n := int(math.Floor(lower / math.Ln2))
	rest := inner.Sub(x, inner.Mul(inner.FromInt(int64(n)), ln2.at(inner)))
	k := max(0, rest.Magnitude().MantExp(nil)+squarings)
	power := inner.expSeries(inner.Ldexp(rest, -k))
	for range k {
		power = inner.Sqr(power)
	}
	return c.adopt(inner, inner.Ldexp(power, n))
}

// beyond tells whether |x| > MaxExponent.
func beyond(x *big.Float) bool {
	return new(big.Float).Abs(x).Cmp(big.NewFloat(MaxExponent)) > 0
}

// halvings is how often the argument of the exponential series is to be halved below 1:
// about as many squarings as terms then cost least.
func halvings(precision uint) int { return 2 + int(math.Sqrt(float64(precision))/2) }

// expSeries encloses e^r for |r| ≤ ½, with a denominator (N−1)! in common:
//
//	Σ_{i<N} r^i/i! = (1/(N−1)!) Σ_{i<N} r^i (N−1)!/i!
func (c *Context) expSeries(r Interval) Interval {
	e := r.Magnitude().MantExp(nil) // |r| < 2^e, e ≤ −1
	terms, remainder := expTerms(e, c.precision)
	sum, denominator := c.FromInt(1), c.FromInt(1)
	for _, denominator = range c.falling(terms) {
		sum = c.Add(c.Mul(sum, r), denominator)
	}
	return c.AddError(c.Quo(sum, denominator), c.Ldexp(c.FromInt(1), remainder))
}

// fallingKnown keeps short results of falling, which every node of a quadrature asks for.
var fallingKnown sync.Map // {terms, precision} → []Interval

// falling encloses (N−1)!/(i−1)! for i = N−1, N−2, …, 1.
func (c *Context) falling(terms int) []Interval {
	key := [2]uint{uint(terms), c.precision}
	if known, ok := fallingKnown.Load(key); ok {
		return known.([]Interval)
	}
	products, product := make([]Interval, 0, terms), c.FromInt(1)
	for i := terms - 1; i >= 1; i-- {
		product = c.Mul(product, c.FromInt(int64(i)))
		products = append(products, product)
	}
	const most = 1 << 10 // bits: a few MB in all
	if c.err == nil && c.precision <= most {
		fallingKnown.Store(key, products)
	}
	return products
}

// expTerms returns N and s with 2|r|^N/N! ≤ 2^s where |r| < 2^e, as N! ≥ Π_{i≤N} 2^⌊log₂ i⌋;
// N is the least with s < −precision.
func expTerms(e int, precision uint) (terms, s int) {
	s = 1
	for s >= -int(precision) {
		terms++
		s += e - (bits.Len(uint(terms)) - 1)
	}
	return terms, s
}
