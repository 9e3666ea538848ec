package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// OffAgreement returns ‖M − (Σ̄⁻¹ − (Σ̄+C)⁻¹)‖_F in whitened coordinates, where the formula is I − S₂⁻¹, S₂ = I + C, and a bound of its error: +Inf where
// nothing is known. Of own covariances Σ̄ is their mean.
func OffAgreement(p gmm.Pairs, m gmm.Form) (off, err float64) {
	at, failure := see(Spectral, p, m, nil)
	if failure != nil {
		return math.Inf(1), math.Inf(1)
	}
	n, k := at.left.Means.Dims()
	second := at.left.SecondMoment()
	var inverse, difference mat.Dense
	if inverse.Inverse(second) != nil {
		return math.Inf(1), math.Inf(1)
	}
	difference.Sub(dense.Identity(n), &inverse)
	difference.Sub(at.m, &difference)
	// S₂⁻¹ ⪯ I moves by at most what S₂ does; an inverse is off by a few roundings a sum, relative to the condition of S₂.
	size := mat.Norm(second, 2)
	moved := float64(8*(n+k)*n) * dense.Roundoff * size
	lengths, errs := dense.ColumnNorms(at.left.Means), at.left.MeansOff()
	for j, w := range at.left.Weights {
		moved += 2 * w * lengths[j] * errs[j]
	}
	return mat.Norm(&difference, 2), moved + at.formError*mat.Norm(at.m, 2)
}
