package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/network"
)

// reluNetworkUnbiased: hidden ReLU neurons without biases would read S_F alone, as linear maps do.
//
// Hypotheses: dim S_F = 1 < d, δ > 0, one tower, no biases in either layer. Inside, such networks of any width and depth are B(x₁₊, x₁₋), whose loss is convex in BᵀB and
// bounded from below by Gibbs' inequality; outside, that of a x₁₊ + b x₁₋ + c|x₂| is bounded from above by a bilinear majorant of its log-partition. Both are sums of values of Φ, enclosed by
// intervals. The suite finds that it is refuted: noise is the bias that is missing.
var reluNetworkUnbiased = Claim{
	ID:         "relu-network-unbiased",
	Statement:  "ReLU networks without biases, one tower: the best depends on x only through S_F",
	Source:     "Theorem 0.1, first sentence, for one hidden layer: the slides' next step",
	Hypotheses: "dim S_F = 1 < d; δ > 0; one tower; no biases in either layer",
	Drawn:      "Collinear mixtures in 2 to 5 dimensions, centred or not; δ > 0",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "gap",
	Subject: Subject{}.about(onLine, besideFisher),
	Draw:    plain(lines()),
	Check:   checkNetwork(network.ReLU),
	Prove:   proveNetwork(network.ReLU),
}
