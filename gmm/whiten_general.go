package gmm

import (
	"math"

	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"

	"gonum.org/v1/gonum/mat"
)

// WhitenedGeneral is a mixture with own covariances in coordinates y = Λ⁻¹Fᵀx of
// all d dimensions in which Σ̄ is the identity.
type WhitenedGeneral struct {
	Whitened
	// Covariances holds T_k = Λ⁻¹FᵀΣ_kFΛ⁻ᵀ, d×d; Σ w_k T_k = I.
	Covariances []*mat.SymDense
	// CovarianceErrors bounds, for each k, the Frobenius norm of the error of T_k:
	// it is the image of the exact one, up to the rotation common to all T_k and
	// means, within that.
	CovarianceErrors []float64
	// LeastEigenvalue is a proved c > 0 with Σ_k ⪰ cΣ̄ for every k.
	LeastEigenvalue float64
}

// WhitenFull whitens all d coordinates by Σ̄. It needs a Σ̄ that float64 can
// factor, else ErrIllConditioned. It is computed once; do not write to it.
func (g *General) WhitenFull() (WhitenedGeneral, error) { return g.whitened() }

// LeastEigenvalue returns a proved c > 0 with Σ_k ⪰ cΣ̄ for every k; c ≤ 1. The
// InfoNCE loss is c-strongly convex in coordinates whitened by Σ̄. Where Σ̄ cannot
// be whitened in float64, or whitening shows no positive bound, it is
// min_k λ_min(Σ_k)/tr Σ̄.
func (g *General) LeastEigenvalue() float64 {
	w, err := g.whitened()
	if err != nil {
		return g.crudeLeastEigenvalue()
	}
	return w.LeastEigenvalue
}

func (g *General) crudeLeastEigenvalue() float64 {
	least := math.Inf(1)
	for _, definite := range g.definite {
		least = math.Min(least, definite.leastVariance)
	}
	return least / (roundingMargin * mat.Trace(g.pooled.Covariance()))
}

// computeWhitened bounds its errors as follows. Λ is Cholesky's factor of
// Θ = FᵀΣ̄F as computed, so ΛΛᵀ = Θ + E with |E| ≤ γ_{d+2}|Λ||Λᵀ| (Higham,
// Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem 10.3) beside
// the rounding of Θ. With D = Λ⁻¹EΛ⁻ᵀ, V = (I − D)^{−½}Λ⁻¹Fᵀ whitens Σ̄ exactly,
// and ‖VΣ_kVᵀ − T‖ ≤ ((1 − ‖D‖)⁻¹ − 1)‖T‖ ≤ 2‖D‖‖T‖ for T = Λ⁻¹FᵀΣ_kFΛ⁻ᵀ. The two
// triangular solves for T add 2γ_d cond(Λ)‖T‖ each, the rounding of FᵀΣ_kF its
// size times ‖Λ⁻¹‖². Where double-double products would be what counts, those of exact numbers are wide.
func (g *General) computeWhitened() (WhitenedGeneral, error) {
	shared, err := g.pooled.WhitenFull()
	if err != nil {
		return WhitenedGeneral{}, err
	}
	w := WhitenedGeneral{Whitened: shared, LeastEigenvalue: g.crudeLeastEigenvalue()}
	d := g.Dimension()
	inverse := inverseBound(shared.Root, ones(d)) // ‖Λ⁻¹‖²
	condition := inverse * mat.Norm(shared.Root, 1) * mat.Norm(shared.Root, math.Inf(1))
	gamma := float64(d+4) * unitRoundoff
	size := mat.Norm(shared.Frame.Basis, 2)
	products := 8 * float64(d) * dd.Epsilon * size * size // |FᵀΣF − computed| beside tr Σ
	exactly := !g.pooled.rounded && d <= widestWhitening
	productError := func(covariance [][]dd.Number) float64 {
		var trace float64
		for i := range covariance {
			trace += covariance[i][i].Hi
		}
		return products * trace * inverse
	}
	defect := gamma * condition
	if off := productError(g.pooled.covariance); off < unitRoundoff || !exactly { // else WhitenFull used wide numbers
		defect += off
	}
	least := math.Inf(1)
	for k, covariance := range g.covariances {
		missed := productError(covariance)
		t, raw := congruent(shared, doubledProducts(shared.Frame.Basis, covariance))
		if missed >= unitRoundoff && exactly {
			t, raw = congruent(shared, wideProducts(shared.Frame.Basis, wide.Rows(g.exact[k])))
			missed = dd.Epsilon * raw * inverse
		}
		norm := mat.Norm(t, 2)
		off := (2*defect+8*gamma*condition)*norm + missed + unitRoundoff*raw*inverse
		w.Covariances = append(w.Covariances, t)
		w.CovarianceErrors = append(w.CovarianceErrors, off)
		least = math.Min(least, leastEigenvalue(t)-off-float64(16*d)*unitRoundoff*norm)
	}
	if defect < 0.5 && least > w.LeastEigenvalue {
		w.LeastEigenvalue = math.Min(least, 1)
	}
	return w, nil
}

// doubledProducts returns FᵀΣF.
func doubledProducts(f *mat.Dense, sigma [][]dd.Number) [][]dd.Number {
	_, m := f.Dims()
	half := transposedProducts(f, sigma)
	products := make([][]dd.Number, m)
	for a := range products {
		products[a] = make([]dd.Number, m)
	}
	for b := range m {
		column := columnOf(f, b)
		for a := range b + 1 {
			products[a][b] = dd.Dot(half[a], column)
			products[b][a] = products[a][b]
		}
	}
	return products
}

// congruent returns Λ⁻¹FᵀΣFΛ⁻ᵀ, given FᵀΣF, and the Frobenius norm of FᵀΣF.
func congruent(w Whitened, covariance [][]dd.Number) (t *mat.SymDense, size float64) {
	d := len(covariance)
	products := rounded(covariance)
	var left, both mat.Dense
	_ = w.Root.SolveTo(&left, false, products)
	_ = w.Root.SolveTo(&both, false, mat.DenseCopyOf(left.T()))
	t = mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			t.SetSym(i, j, (both.At(i, j)+both.At(j, i))/2)
		}
	}
	return t, mat.Norm(products, 2)
}

func leastEigenvalue(a *mat.SymDense) float64 {
	var e mat.EigenSym
	if !e.Factorize(a, false) {
		panic("gmm: the eigenvalues did not converge")
	}
	return e.Values(nil)[0]
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}
