package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// containmentStable: with own covariances M* leaves the Fisher subspace no further than the gradient at the best matrix inside does. Whitened, D = M* − M_in,
//
//	c²(tr(WD_PP²) + tr D_QP(I+W)D_PQ + ‖D_QQ‖²_F) ≤ σ²,   2c(f(M_in) − f(M*)) ≤ σ²,
//	σ² = 4 tr X(I+W)⁻¹Xᵀ + ‖Y‖²_F,   X = Q∇f(M_in)P,   Y the negative part of Q∇f(M_in)Q,   c = min λ_min(Σ_k).
//
// Hypotheses: any mixture with own covariances, any δ > 0. Checked at the minimisers of a blind solve, with the oracle's gradient. Source: own proof, by strong convexity and
// the conditions of optimality at M*. As ‖X‖ is at most proportional to the largest coupling ‖QΣ_kP‖, so is the part of M* outside: see containment-own-covariance, which says
// that it is not 0, and containment-envelope. The suite finds that it holds.
var containmentStable = Claim{
	ID:         "containment-stable",
	Statement:  "With own covariances, ‖M* − M_in‖ is at most what the gradient at M_in, the best in S_F, bounds it by",
	Source:     "own proof: strong convexity and the conditions of optimality",
	Hypotheses: "Any mixture whose components have their own covariances; δ > 0",
	Drawn:      "Mixtures with own covariances in 2 to 4 dimensions, of any orientation or tilted against each other; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Law: OwnLaw}.about(besideFisher),
	Draw: plain(pairsOf(leaving(rapid.OneOf(generators.GeneralOf(2, 3, 2, 3), generators.GeneralOf(2, 2, 4, 4), generators.Tilted())),
		generators.Informative())),
	Check: checkContainmentStable,
}

// leaving adds a coordinate to what has none outside the Fisher subspace.
func leaving(family *rapid.Generator[*gmm.Mixture]) *rapid.Generator[*gmm.Mixture] {
	return rapid.Map(family, func(m *gmm.Mixture) *gmm.Mixture {
		if m.FisherDimension() == m.Dimension() {
			return m.Embed()
		}
		return m
	})
}

func checkContainmentStable(c Case) Outcome {
	p := c.Pairs.Apart()
	if p.Uninformative() {
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "M* = 0 = M_in, exactly"}
	}
	found, err := solver.Minimise(losses.InfoNCE.Solver, p, solver.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	known := func(m solver.Minimum) oracle.Known {
		return oracle.Known{Form: m.Form, Distance: m.DistanceBound, Loss: m.Loss, LossError: m.LossError}
	}
	const tolerance = 1e-9
	distance, gap, err := oracle.Stability(p, known(found.Inside), known(found.Constrained), tolerance)
	if err != nil {
		return undecided(err)
	}
	o, other := certainly(distance), certainly(gap)
	o.Detail = fmt.Sprintf("distance: %s; loss: %s", o.Detail, other.Detail)
	if other.Verdict == oracle.Refuted || o.Verdict == oracle.Holds {
		o.Verdict = other.Verdict
	}
	return o
}

// certainly is the outcome of an inequality, which holds, too, where its error is not small, but smaller than what lies between its sides.
func certainly(i oracle.Inequality) Outcome {
	o := fromInequality(i, oracle.Estimated)
	if o.Verdict == oracle.Undecided && i.Left-i.Error >= i.Right {
		o.Verdict = oracle.Holds
	}
	return o
}
