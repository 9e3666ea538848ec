package oracle

import (
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"

	"gonum.org/v1/gonum/mat"
)

// generalView is a mixture with own covariances in coordinates in which Σ̄ is the
// identity and W = I + C diagonal.
type generalView struct {
	*view                    // of the pooled mixture
	covariances []*mat.Dense // K, T_k, m×m
	spreadError float64      // ‖T_k − exact T_k‖_F, up to the rotation of the means, for every k
	modulus     float64      // c > 0 with T_k ⪰ cI for every k
	shared      bool         // all covariances are equal, exactly
}

// seeGeneral brings the mixture into the coordinates of a frame of all d dimensions.
func seeGeneral(p gmm.Pairs, frame gmm.Frame) (*generalView, error) {
	if err := p.WantOneModality(); err != nil {
		return nil, err
	}
	if frame.Fisher {
		return nil, errOwn // own covariances need a frame of all dimensions
	}
	pooled, err := see(p.Pooled(), frame)
	if err != nil {
		return nil, err
	}
	v := &generalView{view: pooled, modulus: 1, shared: sharedCovariance(p.Left)}
	m := float64(len(v.w))
	inverse, err := inverseNorm(v.root)
	if err != nil {
		return nil, err
	}
	for k, w := range v.weights {
		products, rounding := covarianceInFrame(p.Left, k, frame.Basis)
		t := v.congruent(products)
		size := mat.Norm(t, 2)
		// formError holds twice the defect of Λ and the products with Λ and Λ⁻¹, in
		// relative terms, and ‖T_k‖ ≤ 1/w_k as w_kT_k ⪯ I.
		off := 2*v.formError*(size+math.Sqrt(m)/w) + rounding*inverse*inverse
		values, _ := eigen(t)
		v.spreadError = max(v.spreadError, off)
		v.modulus = min(v.modulus, values[0]-off-16*m*unitRoundoff*size)
		v.covariances = append(v.covariances, t)
	}
	if !(v.modulus > 0) {
		return nil, errOwn
	}
	return v, nil
}

// sharedCovariance tells that all covariances are equal, in exact numbers.
func sharedCovariance(g *gmm.Mixture) bool {
	e, exact := g.Exact()
	if !exact {
		return false
	}
	equal := func(a, b []*big.Rat) bool {
		return slices.EqualFunc(a, b, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
	}
	for _, covariance := range e.Covariances {
		if !slices.EqualFunc(covariance, e.Covariances[0], equal) {
			return false
		}
	}
	return true
}

// radius is the distance, in Frobenius norm, within which strong convexity keeps the
// minimiser where the gradient's norm ‖·‖_d is at most g: W is known to meanError only.
func (v *generalView) radius(g float64) float64 {
	return g * (1 + 4*v.meanError) / (v.modulus * v.least())
}

// covarianceInFrame returns FᵀΣ_kF and a bound of its error in norm, as inFrame does: in wide numbers where the
// mixture is exact and double-double would not do.
func covarianceInFrame(g *gmm.Mixture, k int, frame *mat.Dense) (products [][]dd.Number, off float64) {
	d, m := frame.Dims()
	sigma := g.DoubledOwn(k)
	var trace, largest float64
	for i := range d {
		trace += sigma[i][i].Hi
	}
	columns, halves := table(m, d), table(m, d)
	for a := range m {
		for i := range d {
			columns[a][i] = dd.Of(frame.At(i, a))
		}
		for i := range d {
			halves[a][i] = dd.Dot(sigma[i], columns[a])
		}
		largest += dd.Norm(columns[a]) * dd.Norm(columns[a])
	}
	off = 8 * float64(d) * dd.Epsilon * trace * largest
	if e, exact := g.Exact(); exact && !(off < negligible) {
		s := wide.Rows(e.Covariances[k])
		products, _, bound := fromWide(s, wide.Table(d, 1), frame, nil)
		return products, bound.covariance
	}
	products = table(m, m)
	for a := range m {
		for b := range m {
			products[a][b] = dd.Dot(halves[a], columns[b])
		}
	}
	return products, off
}

// congruent returns a covariance, given as FᵀΣF, in the view's coordinates.
func (v *generalView) congruent(covariance [][]dd.Number) *mat.Dense {
	products := rounded(covariance)
	var left, whitened, half, out mat.Dense
	_ = v.root.SolveTo(&left, false, products)
	_ = v.root.SolveTo(&whitened, false, mat.DenseCopyOf(left.T()))
	half.Mul(v.rotation.T(), &whitened)
	out.Mul(&half, v.rotation)
	return symmetric(&out)
}

// moments returns bounds of E|x|² and E|x|⁴: under component k,
// E|x|⁴ = (|μ_k|² + tr T_k)² + 2 tr T_k² + 4 μ_kᵀT_kμ_k.
func (v *generalView) moments() (second, fourth float64) {
	for k, w := range v.weights {
		mu, t := v.means.ColView(k), v.covariances[k]
		square := mat.Dot(mu, mu) + mat.Trace(t)
		size := mat.Norm(t, 2)
		second += w * square
		fourth += w * (square*square + 2*size*size + 4*mat.Inner(mu, t, mu))
	}
	return second, fourth
}

// lipschitz bounds ‖D²f‖ at every M of Frobenius norm at most size. As Σ w_k T_k = I,
//
//	D²f[V,V] = E[ Σ_k p_k xᵀVT_kVx + Var_p(xᵀVy_k) ] ≤ ‖V‖² E|x|²( τ + (ρ + θ‖M‖|x|)² ),
//
// with y_k = μ_k + T_kMx, τ = max‖T_k‖, ρ = max|μ_k − μ̄| and θ = max‖T_k − I‖; and
// (ρ + θ‖M‖|x|)² ≤ 2ρ² + 2θ²‖M‖²|x|².
func (v *generalView) lipschitz(size float64) float64 {
	var largest, farthest, twist float64
	centred := v.centred()
	for k, t := range v.covariances {
		largest = max(largest, mat.Norm(t, 2))
		farthest = max(farthest, mat.Norm(centred.ColView(k), 2))
		off := mat.DenseCopyOf(t)
		for i := range v.w {
			off.Set(i, i, off.At(i, i)-1)
		}
		twist = max(twist, mat.Norm(off, 2))
	}
	second, fourth := v.moments()
	const margin = 1.001 // for the errors of means and covariances, which are below 1e-6
	return margin * (second*(largest+2*farthest*farthest) + 2*twist*twist*size*size*fourth)
}
