package cosine_test

import (
	"testing"

	"contrastcheck/solver/cosine"
)

// A search for the minimum of a mixture of two components on a line.
func BenchmarkMinimise(b *testing.B) {
	p := symmetric(b, "2", 2)
	for b.Loop() {
		if _, err := cosine.Minimise(cosine.InfoNCE(0.5), p, cosine.Options{Columns: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
