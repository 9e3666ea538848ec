package gmm_test

import (
	"strings"
	"testing"

	"contrastcheck/gmm"
)

func TestMirrored(t *testing.T) {
	for text, want := range map[string]bool{
		`{"weights": [1, 1], "means": [[1, 2], [-1, -2]], "covariance": "identity"}`:                           true,
		`{"weights": [1, 2], "means": [[1, 2], [-1, -2]], "covariance": "identity"}`:                           false,
		`{"weights": [1, 1, 2], "means": [[1, 2], [1, 2], [-1, -2]], "covariance": "identity"}`:                true,
		`{"weights": [1, 1, 5], "means": [[1, 2], [-1, -2], [0, 0]], "covariance": "identity"}`:                true,
		`{"weights": [1, 1], "means": [[1, 2], [-1, "-2.00000000000000000000001"]], "covariance": "identity"}`: false,
		`{"weights": [1, 1, 1], "means": [[1, 0], [1, 1], [-2, -1]], "covariance": "identity"}`:                false,
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": [[[1]], [[2]]]}`:                              false,
	} {
		d, err := gmm.Read("file", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Pairs.Left.Mirrored(); got != want {
			t.Errorf("%s: mirrored %v, expected %v", text, got, want)
		}
	}
}
