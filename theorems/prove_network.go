package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"

	"pgregory.net/rapid"
)

// ProveNetwork proves that the best network without biases of an activation depends on more than S_F, by one of at most width neurons, of any number where that is 0. The
// certificate names the claim that it refutes. Errors are those of proof.Limit.ProveNetwork.
func ProveNetwork(p gmm.Pairs, a network.Activation, width int, limit proof.Limit) (proof.Certificate, error) {
	certificate, err := limit.ProveNetwork(p, a, width)
	if err == nil {
		certificate.Claim = unbiased(a)
	}
	return certificate, err
}

// unbiased is the id of the claim about an activation.
func unbiased(a network.Activation) string { return string(a) + "-network-unbiased" }

// proveNetwork is the Prove of such a claim.
func proveNetwork(a network.Activation) func(Case) (proof.Certificate, error) {
	return func(c Case) (proof.Certificate, error) { return ProveNetwork(c.Pairs, a, 0, 1) }
}

// checkNetwork proves what it refutes: the bounds of a net and of all that see S_F alone are found in floating point, and enclosed.
func checkNetwork(a network.Activation) func(Case) Outcome {
	return func(c Case) Outcome {
		certificate, err := ProveNetwork(c.Pairs, a, 0, 1)
		if err != nil {
			return undecided(err)
		}
		return Outcome{Verdict: oracle.Refuted}.certified(certificate)
	}
}

// lines draws mixtures whose means are multiples of one vector, in at least two dimensions; those with a component on either side of 0 among them.
func lines() *rapid.Generator[gmm.Pairs] {
	return pairsOf(roomy(generators.Collinear()), generators.Informative())
}
