package theorems

import (
	"contrastcheck/gmm"
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// containmentLowRank: containment with fewer columns than components, where the
// problem is not convex: the best stationary point that the literal solve finds
// lies in the Fisher subspace.
//
// Hypotheses: any mixture with K ≥ 2, δ > 0, 1 ≤ r < K, some of whose coordinates
// lie outside S_F. Checked at what L-BFGS and a trust-region Newton method find
// from two random starts in all d dimensions. It holds where that point leaves
// S_F by at most 1e-5 of its size, and is refuted only where the oracle's gradient
// there contradicts the claim stationarity, by which no stationary point lies
// elsewhere; descent that stalled early is undecided. The suite finds that it holds.
var containmentLowRank = Claim{
	ID:         "containment-low-rank",
	Statement:  "With r < K columns, Col(A*) ⊆ S_F at what the literal solve finds",
	Source:     "Theorem 0.1 beyond its hypothesis r ≥ K",
	Hypotheses: "Any mixture with K ≥ 2; δ > 0; 1 ≤ r < K",
	Drawn:      "Mixtures with means within an order of 1 and one more coordinate mixed in; two random starts each",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{Complete: columns(func(m *gmm.Mixture) int { return m.Components() - 1 })}.about(severalComponents),
	Draw: rapid.Custom(func(t *rapid.T) Case {
		c := plain(pairsOf(roomy(tame()), generators.Informative())).Draw(t, "case")
		c.Columns = rapid.IntRange(1, c.Pairs.Components()-1).Draw(t, "columns")
		return c
	}),
	Check: checkContainmentLowRank,
}

func checkContainmentLowRank(c Case) Outcome {
	if c.Pairs.Uninformative() {
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "M* = 0 exactly"}
	}
	const starts = 2
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{Method: solver.Factored, Columns: c.Columns, Starts: starts, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	defect, err := oracle.OutsideFisher(c.Pairs, found.Constrained.Form)
	if err != nil {
		return undecided(err)
	}
	stationary, err := oracle.Stationarity(oracle.InfoNCE, c.Pairs, oracle.Encoders{Left: found.Constrained.Left.Columns}, gradientTolerance)
	if err != nil {
		return undecided(err)
	}
	const inside = 1e-5
	o := Outcome{Grade: oracle.Estimated, Value: defect,
		Detail: fmt.Sprintf("a stationary point leaves S_F by %.0e of its size", defect)}
	switch {
	case stationary.Verdict() == oracle.Refuted:
		o.Verdict = oracle.Refuted
	case defect <= inside:
		o.Verdict = oracle.Holds
	}
	return o
}
