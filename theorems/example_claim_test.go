package theorems_test

import (
	"context"
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// equalityOfTwo: two centred components never lose their direction.
//
// Hypotheses: K = 2, μ̄ = 0, μ₁ ≠ μ₂, δ = 1. Checked by a reduced solve and the
// oracle's certificate. The suite finds that it holds: a case of equality-line.
var equalityOfTwo = theorems.Claim{
	ID:        "equality-of-two",
	Statement: "Two centred components: Col(A*) = S_F at δ = 1",
	Source:    "equality-line, as dim S_F = 1",
	Recorded:  oracle.Holds,
	Measure:   "margin",
	Draw: rapid.Map(generators.CentredDistinct(), func(m *gmm.Mixture) theorems.Case {
		p, err := gmm.NewPairs(firstTwo(m), big.NewRat(1, 1))
		if err != nil {
			panic(err)
		}
		return theorems.Case{Pairs: p}
	}),
	Check: func(c theorems.Case) theorems.Outcome {
		found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{})
		if err != nil {
			return theorems.Outcome{Detail: err.Error()}
		}
		f := oracle.Judge(oracle.InfoNCE, c.Pairs, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
		return theorems.Outcome{Verdict: f.Equality(), Grade: f.Evidence.Grade, Value: f.Margin()}
	},
}

// firstTwo keeps two components of a mixture, and centres them again.
func firstTwo(m *gmm.Mixture) *gmm.Mixture {
	e, _ := m.Exact()
	e.Weights, e.Means = e.Weights[:2], e.Means[:2]
	two, err := gmm.New(e)
	if err != nil {
		panic(err)
	}
	centred, err := two.Centre()
	if err != nil {
		panic(err)
	}
	return centred
}

func Example_claim() {
	results, err := theorems.Verify(context.Background(), []theorems.Claim{equalityOfTwo}, theorems.Options{Cases: 50, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(results[0].Found())
	// Output: holds
}
