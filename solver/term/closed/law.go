package closed

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Law is the law of pairs in whitened coordinates. In one modality Left and Right are the same.
type Law struct {
	Weights     []float64 // K
	Delta       float64   // the probability that a pair shares its component
	Left, Right Side
}

// Side is one modality in whitened coordinates, turned so that I + C is diagonal.
type Side struct {
	Means *mat.Dense // m×K
	Error float64    // relative, of the means and covariances
	// Roots R_k, m×m, are those of components with covariances R_kR_kᵀ of their own, none of which has an eigenvalue below Modulus; nil where all are I.
	Roots   []*mat.Dense
	Modulus float64
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// partners returns ν_k = δν'_k + (1−δ)ν̄', the mean of the partners of component k, n×K, ν' being the means of the right side.
func (l Law) partners() *mat.Dense {
	mean, out := gmm.Mean(l.Weights, l.Right.Means), new(mat.Dense)
	out.Apply(func(i, _ int, x float64) float64 { return l.Delta*x + (1-l.Delta)*mean.AtVec(i) }, l.Right.Means)
	return out
}

// moments returns the diagonal of I + Σ_k w_k a_k a_kᵀ, to every digit.
func moments(weights []float64, a *mat.Dense) []float64 {
	rows, _ := a.Dims()
	out := make([]float64, rows)
	for i := range out {
		out[i] = 1
		for k, x := range a.RawRowView(i) {
			out[i] += weights[k] * x * x
		}
	}
	return out
}

// longestColumn returns the length of the longest column.
func longestColumn(a *mat.Dense) float64 {
	_, columns := a.Dims()
	var longest float64
	for j := range columns {
		longest = max(longest, mat.Norm(a.ColView(j), 2))
	}
	return longest
}

func absolute(a *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, a)
	return out
}

// entries returns the m×n matrix of entries of(l_i, r_j).
func entries(left, right []float64, of func(l, r float64) float64) *mat.Dense {
	out := mat.NewDense(len(left), len(right), nil)
	out.Apply(func(i, j int, _ float64) float64 { return of(left[i], right[j]) }, out)
	return out
}

// powers returns x^p of each.
func powers(x []float64, p float64) []float64 {
	out := make([]float64, len(x))
	for i, y := range x {
		out[i] = math.Pow(y, p)
	}
	return out
}
