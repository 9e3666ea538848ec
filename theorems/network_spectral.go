package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/network"
)

// networkSpectral: with the spectral loss one tower freezes its noise, too.
//
// Hypotheses: a shared covariance, one tower f = Bh(x), B free, h any hidden layer with free biases in the first one. The minimum over B is −Σ_{i ≤ r} λ_i(Λ)², Λ = RᵀJᵀS⁺JR, J = E[h|k], S = E hhᵀ, and
// (J, S) ↦ JᵀS⁺J is operator convex: the minimum is at least the average of those of the layers with the noise frozen, so that some hidden layer that sees P_c x alone is no worse. Checked at random layers, by integrals over preactivations and noise. The suite finds that it
// holds.
var networkSpectral = Claim{
	ID:         "network-spectral",
	Statement:  "Spectral loss, one tower, any activation, first-layer biases: containment in S_c",
	Source:     "JᵀS⁺J is operator convex: the slides' next step",
	Hypotheses: "One tower, the spectral loss, output weights free and without bias; biases in the first layer",
	Drawn:      "2 or 3 means on a line or a plane beside a coordinate of noise; one or two neurons, one or two outputs; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Complete: towers(1, activationsNamed())}.about(besideCentred),
	Draw:    networks(1, false, activationsNamed()),
	Check: func(c Case) Outcome {
		m, err := network.Spectral(c.Pairs, c.Nets[0], c.Columns)
		return fromMargin(m, err, oracle.Estimated)
	},
}
