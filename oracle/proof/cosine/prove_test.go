package cosine

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle/line"
)

func lineOf(t testing.TB, text string) line.Mixture {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	l, err := line.Of(d.Pairs)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func symmetric(t testing.TB, m string) line.Mixture {
	return lineOf(t, fmt.Sprintf(`{"weights": [1, 1], "means": [["%s", 0], ["-%s", 0]], "covariance": "identity"}`, m, m))
}

// Values of docs and of an independent quadrature lie between what is proved and a little more.
func TestBoundsMeetTheValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m, temperature, noise string
		outside, inside       float64
	}{
		{"1", "1/2", "11/20", .180025881201336, .39287286200908},
		{"1", "1/2", "1", .22641109526, .39287286200908},
		{"2", "1/2", "7/25", -.523825380164887, -.49713674508598},
		{"3", "1/2", "9/64", -.665398456279362, -.66421264618666},
		{"1", "1", "7/16", -.100658788151868, -.03228411219137},
	} {
		temperature, _ := new(big.Rat).SetString(c.temperature)
		noise, _ := new(big.Rat).SetString(c.noise)
		_, b, err := Prove(symmetric(t, c.m), temperature, noise, 1)
		if err != nil {
			t.Fatal(c, err)
		}
		outside, _ := b.Outside.Upper().Float64()
		inside, _ := b.Inside.Lower().Float64()
		const digits, share, jensen = 1e-10, 1e-6, 4e-3 // the errors of a rule are that share of the gain; jensen is what the series loses by that inequality
		more := digits + share*(c.inside-c.outside)
		if c.noise == "1" {
			more = jensen
		}
		if outside < c.outside-digits || outside > c.outside+more || math.Abs(inside-c.inside) > digits {
			t.Errorf("%v: at most %.12g outside, at least %.12g inside", c, outside, inside)
		}
	}
}

// A mean at 0 has a series of one term, a cold one hundreds of Bessel functions, and a far mean more terms than a check may take.
func TestSeriesEnds(t *testing.T) {
	t.Parallel()
	one := big.NewRat(1, 1)
	for _, c := range []struct {
		mixture     string
		temperature *big.Rat
	}{
		{`{"weights": [1, 1, 1], "means": [[1, 0], [0, 0], [-1, 0]], "covariance": "identity"}`, big.NewRat(1, 2)},
		{`{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": "identity"}`, big.NewRat(1, 64)},
	} {
		within(t, c.mixture, func() {
			b, err := Refutation{Temperature: c.temperature, Noise: one}.Check(lineOf(t, c.mixture))
			if err != nil && !errors.Is(err, ErrUndecided) || err == nil && b.Gap().Sign() <= 0 {
				t.Errorf("%s: %v", c.mixture, err)
			}
		})
	}
	far := lineOf(t, `{"weights": [1, 2], "means": [["10000", 0], [-1, 0]], "covariance": "identity"}`)
	if err := (Refutation{Temperature: one, Noise: one}).Affordable(far, 1); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("of a mean of 10000: %v, want %v", err, gmm.ErrCost)
	}
}

// within fails where something does not end in time.
func within(t *testing.T, name string, do func()) {
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s: no end", name)
	}
}

// What needs more nodes than are allowed is undecided, and no fault of a refutation's.
func TestTooManyNodesAreUndecided(t *testing.T) {
	t.Parallel()
	l := lineOf(t, `{"weights": [1, 1, 1, 1], "means": [[1, 0], [1, 0], [-2, 0], [-2, 0]], "covariance": "identity"}`)
	if _, _, err := Prove(l, big.NewRat(1000, 1), nil, 1); !errors.Is(err, ErrUndecided) {
		t.Errorf("%v, want %v", err, ErrUndecided)
	}
}
