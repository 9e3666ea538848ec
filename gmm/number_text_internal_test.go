package gmm

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// Texts of numbers and paths are those of regular expressions.
func TestNumberTexts(t *testing.T) {
	t.Parallel()
	decimal := regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$`)
	fraction := regexp.MustCompile(`^[+-]?[0-9]+/[0-9]+$`)
	path := regexp.MustCompile(`^([a-z]+)((?:\[[0-9]{1,9}\])*)$`)
	text := rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune("+-.eE/019x[] ")), 0, 9, -1), rapid.StringMatching(`[+-]?[0-9]{0,2}[./]?[0-9]{0,2}([eE][+-]?[0-9]{0,5})?`), rapid.StringMatching(`[a-z]{0,3}(\[[0-9]{0,10}\]?){0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		x := text.Draw(t, "text")
		if isDecimal(x) != decimal.MatchString(x) || isFraction(x) != fraction.MatchString(x) {
			t.Fatalf("%q: decimal %v, fraction %v", x, isDecimal(x), isFraction(x))
		}
		if _, _, ok := pathParts(x); ok != path.MatchString(x) {
			t.Fatalf("%q: a path %v", x, ok)
		}
	})
}
