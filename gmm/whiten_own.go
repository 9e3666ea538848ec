package gmm

import (
	"math"

	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"

	"gonum.org/v1/gonum/mat"
)

// whitenOwn adds the covariances T_k, in the coordinates where Σ̄ is the identity; where they show no
// positive eigenvalue, c is min_k λ_min(Σ_k)/tr Σ̄.
//
// It bounds its errors as follows. Λ is Cholesky's factor of
// Θ = FᵀΣ̄F as computed, so ΛΛᵀ = Θ + E with |E| ≤ γ_{d+2}|Λ||Λᵀ| (Higham,
// Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem 10.3) beside
// the rounding of Θ. With D = Λ⁻¹EΛ⁻ᵀ, V = (I − D)^{−½}Λ⁻¹Fᵀ whitens Σ̄ exactly,
// and ‖VΣ_kVᵀ − T‖ ≤ ((1 − ‖D‖)⁻¹ − 1)‖T‖ ≤ 2‖D‖‖T‖ for T = Λ⁻¹FᵀΣ_kFΛ⁻ᵀ. The two
// triangular solves for T add 2γ_d cond(Λ)‖T‖ each, the rounding of FᵀΣ_kF its
// size times ‖Λ⁻¹‖². Where double-double products would be what counts, those of exact numbers are wide.
func (m *Mixture) whitenOwn(w *Whitened) {
	d := m.Dimension()
	inverse := inverseBound(w.Root) // ‖Λ⁻¹‖²
	condition := inverse * mat.Norm(w.Root, 1) * mat.Norm(w.Root, math.Inf(1))
	gamma := float64(d+4) * unitRoundoff
	size := mat.Norm(w.Frame.Basis, 2)
	products := 8 * float64(d) * dd.Epsilon * size * size // |FᵀΣF − computed| beside tr Σ
	exactly := d <= widestWhitening
	productError := func(c covariance) float64 { return products * c.trace() * inverse }
	defect := gamma * condition
	if off := productError(m.covariance); off < unitRoundoff || !exactly { // else WhitenFull used wide numbers
		defect += off
	}
	least, leastVariance := math.Inf(1), math.Inf(1)
	for _, own := range m.own {
		missed := productError(own)
		t, raw := congruent(w, doubledProducts(w.Frame.Basis, own.sigma))
		if missed >= unitRoundoff && exactly {
			t, raw = congruent(w, wideProducts(w.Frame.Basis, wide.Rows(own.rational)))
			missed = dd.Epsilon * raw * inverse
		}
		norm := mat.Norm(t, 2)
		off := (2*defect+8*gamma*condition)*norm + missed + unitRoundoff*raw*inverse
		w.Covariances = append(w.Covariances, t)
		w.CovarianceErrors = append(w.CovarianceErrors, off)
		least = math.Min(least, leastEigenvalue(t)-off-float64(16*d)*unitRoundoff*norm)
		leastVariance = math.Min(leastVariance, own.definite.leastVariance)
	}
	w.LeastEigenvalue = leastVariance / (roundingMargin * mat.Trace(m.Covariance()))
	if defect < 0.5 && least > w.LeastEigenvalue {
		w.LeastEigenvalue = math.Min(least, 1)
	}
}

// congruent returns Λ⁻¹FᵀΣFΛ⁻ᵀ, given FᵀΣF, and the Frobenius norm of FᵀΣF.
func congruent(w *Whitened, covariance [][]dd.Number) (t *mat.SymDense, size float64) {
	products := rounded(covariance)
	var left, both mat.Dense
	_ = w.Root.SolveTo(&left, false, products)
	_ = w.Root.SolveTo(&both, false, mat.DenseCopyOf(left.T()))
	return symmetricPart(&both), mat.Norm(products, 2)
}

// trace returns tr Σ to float64.
func (c covariance) trace() float64 {
	var trace float64
	for i, row := range c.sigma {
		trace += row[i].Hi
	}
	return trace
}

func leastEigenvalue(a *mat.SymDense) float64 {
	var e mat.EigenSym
	if !e.Factorize(a, false) {
		panic("gmm: the eigenvalues did not converge")
	}
	return e.Values(nil)[0]
}
