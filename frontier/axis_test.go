package frontier_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// Numbers of the mixture are set exactly: a mean that was centred is centred again, a covariance stays symmetric, and other weights keep their proportions.
func TestNumbersOfTheMixtureAreAxes(t *testing.T) {
	base := family(t, "rare-outlier")
	p, err := grid(t, base, "mean[3][1]=0:20:2", "weight[1]=1/10:9/10:2").At([]*big.Rat{big.NewRat(20, 1), big.NewRat(1, 2)})
	if err != nil {
		t.Fatal(err)
	}
	e, was := p.Left.Exact(), base.Left.Exact()
	if e.Weights[0].Cmp(big.NewRat(1, 2)) != 0 || new(big.Rat).Quo(e.Weights[1], e.Weights[2]).Cmp(big.NewRat(10, 1)) != 0 {
		t.Errorf("the weights are %v", e.Weights)
	}
	apart := new(big.Rat).Sub(e.Means[2][0], e.Means[0][0])
	if want := new(big.Rat).Sub(big.NewRat(20, 1), was.Means[0][0]); !p.Left.Centred() || apart.Cmp(want) != 0 {
		t.Errorf("means are %v apart, expected %v; centred: %v", apart, want, p.Left.Centred())
	}
	p, err = grid(t, family(t, "parallel-pancakes"), "covariance[2][1]=-1/2:1/2:2", "separation=1:2:2").At([]*big.Rat{big.NewRat(1, 3), big.NewRat(2, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Left.Exact().Covariance; c[0][1].Cmp(big.NewRat(1, 3)) != 0 || c[1][0].Cmp(c[0][1]) != 0 || c[1][1].Cmp(big.NewRat(4, 1)) != 0 {
		t.Errorf("the covariance is %v", c)
	}
	lightest := grid(t, base, "weight=1/100:1/10:2")
	by, err := lightest.At([]*big.Rat{big.NewRat(1, 50)})
	if err != nil {
		t.Fatal(err)
	}
	if named, err := grid(t, base, "weight[3]=1/100:1/10:2").At([]*big.Rat{big.NewRat(1, 50)}); err != nil || named.GoString() != by.GoString() {
		t.Errorf("weight[3] is not the lightest weight: %#v, %#v, %v", named, by, err)
	}
}

// An axis that the mixture does not have, and axes with an end where there is no mixture, are refused in words.
func TestAxesThatDoNotFitAreRefused(t *testing.T) {
	for _, c := range []struct{ family, axes, words string }{
		{"two-points", "mean[3][1]=0:1:2", "indices within a mixture of 2 components in 2 dimensions"},
		{"two-points", "mean[1][3]=0:1:2", "indices within a mixture of 2 components in 2 dimensions"},
		{"two-points", "weight[3]=1/4:1/2:2", "indices within"},
		{"two-points", "covariance[1][3]=0:1:2", "indices within"},
		{"two-points", "covariance[1][1][2]=0:1:2", "components share one covariance"},
		{"two-points", "covariance[1][2]=0:1:2", "no mixture at covariance[1][2] = 1: covariance: expected a positive definite"},
		{"two-points", "covariance[1][1]=-1:1:2", "no mixture at covariance[1][1] = -1"},
		{"parallel-pancakes", "covariance[1][2]=1/2:3/4:2 covariance[1][1]=1/8:1/4:2", "no mixture at covariance[1][2] = 0.75 and covariance[1][1] = 0.125"},
		{"two-points", "covariance[1][2]=0:1/2:2 covariance[2][1]=0:1/2:2", "each number once"},
		{"two-points", "weight=1/4:1/2:2 weight[1]=1/4:1/2:2", "each number once"},
		{"two-points", "weight[1]=1/4:1/2:2 weight[2]=1/4:1/2:2", "one weight at least that takes up the rest"},
		{"rare-outlier", "weight[1]=1/4:1/2:2 weight[2]=1/4:1/2:2", "no mixture at weight[1] = 0.5 and weight[2] = 0.5"},
	} {
		base := family(t, c.family)
		var axes []frontier.Axis
		for _, text := range strings.Fields(c.axes) {
			axes = append(axes, axis(t, text))
		}
		if _, err := frontier.NewGrid(base, axes...); !errors.Is(err, frontier.ErrAxis) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s of %s: %v, expected %q", c.axes, c.family, err, c.words)
		}
	}
	for _, text := range []string{"mean[0][1]=0:1:2", "mean[1]=0:1:2", "mean=0:1:2", "weight[1]=0:1/2:2", "weight[01x]=1/4:1/2:2", "delta[1]=0:1:2", "mean[1][1][1]=0:1:2", "sigma[1][1]=0:1:2"} {
		if _, err := frontier.ParseAxis(text); !errors.Is(err, frontier.ErrAxis) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Components' own covariances have axes, too.
func TestOwnCovariancesAreAxes(t *testing.T) {
	d, err := gmm.Read("own", strings.NewReader(`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "1/2"], ["1/2", 1]], [[1, 0], [0, 1]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := grid(t, d.Pairs, "covariance[1][2][1]=0:3/4:2").At([]*big.Rat{big.NewRat(1, 4)})
	if err != nil {
		t.Fatal(err)
	}
	if own := p.Left.Exact().Covariances; own[0][0][1].Cmp(big.NewRat(1, 4)) != 0 || own[1][0][1].Sign() != 0 {
		t.Errorf("the covariances are %v", own)
	}
}

// Axes from strangers are read or refused in one line, and so are the grids that they make.
func FuzzAxis(f *testing.F) {
	for _, text := range []string{"delta=0:1:3", "mean[3][1]=-1:1e3:2", "weight[1]=1/10:9/10:4", "covariance[2][1]=-1/2:0.5:3", "covariance[1][1][1]=1:2:2", "weight=1/9:1/2:2", "negatives=1:8:4",
		"mean[99999999999][1]=0:1:2", "mean[1][1]=0:1/0:2", "weight[1]=1e-200:1/2:2", "separation=0:1e30:2", "temperature=1:2:2", "=::", "mean[1][1]]=0:1:2"} {
		f.Add(text)
	}
	rare, err := frontier.FamilyNamed("rare-outlier")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := frontier.ParseAxis(text)
		if err == nil {
			var g frontier.Grid
			if g, err = frontier.NewGrid(rare, a); err == nil {
				g, err = g.Of(losses.InfoNCE)
			}
			if err == nil {
				if _, err := g.At([]*big.Rat{a.Value(a.Count / 2)}); err != nil && a.Parameter != frontier.Separation {
					t.Errorf("%q is a grid without a mixture at its middle: %v", text, err)
				}
			}
		}
		if err != nil && (!errors.Is(err, frontier.ErrAxis) || strings.ContainsAny(err.Error(), "\n\r")) {
			t.Errorf("%q is refused by %q", text, err)
		}
	})
}
