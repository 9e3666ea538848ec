package gmm_test

import (
	"strings"
	"testing"

	"contrastcheck/gmm"
)

// Laws that are written in two ways are the same; each number that differs is named.
func TestDifference(t *testing.T) {
	read := func(text string) gmm.Pairs {
		d, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return d.Pairs
	}
	const plain = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	for _, of := range []struct{ text, what string }{
		{plain, ""},
		{`{"name": "other", "weights": ["1/4", "0.75"], "means": [["2.0", 0], [0, "2/2"]], "covariance": [[1, 0], [0, 1]], "delta": 1}`, ""},
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": ["identity", [[1, 0], [0, 1]]]}`, ""},
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": ["identity", [[1, 0], [0, 2]]]}`, "covariances"},
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, "1e-30"], ["1e-30", 1]]}`, "covariances"},
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": "0.999999999999999999999"}`, "delta"},
		{`{"weights": [3, 1], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, "weights"},
		{`{"weights": [1, 3], "means": [[0, 1], [2, 0]], "covariance": "identity"}`, "means"},
		{`{"weights": [1, 3], "means": [[2], [0]], "covariance": "identity"}`, "dimensions"},
		{`{"weights": [1, 3, 1], "means": [[2, 0], [0, 1], [1, 1]], "covariance": "identity"}`, "components"},
		{`{"weights": [1, 3], "visual": {"means": [[2, 0], [0, 1]], "covariance": "identity"}, "text": {"means": [[1], [0]], "covariance": "identity"}}`, "modalities"},
	} {
		if got := read(plain).Difference(read(of.text)); got != of.what {
			t.Errorf("%s: found %q, expected %q", of.text, got, of.what)
		}
		if got := read(of.text).Difference(read(plain)); got != of.what {
			t.Errorf("%s, the other way: found %q, expected %q", of.text, got, of.what)
		}
	}
	captions := `{"weights": [1, 3], "visual": {"means": [[2, 0], [0, 1]], "covariance": "identity"}, "text": {"means": [[1], [0]], "covariance": "identity"}}`
	if got := read(captions).Difference(read(strings.Replace(captions, "[[1], [0]]", "[[1], [1]]", 1))); got != "means" {
		t.Errorf("of the right modality: found %q", got)
	}
}
