package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// ownRank: that with own covariances M* has no more columns than the Fisher subspace has dimensions, rank M* ≤ dim S_F, as where S_F contains it.
//
// Hypotheses: any mixture with own covariances, any δ > 0, r ≥ d. Checked by the eigenvalues of what a blind solve finds, beyond the oracle's bound of its distance to M*. The suite
// finds that it is refuted: where components are mirrored in pairs, x ↦ −x in S_F and not across, the gradient at the best matrix inside S_F has no block across, by symmetry,
// so that M* does not turn; but its block outside can be negative, and M* grows by a direction. See containment-own-covariance, where M* turns.
var ownRank = Claim{
	ID:         "own-rank",
	Statement:  "With own covariances and r ≥ d columns, rank M* ≤ dim S_F",
	Source:     "read off two components with means on a line, where no other rank is known",
	Hypotheses: "Any mixture whose components have their own covariances; δ > 0; r ≥ d",
	Drawn:      "Three pairs of components that mirror each other, in the plane: two light and wide ones with large couplings of opposite signs, one heavy and narrow; δ = 1",
	Stance:     Ours, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Law: OwnLaw},
	Draw:    plain(pairsOf(mirroredPairs(), generators.Certain())),
	Check:   checkOwnRank,
}

// mirroredPairs draws (w, ±m, [v ±c; ±c 1]) for three weights and means, weights about 3:6:91.
func mirroredPairs() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		e := gmm.Exact{Name: "mirrored"}
		whole := func(least, most int, label string) int64 { return int64(rapid.IntRange(least, most).Draw(t, label)) }
		wide, narrow := whole(12, 16, "variance"), big.NewRat(whole(2, 5, "variance"), 10)
		couplings := []*big.Rat{big.NewRat(whole(15, 26, "coupling"), 10), big.NewRat(-whole(10, 19, "coupling"), 10), big.NewRat(whole(0, 2, "coupling"), 10)}
		weights := []int64{whole(2, 4, "weight"), whole(4, 8, "weight"), whole(40, 100, "weight")}
		means := []*big.Rat{big.NewRat(whole(2, 6, "mean"), 4), big.NewRat(whole(10, 14, "mean"), 4), big.NewRat(whole(4, 8, "mean"), 4)}
		variances := []*big.Rat{big.NewRat(wide, 1), big.NewRat(whole(8, 10, "variance"), 2), narrow}
		for _, sign := range []int64{1, -1} {
			for k := range weights {
				by := func(x *big.Rat) *big.Rat { return new(big.Rat).Mul(big.NewRat(sign, 1), x) }
				e.Weights = append(e.Weights, big.NewRat(weights[k], 1))
				e.Means = append(e.Means, []*big.Rat{by(means[k]), new(big.Rat)})
				e.Covariances = append(e.Covariances, [][]*big.Rat{{variances[k], by(couplings[k])}, {by(couplings[k]), big.NewRat(1, 1)}})
			}
		}
		m, err := gmm.NewExact(e)
		if err != nil {
			panic("theorems: " + err.Error())
		}
		return m
	})
}

func checkOwnRank(c Case) Outcome {
	p := c.Pairs.Apart()
	if p.Uninformative() {
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "M* = 0, exactly"}
	}
	found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	s := p.Left.FisherDimension()
	rank := oracle.RankOf(oracle.InfoNCE, p, found.Constrained.Form, s)
	if math.IsInf(rank.Epsilon, 1) {
		return Outcome{Detail: rank.Rule}
	}
	next := append(rank.Eigenvalues, 0)[s]
	o := Outcome{Grade: oracle.Bounded, Value: -next,
		Detail: fmt.Sprintf("eigenvalue %d of M*, the largest first, is %.4g, known to ±%.0e (whitened); dim S_F = %d", s+1, next, rank.Epsilon, s)}
	switch {
	case rank.Least > s:
		o.Verdict = oracle.Refuted
	case rank.Most <= s:
		o.Verdict = oracle.Holds
	}
	return o
}
