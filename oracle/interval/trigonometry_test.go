package interval_test

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// sine returns sin x and cos x, |x| ≤ 2^6, with errors below 2^−bits, by the Taylor sums of x itself, in rationals.
func sine(x *big.Rat, bits int) (sin, cos *big.Rat) {
	sin, cos = new(big.Rat), new(big.Rat)
	const growth = 128 // bits: terms are below e^64
	term := big.NewRat(1, 1)
	for n := int64(0); term.Sign() != 0; n++ {
		sum, next := cos, term
		if n%2 == 1 {
			sum = sin
		}
		if n/2%2 == 1 {
			next = new(big.Rat).Neg(term)
		}
		sum.Add(sum, next)
		term = new(big.Rat).Mul(term, x)
		term = shortened(term.Quo(term, big.NewRat(n+1, 1)), bits+growth, 0)
	}
	return sin, cos
}

func TestSinCosEncloseTaylorSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		x := operands(40).Filter(func(o operand) bool {
			most := big.NewRat(64, 1)
			return new(big.Rat).Abs(o.lower).Cmp(most) < 0 && new(big.Rat).Abs(o.upper).Cmp(most) < 0
		}).Draw(t, "x")
		c := interval.NewContext(precision)
		gotSin, gotCos := c.SinCos(x.Interval)
		sin, cos := sine(x.member, int(precision)+64)
		fine := interval.NewContext(precision + 200)
		slack := fine.Ldexp(fine.FromInt(1), -int(precision)-32)
		for _, v := range []struct {
			name string
			got  interval.Interval
			want *big.Rat
		}{{"sin", gotSin, sin}, {"cos", gotCos, cos}} {
			if !v.got.Overlaps(fine.AddError(fine.FromRat(v.want), slack)) {
				t.Fatalf("%s %#v = %v does not meet %s", v.name, x, v.got, v.want.FloatString(30))
			}
			if width, _ := v.got.Width().Float64(); x.isPoint() && width > 8/float64(uint64(1)<<min(precision, 60)) {
				t.Fatalf("%s %#v = %v is wide", v.name, x, v.got)
			}
			if !between(big.NewRat(-1, 1), big.NewRat(1, 1)).Includes(v.got) {
				t.Fatalf("%s %#v = %v leaves [−1, 1]", v.name, x, v.got)
			}
		}
	})
}

// Far from 0, where the reduction loses as many bits as x has: sin 10²² and cos 10²² (Ng, Argument reduction for huge arguments, 1992).
func TestSinCosOfHugeArguments(t *testing.T) {
	c := interval.NewContext(80)
	sin, cos := c.SinCos(c.FromRat(new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(22), nil))))
	for _, v := range []struct {
		got  interval.Interval
		want string
	}{{sin, "-0.852200849767138"}, {cos, "0.5232147853951389"}} {
		if lower, upper := v.got.Lower().Text('f', 16), v.got.Upper().Text('f', 16); lower[:14] != v.want[:14] || upper[:14] != v.want[:14] {
			t.Errorf("[%s, %s], want %s", lower, upper, v.want)
		}
	}
	if sin, _ := c.SinCos(c.Hull(c.FromInt(0), c.FromInt(9))); !sin.Includes(between(big.NewRat(-1, 1), big.NewRat(1, 1))) {
		t.Errorf("sin [0, 9] = %v", sin)
	}
}
