package whitened

import (
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Own is a mixture with own covariances in coordinates in which Σ̄ is the identity.
type Own struct {
	*Mixture                 // of the pooled mixture
	Covariances []*mat.Dense // K, T_k, m×m
	SpreadError float64      // ‖T_k − exact T_k‖_F, up to the rotation of the means, for every k
	Modulus     float64      // c > 0 with T_k ⪰ cI for every k
	Equal       bool         // all covariances are equal, exactly
}

// SeeOwn brings a mixture into the coordinates of a frame of all d dimensions.
func SeeOwn(g *gmm.Mixture, frame gmm.Frame) (*Own, error) {
	if frame.Fisher {
		return nil, ErrOwn // own covariances need a frame of all dimensions
	}
	pooled, err := See(g, frame)
	if err != nil {
		return nil, err
	}
	v := &Own{Mixture: pooled, Modulus: 1, Equal: equalCovariances(g)}
	m := float64(len(v.W))
	inverse, err := inverseNorm(v.root)
	if err != nil {
		return nil, err
	}
	for k, w := range v.Weights {
		p := covarianceInFrame(g, k, frame.Basis)
		t := v.straightened(p)
		size := mat.Norm(t, 2)
		// FormError holds twice the defect of Λ and the products with Λ and Λ⁻¹, in
		// relative terms, beside the sizes of T_k as computed and as it is. The latter is at
		// most √m/w_k, as w_kT_k ⪯ I, and at most the former and what it is off by; See has
		// refused relative errors of 1e-6.
		relative, own := 2*v.FormError, p.covarianceError*inverse*inverse
		exact := min(math.Sqrt(m)/w, ((1+relative)*size+own)/(1-relative))
		off := relative*(size+exact) + own
		values, _ := dense.Eigen(t)
		v.SpreadError = max(v.SpreadError, off)
		v.Modulus = min(v.Modulus, values[0]-off-16*m*dense.Roundoff*size)
		v.Covariances = append(v.Covariances, t)
	}
	if !(v.Modulus > 0) {
		return nil, ErrOwn
	}
	return v, nil
}

// equalCovariances tells that all covariances are equal, in exact numbers.
func equalCovariances(g *gmm.Mixture) bool {
	covariances := g.Exact().Covariances
	equal := func(a, b []*big.Rat) bool {
		return slices.EqualFunc(a, b, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
	}
	for _, covariance := range covariances {
		if !slices.EqualFunc(covariance, covariances[0], equal) {
			return false
		}
	}
	return true
}

// covarianceInFrame returns FᵀΣ_kF, as inFrame does: in wide numbers where
// double-double would not do.
func covarianceInFrame(g *gmm.Mixture, k int, frame *mat.Dense) products {
	covariance, size := congruent(g.DoubledOwn(k), columnsOf(frame))
	d, _ := frame.Dims()
	off := 8 * float64(d) * dd.Epsilon * size * size
	if !(off < negligible) {
		return fromWide(wide.Rows(g.Exact().Covariances[k]), wide.Table(d, 1), frame, nil)
	}
	return products{covariance: covariance, covarianceError: off}
}

// straightened returns a covariance, given as FᵀΣF, in the view's coordinates.
func (v *Own) straightened(p products) *mat.Dense {
	products := rounded(p.covariance)
	var left, whitened mat.Dense
	_ = v.root.SolveTo(&left, false, products)
	_ = v.root.SolveTo(&whitened, false, mat.DenseCopyOf(left.T()))
	return dense.Symmetric(dense.Congruent(&whitened, v.rotation))
}

// Moments returns bounds of E|x|² and E|x|⁴: under component k,
// E|x|⁴ = (|μ_k|² + tr T_k)² + 2 tr T_k² + 4 μ_kᵀT_kμ_k.
func (v *Own) Moments() (second, fourth float64) {
	for k, w := range v.Weights {
		mu, t := v.Means.ColView(k), v.Covariances[k]
		square := mat.Dot(mu, mu) + mat.Trace(t)
		size := mat.Norm(t, 2)
		second += w * square
		fourth += w * (square*square + 2*size*size + 4*mat.Inner(mu, t, mu))
	}
	return second, fourth
}

// Lipschitz bounds ‖D²f‖ at every M = PMP of Frobenius norm at most size, P being the projector on the span of orthonormal columns, I where they are nil. With
// y_k = μ_k + T_kMx, τ = max‖T_k‖, ρ = max|μ_k − μ̄| and θ = max‖T_k − I‖ it is Cov(y|x) ⪯ τ + Σ p_k|y_k − μ̄ − Mx|² ≤ g = τ + 2ρ² + 2θ²‖M‖²|Px|², and so
//
//	D²f[V,V] = E[xᵀV Cov(y|x) Vᵀx] ≤ ‖V‖²‖E[g xxᵀ]‖,   E[|Px|²xxᵀ] ⪯ Σ w_k √3 (E_k|Px|⁴)^½ (T_k + μ_kμ_kᵀ),
//
// as E z⁴ ≤ 3(E z²)² of a normal z, and under component k E|Px|⁴ = (|Pμ_k|² + tr PT_kP)² + 2 tr (PT_kP)² + 4 μ_kᵀPT_kPμ_k.
func (v *Own) Lipschitz(size float64, inside *mat.Dense) float64 {
	var largest, farthest, twist float64
	centred := v.Centred()
	dim := len(v.W)
	weighted := mat.NewDense(dim, dim, nil)
	for k, t := range v.Covariances {
		values, _ := dense.Eigen(t)
		largest = max(largest, values[dim-1])
		twist = max(twist, values[dim-1]-1, 1-values[0])
		farthest = max(farthest, mat.Norm(centred.ColView(k), 2))
		mu := v.Means.ColView(k)
		var second mat.Dense
		second.Outer(1, mu, mu)
		second.Add(&second, t)
		second.Scale(v.Weights[k]*math.Sqrt(3*v.fourth(k, inside)), &second)
		weighted.Add(weighted, &second)
	}
	values, _ := dense.Eigen(dense.Symmetric(weighted))
	defect, moved := v.Defect() // of W beside its diagonal
	const margin = 1.001        // for the errors of means and covariances, which are below 1e-6, and rounding
	return margin * (slices.Max(v.W)*(1+defect+moved)*(largest+2*farthest*farthest) + 2*twist*twist*size*size*values[dim-1])
}

// fourth is E_k|Px|⁴.
func (v *Own) fourth(k int, inside *mat.Dense) float64 {
	mu, t := mat.VecDenseCopyOf(v.Means.ColView(k)), v.Covariances[k]
	if inside != nil {
		seen := new(mat.VecDense)
		seen.MulVec(inside.T(), mu)
		mu, t = seen, dense.Congruent(t, inside)
	}
	square, size := mat.Dot(mu, mu)+mat.Trace(t), mat.Norm(t, 2)
	return square*square + 2*size*size + 4*mat.Inner(mu, t, mu)
}
