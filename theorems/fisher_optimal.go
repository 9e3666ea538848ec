package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// fisherOptimal: the Fisher subspace is what the Fisher discriminant
// J(A) = tr[(AᵀΣA)⁻¹(AᵀCA)] asks for: J(A) ≤ J(S_F), with equality if and only if
// Col(A) ⊇ S_F. In whitened coordinates J(A) is the trace of the projector on Col(A)
// times Σ w_k μ_k μ_kᵀ.
//
// Hypotheses: any mixture and A; in a third of the draws Col(A) contains S_F, in another
// it misses it by a little. Checked by evaluating both sides, each with a bound of its
// error, and deciding Col(A) ⊇ S_F by the rank of rational matrices. The suite finds
// that it holds.
var fisherOptimal = Claim{
	ID:         "fisher-optimal",
	Statement:  "J(A) = tr[(AᵀΣA)⁻¹(AᵀCA)] ≤ J(S_F), with equality iff Col(A) ⊇ S_F",
	Source:     "optimality of the Fisher subspace, arXiv 2411.03517",
	Hypotheses: "Any mixture and representation A",
	Drawn:      "All eight families; in a third of the draws Col(A) contains S_F, in another it misses it by a little",
	Stance:     Asserted, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)},
	Draw:    rapid.OneOf(represented(pairsOf(anyMixture(), generators.Certain())), containing(pairsOf(anyMixture(), generators.Certain()))),
	Check:   func(c Case) Outcome { return discriminants.check(c) },
}

// containing draws a case whose representation holds multiples of the columns
// Σ⁻¹μ_k that are exact in float64, as the families draw dyadic numbers and centring
// divides by the sum of the weights alone, and one random column; in a third of the draws one entry is moved by 2^−1 … 2^−10.
func containing(p *rapid.Generator[gmm.Pairs]) *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: p.Draw(t, "pairs"), Seed: seed(t)}
		d, k := c.Pairs.Left.Dimension(), c.Pairs.Components()
		c.A = mat.NewDense(d, k+1, nil)
		multiple := dd.Of(commonDenominator(c.Pairs.Left))
		for j, row := range c.Pairs.Left.Gram().Precision {
			for i, x := range row {
				c.A.Set(i, j, x.Mul(multiple).Float64())
			}
		}
		c.A.SetCol(k, mat.Col(nil, 0, generators.Representation(d, 1).Draw(t, "extra column")))
		if rapid.IntRange(0, 2).Draw(t, "moved") == 2 {
			i, j := rapid.IntRange(0, d-1).Draw(t, "row"), rapid.IntRange(0, k-1).Draw(t, "column")
			c.A.Set(i, j, c.A.At(i, j)+math.Ldexp(1, -rapid.IntRange(1, 10).Draw(t, "log2 of the move")))
		}
		return c
	})
}

// commonDenominator is that of the weights, which sum to 1.
func commonDenominator(m *gmm.Mixture) float64 {
	common := new(big.Int)
	for _, w := range gmm.SmallestWhole(m.Exact().Weights) {
		common.Add(common, w)
	}
	denominator, _ := new(big.Float).SetInt(common).Float64()
	return denominator
}

// fisherOptimality is what the claim compares; fields, so that tests can plant
// wrong ones.
type fisherOptimality struct {
	of   func(*gmm.Mixture, *mat.Dense) (value, err float64, failure error)
	best func(*gmm.Mixture) (value, err float64, failure error)
}

var discriminants = fisherOptimality{subspace.Discriminant, subspace.FisherDiscriminant}

func (f fisherOptimality) check(c Case) Outcome {
	best, bestError, err := f.best(c.Pairs.Left)
	if err != nil {
		return undecided(err)
	}
	value, valueError, err := f.of(c.Pairs.Left, c.A)
	if err != nil {
		return undecided(err)
	}
	contains := subspace.ContainsFisher(c.Pairs.Left, c.A)
	i := oracle.Inequality{Left: best, Right: value, Error: bestError + valueError, Scale: math.Max(best, value)}
	if i.Scale == 0 { // all means are 0, and so are both sides
		i.Scale = 1
	}
	o := fromInequality(i, oracle.Bounded)
	equal := math.Abs(best-value) <= i.Error
	switch {
	case o.Verdict != oracle.Holds:
	case contains && !equal:
		o.Verdict, o.Detail = oracle.Refuted, "Col(A) ⊇ S_F, yet "+o.Detail+" and no equality"
	case !contains && equal:
		o.Verdict, o.Detail = oracle.Undecided, fmt.Sprintf("Col(A) lacks some of S_F, by less than shows: %s", o.Detail)
	}
	return o
}
