package proof

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"
)

func TestDecimals(t *testing.T) {
	c := interval.NewContext(200)
	number := func(text string) interval.Interval {
		r, _ := new(big.Rat).SetString(text)
		return c.FromRat(r)
	}
	for _, test := range []struct {
		values []string
		digits int
		want   []string
	}{
		{[]string{"1.23456", "-0.0045"}, 3, []string{"1.23", "0.00"}},
		{[]string{"1.23456", "-0.0056"}, 3, []string{"1.23", "-0.01"}},
		{[]string{"-0.00023925065"}, 4, []string{"-0.0002393"}},
		{[]string{"123456"}, 2, []string{"120000"}},
		{[]string{"0"}, 3, []string{"0.000"}},
		{[]string{"1e-40"}, 3, []string{"0.000"}},
		{[]string{"0.99999"}, 3, []string{"1.000"}},
	} {
		var values []interval.Interval
		for _, v := range test.values {
			values = append(values, number(v))
		}
		got, settled := decimals(values, test.digits)
		if !settled || len(got) != len(test.want) {
			t.Errorf("%v to %d digits: not settled", test.values, test.digits)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%v to %d digits: %v, want %v", test.values, test.digits, got, test.want)
			}
		}
	}
	if texts, settled := decimals([]interval.Interval{c.Hull(number("1.234"), number("1.236"))}, 3); settled {
		t.Errorf("[1.234, 1.236] settles three digits: %v", texts)
	}
}
