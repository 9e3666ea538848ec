package cosine

import (
	"math/big"
	"testing"
)

// A proof of classes ±4 at τ = 2, of which the best noise is 1/600 of the signal.
func BenchmarkProve(b *testing.B) {
	l := symmetric(b, "4")
	for b.Loop() {
		if _, _, err := Prove(l, big.NewRat(2, 1), nil, 1); err != nil {
			b.Fatal(err)
		}
	}
}
