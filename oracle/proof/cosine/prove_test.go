package cosine

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/line"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(10)
	os.Exit(m.Run())
}

type failing interface {
	Helper()
	Fatal(...any)
}

func lineOf(t failing, text string) line.Mixture {
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

// symmetric has equally likely means ±m in the plane.
func symmetric(t failing, m string) line.Mixture {
	t.Helper()
	return lineOf(t, fmt.Sprintf(`{"weights": [1, 1], "means": [["%s", 0], ["-%s", 0]], "covariance": "identity"}`, m, m))
}

func number(text string) *big.Rat {
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return x
}

// agrees tells that an interval is narrow, and about a decimal of another program.
func agrees(t *testing.T, what string, x interval.Interval, decimal string) {
	t.Helper()
	places := len(decimal) - strings.Index(decimal, ".") - 1
	unit := new(big.Rat).Inv(new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)))
	value := number(decimal)
	lower, _ := x.Lower().Rat(nil)
	upper, _ := x.Upper().Rat(nil)
	if new(big.Rat).Sub(value, lower).Cmp(new(big.Rat).Neg(unit)) < 0 || new(big.Rat).Sub(value, upper).Cmp(unit) > 0 || new(big.Rat).Sub(upper, lower).Cmp(unit) > 0 {
		t.Errorf("%s: %v, expected %s", what, x, decimal)
	}
}

// With nodes enough the intervals have the values that other programs found, to all their digits; at the identity, the bound of the series.
func TestReference(t *testing.T) {
	for _, c := range []struct{ m, temperature, inside, noise, outside, strip string }{
		{"1", "1/2", ".39287286200908", "11/20", ".180025881201336", "1/2"},
		{"2", "1/2", "-.49713674508598", "7/25", "-.523825380164888", "1/5"},
		{"3", "1/2", "-.66421264618666", "9/64", "-.665398456279365", "1/10"},
		{"1", "1", "-.03228411219137", "7/16", "-.100658788151868", "2/5"},
		{"2", "1/8", ".01829496219985", "5/32", "-.04389172882765", "1/7"},
		{"1", "1/2", ".39287286200908", "1", ".22641109526", "1/2"},
	} {
		const enough = 480
		r := Refutation{Temperature: number(c.temperature), Noise: number(c.noise), Nodes: enough, Strip: number(c.strip)}
		b, err := r.Check(symmetric(t, c.m))
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, "outside", b.Outside, c.outside)
		agrees(t, "inside", b.Inside, c.inside)
	}
	b, err := Refutation{Temperature: big.NewRat(1, 2), Noise: big.NewRat(1, 1)}.Check(symmetric(t, "1"))
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "the series", b.Outside, ".230177760708685")
	if gap := b.Gap(); gap.Cmp(number("0.1626951013")) < 0 {
		t.Errorf("a gap of %s", gap.FloatString(12))
	}
}

// At the identity the series is no less than the loss that the rule encloses, and close; c₁ of the series is the rule's.
func TestSeriesBoundsTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lineOf(t, drawn(t, 3))
		temperature := big.NewRat(rapid.Int64Range(2, 16).Draw(t, "eighths of τ"), 8)
		x := newLaw(l, temperature)
		loose, err := x.series()
		if err != nil {
			t.Fatal(err)
		}
		exact, err := x.trapezoid(Refutation{Temperature: temperature, Noise: big.NewRat(1, 1), Nodes: 160, Strip: big.NewRat(3, 10)})
		if err != nil {
			t.Fatal(err)
		}
		bessel, _ := x.bessel()
		if len(bessel) < 10 || loose.Upper().Cmp(exact.Lower()) < 0 {
			t.Errorf("the series has %v, the rule %v", loose, exact)
		}
	})
}

// drawn is a mixture of 1 to 3 components on a line, of means on a dyadic grid.
func drawn(t *rapid.T, farthest int64) string {
	weights, means := "", ""
	for i := range rapid.IntRange(1, 3).Draw(t, "components") {
		if i > 0 {
			weights, means = weights+", ", means+", "
		}
		m := rapid.Int64Range(-8*farthest, 8*farthest).Draw(t, "eighths")
		if i == 0 && m == 0 {
			m = 8
		}
		weights += fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "weight"))
		means += fmt.Sprintf(`["%d/8", 0]`, m)
	}
	return fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": "%d/8"}`, weights, means, rapid.IntRange(0, 8).Draw(t, "eighths of δ"))
}

// enclosed evaluates the loss at a noise to some thirty digits.
func enclosed(l line.Mixture, temperature, noise *big.Rat) (outside, inside interval.Interval, err error) {
	heat, _ := temperature.Float64()
	at, _ := noise.Float64()
	const gain = 1e-24
	nodes, strip := rule(l, heat, at, 1, gain)
	x := newLaw(l, temperature)
	outside, err = x.trapezoid(Refutation{Temperature: temperature, Noise: noise, Nodes: nodes, Strip: strip})
	return outside, x.inside(), err
}

// holds tells that a float's enclosure has the number in an interval.
func holds(e cosine.Enclosure, x interval.Interval) bool {
	lower, upper := new(big.Float).SetFloat64(e.Lower()), new(big.Float).SetFloat64(e.Upper())
	return x.Lower().Cmp(lower) >= 0 && x.Upper().Cmp(upper) <= 0
}

// The enclosures in float64 have the values to thirty digits, by another rule and in another arithmetic.
func TestFloatsAreEnclosures(t *testing.T) {
	largest := 0.0 // error, in bounds
	rapid.Check(t, func(t *rapid.T) {
		l := lineOf(t, drawn(t, 4))
		temperature := big.NewRat(1, rapid.SampledFrom([]int64{1, 2, 4, 8}).Draw(t, "1/τ"))
		noise := big.NewRat(rapid.Int64Range(2, 40).Draw(t, "sixteenths of ε"), 16)
		outside, inside, err := enclosed(l, temperature, noise)
		if err != nil {
			t.Fatal(err)
		}
		heat, _ := temperature.Float64()
		at, _ := noise.Float64()
		found, err := cosine.JudgeNoise(l, cosine.InfoNCE, heat, at)
		if err != nil {
			t.Fatal(err)
		}
		if !holds(found.Outside, outside) || !holds(found.Inside, inside) {
			t.Fatalf("outside %v is %v, inside %v is %v", outside, found.Outside, inside, found.Inside)
		}
		value, _ := outside.Lower().Float64()
		largest = math.Max(largest, math.Abs(value-found.Outside.Value)/found.Outside.Error)
	})
	t.Logf("errors up to %.2g of their bounds", largest)
}

// No refutation where the losses inside and outside are next to equal is contradicted by thirty digits.
func TestNearTies(t *testing.T) {
	refuted := 0
	rapid.Check(t, func(t *rapid.T) {
		l := lineOf(t, drawn(t, 2))
		temperature := big.NewRat(1, rapid.SampledFrom([]int64{1, 2, 4}).Draw(t, "1/τ"))
		heat, _ := temperature.Float64()
		gain := func(noise float64) float64 {
			f, err := cosine.JudgeNoise(l, cosine.InfoNCE, heat, noise)
			if err != nil {
				t.Fatal(err)
			}
			return f.Inside.Value - f.Outside.Value
		}
		best, err := cosine.Best(l, cosine.InfoNCE, heat)
		if err != nil {
			t.Fatal(err)
		}
		low, high := best, 16.0
		if gain(low) <= 0 || gain(high) >= 0 {
			return // noise pays at any size
		}
		for range 30 {
			if middle := (low + high) / 2; gain(middle) > 0 {
				low = middle
			} else {
				high = middle
			}
		}
		noise := low * (1 - math.Ldexp(1, -rapid.IntRange(28, 46).Draw(t, "off")))
		found, err := cosine.JudgeNoise(l, cosine.InfoNCE, heat, noise)
		if err != nil {
			t.Fatal(err)
		}
		outside, inside, err := enclosed(l, temperature, new(big.Rat).SetFloat64(noise))
		if err != nil {
			t.Fatal(err)
		}
		if found.Verdict != oracle.Refuted {
			return
		}
		refuted++
		if outside.Upper().Cmp(inside.Lower()) >= 0 {
			t.Fatalf("refuted by %v, but outside is %v and inside %v", found, outside, inside)
		}
	})
	enough.Drawn(t, "near ties that are refuted", refuted, 1)
}

// Refutations are found and proved with nothing but the mixture.
func TestProve(t *testing.T) {
	for _, c := range []struct {
		mixture, temperature string
		gap                  float64
	}{
		{`{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": "identity"}`, "1/2", 0.21},
		{`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity", "delta": "1/2"}`, "1/10", 0.25},
		{`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`, "1", 0.01},
		{`{"weights": [1], "means": [[1, 0]], "covariance": "identity"}`, "2", 0.01},
		{`{"weights": [1, 1], "means": [["7/2", 0], ["-7/2", 0]], "covariance": "identity"}`, "1", 1e-5},
		{`{"weights": [1, 1], "means": [["4", 0], ["-4", 0]], "covariance": "identity"}`, "2", 6e-8},
	} {
		r, b, err := Prove(lineOf(t, c.mixture), number(c.temperature), nil, 1)
		if err != nil {
			t.Errorf("%s: %v", c.mixture, err)
			continue
		}
		if gap, _ := b.Gap().Float64(); gap < c.gap || gap > 4*c.gap {
			t.Errorf("%s: a gap of %g at ε = %s, expected %g or so", c.mixture, gap, r.Noise.RatString(), c.gap)
		}
	}
}

// What proves nothing is refused: noise that does not pay, strips that are too wide, numbers beyond limits.
func TestRefused(t *testing.T) {
	l := symmetric(t, "1")
	half, one := big.NewRat(1, 2), big.NewRat(1, 1)
	if _, _, err := Prove(l, half, big.NewRat(20, 1), 1); !errors.Is(err, ErrUndecided) {
		t.Errorf("noise that does not pay: %v", err)
	}
	for _, c := range []struct {
		r    Refutation
		want error
	}{
		{Refutation{half, half, 60, big.NewRat(9, 16), nil}, ErrUndecided}, // artanh ½ = 0.549
		{Refutation{big.NewRat(1, 20), half, 60, big.NewRat(1, 2), nil}, ErrUndecided},
		{Refutation{half, half, 8, big.NewRat(1, 2), nil}, ErrUndecided},
		{Refutation{half, big.NewRat(20, 1), 600, big.NewRat(1, 32), nil}, ErrUndecided},
		{Refutation{half, half, 61, half, nil}, ErrShape},
		{Refutation{half, half, 60, nil, nil}, ErrShape},
		{Refutation{half, half, 0, nil, nil}, ErrShape},
		{Refutation{half, one, -2, half, nil}, ErrShape},
		{Refutation{half, one, 1 << 20, half, nil}, ErrShape},
		{Refutation{new(big.Rat), one, 0, nil, nil}, ErrShape},
		{Refutation{big.NewRat(-1, 2), one, 0, nil, nil}, ErrShape},
		{Refutation{big.NewRat(1, 1000), one, 0, nil, nil}, ErrShape},
		{Refutation{half, nil, 0, nil, nil}, ErrShape},
		{Refutation{nil, one, 0, nil, nil}, ErrShape},
		{Refutation{half, one, 0, nil, half}, ErrShape},
		{Refutation{half, half, 60, half, big.NewRat(3, 2)}, ErrShape},
		{Refutation{half, half, 60, half, new(big.Rat)}, ErrShape},
		{Refutation{half, half, 60, half, half}, ErrUndecided}, // tanh ½ = 0.462, and the density is one of ε = 1
		{Refutation{half, half, 60, big.NewRat(3, 5), half}, ErrUndecided},
	} {
		if b, err := c.r.Check(l); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, %v, expected %v", c.r, b, err, c.want)
		}
	}
	costly := Refutation{half, half, mostNodes, half, nil}
	if err := costly.Affordable(l, 0.01); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("many nodes: %v", err)
	}
}
