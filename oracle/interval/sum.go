package interval

import "math/big"

// Sum accumulates Σ x and Σ x y in place, without allocating once it is warm.
// Create it with Context.NewSum, whose context it uses; it serves one goroutine.
type Sum struct {
	context               *Context
	lo, hi, spare, factor *big.Float
}

// NewSum returns a sum of nothing, 0.
func (c *Context) NewSum() *Sum {
	number := func() *big.Float { return new(big.Float).SetPrec(max(1, c.precision)) }
	return &Sum{context: c, lo: number(), hi: number(), spare: number(), factor: number()}
}

// Add adds x.
func (s *Sum) Add(x Interval) {
	if s.context.accepts("Sum.Add", x) {
		s.add(x.lo, x.hi)
	}
}

// AddMul adds x y.
func (s *Sum) AddMul(x, y Interval) {
	switch {
	case !s.context.accepts2("Sum.AddMul", x, y):
	case x.mixed() && y.mixed():
		product := s.context.Mul(x, y)
		s.Add(product)
	default:
		a, b, p, q := corners(x, y)
		s.addLower(s.factor.SetMode(big.ToNegativeInf).Mul(a, b))
		s.addUpper(s.factor.SetMode(big.ToPositiveInf).Mul(p, q))
	}
}

func (s *Sum) add(lo, hi *big.Float) {
	s.addLower(lo)
	s.addUpper(hi)
}

// A big.Float that is both operand and result allocates; so the bounds change places with a spare.

func (s *Sum) addLower(x *big.Float) {
	add(s.spare.SetMode(big.ToNegativeInf), s.lo, x)
	s.lo, s.spare = s.spare, s.lo
}

func (s *Sum) addUpper(x *big.Float) {
	add(s.spare.SetMode(big.ToPositiveInf), s.hi, x)
	s.hi, s.spare = s.spare, s.hi
}

// Interval returns the sum so far; it is invalid if the context has failed.
func (s *Sum) Interval() Interval {
	if s.context.err != nil {
		return Interval{}
	}
	lo, hi := s.context.bounds()
	return s.context.enclose(lo.Set(s.lo), hi.Set(s.hi), "Sum")
}
