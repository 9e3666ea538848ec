package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// DonskerVaradhan is the loss
//
//	L(M) = −E xᵀMx̂ + log E exp(xᵀMy),
//
// (x, x̂) a positive pair and y independent of x, of one modality. Of one covariance it is infinite beyond ‖M‖ = 1 in whitened coordinates, and 1-strongly convex before:
// D²L[V, V] is the variance of xᵀVy, weighed by exp(xᵀMy), of which the noise alone makes Σ V_ij²(1 + m_i m_j)/((1 − m_i²)(1 − m_j²)) ≥ ‖V‖² in the eigenvectors of
// M. Its minimiser and all stationary points lie in the Fisher subspace. Own covariances Σ_k ⪰ cΣ̄ leave c² of that, and near a matrix more (enclosure.OwnDonskerVaradhan), and containment is no theorem
// then, but where E[Qx | Px] = 0: E exp(xᵀMy) ≥ E exp(xᵀPMPy) by Jensen's inequality, given Px and Py. M* = 0 iff δB = 0, as ∇L(0) = −δB.
var DonskerVaradhan = Loss{
	Name: "dv", admits: gmm.Pairs.WantOneModality, metric: whitened.Flat, grouped: true,
	modulus: func(at *point, gradient float64) float64 {
		if at.own != nil {
			return at.sum.Terms[0].(*enclosure.OwnDonskerVaradhan).Modulus(gradient)
		}
		return 1
	},
	sum: func(at *point) enclosure.Sum {
		sum := enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat}
		if at.own != nil {
			sum.Terms = []enclosure.Term{enclosure.NewOwnDonskerVaradhan(at.own, at.m, at.delta)}
		} else {
			sum.Terms = []enclosure.Term{enclosure.NewDonskerVaradhan(at.left, at.m, at.delta)}
		}
		return sum
	},
	ownTerm: func(at *point, _ *mat.Dense) (steepest, radius float64) {
		term := at.sum.Terms[0].(*enclosure.OwnDonskerVaradhan)
		return term.Steepest(), term.Reach()
	},
	finite: func(at *point) bool {
		values, _ := dense.Eigen(at.m)
		return max(-values[0], values[len(values)-1]) < 1
	},
	vanishes: uninformative,
	falls: func(p gmm.Pairs, v *mat.Dense, c, _ float64) float64 {
		return c * c / 2 * product4(p.Left.Covariance(), v, p.Left.Covariance())
	},
	sampled: func(positive float64, _, _ func() []float64) (value, bias, share float64) {
		return -positive, 0, 0
	},
	inLog: func(right func() []float64) float64 {
		var sum float64
		scores := right()
		for _, score := range scores {
			sum += math.Exp(score)
		}
		return sum / float64(len(scores))
	},
}
