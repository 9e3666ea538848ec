package soundness

import (
	"slices"
	"strings"
	"testing"
)

// words are those of a command line as a shell parts them: at spaces, but for those within quotes, which are left out.
func words(line string) []string {
	var all []string
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, begun = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if begun {
				all = append(all, word.String())
				word.Reset()
			}
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		all = append(all, word.String())
	}
	return all
}

func TestWords(t *testing.T) {
	got := words(`prove a.json  --box 'weight[1] in [1/500, 1/432]' "" b'c d'`)
	if want := []string{"prove", "a.json", "--box", "weight[1] in [1/500, 1/432]", "", "bc d"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
