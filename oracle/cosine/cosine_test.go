package cosine

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

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
	_ = json.Valid
	_ = os.Args
	for _, c := range []struct {
		m   string
		tau float64
		eps float64
	}{{"1", .5, .55}, {"2", .5, .28}, {"3", .5, .140625}, {"1", 1, .4375}, {"2", .125, .15625}, {"1", .5, 1}, {"1", .5, .001}, {"1", .05, .5}, {"8", .05, .1}, {"1", .5, 30}, {"1", 2, .3}} {
		l := symmetric(t, c.m)
		o, err := outsideInfoNCE(l, c.eps, c.tau, fine)
		p, _ := onPlane(l, c.eps, c.tau, fine)
		n := 0
		if p != nil {
			n = len(p.cos)
		}
		i := insideInfoNCE(l, c.tau)
		fmt.Printf("%v: %.16g ± %.2g, %.16g ± %.2g, %d nodes %v\n", c, o.Value, o.Error, i.Value, i.Error, n, err)
	}

	for _, c := range []struct {
		m        string
		tau, eps float64
	}{{"1", .5, .72413}, {"2", .5, .31052}} {
		l := symmetric(t, c.m)
		o, err := Sigmoid(1).Outside(l, c.eps, c.tau)
		fmt.Println(o, Sigmoid(1).Inside(l, c.tau), err)
	}
	fmt.Println(Slope(symmetric(t, "1"), .5))
	fmt.Println(Slope(lineOf(t, `{"weights": [3,7], "means": [["3/2", 0], ["-1/2", 0]], "covariance": "identity"}`), .5))
	fmt.Println(Best(symmetric(t, "1"), InfoNCE, .5))
	fmt.Println(Best(symmetric(t, "3"), InfoNCE, .5))
	fmt.Println(Best(symmetric(t, "1"), Sigmoid(1), .5))
}
