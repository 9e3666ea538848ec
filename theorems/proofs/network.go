package proofs

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"
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
