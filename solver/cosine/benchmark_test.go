package cosine_test

import (
	"testing"

	"contrastcheck/solver/cosine"
)

// A search for the minimum of a mixture of two components on a line: of means ±2, and of ±4, of which the best noise is 1/600 of the signal.
func BenchmarkMinimise(b *testing.B) {
	for _, c := range []struct {
		m           string
		temperature float64
	}{{"2", 0.5}, {"4", 2}} {
		b.Run("m="+c.m, func(b *testing.B) {
			p := symmetric(b, c.m, 2)
			for b.Loop() {
				if _, err := cosine.Minimise(cosine.InfoNCE(c.temperature), p, cosine.Options{Columns: 2}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
