package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/noncontrastive"
	minima "contrastcheck/solver/noncontrastive"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// alignmentUniformity: alignment E D(x, x̂) and uniformity λ log E e^{−tD(x,y)} of embeddings that are not normalised keep to S_c as long as uniformity pushes no harder than λt ≤ 1. Beyond, every direction of noise
// enters alike, M* = (1 − 1/(λt))λ/4 · Q off S_c.
//
// Hypotheses: a shared covariance; any δ; r = d > dim S_c. A minimum is searched blindly over all A, and what the minimiser has off S_c is enclosed from there, by the gradient and by how convex the loss is: I + 4tM* must
// be max(1, λt) times the identity there, and no other multiple that λ and t of quarters could make it. The suite finds that it holds.
var alignmentUniformity = Claim{
	ID:         "alignment-uniformity",
	Statement:  "Alignment + λ uniformity, not normalised, r = d > s: Col(A*) ⊆ S_c iff λt ≤ 1; off S_c M* = max(0, (λt − 1)/(4t)) I, whitened",
	Source:     "the losses of T. Wang and P. Isola, ICML 2020, without the sphere",
	Hypotheses: "A shared covariance; any δ; r = d > dim S_c; λ, t > 0",
	Drawn:      "Mixtures within an order of 1 with one more coordinate mixed in, and lines and planes of means beside noise; λ and t from 1/4 to 2",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "error",
	Subject:      Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: evenly}.about(besideCentred),
	Unsearchable: byRounding,
	Draw:         weighed(),
	Check:        func(c Case) Outcome { return evened.check(c) },
}

// weighed draws mixtures beside noise, λ and t; in a quarter of the draws λt = 1.
func weighed() *rapid.Generator[Case] {
	mixtures := rapid.OneOf(roomy(generators.SharedCovarianceOf(1, 3, 1, 2)), generators.BesideNoise(1), generators.BesideNoise(2))
	return rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: pairsOf(mixtures, generators.Delta()).Draw(t, "pairs"), Seed: seed(t)}
		quarters := func(label string) *big.Rat { return big.NewRat(int64(rapid.IntRange(1, 8).Draw(t, label)), 4) }
		c.Rate = quarters("quarters of t")
		if c.Weight = quarters("quarters of λ"); rapid.IntRange(0, 3).Draw(t, "at the threshold") == 3 {
			c.Weight.Inv(c.Rate)
		}
		return c
	})
}

// evenness is how a minimum is searched and judged; fields, so that tests can plant wrong ones.
type evenness struct {
	search func(p gmm.Pairs, weight, rate float64, seed uint64) (*mat.Dense, error)
	judge  func(p gmm.Pairs, weight, rate float64, a *mat.Dense) (noncontrastive.Noise, error)
}

var evened = evenness{minima.Uniformity, noncontrastive.JudgeUniformity}

func (f evenness) check(c Case) Outcome {
	weight, _ := c.Weight.Float64()
	rate, _ := c.Rate.Float64()
	a, err := f.search(c.Pairs, weight, rate, c.Seed)
	if err != nil {
		return undecided(err)
	}
	noise, err := f.judge(c.Pairs, weight, rate, a)
	switch {
	case err != nil:
		return undecided(err)
	case noise.Directions == 0:
		return Outcome{Detail: "there is no noise beside S_c"}
	}
	push := new(big.Rat).Mul(c.Weight, c.Rate)
	expected, _ := push.Float64()
	expected = math.Max(1, expected)
	o := Outcome{Grade: oracle.Bounded, Value: math.Max(math.Abs(noise.Low-expected), math.Abs(noise.High-expected)),
		Detail: fmt.Sprintf("λt = %s: off S_c I + 4tM* is between %.4f and %.4f, expected %.6g", push.RatString(), noise.Low, noise.High, expected)}
	const apart = 1.0 / 16 // λt of quarters, and so the multiple, is a multiple of this: what is nearer to one than that is neither of its neighbours
	switch {
	case noise.Low > expected || noise.High < expected:
		o.Verdict = oracle.Refuted
	case o.Value < apart: // where λt > 1 noise.Low > 1, too
		o.Verdict = oracle.Holds
	}
	return o
}
