package frontier

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
)

// Bracket is an interval of the last axis at the ends of which the verdicts are opposite, so that a critical value lies in between: one at which the margin is 0, as it is continuous in the numbers of a
// mixture, or jumps with the dimension of S_F, as where a mean comes to lie in the span of the others. Of an axis of negatives its ends are whole numbers.
type Bracket struct {
	// Row has the values of the other axes.
	Row []*big.Rat
	// Low and High are judged points, the one Holds and the other Refuted; one is Undecided only where a proof contradicts what was found, and the Reason says so.
	Low, High End
	// Reason says why the interval is wider than was asked for, or an end not proved; "" where neither is so.
	Reason string
}

// End is a judged point with the proof of its verdict, which the checker of certificates has accepted; nil where there is none.
type End struct {
	Point
	Certificate *proof.Certificate
	// Bound is what is proved of λ_min, rounded towards 0: it is at least this number where equality holds, at most where it is refuted; "" where nothing is proved, or
	// exactly, without a margin.
	Bound string
}

// Proved tells whether the verdicts at both ends are proved.
func (b Bracket) Proved() bool { return b.Low.Certificate != nil && b.High.Certificate != nil }

// Width is the length of the interval beside the larger of its ends in size, 0 where both are 0.
func (b Bracket) Width() float64 {
	low, high := b.ends()
	larger := new(big.Rat).Abs(low)
	if size := new(big.Rat).Abs(high); size.Cmp(larger) > 0 {
		larger = size
	}
	if larger.Sign() == 0 {
		return 0
	}
	width, _ := larger.Quo(new(big.Rat).Sub(high, low), larger).Float64()
	return width
}

// ends are the values of the last axis.
func (b Bracket) ends() (low, high *big.Rat) {
	return b.Low.At[len(b.Low.At)-1], b.High.At[len(b.High.At)-1]
}

// leastWidth is about where proofs end next to a margin of 0.
var leastWidth = big.NewRat(1, 1_000_000_000_000_000)

// Narrow is a relative width, from 1e-15, below 1. The zero value is a thousandth.
type Narrow struct{ width *big.Rat }

// Width is the number.
func (n Narrow) Width() *big.Rat { return new(big.Rat).Set(n.rational()) }

func (n Narrow) rational() *big.Rat {
	if n.width == nil {
		return big.NewRat(1, 1000)
	}
	return n.width
}

// NewNarrow refuses with ErrWidth.
func NewNarrow(width *big.Rat) (Narrow, error) {
	if width.Cmp(leastWidth) < 0 || width.Cmp(big.NewRat(1, 1)) >= 0 {
		return Narrow{}, fmt.Errorf("%w: expected a number from 1e-15, below 1, found %s", ErrWidth, gmm.FormatNumber(width))
	}
	return Narrow{width}, nil
}
