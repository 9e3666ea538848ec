package theorems

import (
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// smallDelta: the corrected equality theorem without centring: Col(A*) = S_F for all 0 < δ < δ₀, an explicit bound (oracle.WeakDelta), unless
// the mean is not 0 and orthogonal to all differences of means, where equality fails at every δ.
//
// Hypotheses: means not all equal; not Bμ̄ = 0 ≠ μ̄; 0 < δ < δ₀ and δ ≤ 1. Checked like equality, at sixteenths of δ₀. The suite finds that it
// holds.
var smallDelta = Claim{
	ID:         "small-delta",
	Statement:  "0 < δ < δ₀, an explicit bound, not centred: Col(A*) = S_F unless μ̄ ≠ 0 is orthogonal to all μ_k − μ_l in the metric Σ⁻¹",
	Source:     "the linearised problem and a third-cumulant bound; doc comment of oracle.WeakDelta",
	Hypotheses: "means not all equal; not Bμ̄ = 0 ≠ μ̄ (whitened); 0 < δ < δ₀ and δ ≤ 1",
	Drawn:      "Mixtures with any mean, δ at sixteenths of δ₀",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true}}.about(obliqueMean, weak),
	Settles: oracle.Holds,
	Draw: rapid.Custom(func(t *rapid.T) Case {
		const known = "a mixture whose δ₀ float64 tells"
		m := generators.Distinct().Filter(func(m *gmm.Mixture) bool { _, err := oracle.WeakDelta(m); return err == nil }).Draw(t, known)
		return sixteenths(t, m)
	}),
	Check: checkWeak,
}

// sixteenths draws a case of a mixture at sixteenths of its δ₀, or at δ = 1 where that is more.
func sixteenths(t *rapid.T, m *gmm.Mixture) Case {
	bound, err := oracle.WeakDelta(m)
	if err != nil {
		panic("theorems: " + err.Error())
	}
	delta := new(big.Rat).SetFloat64(bound)
	delta.Mul(delta, big.NewRat(int64(rapid.IntRange(1, 15).Draw(t, "sixteenths of δ₀")), 16))
	if one := big.NewRat(1, 1); delta.Cmp(one) > 0 {
		delta = one
	}
	return Case{Pairs: pairs(m, delta)}
}
