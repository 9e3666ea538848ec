package oracle

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// GeneralDistance is Distance for a mixture with own covariances, M being in a frame
// of all d dimensions: it bounds ‖M − M_u‖_F, in coordinates that Σ̄ whitens, by a c-th of the
// gradient's norm and error, Σ_k ⪰ cΣ̄; +Inf where nothing can be bounded.
func GeneralDistance(p gmm.Pairs, m gmm.Form, tolerance float64) float64 {
	v, err := seeGeneral(p, m.Left)
	if err != nil {
		return math.Inf(1)
	}
	x := v.matrix(m.Symmetric())
	size := mat.Norm(x, 2)
	part := lowRank{}
	if values, vectors := eigen(x); size > 0 {
		part = lowRank{vectors, values}
	}
	e, err := v.boundedGradient(part, tolerance, costliestGeneral)
	if err != nil {
		return math.Inf(1)
	}
	rounding := 8 * float64(len(v.w)) * unitRoundoff
	return v.radius(e.norm+e.err) + (v.formError+rounding)*size
}
