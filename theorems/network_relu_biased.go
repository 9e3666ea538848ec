package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/oracle"
	"contrastcheck/solver/network"

	"pgregory.net/rapid"
)

// networkReLUBiased: one tower of ReLU neurons with biases is at its best inside the centred Fisher subspace S_c, for InfoNCE.
//
// It is open: closed activations, two towers and the spectral loss obey it by theorem (network-averaging, network-freezing, network-spectral), and without biases ReLU fails it
// (relu-network-unbiased). So no outcome is recorded, and it is hunted only. Hypotheses: a shared covariance, a line of means with noise beside it, δ > 0; 1 to 3 neurons and 1 or 2
// outputs, which the case's seed says. A case scores by the second-order form of the loss out of S_c at the best net inside: what smoothing gains beside what noise costs, less 1. It is refuted, as far as
// floating point tells, where a descent with noise then ends below the best inside, beyond ten times the errors, and a descent inside from there does not.
var networkReLUBiased = Claim{
	ID:         "network-relu-biased",
	Statement:  "One tower of ReLU neurons with biases, InfoNCE: the best net depends on x through S_c alone",
	Source:     "open; conjectured",
	Hypotheses: "A shared covariance; means on a line; one tower, 1 to 3 neurons with biases, 1 or 2 outputs; δ > 0",
	Drawn:      "Two to four components on a line, some rare, some far, with a coordinate of noise; δ > 0",
	Stance:     Ours, Recorded: oracle.Undecided, Measure: "gain over cost",
	Draw:  rapid.Deferred(func() *rapid.Generator[Case] { return drawOnLine(3, 2, big.NewRat(1, 1)) }),
	Check: checkNetworkReLUBiased,
	Hunt: &Hunt{
		Score: func(c Case) float64 { return gainOfNoise(c) - 1 },
		Draw:  drawOnLine, Hypotheses: Hypotheses{Distinct: true},
		Components: Range{2, 4}, Dimension: Range{2, 2}, MostDimension: 2,
	},
}

// Hunted are the claims that are hunted only: open ones, of no recorded outcome.
func Hunted() []Claim { return []Claim{networkReLUBiased} }

// drawOnLine draws k components on a line in the plane.
func drawOnLine(k, _ int, delta *big.Rat) *rapid.Generator[Case] {
	return plain(pairsOf(generators.OnLine(k), rapid.Just(delta)))
}

// reluNets are those that a case asks for.
func reluNets(c Case) network.Shape {
	relu, err := network.Named("relu")
	if err != nil {
		panic("theorems: " + err.Error())
	}
	return network.Shape{Activation: relu, Hidden: 1 + int(c.Seed%3), Outputs: 1 + int(c.Seed/3%2), Biases: true}
}

// gainOfNoise is what smoothing gains beside what noise costs at the best net inside S_c that a few starts find; NaN where none of them settles, or the ratio is not known to a
// tenth of what it lacks to 1.
func gainOfNoise(c Case) float64 {
	g, err := network.Noise(network.InfoNCE, c.Pairs, reluNets(c), network.Options{Seed: c.Seed, Starts: .25})
	const settled = 1e-6
	if err != nil || !(g.Inside.GradientNorm < settled) || !(g.Error < .1*math.Abs(g.Ratio-1)) {
		return math.NaN()
	}
	return g.Ratio
}

func checkNetworkReLUBiased(c Case) Outcome {
	s := reluNets(c)
	g, err := network.Noise(network.InfoNCE, c.Pairs, s, network.Options{Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	if !(g.Ratio > 1+g.Error) {
		return Outcome{Value: g.Ratio, Grade: oracle.Estimated, Detail: fmt.Sprintf("%d neurons, %d outputs: at the best net found inside S_c smoothing gains %.3g of what noise costs", s.Hidden, s.Outputs, g.Ratio)}
	}
	r, err := network.Minimise(network.InfoNCE, c.Pairs, s, network.Options{Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	const sure = 10 // times the errors
	o := Outcome{Value: g.Ratio, Grade: oracle.Estimated, Detail: fmt.Sprintf("%d neurons, %d outputs: loss %.10g outside, %.10g at the best found inside S_c", s.Hidden, s.Outputs, r.Best.Value, r.Inside.Value)}
	if r.Best.Value < r.Inside.Value-sure*(r.Best.Error+r.Inside.Error) {
		o.Verdict = oracle.Refuted
	}
	return o
}

// FindHunted returns the claim of an id, of those that are hunted only, too.
func FindHunted(id string) (Claim, error) {
	for _, c := range Hunted() {
		if c.ID == id {
			return c, nil
		}
	}
	found, err := Find(id)
	if err != nil {
		return Claim{}, err
	}
	return found[0], nil
}
