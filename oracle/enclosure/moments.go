package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Moments is the term E (xᵀMy)² − 2 E_pairs xᵀMy of a loss beside M, left×right, x and y independent in the first part. Its gradient is
// closed: 2(S_L M S_R − X), S = E[xxᵀ] = W, X = E[xyᵀ] = Σ w_k μ_k ν_kᵀ, where ν_k is the mean of the partners of component k,
// with probability δ of its own. Errors are in the dual norm of whitened.Product, ‖D_L^{−½}·D_R^{−½}‖_F.
type Moments struct {
	left, right *whitened.Mixture
	m           *mat.Dense
	partners    *mat.Dense // ν_k
	off         []float64  // K, bounds of |ν_k − exact ν_k|
}

// NewMoments returns the term of two sides, which may be the same.
func NewMoments(left, right *whitened.Mixture, m *mat.Dense, delta float64) Moments {
	t := Moments{left: left, right: right, m: m, partners: new(mat.Dense)}
	mean := gmm.Mean(right.Weights, right.Means)
	t.partners.Apply(func(i, _ int, x float64) float64 { return delta*x + (1-delta)*mean.AtVec(i) }, right.Means)
	lengths := dense.ColumnNorms(right.Means)
	usual := mat.Dot(mat.NewVecDense(len(lengths), lengths), mat.NewVecDense(len(lengths), right.Weights))
	for _, length := range lengths { // δ itself is rounded
		t.off = append(t.off, (right.MeanError+8*dense.Roundoff)*(length+usual))
	}
	return t
}

// Bounded returns the gradient, whatever the tolerance.
func (t Moments) Bounded(float64, *Budget) (Gradient, error) {
	out := closed(t.left.SecondMoment(), t.m, t.right.SecondMoment(), -1, t.left.Weights, t.left.Means, t.partners)
	out.Scale(2, out)
	return Gradient{Matrix: out, Err: 2 * (t.roundingError() + t.inputError()), Rule: "moments in closed form"}, nil
}

// Sampled returns the same, for any points.
func (t Moments) Sampled(int, float64, *Budget) Sampling {
	g, _ := t.Bounded(0, nil) // which cannot fail
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return g.Matrix }, Off: g.Err}
}

// Scale is the size of the terms of the gradient.
func (t Moments) Scale() float64 {
	return whitened.Product.DualNorm(t.left, t.sizes(), t.right)
}

// Steepest bounds D²f[V] = 2 S_L V S_R.
func (t Moments) Steepest() float64 { return 2 * math.Sqrt(slices.Max(t.left.W)*slices.Max(t.right.W)) }

// closed returns S_L M S_R + sign Σ w_k μ_k ν_kᵀ.
func closed(left, m, right *mat.Dense, sign float64, weights []float64, means, partners *mat.Dense) *mat.Dense {
	var half mat.Dense
	half.Mul(left, m)
	out := new(mat.Dense)
	out.Mul(&half, right)
	for k, w := range weights {
		dense.AddOuter(out, sign*w, means, partners, k)
	}
	return out
}

// sizes is |S_L||M||S_R| + Σ w_k|μ_k||ν_k|ᵀ.
func (t Moments) sizes() *mat.Dense {
	return closed(t.left.Magnitude(), dense.Absolute(t.m), t.right.Magnitude(), 1, t.left.Weights,
		dense.Absolute(t.left.Means), dense.Absolute(t.partners))
}

// roundingError bounds that of ½∇L, and what rounded weights change in it: γ_n sizes with n the
// operations that one entry sees (Higham, Accuracy and Stability of Numerical
// Algorithms, 2nd ed., section 3.5), doubled.
func (t Moments) roundingError() float64 {
	rows, columns := t.m.Dims()
	operations := float64(2*(rows+columns+2*len(t.left.Weights)) + 16)
	return 2 * operations * dense.Roundoff * t.Scale()
}

// inputError bounds the effect of the errors of the views' means on ½∇L: first-order terms, doubled.
func (t Moments) inputError() float64 {
	size := mat.Norm(dense.Scaled(t.left.W, t.m, t.right.W, 0.5), 2)
	defectL, movedL := t.left.Defect()
	defectR, movedR := t.right.Defect()
	sum := movedL*size*(1+defectR) + movedR*size*(1+defectL)
	a, b, off := t.left.LightNorms(t.left.Means), t.right.LightNorms(t.partners), t.left.MeansOff()
	for k, w := range t.left.Weights {
		sum += 2 * w * (off[k]/t.left.Least()*b[k] + a[k]*t.off[k]/t.right.Least())
	}
	return sum
}
