package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"
)

// Coincidence is what is known of two subspaces that might be one.
type Coincidence struct {
	// Verdict says whether they coincide: Refuted where the sine of their largest
	// angle exceeds the errors; Holds where it does not and is at most 1e-8, errors
	// included, as good as 0 for all purposes.
	Verdict Verdict
	// Angle is the largest principal angle, in radians; π/2 where the dimensions differ.
	Angle float64
	// Sine bounds the sine of the largest angle from above, errors included.
	Sine float64
}

// Coincide compares two subspaces. For spaces of one dimension the sine of the
// largest angle is the distance ‖P − P'‖ of the projectors, so errors add up.
func Coincide(a, b subspace.Subspace) Coincidence {
	if a.Dimension() != b.Dimension() {
		c := Coincidence{Verdict: Refuted, Angle: math.Pi / 2, Sine: 1}
		if a.Error >= 1 || b.Error >= 1 {
			c.Verdict = Undecided
		}
		return c
	}
	if a.Dimension() == 0 {
		return Coincidence{Verdict: Holds}
	}
	angles := subspace.PrincipalAngles(a.Basis, b.Basis)
	d, _ := a.Basis.Dims()
	angle := angles[len(angles)-1]
	err := a.Error + b.Error + float64(64*d)*dense.Roundoff // the bases are orthonormal to rounding
	c := Coincidence{Angle: angle, Sine: math.Min(1, math.Sin(angle)+err)}
	switch {
	case math.Sin(angle) > err:
		c.Verdict = Refuted
	case math.Sin(angle)+err <= contained:
		c.Verdict = Holds
	}
	return c
}

// CapturedMoment compares how much of E[xxᵀ] = S, d×d, a subspace with projector
// P captures with what the best one of its dimension s does:
//
//	λ_1(S) + … + λ_s(S) ≥ tr(PS),
//
// with equality if and only if the subspace is spanned by eigenvectors of the s
// largest eigenvalues (Ky Fan, 1949). Left − Right > Error hence proves, without
// any gap between eigenvalues, that it is no SVD subspace.
func CapturedMoment(m *gmm.Mixture, space subspace.Subspace) Inequality {
	captured, best, all, err := subspace.Captured(m, space)
	return Inequality{Left: best, Right: captured, Error: err, Scale: all}
}
