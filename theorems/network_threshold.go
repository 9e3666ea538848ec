package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/network"
)

// networkThreshold: a threshold neuron that turns to S_c, and fires as often, separates the classes better.
//
// Hypotheses: a shared covariance, InfoNCE with infinitely many negatives, one tower, f(x) = a 1{w·x + b > 0} + c, or of a sign. At the same P(w·x + b > 0) the loss falls with the variance of the classes' own
// probabilities, which grows as w turns to S_c. Checked at random neurons, in closed form. The suite finds that it holds.
var networkThreshold = Claim{
	ID:         "network-threshold",
	Statement:  "One threshold neuron with a bias, one tower, InfoNCE: containment in S_c",
	Source:     "Probabilities and means are ordered alike, so that their covariance is not negative: the slides' next step",
	Hypotheses: "One tower, InfoNCE; one threshold neuron with a bias, outputs with a bias or not",
	Drawn:      "2 or 3 means on a line or a plane beside a coordinate of noise; one or two outputs; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true}, Complete: towers(1, activationsNamed("sign"))}.about(besideCentred),
	Draw:    thresholds(),
	Check: func(c Case) Outcome {
		m, err := network.Threshold(c.Pairs, c.Nets[0])
		return fromMargin(m, err, oracle.Bounded)
	},
}
