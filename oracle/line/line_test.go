package line_test

import (
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/line"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(40)
	os.Exit(m.Run())
}

// Means on a line are what they are in whitened coordinates, whatever the coordinates of the file.
func TestLineInOtherCoordinates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var at []int64
		plain := gmm.Exact{Covariance: gmm.IdentityRows(2)}
		for i := range rapid.IntRange(1, 4).Draw(t, "components") {
			m := rapid.Int64Range(-5, 5).Draw(t, "mean")
			if i == 0 && m == 0 {
				m = 1
			}
			at = append(at, m)
			plain.Weights = append(plain.Weights, big.NewRat(rapid.Int64Range(1, 9).Draw(t, "weight"), 1))
			plain.Means = append(plain.Means, []*big.Rat{big.NewRat(m, 2), new(big.Rat)})
		}
		mixture, err := gmm.NewExact(plain)
		if err != nil {
			t.Fatal(err)
		}
		turned, err := mixture.Transform(generators.Transformation(2).Draw(t, "T"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(turned, big.NewRat(1, 3))
		if err != nil {
			t.Fatal(err)
		}
		l, err := line.Of(p)
		if err != nil {
			t.Fatal(err)
		}
		_, means, _ := l.Floats()
		sign := 0.0 // of all means, which are those of the line in one direction or the other
		for k, m := range at {
			if want := big.NewRat(m*m, 4); l.Squares[k].Cmp(want) != 0 {
				t.Fatalf("the square of mean %d is %v, expected %v", k+1, l.Squares[k], want)
			}
			if m == 0 {
				continue
			}
			if sign == 0 {
				sign = means[k] / (float64(m) / 2)
			}
			if means[k] != sign*float64(m)/2 || sign != 1 && sign != -1 || float64(l.Signs[k])*sign*float64(m) <= 0 {
				t.Fatalf("mean %d is %v, expected ±%v/2", k+1, means[k], m)
			}
		}
	})
}

// What is on no line, or has no noise beside it, is refused.
func TestNoLine(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[1], [4]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[0, 0], [0, 0]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": ["identity", "identity"]}`,
		`{"weights": [1, 1], "visual": {"means": [[1, 0], [4, 0]], "covariance": "identity"}, "text": {"means": [[1, 0], [4, 0]], "covariance": "identity"}}`,
	} {
		d, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := line.Of(d.Pairs); !errors.Is(err, line.ErrShape) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
