package tables

import "math/big"

// sum is an exact sum of float64: high + low + rest, of which high is near the sum. Numbers of a column mostly leave no rest.
type sum struct {
	high, low float64
	rest      *big.Rat // nil is 0
}

// add adds x, which must be finite, by the exact additions of Knuth.
//
// D. Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B.
func (s *sum) add(x float64) {
	high := s.high + x
	virtual := high - s.high
	e := (s.high - (high - virtual)) + (x - virtual)
	s.high = high
	low := s.low + e
	virtual = low - s.low
	e = (s.low - (low - virtual)) + (e - virtual)
	s.low = low
	if e != 0 {
		if s.rest == nil {
			s.rest = new(big.Rat)
		}
		s.rest.Add(s.rest, new(big.Rat).SetFloat64(e))
	}
}

// value returns the sum.
func (s *sum) value() *big.Rat {
	value := new(big.Rat).SetFloat64(s.high)
	value.Add(value, new(big.Rat).SetFloat64(s.low))
	if s.rest != nil {
		value.Add(value, s.rest)
	}
	return value
}
