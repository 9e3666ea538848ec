package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

// proveNetwork is the Prove of such a claim.
func proveNetwork(a network.Activation) func(Case) (proof.Certificate, error) {
	return func(c Case) (proof.Certificate, error) { return proofs.ProveNetwork(c.Pairs, a, 0, 1) }
}

// checkNetwork proves what it refutes: the bounds of a net and of all that see S_F alone are found in floating point, and enclosed.
func checkNetwork(a network.Activation) func(Case) Outcome {
	return func(c Case) Outcome {
		certificate, err := proofs.ProveNetwork(c.Pairs, a, 0, 1)
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
