package explore

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"contrastcheck/gmm"
)

// setter puts a number in its place in a mixture; the others stay as the file has them.
type setter func(e *gmm.Exact, delta **big.Rat, x *big.Rat)

// setter is that of a place in the file.
func (a asked) setter(key, place string) (setter, error) {
	e := a.Pairs.Left.Exact()
	refuse := func() (setter, error) {
		return nil, &gmm.InputError{Key: key, Expected: fmt.Sprintf("delta, weights[k], means[k][i] or covariance[i][j], indices from 0, of a mixture of %d components in %d dimensions", a.Pairs.Components(), a.Pairs.Left.Dimension()),
			Found: place, Reason: gmm.ErrPath}
	}
	if err := a.Pairs.WantOneModality(); err != nil {
		return nil, err
	}
	name, indices := parts(place)
	bounds := map[string][]int{"delta": {}, "weights": {len(e.Means)}, "means": {len(e.Means), len(e.Means[0])}}
	if e.Covariance != nil {
		bounds["covariance"] = []int{len(e.Covariance), len(e.Covariance)}
	}
	within, known := bounds[name]
	if !known || len(indices) != len(within) {
		return refuse()
	}
	var at [2]int
	for n, text := range indices {
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= within[n] {
			return refuse()
		}
		at[n] = i
	}
	i, j := at[0], at[1]
	return map[string]setter{
		"delta":   func(_ *gmm.Exact, delta **big.Rat, x *big.Rat) { *delta = x },
		"weights": func(e *gmm.Exact, _ **big.Rat, x *big.Rat) { e.Weights = replaced(e.Weights, i, x) },
		"means": func(e *gmm.Exact, _ **big.Rat, x *big.Rat) {
			e.Means = replaced(e.Means, i, replaced(e.Means[i], j, x))
		},
		"covariance": func(e *gmm.Exact, _ **big.Rat, x *big.Rat) {
			e.Covariance = replaced(e.Covariance, i, replaced(e.Covariance[i], j, x))
			e.Covariance = replaced(e.Covariance, j, replaced(e.Covariance[j], i, x))
		},
	}[name], nil
}

// at are the pairs with numbers in some places.
func (a asked) at(places []setter, xs []*big.Rat) (gmm.Pairs, error) {
	e, delta := a.Pairs.Left.Exact(), a.Pairs.ExactDelta()
	e.Weights = a.weights
	for n, set := range places {
		set(&e, &delta, xs[n])
	}
	return made(e, delta)
}

// made are the pairs of an exact mixture.
func made(e gmm.Exact, delta *big.Rat) (gmm.Pairs, error) {
	m, err := gmm.NewExact(e)
	if err != nil {
		return gmm.Pairs{}, err
	}
	return gmm.NewPairs(m, delta)
}

// replaced returns a copy of xs with x at place i.
func replaced[X any](xs []X, i int, x X) []X {
	out := slices.Clone(xs)
	out[i] = x
	return out
}
