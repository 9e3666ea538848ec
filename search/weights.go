package search

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// Weights are weights that are asked for, in any order: all equal, or in given proportions. The zero value asks for none.
type Weights struct {
	equal  bool
	shares []*big.Rat // whole, without a common divisor, ascending
}

// ErrWeights says that a text names no weights.
var ErrWeights = errors.New("search: no weights")

const equalWord = "equal"

// ParseWeights reads "equal" or proportions, "1:3:5", two or more.
func ParseWeights(text string) (Weights, error) {
	const fewest = 2
	if text == equalWord {
		return Weights{equal: true}, nil
	}
	parts := strings.Split(text, ":")
	refused := fmt.Errorf("%w: expected %s or two to %d positive numbers such as 1:3:5, found %q", ErrWeights, equalWord, mostAsked, text)
	if len(parts) < fewest || len(parts) > mostAsked {
		return Weights{}, refused
	}
	var w Weights
	for _, part := range parts {
		x, err := gmm.ParseNumber(part)
		if err != nil || x.Sign() <= 0 {
			return Weights{}, refused
		}
		w.shares = append(w.shares, x)
	}
	w.shares = whole(w.shares)
	slices.SortFunc(w.shares, (*big.Rat).Cmp)
	return w, nil
}

// String is what ParseWeights reads; "" where none are asked for.
func (w Weights) String() string {
	if w.equal {
		return equalWord
	}
	return strings.Join(each(w.shares, (*big.Rat).RatString), ":")
}

// given tells whether any are asked for.
func (w Weights) given() bool { return w.equal || w.shares != nil }

// admit tells whether whole weights without a common divisor are those.
func (w Weights) admit(weights []*big.Rat) bool {
	switch {
	case w.equal:
		return !slices.ContainsFunc(weights, func(x *big.Rat) bool { return x.Cmp(weights[0]) != 0 })
	case w.shares == nil:
		return true
	}
	return slices.EqualFunc(slices.SortedFunc(slices.Values(weights), (*big.Rat).Cmp), w.shares, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
}

// like returns the weights in the order of others, as many as there are.
func (w Weights) like(others []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(others))
	for place, k := range sorted(len(others), func(k, l int) int { return others[k].Cmp(others[l]) }) {
		out[k] = one
		if !w.equal && place < len(w.shares) {
			out[k] = w.shares[place]
		}
	}
	return out
}
