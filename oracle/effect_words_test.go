package oracle

import "testing"

// Ordinals are words as far as people write them so, and numbers beyond.
func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "first", 2: "second", 3: "third", 12: "twelfth", 13: "13th", 21: "21st", 22: "22nd", 33: "33rd", 100: "100th", 111: "111th", 112: "112th", 123: "123rd"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// Shares are rounded down, so that nobody reads 100 % of less; a distance whose error shows has it.
func TestWordsOfEffects(t *testing.T) {
	for share, want := range map[float64]string{1: "100 %", 1 - 1e-13: "100 %", 0.99999: "99.9 %", 0.9749: "97.4 %", 0: "0 %"} {
		if got := (Effect{Kept: share, Discriminant: 1}).percent(); got != want {
			t.Errorf("a share of %v is %q, want %q", share, got, want)
		}
	}
	for _, c := range []struct {
		pair PairEffect
		want string
	}{
		{PairEffect{Mahalanobis: 3.9, Kept: 0.4}, "virginica and versicolor: 3.9 → 0.4 standard deviations"},
		{PairEffect{Mahalanobis: 3.9, Kept: 3.9}, "virginica and versicolor: 3.9 standard deviations, kept"},
		{PairEffect{Mahalanobis: 3.9, Kept: 0.4, Error: 0.1}, "virginica and versicolor: 3.9 → 0.4 standard deviations, known to ±0.1"},
		{PairEffect{}, "virginica and versicolor: 0 standard deviations, kept"},
	} {
		if got := c.pair.Words("virginica", "versicolor"); got != c.want {
			t.Errorf("%+v reads %q, want %q", c.pair, got, c.want)
		}
	}
}
