package interval

import (
	"math"
	"sync"
)

// Normal returns the density φ(x) = e^(−x²/2)/√(2π) and the distribution function Φ(x) of the standard normal law, both to a small relative
// error for a point x, far out on either side too. For a narrow x and z = |x|,
//
//	Φ(z) = ½ + φ(z) Σ_{n≤N} t_n + R,   t_n = z^(2n+1)/(2n+1)!!,   0 ≤ R ≤ φ(z) t_N   where z² ≤ (2N+3)/2
//
// as the ratios t_(n+1)/t_n = z²/(2n+3) decrease and are at most ½ from N on, and Φ(−z) = 1 − Φ(z), with as many more bits as that costs.
// Where e^(−z²/2) is below the precision,
//
//	Φ(−z) = (φ(z)/z) Σ_{n<N} a_n + R,   a_n = (−1)^n (2n−1)!!/z^(2n),   |R| ≤ (φ(z)/z) |a_N|
//
// (M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.2.10 and 26.2.12), whose terms become smaller until n ≈ z²/2. A wide x is
// done at its ends, as Φ increases, and φ on either side of 0 is monotone.
func (c *Context) Normal(x Interval) (density, distribution Interval) {
	if !c.accepts("Normal", x) {
		return Interval{}, Interval{}
	}
	const narrow = -16 // log₂ of the width
	if !x.isPoint() && x.Width().MantExp(nil)+max(0, x.Magnitude().MantExp(nil)) > narrow {
		below, left := c.Normal(Interval{x.lo, x.lo})
		above, right := c.Normal(Interval{x.hi, x.hi})
		density = c.Hull(below, above)
		if x.mixed() {
			peak, _ := c.Normal(c.FromInt(0))
			density = c.Hull(density, peak)
		}
		return density, c.Hull(left, right)
	}
	size, _ := x.Magnitude().Float64()
	lost := size * size / 2 * math.Log2E // bits: e^(−z²/2) = 2^−lost
	const guard = 24
	far := lost > float64(c.precision+guard)
	more := guard
	if !far {
		more += int(lost) + x.Magnitude().MantExp(nil)*2
	}
	inner := c.with(uint(max(guard, more)))
	// e^(−x²/2) wants x²/2 to an absolute error: so many more bits, none of which matter where it is below 2^−MaxExponent.
	const enough = 64
	exponent := inner.with(uint(min(enough, max(0, 2*x.Magnitude().MantExp(nil)))))
	phi := inner.adopt(exponent, exponent.Exp(exponent.Neg(exponent.Ldexp(exponent.Sqr(x), -1))))
	phi = inner.Quo(phi, inner.Sqrt(inner.Ldexp(inner.Pi(), 1)))
	z := x
	if x.Sign() != 0 {
		z = inner.Abs(x)
	}
	one := inner.FromInt(1)
	var upper Interval // Φ(z)
	if far {
		upper = inner.normalTail(z, phi)
		if x.Sign() > 0 {
			upper = inner.Sub(one, upper)
		}
	} else {
		upper = inner.Add(inner.Ldexp(one, -1), inner.Mul(phi, inner.normalSeries(z)))
		if x.Sign() < 0 {
			upper = inner.Sub(one, upper)
		}
	}
	return c.adopt(inner, phi), c.adopt(inner, upper)
}

// normalSeries encloses Σ_{n≥0} z^(2n+1)/(2n+1)!!, with a denominator (2N+1)!! in common:
//
//	Σ_{n≤N} z^(2n+1)/(2n+1)!! = (z/(2N+1)!!) Σ_{n≤N} z^(2n) (2N+1)!!/(2n+1)!!
func (c *Context) normalSeries(z Interval) Interval {
	size, _ := z.Magnitude().Float64()
	const rounding = 1e-12 // more than that of the conversion and of the squares in normalTerms
	size *= 1 + rounding
	steps := c.odd(normalTerms(size, c.precision))
	square, sum := c.Sqr(z), c.FromInt(1)
	for _, product := range steps[1:] {
		sum = c.Add(c.Mul(sum, square), product)
	}
	if c.err != nil {
		return Interval{}
	}
	last := c.Quo(c.power(c.Abs(z), uint(2*len(steps)-1)), steps[len(steps)-1])
	return c.AddError(c.Quo(c.Mul(z, sum), steps[len(steps)-1]), last)
}

// normalTerms returns N with 2z² ≤ 2N+3 and, nearly, z^(2N)/(2N+1)!! ≤ 2^−precision; a multiple of 16, so that few lists are kept.
func normalTerms(z float64, precision uint) int {
	n, bits := 0, 0.0
	for 2*z*z > float64(2*n+3) || bits > -float64(precision) && z > 0 || n%16 != 0 || n == 0 {
		n++
		bits += math.Log2(z * z / float64(2*n+1))
	}
	return n
}

// oddKnown keeps results of odd, which every node of a quadrature asks for.
var oddKnown sync.Map // {N, precision} → []Interval

// odd encloses (2N+1)!!/(2n+1)!! for n = N, N−1, …, 0.
func (c *Context) odd(n int) []Interval {
	key := [2]uint{uint(n), c.precision}
	if known, ok := oddKnown.Load(key); ok {
		return known.([]Interval)
	}
	product := c.FromInt(1)
	products := []Interval{product}
	for i := n; i >= 1; i-- {
		product = c.Mul(product, c.FromInt(int64(2*i+1)))
		products = append(products, product)
	}
	const most = 1 << 10 // bits: a few MB in all
	if c.err == nil && c.precision <= most {
		oddKnown.Store(key, products)
	}
	return products
}

// normalTail encloses Φ(−z), given φ(z), for a z so large that the terms become small enough.
func (c *Context) normalTail(z, density Interval) Interval {
	inverse := c.Quo(c.FromInt(-1), c.Sqr(z))
	sum, term := c.FromInt(1), c.FromInt(1)
	for n := int64(1); c.err == nil; n++ {
		next := c.Mul(term, c.Mul(inverse, c.FromInt(2*n-1)))
		if next.Magnitude().MantExp(nil) <= -int(c.precision) || next.Magnitude().Cmp(term.Magnitude()) >= 0 {
			sum = c.AddError(sum, next)
			break
		}
		sum, term = c.Add(sum, next), next
	}
	return c.Mul(c.Quo(density, z), sum)
}
