package theorems

import (
	"math/rand/v2"

	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// affineConvexity: with c′ = Ab + Mμ̄ for the bias b the InfoNCE loss of affine maps is a 1-strongly convex function of (M, c′). The certificate of affine maps rests on it.
//
// Hypotheses: any mixture, centred first, and any δ. Checked like convexity, along random lines in (M, c′): the oracle's joint gradients rise by at least the square of the step's length; and of the least value
// over c′, which is what is minimised, D²[V] agrees with differences of its gradient. The suite finds that it holds.
var affineConvexity = func() Claim {
	c := convexity.of(affineMaps, "convexity", "Affine maps, InfoNCE: 1-strongly convex in (M, c′) along random lines; D² of the least value over c′ agrees with differences of its gradient", checkAffineConvexity)
	c.Source = "a log-partition is convex in (M, c), and E‖Mx + c′‖² = ⟨M², I + B⟩ + ‖c′‖²"
	return c
}()

func checkAffineConvexity(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		rng := rand.New(rand.NewPCG(c.Seed, 0))
		vector := func() []float64 {
			out := make([]float64, c.Pairs.Left.Dimension())
			for i := range out {
				out[i] = rng.NormFloat64() / 2
			}
			return out
		}
		i, err := oracle.AffineMonotonicity(c.Pairs, c.encoders(), c.others(), vector(), vector(), gradientTolerance)
		if err != nil {
			return undecided(err)
		}
		if o := fromInequality(i, oracle.Bounded); o.Verdict != oracle.Holds {
			return o
		}
		return checkConvexity(l)(c)
	}
}
