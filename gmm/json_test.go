package gmm_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

const sound = `{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": [[1, 0], [0, 1]], "delta": 1, "name": "n", "a": [["0.5"], [0.25]]}`

func TestRead(t *testing.T) {
	f, err := gmm.Read("m.json", strings.NewReader(sound))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Pairs.GoString(), "Pairs{Mixture{weights 3:7, means (2, 1) (-1, 0.5), covariance identity}, δ = 1}"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	if r, c := f.A.Dims(); r != 2 || c != 1 || f.A.At(1, 0) != 0.25 || f.Pairs.Name() != "n" {
		t.Errorf("read a %d×%d representation and the name %q", r, c, f.Pairs.Name())
	}
}

// A byte order mark, which some editors write, is passed over, as it is in tables.
func TestReadAfterAByteOrderMark(t *testing.T) {
	const mark = "\ufeff"
	f, err := gmm.Read("m.json", strings.NewReader(mark+sound))
	if err != nil || f.Pairs.Name() != "n" {
		t.Errorf("read %v, %v", f, err)
	}
	for name, text := range map[string]string{"two marks": mark + mark + sound, "a mark alone": mark, "a mark at the end": sound + mark} {
		if _, err := gmm.Read("m.json", strings.NewReader(text)); !errors.Is(err, gmm.ErrSyntax) {
			t.Errorf("%s: %v, want ErrSyntax", name, err)
		}
	}
}

// Every refusal names the file, the key and what was expected, on one line.
func TestReadRefuses(t *testing.T) {
	replace := func(old, by string) string {
		if !strings.Contains(sound, old) {
			t.Fatalf("%q is not part of the sound file", old)
		}
		return strings.Replace(sound, old, by, 1)
	}
	for _, c := range []struct {
		name, text string
		reason     error
		key        string
	}{
		{"empty", "", gmm.ErrSyntax, "JSON object"},
		{"blank", " \n", gmm.ErrSyntax, "JSON object"},
		{"truncated", sound[:40], gmm.ErrSyntax, "the end of the file"},
		{"truncated key", `{"weights`, gmm.ErrSyntax, "well-formed"},
		{"not UTF-8", strings.Replace(sound, `"n"`, "\"\xff\"", 1), gmm.ErrSyntax, "UTF-8"},
		{"UTF-16", "\xff\xfe{\x00}\x00", gmm.ErrSyntax, "UTF-8"},
		{"trailing data", sound + "{}", gmm.ErrSyntax, "trailing"},
		{"trailing comma", `{"weights": [1,], "means": [[1]], "covariance": [[1]]}`, gmm.ErrSyntax, "weights"},
		{"a list", "[1]", gmm.ErrSyntax, "JSON object"},
		{"null", "null", gmm.ErrSyntax, "null"},
		{"unknown key", replace(`"name"`, `"nmae"`), gmm.ErrSyntax, "nmae"},
		{"duplicate key", replace(`"name": "n"`, `"delta": 1`), gmm.ErrSyntax, "delta"},
		{"null value", replace(`"delta": 1`, `"delta": null`), gmm.ErrSyntax, "delta"},
		{"boolean", replace(`"delta": 1`, `"delta": true`), gmm.ErrSyntax, "delta"},
		{"null in a list", replace(`[3, 7]`, `[3, null]`), gmm.ErrSyntax, "weights[1]"},
		{"NaN", replace(`[3, 7]`, `[3, NaN]`), gmm.ErrSyntax, "weights"},
		{"NaN string", replace(`[3, 7]`, `[3, "NaN"]`), gmm.ErrNumber, "weights[1]"},
		{"infinity", replace(`[2, 1]`, `["Infinity", 1]`), gmm.ErrNumber, "means[0][0]"},
		{"overflow", replace(`[2, 1]`, `[1e999, 1]`), gmm.ErrNumber, "means[0][0]"},
		{"huge exponent", replace(`[2, 1]`, `[1e999999999, 1]`), gmm.ErrNumber, "means[0][0]"},
		{"zero denominator", replace(`"1/2"`, `"1/0"`), gmm.ErrNumber, "means[1][1]"},
		{"unrelated fractions", unrelatedFractions(), gmm.ErrNumber, "weights"},
		{"word", replace(`"1/2"`, `"half"`), gmm.ErrNumber, "means[1][1]"},
		{"deep", strings.Repeat(`{"weights":`, 20), gmm.ErrSyntax, "nesting"},
		{"no weights", `{"means": [[1]], "covariance": [[1]]}`, gmm.ErrShape, "weights"},
		{"empty weights", replace(`[3, 7]`, `[]`), gmm.ErrShape, "weights"},
		{"weights no list", replace(`[3, 7]`, `3`), gmm.ErrShape, "weights"},
		{"zero weight", replace(`[3, 7]`, `[0, 7]`), gmm.ErrWeight, "weights[0]"},
		{"negative weight", replace(`[3, 7]`, `[3, "-1/7"]`), gmm.ErrWeight, "weights[1]"},
		{"too few means", replace(`[3, 7]`, `[3, 7, 1]`), gmm.ErrShape, "means"},
		{"no means", `{"weights": [1], "covariance": [[1]]}`, gmm.ErrShape, "means"},
		{"d = 0", `{"weights": [1], "means": [[]], "covariance": []}`, gmm.ErrShape, "covariance"},
		{"d = 0, identity", `{"weights": [1], "means": [[]], "covariance": "identity"}`, gmm.ErrShape, "means"},
		{"ragged means", replace(`[2, 1]`, `[2]`), gmm.ErrShape, "means[1]"},
		{"mean no list", replace(`[2, 1]`, `2`), gmm.ErrShape, "means[0]"},
		{"no covariance", `{"weights": [1], "means": [[1]]}`, gmm.ErrShape, "covariance"},
		{"covariance word", replace(`[[1, 0], [0, 1]]`, `"unit"`), gmm.ErrShape, "covariance"},
		{"covariance too small", replace(`[[1, 0], [0, 1]]`, `[[1]]`), gmm.ErrShape, "covariance"},
		{"covariance ragged", replace(`[[1, 0], [0, 1]]`, `[[1, 0], [0]]`), gmm.ErrShape, "covariance[1]"},
		{"not symmetric", replace(`[[1, 0], [0, 1]]`, `[[1, 0.5], [0.25, 1]]`), gmm.ErrNotSymmetric, "covariance[1][0]"},
		{"not symmetric in the 40th digit", replace(`[[1, 0], [0, 1]]`, `[[1, 0], ["0.0000000000000000000000000000000000000001", 1]]`), gmm.ErrNotSymmetric, "covariance[1][0]"},
		{"indefinite", replace(`[[1, 0], [0, 1]]`, `[[1, 2], [2, 1]]`), gmm.ErrNotPositiveDefinite, "covariance"},
		{"singular", replace(`[[1, 0], [0, 1]]`, `[[1, 1], [1, 1]]`), gmm.ErrNotPositiveDefinite, "covariance"},
		{"zero variance", replace(`[[1, 0], [0, 1]]`, `[[0, 0], [0, 1]]`), gmm.ErrNotPositiveDefinite, "covariance[0][0]"},
		{"negative variance", replace(`[[1, 0], [0, 1]]`, `[[-1, 0], [0, 1]]`), gmm.ErrNotPositiveDefinite, "covariance[0][0]"},
		{"paired", `{"weights": [1], "visual": {}, "text": {}}`, gmm.ErrShape, "visual.means"},
		{"delta above 1", replace(`"delta": 1`, `"delta": 1.5`), gmm.ErrDelta, "delta"},
		{"delta below 0", replace(`"delta": 1`, `"delta": "-1/9"`), gmm.ErrDelta, "delta"},
		{"name no string", replace(`"n"`, `5`), gmm.ErrShape, "name"},
		{"a of wrong height", replace(`[["0.5"], [0.25]]`, `[[1]]`), gmm.ErrShape, "a:"},
		{"a ragged", replace(`[["0.5"], [0.25]]`, `[[1], [1, 2]]`), gmm.ErrShape, "a[1]"},
		{"a empty", replace(`[["0.5"], [0.25]]`, `[[], []]`), gmm.ErrShape, "a:"},
	} {
		_, err := gmm.Read("m.json", strings.NewReader(c.text))
		if !errors.Is(err, c.reason) {
			t.Errorf("%s: %v, want %v", c.name, err, c.reason)
			continue
		}
		if line := err.Error(); !strings.HasPrefix(line, "gmm: m.json: ") || !strings.Contains(line, c.key) ||
			!strings.Contains(line, "expected ") || strings.Contains(line, "\n") {
			t.Errorf("%s: the message is %q, want one line that names the file, %q and what was expected", c.name, line, c.key)
		}
	}
}

// unrelatedFractions is a mixture whose weights' common denominator has a
// thousand times the digits of each: exact arithmetic on it would not end.
func unrelatedFractions() string {
	var b strings.Builder
	b.WriteString(`{"covariance": [[1]], "weights": [`)
	const components = 1000
	for k := range components {
		if k > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, `"1/%d%s"`, 2*k+1, strings.Repeat("1", 400))
	}
	b.WriteString(`], "means": [[1]` + strings.Repeat(", [1]", components-1) + `]}`)
	return b.String()
}

// A certificate is passed over, whatever it holds.
func TestReadIgnoresCertificates(t *testing.T) {
	for _, certificate := range []string{`null`, `true`, `{"a": [true, null]}`, strings.Repeat("[", 50) + strings.Repeat("]", 50)} {
		text := strings.Replace(sound, `"name"`, `"certificate": `+certificate+`, "name"`, 1)
		if _, err := gmm.Read("m.json", strings.NewReader(text)); err != nil {
			t.Errorf("certificate %s: %v", certificate, err)
		}
	}
}
