package plane

import "math/big"

// simplest is the number of the least denominator from low to high, 0 < low < high or both negative or 0 between: its continued fraction is that of both as far as they agree.
func simplest(low, high *big.Rat) *big.Rat {
	switch {
	case low.Sign() <= 0 && high.Sign() >= 0:
		return new(big.Rat)
	case high.Sign() < 0:
		x := simplest(new(big.Rat).Neg(high), new(big.Rat).Neg(low))
		return x.Neg(x)
	}
	whole := new(big.Rat).SetInt(new(big.Int).Quo(low.Num(), low.Denom()))
	one := big.NewRat(1, 1)
	if whole.Cmp(low) == 0 {
		return whole
	}
	if next := new(big.Rat).Add(whole, one); next.Cmp(high) <= 0 {
		return next
	}
	rest := simplest(inverse(new(big.Rat).Sub(high, whole)), inverse(new(big.Rat).Sub(low, whole)))
	return rest.Add(rest.Inv(rest), whole)
}

func inverse(x *big.Rat) *big.Rat { return new(big.Rat).Inv(x) }

// near is the simplest number within this width of x.
func near(x, width float64) *big.Rat {
	middle, apart := new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(width)
	return simplest(new(big.Rat).Sub(middle, apart), new(big.Rat).Add(middle, apart))
}

// circle is the point of the unit circle whose half angle has the tangent t.
func circle(t *big.Rat) []*big.Rat {
	square := new(big.Rat).Mul(t, t)
	whole := new(big.Rat).Add(big.NewRat(1, 1), square)
	x := new(big.Rat).Sub(big.NewRat(1, 1), square)
	return []*big.Rat{x.Quo(x, whole), quotient(new(big.Rat).Add(t, t), whole, big.NewRat(1, 1))}
}

// quotient is x/(ab).
func quotient(x, a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(x, new(big.Rat).Mul(a, b)) }

// along is low + gap·n/d.
func along(low, gap *big.Rat, n, d int64) *big.Rat {
	x := new(big.Rat).Mul(gap, big.NewRat(n, d))
	return x.Add(x, low)
}

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}
