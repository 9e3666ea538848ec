package planar

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
)

// ErrShape says that the whitened means of a mixture do not span a plane, or that there is no noise beside it.
var ErrShape = errors.New("planar: expected one modality with a shared covariance, whitened means that span a plane, and at least 3 dimensions")

// Mixture is one whose Fisher subspace is a plane: in whitened coordinates x ∈ R² on it, given component k, x ∼ N(m_k, I₂), and all other coordinates are N(0, 1), independent of it.
type Mixture struct {
	weights []float64
	means   [][2]float64 // within 4 units of their lengths
	delta   float64
	far     float64 // max ‖m_k‖
	// basis are the two means, of those given, along the first of which the first axis lies, and by which the second is on its positive side.
	basis [2]int
}

// Of returns the mixture of p, or ErrShape.
func Of(p gmm.Pairs) (Mixture, error) {
	m := p.Left
	if p.Modalities() != 1 || !m.Shared() {
		return Mixture{}, fmt.Errorf("%w; found %v", ErrShape, p.Model())
	}
	if s, d := m.FisherDimension(), m.Dimension(); s != 2 || d < 3 {
		return Mixture{}, fmt.Errorf("%w; found a Fisher subspace of dimension %d in %d", ErrShape, s, d)
	}
	gram, basis := m.ExactGramColumns() // μ_kᵀΣ⁻¹a and μ_kᵀΣ⁻¹b
	a, b := basis[0], basis[1]
	along, shared := gram[a][0], gram[b][0]
	ratio := new(big.Rat).Quo(shared, along)
	across := new(big.Rat).Sub(gram[b][1], new(big.Rat).Mul(ratio, shared)) // ‖b‖² − (a·b)²/‖a‖²
	out := Mixture{weights: p.Weights(), delta: p.Delta(), basis: [2]int{a, b}}
	for k := range gram {
		y := new(big.Rat).Mul(ratio, gram[k][0])
		mean := [2]float64{component(gram[k][0], along), component(y.Sub(gram[k][1], y), across)}
		out.means = append(out.means, mean)
		out.far = math.Max(out.far, math.Hypot(mean[0], mean[1]))
	}
	return out, nil
}

// component is product/√square, rounded once after the square of it.
func component(product, square *big.Rat) float64 {
	of := new(big.Rat).Mul(product, product)
	x, _ := of.Quo(of, square).Float64()
	return float64(product.Sign()) * math.Sqrt(x)
}

// turned are the means in coordinates whose first axis is at an angle.
func (m Mixture) turned(axis float64) [][2]float64 {
	sin, cos := math.Sincos(axis)
	out := make([][2]float64, len(m.means))
	for k, x := range m.means {
		out[k] = [2]float64{cos*x[0] + sin*x[1], cos*x[1] - sin*x[0]}
	}
	return out
}

// unit is that of rounding.
const unit = 1.0 / (1 << 53)

// rounding bounds Σ |error| of the computed masses of any component's directions, and what its mean's and weight's errors change of its law. A density is e^(−‖m‖²/2) + √(2π)De^(−F²/2)Φ(D) over 2π, D and F being the parts of the mean
// along and across a direction, which are known to 4 units of ‖m‖; Φ errs by |D| + 2 times that and e^(−F²/2) by |F|; where D < 0 the terms are at most e^(−‖m‖²/2), (4‖m‖² + 4‖m‖)e^(−‖m‖²/2) ≤ 6, and where D > 0 the
// second is the density of F, E|F| < 1. A mean that moves by h moves its law by √(2/π)h at most, in ∫|dp|.
func (m Mixture) rounding() float64 { return unit * (64 + 32*m.far) }

// density is that of the direction of N(m, I₂), D and F being the parts of m along and across it (K. V. Mardia, P. E. Jupp, Directional Statistics, 2000, section 3.5.6).
func density(d, f float64) float64 {
	const none = -30 // below, it is less than e^−450
	if d < none {
		return 0
	}
	return (math.Exp(-(d*d+f*f)/2) + math.Sqrt(2*math.Pi)*d*math.Exp(-f*f/2)*math.Erfc(-d/math.Sqrt2)/2) / (2 * math.Pi)
}

// densityBound bounds it on |Im α| ≤ y, where Re D ≤ R = ‖m‖cosh y: 2πp = e^(−‖m‖²/2) ∫₀^∞ r e^(−r²/2 + rD) dr.
func densityBound(far, y float64) float64 {
	r, s := far*math.Cosh(y), far*math.Sinh(y)
	return (math.Exp(-far*far/2) + math.Sqrt(2*math.Pi)*r*math.Exp(s*s/2)) / (2 * math.Pi)
}
