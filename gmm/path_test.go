package gmm_test

import (
	"errors"
	"math/big"
	"testing"

	"contrastcheck/gmm"
)

func rare(t *testing.T) gmm.Pairs {
	t.Helper()
	number := func(text string) *big.Rat { r, _ := gmm.ParseNumber(text); return r }
	m, err := gmm.NewExact(gmm.Exact{
		Weights:    []*big.Rat{number("1"), number("11"), number("420")},
		Means:      [][]*big.Rat{{number("17"), number("9")}, {number("8"), number("3")}, {number("-0.25"), number("-0.1")}},
		Covariance: [][]*big.Rat{{number("2"), number("1/2")}, {number("1/2"), number("3")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := gmm.NewPairs(m, number("1"))
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// What is set is read back, nothing else changes, and other weights keep their proportions.
func TestPathsAreSetAndReadBack(t *testing.T) {
	all := []string{"delta", "weight[1]", "weight[2]", "mean[3][1]", "covariance[2][1]", "covariance[2][2]"}
	pairs := rare(t)
	for _, text := range all {
		path, err := gmm.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		value := big.NewRat(3, 7)
		changed, err := path.Set(pairs, value)
		if err != nil {
			t.Fatal(text, err)
		}
		if got, err := path.In(changed); err != nil || got.Cmp(value) != 0 {
			t.Errorf("%s: set 3/7, read %v, %v", text, got, err)
		}
		for _, other := range all {
			q, _ := gmm.ParsePath(other)
			before, _ := q.In(pairs)
			after, _ := q.In(changed)
			_, one := path.Weight()
			_, two := q.Weight()
			if !path.Same(q) && !(one && two) && before.Cmp(after) != 0 {
				t.Errorf("%s moved %s from %v to %v", text, other, before, after)
			}
		}
	}
	path, _ := gmm.ParsePath("weight[1]")
	changed, _ := path.Set(pairs, big.NewRat(1, 2))
	weights := changed.Left.Exact().Weights
	if want := big.NewRat(420, 11); new(big.Rat).Quo(weights[2], weights[1]).Cmp(want) != 0 {
		t.Errorf("other weights are %v and %v, not in the proportion 11:420", weights[1], weights[2])
	}
}

// Several weights are set together, whatever their order.
func TestWeightsAreSetTogether(t *testing.T) {
	first, _ := gmm.ParsePath("weight[1]")
	second, _ := gmm.ParsePath("weight[3]")
	a, b := big.NewRat(1, 5), big.NewRat(1, 2)
	for _, paths := range [][]gmm.Path{{first, second}, {second, first}} {
		values := []*big.Rat{a, b}
		if paths[0] == second {
			values = []*big.Rat{b, a}
		}
		changed, err := gmm.SetAll(rare(t), paths, values)
		if err != nil {
			t.Fatal(err)
		}
		weights := changed.Left.Exact().Weights
		if weights[0].Cmp(a) != 0 || weights[2].Cmp(b) != 0 || weights[1].Cmp(big.NewRat(3, 10)) != 0 {
			t.Errorf("weights %v, not 1/5, 3/10, 1/2", weights)
		}
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	for _, text := range []string{"", "weight", "weight[0]", "weight[1][2]", "mean[1]", "mean[1][2][3]", "covariance[1]", "covariance[1][2][3][4]", "delta[1]", "Delta",
		"mu[1]", "weight[-1]", "weight[1", "weight[99999999999]", " delta"} {
		if path, err := gmm.ParsePath(text); !errors.Is(err, gmm.ErrPath) {
			t.Errorf("%q was read as %v, %v", text, path, err)
		}
	}
	for _, text := range []string{"weight[4]", "mean[4][1]", "mean[1][3]", "covariance[3][1]", "covariance[1][1][1]"} {
		path, err := gmm.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := path.In(rare(t)); !errors.Is(err, gmm.ErrPath) {
			t.Errorf("%s: %v", text, err)
		}
	}
	set := func(value *big.Rat, texts ...string) error {
		var paths []gmm.Path
		var values []*big.Rat
		for _, text := range texts {
			path, _ := gmm.ParsePath(text)
			paths, values = append(paths, path), append(values, value)
		}
		_, err := gmm.SetAll(rare(t), paths, values)
		return err
	}
	quarter := big.NewRat(1, 4)
	for what, c := range map[string]struct{ got, want error }{
		"no rest":       {set(big.NewRat(1, 2), "weight[1]", "weight[2]"), gmm.ErrWeight},
		"all weights":   {set(quarter, "weight[1]", "weight[2]", "weight[3]"), gmm.ErrPath},
		"twice":         {set(quarter, "covariance[1][2]", "covariance[2][1]"), gmm.ErrPath},
		"negative":      {set(big.NewRat(-1, 4), "weight[1]"), gmm.ErrWeight},
		"not definite":  {set(big.NewRat(-1, 4), "covariance[1][1]"), gmm.ErrNotPositiveDefinite},
		"delta above 1": {set(big.NewRat(5, 4), "delta"), gmm.ErrDelta},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, not %v", what, c.got, c.want)
		}
	}
}
