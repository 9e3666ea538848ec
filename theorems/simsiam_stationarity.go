package theorems

import (
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/noncontrastive"

	"pgregory.net/rapid"
)

// simsiamStationarity: with a linear predictor W and a stopped gradient, ½E‖WᵀAᵀx − stop(Aᵀx̂)‖² without weight decay, the gradient draws noise out of A wherever W sees it:
//
//	⟨∇_A, QA⟩ = ‖QAW‖²,   whitened,
//
// so that QA = 0 at every stationary point whose W is invertible, however W is trained. A = 0 is such a point, too: equality is not forced.
//
// Hypotheses: any mixture, with a shared covariance or own ones, any δ, A and W. The left side is a difference of the loss by its definition over the labels, the right one the closed form, both in rationals. The suite finds that it holds.
var simsiamStationarity = Claim{
	ID:         "simsiam-stationarity",
	Statement:  "SimSiam (L2), linear predictor W, own covariances too: ⟨∇_A L, QA⟩ = ‖QAW‖², so that stationary points with an invertible W lie in S_F",
	Source:     "S₂AWWᵀ = T_δAWᵀ at a stationary point; for the dynamics Y. Tian, X. Chen and S. Ganguli, ICML 2021",
	Hypotheses: "Any mixture, with a shared covariance or own ones; any δ and A; an invertible linear predictor; no weight decay",
	Drawn:      "Mixtures with a coordinate of noise beside, with a shared covariance or own ones; A of 1 or 2 columns",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "error",
	Subject:      Subject{Law: SingleLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: predicting},
	Unsearchable: byIdentity,
	Draw:         predicted(),
	Check:        checkSimsiamStationarity,
}

// predicted draws small mixtures, as exact definitions are dear, an A and a W.
func predicted() *rapid.Generator[Case] {
	mixtures := rapid.OneOf(generators.BesideNoise(1), generators.BesideNoise(2), roomy(generators.SharedCovarianceOf(1, 3, 1, 2)), rapid.Map(generators.GeneralOf(2, 3, 1, 2), (*gmm.Mixture).Embed), generators.Tilted())
	return rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: pairsOf(mixtures, generators.Delta()).Draw(t, "pairs"), Seed: seed(t)}
		r := rapid.IntRange(1, 2).Draw(t, "columns")
		c.A = generators.Representation(c.Pairs.Left.Dimension(), r).Draw(t, "A")
		lower, upper := generators.Transformation(r).Draw(t, "lower factor of W"), generators.Transformation(r).Draw(t, "upper factor of W")
		for i := range r {
			c.Predictor = append(c.Predictor, make([]*big.Rat, r))
			for j := range r {
				sum := new(big.Rat)
				for k := range r {
					sum.Add(sum, new(big.Rat).Mul(lower[i][k], upper[j][k]))
				}
				c.Predictor[i][j] = sum
			}
		}
		return c
	})
}

func checkSimsiamStationarity(c Case) Outcome {
	found, err := noncontrastive.Predict(c.Pairs, c.A, c.Predictor)
	if err != nil {
		return undecided(err)
	}
	pull, _ := found.Pull.Float64()
	energy, _ := found.Energy.Float64()
	o := Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Value: pull - energy, Detail: fmt.Sprintf("exactly: ⟨∇_A L, QA⟩ = %.6g, ‖QAW‖² = %.6g", pull, energy)}
	if found.Pull.Cmp(found.Energy) != 0 || !found.Inside && found.Energy.Sign() == 0 {
		o.Verdict = oracle.Refuted
	}
	return o
}
