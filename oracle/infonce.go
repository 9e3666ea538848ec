package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// InfoNCE is the InfoNCE loss of infinitely many negatives,
//
//	f(M) = −E xᵀMx̂ + E_x log E_y exp(xᵀMy),
//
// of one modality. It is 1-strongly convex in whitened coordinates: D²f[V,V] ≥ ⟨V², I + C⟩. Own covariances Σ_k ⪰ cΣ̄ leave c of that.
// M* = 0 iff δB = 0, as ∇f(0) = −δB.
//
// Where E[Qx | Px] = 0, P the projector on the Fisher subspace and Q = I − P, f(M) ≥ f(PMP), and as f is strictly convex M* = PM*P: with Z(u) = E exp(uᵀy) convexity of log Z
// takes x to Px, Z(u) ≥ Z(Pu), and T_δQ = 0.
var InfoNCE = Loss{
	Name: "infonce", admits: gmm.Pairs.WantOneModality, metric: whitened.Mean, proved: true, steady: true, graded: true, grouped: true,
	modulus: func(at *point, _ float64) float64 {
		if at.own != nil {
			return at.own.Modulus
		}
		return 1
	},
	ownTerm: func(at *point, inside *mat.Dense) (steepest, radius float64) {
		size := mat.Norm(at.m, 2)
		return at.own.Lipschitz(2*size, inside), size
	},
	sum: func(at *point) enclosure.Sum {
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Mean, Terms: []enclosure.Term{at.logPartition()}}
	},
	vanishes: uninformative, sampled: infonceSampled,
	falls: func(p gmm.Pairs, v *mat.Dense, c, _ float64) float64 {
		return c / 2 * product4(p.Left.Covariance(), v, secondMomentOf(p.Left))
	},
}

// infonceSampled is one draw: the logarithm of a mean over negatives.
func infonceSampled(positive float64, right, _ func() []float64) (value, bias, share float64) {
	log, bias, share := logMeanExp(right())
	return log - positive, bias, share
}

// uninformative decides whether δB = 0.
func uninformative(p gmm.Pairs) (rule string, zero bool) {
	return "exact: δB = 0, so M* = 0", p.Uninformative()
}

// logMeanExp returns the logarithm of the mean of exponentials with its bias of
// −½ var/(n mean²) corrected, that correction, and the largest one's share in the sum.
func logMeanExp(scores []float64) (log, correction, share float64) {
	var sum, square, largest float64
	for _, score := range scores {
		x := math.Exp(score)
		sum += x
		square += x * x
		largest = math.Max(largest, x)
	}
	n := float64(len(scores))
	mean := sum / n
	correction = (square/n - mean*mean) / (2 * n * mean * mean)
	return math.Log(mean) + correction, correction, largest / sum
}
