package oracle

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// spectralPoint is a matrix M beside the spectral contrastive loss −2E[xᵀMy] over pairs + E[(xᵀMy)²] over
// independent points, with what separates M from its minimiser M*:
//
//	S_L(M − M*)S_R = ½∇L(M) = S_L M S_R − X,   S = E[xxᵀ] = I + Σ w_k μ_kμ_kᵀ,   X = E[xyᵀ] = Σ w_k μ_k ν_kᵀ
//
// ν_k being the mean of the partners of component k.
type spectralPoint struct {
	*point
	partners    *mat.Dense // ν_k
	partnersOff []float64  // K, bounds of |ν_k − exact ν_k|
	weighted    *mat.Dense // N = D_L^½ M D_R^½, D the diagonal of S as computed
	// epsilon bounds ‖M − M*‖_F, weightedEpsilon ‖N − N*‖_F.
	epsilon, weightedEpsilon float64
}

// spectralRule says how the distance was bounded.
const spectralRule = "moments in closed form"

// asSpectral measures the distance of a point to the minimiser.
//
// With D^{−½}SD^{−½} = I + E on each side, ‖N − N*‖ ≤ ‖D_L^{−½}(½∇L)D_R^{−½}‖ /
// ((1 − ‖E_L‖)(1 − ‖E_R‖)). D only scales: any positive diagonal would do.
func asSpectral(p *point) *spectralPoint {
	l, r := p.left, p.right
	at := &spectralPoint{point: p, partners: new(mat.Dense), weighted: dense.Scaled(l.W, p.m, r.W, 0.5)}
	mean := gmm.Mean(r.Weights, r.Means)
	at.partners.Apply(func(i, _ int, x float64) float64 { return p.delta*x + (1-p.delta)*mean.AtVec(i) }, r.Means)
	lengths := dense.ColumnNorms(r.Means)
	usual := mat.Dot(mat.NewVecDense(len(lengths), lengths), mat.NewVecDense(len(lengths), r.Weights))
	for _, length := range lengths { // δ itself is rounded
		at.partnersOff = append(at.partnersOff, (r.MeanError+8*dense.Roundoff)*(length+usual))
	}
	off := mat.Norm(dense.Scaled(l.W, at.halfGradient(), r.W, -0.5), 2)
	defectL, movedL := l.Defect()
	defectR, movedR := r.Defect()
	// ½∇L = S_L M S_R − X for means that are off: first-order terms, doubled.
	size := mat.Norm(at.weighted, 2)
	input := movedL*size*(1+defectR) + movedR*size*(1+defectL)
	a, b, offL := l.LightNorms(l.Means), r.LightNorms(at.partners), l.MeansOff()
	for k, w := range l.Weights {
		input += 2 * w * (offL[k]/l.Least()*b[k] + a[k]*at.partnersOff[k]/r.Least())
	}
	distance := (off + at.rounding() + input) / ((1 - defectL - movedL) * (1 - defectR - movedR))
	form := p.formError * mat.Norm(p.m, 2)
	at.weightedEpsilon = distance + form*math.Sqrt(slices.Max(l.W)*slices.Max(r.W))
	at.epsilon = distance/(l.Least()*r.Least()) + form
	return at
}

// halfGradient returns S_L M S_R − Σ w_k μ_k ν_kᵀ.
func (at *spectralPoint) halfGradient() *mat.Dense {
	var left, out mat.Dense
	left.Mul(at.left.SecondMoment(), at.m)
	out.Mul(&left, at.right.SecondMoment())
	for k, w := range at.left.Weights {
		out.RankOne(&out, -w, at.left.Means.ColView(k), at.partners.ColView(k))
	}
	return &out
}

// rounding bounds that of halfGradient, and what rounded weights change in it,
// scaled like the gradient: γ_n (|S_L||M||S_R| + Σ w_k|μ_k||ν_k|ᵀ) with n the
// operations that one entry sees (Higham, Accuracy and Stability of Numerical
// Algorithms, 2nd ed., section 3.5), doubled.
func (at *spectralPoint) rounding() float64 {
	rows, columns := at.m.Dims()
	var left, sizes mat.Dense
	left.Mul(at.left.Magnitude(), dense.Absolute(at.m))
	sizes.Mul(&left, at.right.Magnitude())
	means, partners := dense.Absolute(at.left.Means), dense.Absolute(at.partners)
	for j, w := range at.left.Weights {
		sizes.RankOne(&sizes, w, means.ColView(j), partners.ColView(j))
	}
	operations := float64(2*(rows+columns+2*len(at.left.Weights)) + 16)
	return 2 * operations * dense.Roundoff * mat.Norm(dense.Scaled(at.left.W, &sizes, at.right.W, -0.5), 2)
}

// rankAtLeast tells whether M* has at least the given rank for certain: by Weyl,
// as N* has if the singular value of N at that place exceeds ‖N − N*‖. It also
// returns that singular value and what it was compared with.
func (at *spectralPoint) rankAtLeast(rank int) (certain bool, value, epsilon float64) {
	values := dense.SingularValues(at.weighted)
	rows, columns := at.m.Dims()
	epsilon = at.weightedEpsilon + float64(16*(rows+columns))*dense.Roundoff*values[0]
	if rank > len(values) {
		return false, 0, epsilon
	}
	return values[rank-1] > epsilon, values[rank-1], epsilon
}

// containment compares what M has outside a space with ‖M‖_F, as in Findings.
func (at *spectralPoint) containment(outside, angle float64) (verdict Verdict, defect float64) {
	rows, columns := at.m.Dims()
	size := mat.Norm(at.m, 2)
	b := at.epsilon + (2*angle+float64(16*(rows+columns))*dense.Roundoff)*size
	defect = (outside + b) / size
	switch {
	case defect <= contained:
		return Holds, defect
	case outside > b:
		return Refuted, defect
	}
	return Undecided, defect
}

// exactRule says that a rank was computed in rationals.
func exactRule(what string, rank int) string {
	return fmt.Sprintf("exact: %s has rank %d in rational numbers", what, rank)
}
