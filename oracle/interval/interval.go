package interval

import "math/big"

// Interval is a closed finite interval [lower, upper] of real numbers, lower ≤ upper.
// It is immutable and safe for concurrent use.
//
// The zero Interval is invalid, as is every result of a failed operation: it
// contains nothing, its bounds are −∞ and +∞, its sign is 0, and what is
// computed from it is invalid.
type Interval struct{ lo, hi *big.Float }

// Valid tells whether x is an interval.
func (x Interval) Valid() bool { return x.lo != nil }

// Lower returns the lower bound, exactly; −∞ if x is invalid.
func (x Interval) Lower() *big.Float {
	if !x.Valid() {
		return new(big.Float).SetInf(true)
	}
	return new(big.Float).Set(x.lo)
}

// Upper returns the upper bound, exactly; +∞ if x is invalid.
func (x Interval) Upper() *big.Float {
	if !x.Valid() {
		return new(big.Float).SetInf(false)
	}
	return new(big.Float).Set(x.hi)
}

// Width returns upper − lower, rounded up to 64 bits; +∞ if x is invalid.
func (x Interval) Width() *big.Float {
	if !x.Valid() {
		return new(big.Float).SetInf(false)
	}
	return new(big.Float).SetPrec(64).SetMode(big.ToPositiveInf).Add(x.hi, negative(x.lo))
}

// Magnitude returns the largest |t|, t in x, exactly; +∞ if x is invalid.
func (x Interval) Magnitude() *big.Float {
	lower, upper := x.Lower(), x.Upper()
	if lower.Abs(lower).Cmp(upper.Abs(upper)) > 0 {
		return lower
	}
	return upper
}

// Overlaps tells whether x and y have a number in common; false if one is invalid.
func (x Interval) Overlaps(y Interval) bool {
	return x.Valid() && y.Valid() && x.lo.Cmp(y.hi) <= 0 && y.lo.Cmp(x.hi) <= 0
}

// Sign returns +1 if every number in x is positive, −1 if every one is negative,
// and 0 if x contains 0 or is invalid: then nothing is known.
func (x Interval) Sign() int {
	switch {
	case !x.Valid():
		return 0
	case x.lo.Sign() > 0:
		return 1
	case x.hi.Sign() < 0:
		return -1
	}
	return 0
}

// isPoint tells whether x is a single number.
func (x Interval) isPoint() bool { return x.lo.Cmp(x.hi) == 0 }
