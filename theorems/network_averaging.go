package theorems

import (
	"fmt"

	"contrastcheck/oracle"
	"contrastcheck/oracle/network"
)

// networkAveraging: noise is averaged out of a network, and its loss falls.
//
// Hypotheses: a shared covariance, InfoNCE with infinitely many negatives, one tower of one hidden layer with biases, of erf, sine, Gaussian or smoothed ReLU neurons: E[f | P_c x] is a network of the same
// activation and width, so that the best one sees x through S_c alone. L(f) ≥ L(E[f | P_c x]) is Jensen's inequality twice, in the noise of x and of y. Checked at random networks, by integrals over their preactivations. The suite finds that it holds.
var networkAveraging = Claim{
	ID:         "network-averaging",
	Statement:  "One hidden layer of an activation that Gaussian smoothing maps to itself: L(f) ≥ L(E[f | P_c x])",
	Source:     "Jensen's inequality, in the noise of both sides: the slides' next step",
	Hypotheses: "One tower, InfoNCE, biases; erf, sine, Gaussian or smoothed ReLU neurons",
	Drawn:      "2 or 3 means on a line or a plane beside a coordinate of noise; one or two neurons, one or two outputs; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Complete: towers(1, closed())}.about(besideCentred),
	Draw:    networks(1, false, closed()),
	Check: func(c Case) Outcome {
		m, err := network.Averaging(c.Pairs, c.Nets[0])
		return fromMargin(m, err, oracle.Estimated)
	},
}

// marginDetail says what was compared.
func marginDetail(m network.Margin) string {
	return fmt.Sprintf("L = %.6g with noise and %.6g without: the difference, %.4g, is known to ±%.2g", m.Left, m.Right, m.Value(), m.Error)
}
