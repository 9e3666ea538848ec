package theorems

import (
	"math"

	"contrastcheck/generators"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// projectionDescent: projecting any representation on the Fisher subspace lowers
// the loss by at least half the squared distance,
//
//	L(PA) ≤ L(A) − ½‖M − PMP‖²_F,   M = AAᵀ, whitened,
//
// which proves containment, for every δ and every number of columns, with no solver.
//
// Hypotheses: any mixture, δ and A; drawn so that S_F is not everything. Checked by evaluating both losses. The suite
// finds that it holds.
var projectionDescent = Claim{
	ID:         "projection-descent",
	Statement:  "L(PA) ≤ L(A) − ½‖M − PMP‖² for every A, δ, r: projecting on S_F lowers the loss",
	Source:     "∇f(PMP) = P∇f(PMP)P and strong convexity",
	Hypotheses: "Any mixture, δ and representation A",
	Drawn:      "All eight families, with one more coordinate mixed in so that S_F is never everything; A of 1 to 3 columns",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)},
	Draw:    gentle(represented(pairsOf(roomy(anyMixture()), generators.Delta()))),
	Check:   checkProjectionDescent,
}

func checkProjectionDescent(c Case) Outcome {
	projected, err := subspace.FisherProjection(c.Pairs.Left, c.A)
	if err != nil {
		return undecided(err)
	}
	before, beforeError, err := solver.Evaluate(solver.InfoNCE, c.Pairs, c.A, nil)
	if err != nil {
		return undecided(err)
	}
	after, afterError, err := solver.Evaluate(solver.InfoNCE, c.Pairs, projected, nil)
	if err != nil {
		return undecided(err)
	}
	d := c.Pairs.Left.Dimension()
	var removed mat.Dense
	removed.Sub(gramOf(c.A), gramOf(projected))
	distance := oracle.WhitenedNorm(c.Pairs.Left, &removed)
	// The projection is rounded: relative 1e-13 of the loss's own size.
	const rounding = 1e-13
	size := 1 + math.Abs(before) + math.Pow(oracle.WhitenedNorm(c.Pairs.Left, gramOf(c.A)), 2)
	return fromInequality(oracle.Inequality{Left: before - after, Right: distance * distance / 2,
		Error: beforeError + afterError + rounding*size*float64(d*d), Scale: size}, oracle.Estimated)
}
