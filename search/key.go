package search

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// key identifies a mixture with its δ up to what changes neither loss nor verdict: the
// order of components and any change of coordinates, so rotations and reflections
// too. Two mixtures of one shared covariance have the same key exactly where the
// weights and the Gram matrices of their whitened means are the same in some order.
// Mixtures of own covariances are compared as they are written, and so are those whose
// components are alike in too many orders.
func key(d gmm.Document) string {
	if d.Pairs.WantSingle() != nil {
		return d.Pairs.GoString()
	}
	weights, gram := d.Pairs.Left.Exact().Weights, d.Pairs.Left.ExactGram()
	best := ""
	for _, order := range orders(weights, gram) {
		if k := written(weights, gram, order); best == "" || k < best {
			best = k
		}
	}
	return "δ " + d.Pairs.ExactDelta().RatString() + " " + best
}

// written writes weights and Gram matrix with the components in the given order.
func written(weights []*big.Rat, gram [][]*big.Rat, order []int) string {
	var b strings.Builder
	for place, k := range order {
		b.WriteString(weights[k].RatString())
		for _, l := range order[:place+1] {
			b.WriteString(" " + gram[k][l].RatString())
		}
		b.WriteString("; ")
	}
	return b.String()
}

// mostOrders bounds the orders compared.
const mostOrders = 5040

// orders returns the orders of the components by weight and length of the mean, with
// every order of those alike in both, or one where they are too many.
func orders(weights []*big.Rat, gram [][]*big.Rat) [][]int {
	compare := func(k, l int) int { return cmp.Or(weights[k].Cmp(weights[l]), gram[k][k].Cmp(gram[l][l])) }
	order := sorted(len(weights), compare)
	all := [][]int{order}
	for first := 0; first < len(order); {
		last := first + 1
		for last < len(order) && compare(order[first], order[last]) == 0 {
			last++
		}
		var next [][]int
		for _, o := range all {
			next = append(next, permutations(o, first, last)...)
			if len(next) > mostOrders {
				return [][]int{order}
			}
		}
		all, first = next, last
	}
	return all
}

// sorted returns 0, …, n − 1 in an order; what is equal there stays as it is.
func sorted(n int, compare func(k, l int) int) []int {
	order := make([]int, n)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, compare)
	return order
}

// permutations returns o with its places from first to last in every order.
func permutations(o []int, first, last int) [][]int {
	if last-first < 2 {
		return [][]int{o}
	}
	var out [][]int
	for i := first; i < last && len(out) <= mostOrders; i++ {
		out = append(out, permutations(exchanged(o, first, i), first+1, last)...)
	}
	return out
}
