package search

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/theorems"
)

// Limits are what a user asks of a counterexample, beyond the claim's hypotheses.
type Limits struct {
	// Delta is the δ wanted. Nil means the simplest that the claim is about.
	Delta *big.Rat
	// Components and Dimension are the ranges of K and d. Zero means the claim's own.
	Components, Dimension theorems.Range
	// Separation is the largest Mahalanobis distance allowed between two means, > 0.
	// Zero means no limit.
	Separation float64
}

// Errors of limits and claims.
var (
	// ErrNotSearchable says that no search is known for the claim.
	ErrNotSearchable = errors.New("search: the claim is not searchable")
	// ErrLimits says that nothing can meet the limits.
	ErrLimits = errors.New("search: impossible limits")
)

// Largest K and d that a search takes on.
const mostComponents, mostDimension = 12, 12

// of completes the limits for a claim: what is not given becomes the claim's own.
func (l Limits) of(claim theorems.Claim) (Limits, error) {
	h := claim.Hunt
	if h == nil {
		return l, fmt.Errorf("%w: %s", ErrNotSearchable, claim.ID)
	}
	l.Components = cmp.Or(l.Components, h.Components, theorems.Range{Least: 1, Most: mostComponents})
	l.Dimension = cmp.Or(l.Dimension, h.Dimension, theorems.Range{Least: 1, Most: mostDimension})
	for _, r := range []struct {
		what  string
		found theorems.Range
		most  int
	}{{"components", l.Components, mostComponents}, {"dimension", l.Dimension, min(mostDimension, cmp.Or(h.MostDimension, mostDimension))}} {
		if r.found.Least < 1 || r.found.Most < r.found.Least || r.found.Most > r.most {
			return l, fmt.Errorf("%w: expected a range of %s within 1:%d, found %d:%d", ErrLimits, r.what, r.most, r.found.Least, r.found.Most)
		}
	}
	if h.Hypotheses.Distinct {
		const two = 2 // one component has no means that differ
		if l.Components.Most < two {
			return l, fmt.Errorf("%w: expected at least two components, as the claim %s is about means that differ, found %d:%d",
				ErrLimits, claim.ID, l.Components.Least, l.Components.Most)
		}
		l.Components.Least = max(l.Components.Least, two)
	}
	if l.Delta != nil && !h.Hypotheses.Delta.Admits(l.Delta) {
		return l, fmt.Errorf("%w: expected %v, as the claim %s says, found δ = %s", ErrLimits, h.Hypotheses.Delta, claim.ID, gmm.FormatNumber(l.Delta))
	}
	if !(l.Separation >= 0) || math.IsInf(l.Separation, 1) {
		return l, fmt.Errorf("%w: expected a positive separation, found %v", ErrLimits, l.Separation)
	}
	return l, nil
}

// delta is the δ of what is drawn.
func (l Limits) delta(claim theorems.Claim) *big.Rat {
	if l.Delta != nil {
		return l.Delta
	}
	return claim.Hunt.Hypotheses.Delta.Simplest()
}

// admit tells whether a case meets the limits and the claim's hypotheses.
func (l Limits) admit(claim theorems.Claim, c theorems.Case) bool {
	m, delta := c.Pairs.Left, c.Pairs.ExactDelta()
	return l.Components.Contains(m.Components()) && l.Dimension.Contains(m.Dimension()) &&
		(l.Delta == nil || l.Delta.Cmp(delta) == 0) &&
		(l.Separation == 0 || separation(m) <= l.Separation) &&
		claim.Hunt.Hypotheses.Check(c) == nil
}

// separation is the largest Mahalanobis distance between two means.
func separation(m *gmm.Mixture) float64 {
	gram := m.Gram().G
	var most float64
	for i := range gram {
		for j := range i {
			most = max(most, gram[i][i].Add(gram[j][j]).Sub(gram[i][j]).Sub(gram[i][j]).Float64())
		}
	}
	return math.Sqrt(most)
}
