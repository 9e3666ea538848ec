package search

import (
	"math"
	"math/big"
	"testing"
)

// Only denominators that divide the weight are tried, however long the means may be.
func TestShortestTriesNoMoreThanTheWeight(t *testing.T) {
	x := Constraints{Integers: math.MaxInt64}
	if got, want := x.shortest(big.NewRat(34, 100), 6), big.NewRat(1, 3); got.Cmp(want) != 0 {
		t.Errorf("%v, want %v", got, want)
	}
}
