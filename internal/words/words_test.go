package words_test

import (
	"fmt"
	"testing"

	"contrastcheck/internal/words"
	"contrastcheck/oracle/cosine/planar"
)

// Users see no package's name; other words before a colon stay.
func TestWithoutPackages(t *testing.T) {
	text := fmt.Errorf("theorems: at the baseline: %w", planar.ErrNodes).Error()
	if got, want := words.WithoutPackages(text), "at the baseline: expected a temperature, a separation and a shape whose loss needs fewer nodes"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
