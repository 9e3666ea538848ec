package generators

import (
	"math/big"

	"pgregory.net/rapid"
)

// Delta draws a multiple of 1/16 in [0, 1]; it shrinks to 0.
func Delta() *rapid.Generator[*big.Rat] { return sixteenths(0, 16) }

// Informative draws a multiple of 1/16 in (0, 1].
func Informative() *rapid.Generator[*big.Rat] { return sixteenths(1, 16) }

// Biased draws a multiple of 1/16 in (0, 1).
func Biased() *rapid.Generator[*big.Rat] { return sixteenths(1, 15) }

// Certain is δ = 1.
func Certain() *rapid.Generator[*big.Rat] { return rapid.Just(big.NewRat(1, 1)) }

func sixteenths(least, most int) *rapid.Generator[*big.Rat] {
	return rapid.Map(rapid.IntRange(least, most), func(n int) *big.Rat { return big.NewRat(int64(n), 16) })
}
