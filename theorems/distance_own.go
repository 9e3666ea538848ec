package theorems

import (
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// distanceOwn: what distances see where components have their own covariances. Whitened by Σ̄, Col(A*) ⊆ 𝒞 = span{μ_k − μ_l} + Σ_k range(Σ_k − I), the central subspace, which
// the components' posterior probabilities depend on.
//
// Proof: for the projector Q off 𝒞 all Σ_kQ = Q, so that the part Q(x − y) of a difference has one law whatever the labels are, independent of the rest: what it adds to scores of positive and
// negative pairs has the same mean, and as of a shared covariance convexity does the rest.
//
// Hypotheses: any mixture with own covariances, any δ; r ≥ dim 𝒞. Checked for InfoNCE with infinitely many negatives by a blind solve in all dimensions, of which the oracle bounds the
// distance to M*; drawn so that 𝒞 is never everything. The suite finds that it holds. See distance-envelope for what does not hold M*.
var distanceOwn = Claim{
	ID:         "distance-own",
	Statement:  "Distance score, own covariances: Col(A*) ⊆ span{μ_k − μ_l} + Σ_k range(Σ_k − Σ̄), whitened",
	Source:     "own proof: differences across the central subspace have one law whatever the labels",
	Hypotheses: "Any mixture whose components have their own covariances; any δ; r ≥ dim 𝒞",
	Drawn:      "Mixtures with own covariances, many of which differ in variance aside from their means, with one more coordinate mixed in; any δ",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{Law: OwnLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}},
	Draw:    plain(pairsOf(roomy(rapid.OneOf(aside(), generators.Tilted(), generators.GeneralOf(2, 3, 1, 2))), generators.Delta())),
	Check:   checkDistancesWithin((*gmm.Mixture).CentralSubspace),
}

// checkDistancesWithin checks that M* of distances lies in a subspace.
func checkDistancesWithin(of func(*gmm.Mixture) *gmm.Envelope) func(Case) Outcome {
	return func(c Case) Outcome {
		const fine, nearly = 1e-10, 1e-4 // own covariances leave little of the convexity: bounds are coarse
		p, err := distances[0].Sees(c.Pairs.Apart())
		if err != nil {
			return undecided(err)
		}
		space := of(p.Left)
		switch {
		case p.Uninformative():
			return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "M* = 0, exactly"}
		case !space.Known():
			return Outcome{Detail: "the subspace is not known"}
		case space.Dimension() == p.Left.Dimension():
			return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "it is everything"}
		}
		found, err := solver.Minimise(distances[0].Solver, p, solver.Options{Method: solver.Blind, Seed: c.Seed, Tolerance: fine})
		if err != nil {
			return undecided(err)
		}
		w := oracle.JudgeWithin(distances[0].Oracle, p, space.Basis(), found.Constrained.Form, nearly)
		leaves := "by at most"
		if w.Containment == oracle.Refuted {
			leaves = "certainly, and by at most"
		}
		return Outcome{Verdict: w.Containment, Grade: oracle.Bounded, Value: w.Defect,
			Detail: fmt.Sprintf("M* leaves a subspace of %d of %d dimensions %s %.1e of its size", space.Dimension(), p.Left.Dimension(), leaves, w.Defect)}
	}
}

// aside draws 2 or 3 components with means on a line, with another independent coordinate aside from it that differs in its variance alone.
func aside() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		e := gmm.Exact{Name: "aside"}
		number := func(least, most int, label string) int64 { return int64(rapid.IntRange(least, most).Draw(t, label)) }
		for range rapid.IntRange(2, 3).Draw(t, "components") {
			e.Weights = append(e.Weights, big.NewRat(number(1, 4, "weight"), 1))
			e.Means = append(e.Means, []*big.Rat{big.NewRat(number(-4, 4, "mean"), 2), new(big.Rat)})
			e.Covariances = append(e.Covariances, [][]*big.Rat{{big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(number(1, 8, "variance"), 4)}})
		}
		m, err := gmm.NewExact(e)
		if err != nil {
			panic("theorems: " + err.Error())
		}
		return m
	})
}
