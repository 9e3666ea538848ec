package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/network"
)

// networkFreezing: some value of the noise is no worse for two towers than noise.
//
// Hypotheses: a shared covariance, InfoNCE with infinitely many negatives, two towers of any width, depth and activation, each with free biases of its own in the first layer: f_u(p) = f(p + u) is the network that sees
// P_c x alone, with other biases. L(f, g) ≥ E L(f_u, g_v), as the logarithm is concave. Checked at random networks of one hidden layer, by integrals over preactivations and noise. The suite finds that it holds.
var networkFreezing = Claim{
	ID:         "network-freezing",
	Statement:  "Two towers with biases in the first layer, any activation: L(f, g) ≥ E L(f_u, g_v), f_u and g_v with the noise frozen",
	Source:     "The logarithm is concave: the slides' next step",
	Hypotheses: "Two towers, InfoNCE; first layers dense, with biases of their own",
	Drawn:      "2 or 3 means on a line, or one neuron and 3 in a plane, beside a coordinate of noise; one or two neurons, one or two outputs; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Complete: towers(2, activationsNamed())}.about(besideCentred),
	Draw:    networks(2, true, activationsNamed()),
	Check: func(c Case) Outcome {
		m, err := network.Freezing(c.Pairs, c.Nets[0], c.Nets[1])
		return fromMargin(m, err, oracle.Estimated)
	},
}
