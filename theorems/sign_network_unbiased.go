package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/network"
)

// signNetworkUnbiased: hidden sign neurons without biases would read S_F alone, as linear maps do.
//
// Hypotheses: dim S_F = 1 < d, δ > 0. Inside, such networks of any width and depth, with any output layer and critic, one tower or two, are functions of
// Y = sign x₁, so that their loss is at least −I(Y; Ŷ), a closed form in Φ; so is the loss of one or two neurons that read a coordinate of noise. Both are
// enclosed by intervals. The suite finds that it is refuted: noise is the bias that is missing.
var signNetworkUnbiased = Claim{
	ID:         "sign-network-unbiased",
	Statement:  "Sign networks without biases: the best depends on x only through S_F",
	Source:     "Theorem 0.1, first sentence, for one hidden layer: the slides' next step",
	Hypotheses: "dim S_F = 1 < d; δ > 0; no biases in the first layer",
	Drawn:      "Collinear mixtures in 2 to 5 dimensions, centred or not; δ > 0",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "gap",
	Subject: Subject{}.about(onLine, besideFisher),
	Draw:    plain(lines()),
	Check:   checkNetwork(network.Sign),
	Prove:   proveNetwork(network.Sign),
}
