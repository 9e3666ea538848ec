package gmm

import (
	"math/big"
	"slices"
)

// Difference names in what two laws of pairs differ, in exact numbers and component by component: "modalities", "components", "dimensions", "weights" (of sum 1), "means",
// "covariances" or "delta"; "" where they are the same. Names of mixtures don't count, nor whether one covariance is written once or for each component.
func (p Pairs) Difference(q Pairs) string {
	switch {
	case p.Modalities() != q.Modalities():
		return "modalities"
	case p.Components() != q.Components():
		return "components"
	case p.ExactDelta().Cmp(q.ExactDelta()) != 0:
		return "delta"
	}
	what := p.Left.exact.difference(q.Left.exact)
	if what == "" && p.Modalities() == 2 {
		what = p.Right.exact.difference(q.Right.exact)
	}
	return what
}

func (e Exact) difference(f Exact) string {
	switch {
	case len(e.Means[0]) != len(f.Means[0]):
		return "dimensions"
	case !sameRow(e.Weights, f.Weights):
		return "weights"
	case !sameRows(e.Means, f.Means):
		return "means"
	}
	for k := range e.Weights {
		if !sameRows(e.covarianceOf(k), f.covarianceOf(k)) {
			return "covariances"
		}
	}
	return ""
}

func (e Exact) covarianceOf(component int) [][]*big.Rat {
	if e.Covariance != nil {
		return e.Covariance
	}
	return e.Covariances[component]
}

func sameRow(a, b []*big.Rat) bool {
	return slices.EqualFunc(a, b, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
}

func sameRows(a, b [][]*big.Rat) bool { return slices.EqualFunc(a, b, sameRow) }
