package explore_test

import (
	"context"
	"fmt"
	"testing"

	"contrastcheck/explore"
)

// BenchmarkAnswer is what a movement takes: three components, of which one is elsewhere each time.
func BenchmarkAnswer(b *testing.B) {
	n := 0
	for b.Loop() {
		n++
		body := fmt.Sprintf(`{"weights": [1, 6, 20], "means": [["3", "%d/1000"], ["1.5", "-0.5"], ["-0.6", "0.1"]], "covariance": "identity"}`, 1500+n%500)
		if _, err := explore.Ask(context.Background(), explore.Answer, []byte(body), nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMap is a map of 40×40 mixtures of three components.
func BenchmarkMap(b *testing.B) {
	body := `{"mixture": {` + rare + `}, "x": {"parameter": "means[0][0]", "from": "1/2", "to": 5, "steps": 40}, "y": {"parameter": "means[0][1]", "from": -3, "to": 3, "steps": 40}}`
	for b.Loop() {
		if _, err := explore.Ask(context.Background(), explore.Map, []byte(body), nil); err != nil {
			b.Fatal(err)
		}
	}
}
