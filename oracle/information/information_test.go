package information

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	flag.Parse()
	enough.Checks(200)
	os.Exit(m.Run())
}

// The values of four mixtures are those of independent programs, to all their digits.
func TestReference(t *testing.T) {
	text, err := os.ReadFile("testdata/price.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Mixtures    map[string]json.RawMessage `json:"mixtures"`
		Information map[string]string          `json:"minus_information"`
	}
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	for name, mixture := range known.Mixtures {
		d, err := gmm.Read(name, bytes.NewReader(mixture))
		if err != nil {
			t.Fatal(err)
		}
		v, err := Of(d.Pairs, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		written := known.Information[name]
		want, _ := strconv.ParseFloat(written, 64)
		_, decimals, _ := strings.Cut(written, ".")
		if off := math.Abs(v.Value + want); off > v.Error+math.Pow(10, -float64(len(decimals))) || v.Error > 1e-11 || v.Grade != oracle.Bounded {
			t.Errorf("%s: I = %.13f ± %.2g, %v; want %v", name, v.Value, v.Error, v.Grade, -want)
		}
	}
}

// laws are those of up to three components in up to two dimensions.
func laws(t *rapid.T) law {
	k, s := rapid.IntRange(2, 3).Draw(t, "components"), rapid.IntRange(1, 2).Draw(t, "dimension")
	l := law{delta: float64(rapid.IntRange(1, 8).Draw(t, "delta")) / 8}
	total := 0.0
	for range k {
		l.weights = append(l.weights, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
		total += l.weights[len(l.weights)-1]
		l.means = append(l.means, make([]float64, s))
		for j := range s {
			l.means[len(l.means)-1][j] = float64(rapid.IntRange(-6, 6).Draw(t, "mean")) / 4
		}
	}
	for i := range l.weights {
		l.weights[i] /= total
	}
	return l
}

// coarsened is I by a rule that is exact to some digits, with the bound of its error.
func (l law) coarsened(digits float64) (value, bound float64) {
	axes := make([]axis, l.dimension())
	for j := range axes {
		axes[j] = l.newAxis(j, digits)
	}
	nodes, left, exponent := l.nodes(axes)
	return l.sum(nodes), l.bound(axes, left, exponent, len(nodes))
}

// Rules of any fineness are within their bounds of a finer one, and of pairs that are drawn; information is between 0 and the entropy of the components.
func TestBounds(t *testing.T) {
	tight := 0
	rapid.Check(t, func(t *rapid.T) {
		l := laws(t)
		entropy := 0.0
		for _, w := range l.weights {
			entropy -= w * math.Log(w)
		}
		good, error := l.coarsened(18)
		for _, digits := range []float64{4, 7, 11} {
			value, bound := l.coarsened(digits)
			if off := math.Abs(value - good); off > bound+error {
				t.Fatalf("%g digits: off by %g, the bound is %g", digits, off, bound)
			} else if off > bound/1000 {
				tight++
			}
		}
		if good+error < 0 || good-error > entropy {
			t.Fatalf("I = %v ± %g, the entropy of the components is %v", good, error, entropy)
		}
		if drawn := l.drawn(1<<12, 1); math.Abs(drawn.Value-good) > 2*drawn.Error+error+1e-3 { // six standard errors; of rare components they are estimated badly
			t.Fatalf("I = %v ± %g, of drawn pairs %v ± %g", good, error, drawn.Value, drawn.Error)
		}
	})
	enough.Drawn(t, "bounds within a factor of 1000 of an error", tight, 8)
}

// Information is not changed by linear maps and by what is independent of it, is 0 where pairs say nothing, and is drawn in three dimensions.
func TestCases(t *testing.T) {
	read := func(text string) gmm.Pairs {
		d, err := gmm.Read("", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return d.Pairs
	}
	of := func(text string) Value {
		v, err := Of(read(text), 0.1, 1)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	plain := of(`{"weights": [1, 2, 3], "means": [[0, 0], [2, 0], [0, 1]], "covariance": "identity", "delta": "1/2"}`)
	moved := of(`{"weights": [1, 2, 3], "means": [[7, 1, 0], [11, 3, 0], [8, 2, 0]], "covariance": [[5, 3, 1], [3, 2, 1], [1, 1, 3]], "delta": "1/2"}`)
	turned := read(`{"weights": [1, 2, 3], "means": [[0, 0], [2, 0], [0, 1]], "covariance": "identity", "delta": "1/2"}`)
	t1, err := turned.Left.Transform([][]*big.Rat{{big.NewRat(2, 1), big.NewRat(1, 1)}, {big.NewRat(1, 1), big.NewRat(1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := gmm.NewPairs(t1.Embed(), big.NewRat(1, 2))
	same, err := Of(p, 1, 1)
	if err != nil || math.Abs(same.Value-plain.Value) > same.Error+plain.Error {
		t.Errorf("I = %v ± %g, transformed %v ± %g, %v", plain.Value, plain.Error, same.Value, same.Error, err)
	}
	if moved.Grade != oracle.Bounded || moved.Error > 1e-7 {
		t.Errorf("a shared covariance: %+v", moved)
	}
	if v := of(`{"weights": [1, 1, 2], "means": [[0, 0], [90, 0], [0, 90]], "covariance": "identity"}`); v.Grade != oracle.Estimated || math.Abs(v.Value-1.5*math.Ln2) > v.Error+1e-6 {
		t.Errorf("three components far apart in the plane: %+v, want %v", v, 1.5*math.Ln2)
	}
	for _, text := range []string{`{"weights": [1, 2], "means": [[1], [1]], "covariance": "identity"}`, `{"weights": [1, 2], "means": [[1], [4]], "covariance": "identity", "delta": 0}`} {
		if v := of(text); v.Value != 0 || v.Error != 0 {
			t.Errorf("%s: %+v", text, v)
		}
	}
	if v := of(`{"weights": [1, 1, 1, 1], "means": [[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9]], "covariance": "identity"}`); v.Grade != oracle.Estimated || math.Abs(v.Value-math.Log(4)) > v.Error+1e-6 || v.Points == 0 {
		t.Errorf("four components far apart: %+v, want log 4", v)
	}
	if _, err := Of(read(`{"weights": [1, 2], "means": [[1], [3]], "covariance": [[[1]], [[2]]]}`), 1, 1); err == nil {
		t.Error("own covariances are served")
	}
}
