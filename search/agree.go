package search

import (
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/theorems"
)

// agree refuses constraints on weights of which each may be met, but no two together.
func (x Constraints) agree() error {
	given, near := x.Weights.ascending(x.Near.components()), x.Near.ascending()
	for _, of := range []struct {
		by     string
		shares []*big.Rat
		most   *big.Rat // times a share that the lightest is
	}{
		{"of the weights given", given, one},
		{"near to the mixture's", near, x.Near.most()},
	} {
		if x.Lightest == nil || of.shares == nil {
			continue
		}
		if heaviest := new(big.Rat).Mul(of.shares[0], of.most); heaviest.Cmp(x.Lightest) < 0 {
			return fmt.Errorf("%w: expected a smallest weight of at most %s, as the lightest %s is no heavier; found %s", ErrLimits,
				heaviest.RatString(), of.by, x.Lightest.RatString())
		}
	}
	if given == nil || near == nil {
		return nil
	}
	for k, share := range given { // sorted, they are as near as they can be
		if !x.Near.within(share, near[k], square(near[k])) {
			return fmt.Errorf("%w: expected weights within %s of themselves near those of the mixture to be near to, found the share %s beside %s", ErrLimits,
				gmm.FormatNumber(x.Near.radius), share.RatString(), near[k].RatString())
		}
	}
	return nil
}

// ascending are the shares of k components; nil where none are given.
func (w Weights) ascending(k int) []*big.Rat {
	switch {
	case w.shares != nil:
		return shares(w.shares)
	case w.equal && k > 0:
		return shares(slices.Repeat([]*big.Rat{one}, k))
	}
	return nil
}

// ascending are the shares of the mixture's weights; nil where there is none.
func (n *Near) ascending() []*big.Rat {
	if n == nil {
		return nil
	}
	return shares(slices.SortedFunc(slices.Values(n.centre.weights), (*big.Rat).Cmp))
}

// most is what a share may be multiplied by.
func (n *Near) most() *big.Rat {
	if n == nil {
		return one
	}
	return new(big.Rat).Add(one, n.radius)
}

func shares(weights []*big.Rat) []*big.Rat {
	total := sum(weights)
	return each(weights, func(w *big.Rat) *big.Rat { return new(big.Rat).Quo(w, total) })
}

// subject refuses a mixture near to which none is that a claim is about, of whose law it is not.
func (n *Near) subject(claim theorems.Claim) error {
	if n == nil {
		return nil
	}
	refused := func(expected, found string) error {
		return fmt.Errorf("%w: expected a mixture to be near to with %s, as the claim %s is about such; found %s", ErrLimits, expected, claim.ID, found)
	}
	const shared, own = "a shared covariance", "components with covariances of their own"
	switch law := claim.Subject.Law; {
	case law == theorems.PairedLaw:
		return refused("two modalities", "one")
	case law == theorems.SharedLaw && n.centre.own:
		return refused(shared, own)
	case (law == theorems.OwnLaw || law == theorems.AnyOwnLaw) && !n.centre.own:
		return refused(own, shared)
	}
	return nil
}
