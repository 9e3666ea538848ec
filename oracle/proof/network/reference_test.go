package network

import (
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
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

func number(text string) *big.Rat {
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return x
}

const (
	centred = `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`
	raw     = `{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`
)

// The values of sign nets that another program found, to all their digits.
func TestSignReference(t *testing.T) {
	for _, c := range []struct{ mixture, noise, scale, second, outside, inside string }{
		{centred, "1", "1/4", "1", "-0.186865082368679038598894328781", "-0.165667913145203903245859300201"},
		{`{"weights": [20, 20, 1], "means": [[-1, 0], [-12, 0], [260, 0]], "covariance": "identity"}`,
			"5", "1/3", "0", "-0.03758983313176338753", "-0.02888908074974436274"},
		{`{"weights": [1, 1], "means": [[2, 0], [8, 0]], "covariance": "identity"}`,
			"4", "3/20", "0", "-0.00632980103415624557", "-0.0000514865350839803270"},
	} {
		r := Refutation{Activation: Sign, Sign: &SignNet{number(c.noise), number(c.scale), number(c.second)}}
		b, err := r.Check(lineOf(t, c.mixture))
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, b.Outside, c.outside)
		agrees(t, b.Inside, c.inside)
	}
}

// agrees tells that a decimal is the value in an interval, rounded to nearest.
func agrees(t *testing.T, x interval.Interval, decimal string) {
	t.Helper()
	places := len(decimal) - strings.Index(decimal, ".") - 1
	lower, _ := x.Lower().Rat(nil)
	upper, _ := x.Upper().Rat(nil)
	if lower.FloatString(places) != decimal || upper.FloatString(places) != decimal {
		t.Errorf("%v, expected %s", x, decimal)
	}
}

// The bounds of ReLU nets that another program found, to all their digits.
func TestReLUReference(t *testing.T) {
	for _, c := range []struct {
		name, mixture   string
		net             [3]string
		along, across   int
		v               [2]string
		cells           int
		outside, inside string
	}{
		{"centred", centred, [3]string{"12/25", "-3/8", "-3/20"}, 22, 18, [2]string{"0.453", "-0.420"}, 15, "-0.281406709", "-0.278471116"},
		{"raw", raw, [3]string{"-1/3", "0", "4/9"}, 24, 18, [2]string{"0.2721", "-0.8387"}, 17, "-0.106553498", "-0.089190646"},
	} {
		t.Run(c.name, func(t *testing.T) {
			half := big.NewRat(1, 2)
			v := [2]*big.Rat{number(c.v[0]), number(c.v[1])}
			tilts := &Tilts{Step: half, Cells: c.cells}
			var m [2][2]*big.Rat
			for i := range 2 {
				for j := range 2 {
					m[i][j] = new(big.Rat).Mul(v[i], v[j])
				}
			}
			tilts.Matrices = [][2][2]*big.Rat{m}
			r := Refutation{Activation: ReLU, ReLU: &ReLUNet{number(c.net[0]), number(c.net[1]), number(c.net[2]), number(c.net[2])},
				Majorant: &Majorant{half, c.along, c.across}, Tilts: tilts}
			b, err := r.Check(lineOf(t, c.mixture))
			if err != nil {
				t.Fatal(err)
			}
			// The reference's bounds are rounded outward to nine decimals.
			upward := func(x *big.Float) string {
				r, _ := x.Rat(nil)
				scaled := r.Mul(r, big.NewRat(1e9, 1))
				ceiling := new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(scaled.Num()), scaled.Denom()))
				return new(big.Rat).Quo(new(big.Rat).SetInt(ceiling), big.NewRat(1e9, 1)).FloatString(9)
			}
			if outside := upward(b.Outside.Upper()); outside != c.outside {
				t.Errorf("the net's loss is at most %s, expected %s", outside, c.outside)
			}
			if inside := "-" + upward(new(big.Float).Neg(b.Inside.Lower())); inside != c.inside {
				t.Errorf("inside, losses are at least %s, expected %s", inside, c.inside)
			}
		})
	}
}
