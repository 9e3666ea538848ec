//go:build attack

package soundness

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

var (
	textOfNumber = regexp.MustCompile(`"-?[0-9][0-9./]*"|[\[:,][0-9]+`)
	textOfWord   = regexp.MustCompile(`"(?:holds|refuted|infonce|triplet|sigmoid|dv|distance|cosine|free|affine|network|relu|sign|containment|existence|equality[a-z-]*|[a-z-]*-containment|[a-z-]*unbiased|claim|witness|minimiser|boundary|departure|along|loss|score|map|squeeze)"`)
)

// tamperings of a certificate: every number nudged by one in its last digit, by an eighth, of the other sign, 0, and exchanged with the next; every word of its kind another;
// every member of the object that has a known name gone.
func tamperings(text string) (all []string) {
	end := strings.LastIndex(text, `"sha256"`)
	change := func(from, to int, by string) {
		if text[from:to] != by {
			all = append(all, text[:from]+by+text[to:])
		}
	}
	places := textOfNumber.FindAllStringIndex(text[:end], -1)
	for i, at := range places {
		from, to := at[0]+1, at[1]
		if text[at[0]] == '"' {
			to--
		}
		number := text[from:to]
		x, ok := new(big.Rat).SetString(number)
		if !ok {
			continue
		}
		whole := text[at[0]] != '"'
		write := (*big.Rat).RatString
		if from < strings.Index(text, `"certificate"`) { // numbers as prove writes them: others are refused for their looks
			write = gmm.FormatNumber
		}
		nudged := number[:len(number)-1] + string('0'+(number[len(number)-1]-'0'+1)%10)
		if y, ok := new(big.Rat).SetString(nudged); ok && strings.Contains(nudged, "/") {
			nudged = write(y)
		}
		change(from, to, nudged)
		change(from, to, "0")
		if !whole {
			change(from, to, write(new(big.Rat).Mul(x, big.NewRat(9, 8))))
			change(from, to, write(new(big.Rat).Neg(x)))
		}
		if i+1 < len(places) {
			next := places[i+1]
			start, stop := next[0]+1, next[1]
			if !whole && text[next[0]] == '"' {
				if other := text[start : stop-1]; other != number && textOfNumber.MatchString(`"`+other+`"`) {
					all = append(all, text[:from]+other+text[to:start]+number+text[stop-1:])
				}
			}
		}
	}
	words := []string{"holds", "refuted", "dv", "affine", "distance", "containment", "equality", "equality-centred"}
	for i, at := range textOfWord.FindAllStringIndex(text[:end], -1) {
		change(at[0]+1, at[1]-1, words[i%len(words)])
		change(at[0]+1, at[1]-1, words[(i+3)%len(words)])
	}
	for _, pair := range [][2]string{{"≠", "="}, {"=", "≠"}, {"⊄", "⊆"}, {"⊆", "⊄"}, {"rank r ≥", "rank r >"}, {"every", "no"}, {"one tower, ", "one tower or two, "}} {
		if at := strings.Index(text, `"statement"`); strings.Contains(text[at:end], pair[0]) {
			all = append(all, text[:at]+strings.Replace(text[at:], pair[0], pair[1], 1))
		}
	}
	return all
}

// firstChecker is recheck --against own.
func firstChecker(text string, own gmm.Pairs) error {
	c, err := proof.Read("tampered", strings.NewReader(text))
	if err != nil {
		return err
	}
	if what := c.Pairs.Difference(own); what != "" {
		return errors.New("another mixture: " + what)
	}
	_, err = proofs.Check(c, 1)
	return err
}

func lawOf(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}
