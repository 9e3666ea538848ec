package gmm

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// unitRoundoff is 2^-53, the relative error of one float64 operation.
const unitRoundoff = 0x1p-53

// largestExactSize bounds d·b, d the dimension and b the bits of the longest row
// entry, up to which a covariance that float64 cannot decide is decided in
// rationals: elimination then takes well under a second.
const largestExactSize = 8192

// definiteness is what is known of a covariance that is positive definite.
type definiteness struct {
	factor        *mat.Cholesky // of Σ rounded to float64; nil if only rationals could decide
	leastVariance float64       // a lower bound of Σ's smallest eigenvalue, > 0

	leastCorrelation float64 // a lower bound of the smallest eigenvalue of the correlation matrix; 0 if only rationals could decide
}

// checkDefinite proves that a covariance is positive definite, or refuses it.
//
// Cholesky's factorisation in float64 satisfies L Lᵀ = Σ + E with
// |E_ij| ≤ γ_{d+2} √(σ_ii σ_jj), γ_n = n u/(1 − n u) (Higham, Accuracy and
// Stability of Numerical Algorithms, 2nd ed., theorem 10.3; one more u for the
// rounding of Σ). With D = diag(Σ)^½ and T = L⁻¹D hence
// ‖L⁻¹EL⁻ᵀ‖ ≤ d γ_{d+2} ‖T‖². Where that is below ½, Σ is positive definite and
// λ_min(Σ) ≥ min σ_ii / (2‖T‖²) and λ_min(D⁻¹ΣD⁻¹) ≥ 1/(2‖T‖²). Elsewhere rationals decide.
func checkDefinite(doubled [][]dd.Number, exact [][]*big.Rat) (definiteness, error) {
	d := len(doubled)
	sigma := symmetricOf(doubled)
	smallest := math.Inf(1)
	for i, row := range doubled {
		if row[i].Hi <= 0 {
			return definiteness{}, &InputError{Key: fmt.Sprintf("covariance[%d][%d]", i, i),
				Expected: "a positive definite matrix, so a positive number here", Found: fmt.Sprint(row[i].Float64()),
				Reason: ErrNotPositiveDefinite}
		}
		if row[i].Hi < smallestVariance {
			return definiteness{}, &InputError{Key: fmt.Sprintf("covariance[%d][%d]", i, i),
				Expected: "a variance of at least 1e-30 (rescale the coordinate)", Found: fmt.Sprint(row[i].Float64()),
				Reason: ErrNumber}
		}
		smallest = min(smallest, row[i].Hi)
	}
	var chol mat.Cholesky
	if chol.Factorize(sigma) {
		gamma := float64(d+2) * unitRoundoff / (1 - float64(d+2)*unitRoundoff)
		if t2 := inverseBound(scaledFactor(&chol, sigma)); float64(d)*gamma*t2 < 0.5 {
			return definiteness{&chol, smallest / (2 * t2), 1 / (2 * t2)}, nil
		}
	}
	if d*longestEntry(exact) > largestExactSize {
		return definiteness{}, &InputError{Key: "covariance", Expected: "a positive definite matrix",
			Found: "one that is singular to double precision", Reason: ErrIllConditioned}
	}
	if !exactlyDefinite(exact) {
		return definiteness{}, &InputError{Key: "covariance", Expected: "a positive definite matrix",
			Found: "one that is not", Reason: ErrNotPositiveDefinite}
	}
	return definiteness{nil, exactLeastVariance(exact), 0}, nil
}

// longestEntry returns the bits of the longest integer that clearing a row's denominators leaves.
func longestEntry(rows [][]*big.Rat) int {
	longest := 0
	for _, row := range IntegerRows(rows) {
		for _, x := range row {
			longest = max(longest, x.BitLen())
		}
	}
	return longest
}

// scaledFactor returns UD⁻¹ of Σ = UᵀU, D = diag(Σ)^½.
func scaledFactor(chol *mat.Cholesky, sigma *mat.SymDense) *mat.TriDense {
	d := sigma.SymmetricDim()
	scaled := mat.NewTriDense(d, mat.Upper, nil)
	upper, out := chol.RawU().(*mat.TriDense).RawTriangular(), scaled.RawTriangular()
	for j := range d {
		scale := math.Sqrt(sigma.At(j, j))
		for i := range j + 1 {
			out.Data[i*out.Stride+j] = upper.Data[i*upper.Stride+j] / scale
		}
	}
	return scaled
}

// roundingMargin covers the rounding of a sum of d³ positive terms with room to spare.
const roundingMargin = 1.001

// inverseBound bounds ‖R⁻¹‖² of a triangular R by the computed inverse X: R⁻¹ = (XR)⁻¹X and
// ‖I − XR‖ ≤ γ_d ‖|X||R|‖, which must be below ½, in Frobenius norm; ‖X‖² ≤ ‖X‖₁‖X‖_∞ also.
func inverseBound(r *mat.TriDense) float64 {
	var x mat.TriDense
	if err := x.InverseTri(r); err != nil {
		return math.Inf(1)
	}
	d, _ := r.Dims()
	norm := mat.Norm(&x, 2)
	defect := float64(d+2) * unitRoundoff * norm * mat.Norm(r, 2)
	if !(defect < 0.5) {
		return math.Inf(1)
	}
	return roundingMargin * min(norm*norm, mat.Norm(&x, 1)*mat.Norm(&x, math.Inf(1))) / math.Pow(1-defect, 2)
}

// exactLeastVariance returns a lower bound of 1/tr(Σ⁻¹) ≤ λ_min(Σ).
func exactLeastVariance(covariance [][]*big.Rat) float64 {
	trace := new(big.Rat)
	for i, column := range exactSolve(covariance, IdentityRows(len(covariance))) {
		trace.Add(trace, column[i])
	}
	least, _ := trace.Inv(trace).Float64()
	return least / roundingMargin
}
