package cosine

import (
	"fmt"
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

func TestX(t *testing.T) {
	for _, c := range []struct{ m, tau, eps string }{{"1", "1/2", ""}, {"1", "1/2", "11/20"}, {"1", "1/2", "1"}, {"2", "1/2", ""}, {"3", "1/2", ""}, {"4", "2", ""}, {"2", "1/8", ""}, {"1", "1/20", ""}, {"3", "1/20", ""}, {"1", "1/2", "1/2"}} {
		tau, _ := new(big.Rat).SetString(c.tau)
		eps, ok := new(big.Rat).SetString(c.eps)
		if !ok {
			eps = nil
		}
		start := time.Now()
		r, b, err := Prove(symmetric(t, c.m), tau, eps, 1)
		fmt.Println(c, r, time.Since(start), err)
		if err == nil {
			o, i := b.Written()
			g, _ := b.Gap().Float64()
			fmt.Println(o, i, g, b.Outside)
		}
	}
}
