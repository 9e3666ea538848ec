package whitened

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// SecondMoment returns W = I + Σ w_k μ_kμ_kᵀ, every entry as computed.
func (v *Mixture) SecondMoment() *mat.Dense { return secondMoment(v.Weights, v.Means) }

// Magnitude bounds the sizes of the terms of SecondMoment, I + Σ w_k|μ_k||μ_k|ᵀ: sums that cancel keep the rounding of their terms.
func (v *Mixture) Magnitude() *mat.Dense { return secondMoment(v.Weights, dense.Absolute(v.Means)) }

func secondMoment(weights []float64, means *mat.Dense) *mat.Dense {
	m, _ := means.Dims()
	s := dense.Identity(m)
	for k, w := range weights {
		dense.AddOuter(s, w, means, means, k)
	}
	return s
}

// Defect returns ‖D^{−½}WD^{−½} − I‖_F, D the diagonal of W as computed, with the rounding of W, and a bound,
// doubled, of what the errors of the means change in D^{−½}WD^{−½}.
func (v *Mixture) Defect() (defect, moved float64) {
	m, k := v.Means.Dims()
	s := dense.Scaled(v.W, v.SecondMoment(), v.W, -0.5)
	for i := range m {
		s.Set(i, i, s.At(i, i)-1)
	}
	lengths, off := v.LightNorms(v.Means), v.MeansOff()
	sizes := 1.0
	for j, w := range v.Weights {
		sizes += w * lengths[j] * lengths[j]
		moved += 2 * 2 * w * lengths[j] * off[j] / v.Least()
	}
	return mat.Norm(s, 2) + float64(2*(m+k)+16)*dense.Roundoff*sizes, moved
}

// LightNorms returns |D^{−½}x| of each column x.
func (v *Mixture) LightNorms(columns *mat.Dense) []float64 {
	light := new(mat.Dense)
	light.Apply(func(i, _ int, x float64) float64 { return x / math.Sqrt(v.W[i]) }, columns)
	return dense.ColumnNorms(light)
}

// Least is √w for the smallest eigenvalue w ≥ 1 of W, by which the plain
// distance is smaller: ‖V‖_F ≤ ‖W^¼VW^¼‖_F/√w.
func (v *Mixture) Least() float64 { return math.Sqrt(slices.Min(v.W)) }

// MeansOff bounds the error of each mean.
func (v *Mixture) MeansOff() []float64 {
	off := dense.ColumnNorms(v.Means)
	for k := range off {
		off[k] *= v.MeanError
	}
	return off
}

// Centred returns the means less μ̄, m×K.
func (v *Mixture) Centred() *mat.Dense {
	m, k := v.Means.Dims()
	out := mat.NewDense(m, k, nil)
	for i := range m {
		var mean float64
		for j := range k {
			mean += v.Weights[j] * v.Means.At(i, j)
		}
		for j := range k {
			out.Set(i, j, v.Means.At(i, j)-mean)
		}
	}
	return out
}

// Offsets returns |μ_k| + Σ w_l|μ_l|, entry by entry, m×K: the sizes of the terms of Centred.
func (v *Mixture) Offsets() *mat.Dense {
	out := dense.Absolute(v.Means)
	mean := gmm.Mean(v.Weights, out)
	out.Apply(func(i, _ int, x float64) float64 { return x + mean.AtVec(i) }, out)
	return out
}

// Light returns W^−¼ a: |v|_* = |W^−¼v|, so that ‖a bᵀ‖_d ≤ |a|_*|b|_*.
func (v *Mixture) Light(a mat.Matrix) *mat.Dense {
	out := new(mat.Dense)
	out.CloneFrom(a)
	for i, w := range v.W {
		row, scale := out.RawRowView(i), 1/math.Sqrt(math.Sqrt(w))
		for j := range row {
			row[j] *= scale
		}
	}
	return out
}

// Lengths returns |a|_* of each column a.
func (v *Mixture) Lengths(columns mat.Matrix) []float64 { return dense.ColumnNorms(v.Light(columns)) }

// Between returns |μ_k − μ_l|_*, K×K.
func (v *Mixture) Between() [][]float64 {
	return dense.Distances(v.Light(v.Means))
}
