package cli

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// literalStarts is the number of random starts of a literal solve.
const literalStarts = 5

// newLiteralSolution reports the best stationary point found with fewer columns
// than the Fisher subspace has dimensions: nothing bounds its distance to a
// minimum, and it cannot span S_F. Containment is that of the point itself.
func newLiteralSolution(p gmm.Pairs, rank int, c solver.Candidate) (solution, error) {
	outside, err := oracle.OutsideFisher(p, c.Minimiser.Form)
	if err != nil {
		return solution{}, err
	}
	verdict := oracle.Undecided
	if outside <= literallyContained && c.Minimiser.GradientNorm <= literallyStationary && !p.Left.FisherDimension().Ambiguous {
		verdict = oracle.Holds
	}
	found := printedMinimum(p, c.Minimiser, rank, math.NaN())
	return solution{
		Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension().Value,
		Delta: p.Delta(), Rank: rank, Method: c.Method,
		Minimiser:   minimiser{M: found.m, A: found.a, Loss: number(c.Minimiser.Loss), Rank: c.Minimiser.Rank, DistanceBound: found.distance},
		Quadrature:  &quadrature{c.Rule, c.Points, number(c.RuleError)},
		how:         c.Rule + ", " + count(c.Points, "node"),
		Containment: containment{Verdict: verdict.String(), Defect: number(outside)},
		Certificate: &certificate{oracle.Estimated.String(), number(math.Inf(1)),
			fmt.Sprintf("none: a stationary point to ‖∇L(A)‖ = %.1g, which nothing ties to a minimum", c.Minimiser.GradientNorm)},
	}, nil
}

// literallyStationary is the gradient norm, whitened, up to which a point that
// descent found counts as stationary: idle columns make it stall before rounding does.
const literallyStationary = 1e-6

// literallyContained is the share of its size by which a stationary point that
// descent found may leave S_F: descent over A ends near 1e-8.
const literallyContained = 1e-5
