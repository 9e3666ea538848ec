package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// softmax is p_k(x) ∝ exp(offset_jk + slope_kᵀt) under component j, where
// x = μ_j + Rt + z and z leaves p alone.
type softmax struct {
	directions *mat.Dense  // m×q, R; nil if q = 0
	slope      [][]float64 // q×K
	offset     [][]float64 // K×K
	ranges     []float64   // q
	dropped    float64     // Σ of the singular values left out
}

// softmax finds the directions in which M(ν_k − ν̄) differ, leaving out those in which they
// differ by less than flat and all beyond K − 1, which rounding made.
func (l LogPartition) softmax(flat float64) softmax {
	k := len(l.anchors.Weights)
	var pulled, offsets mat.Dense
	pulled.Mul(l.m, l.partners.Centred())
	offsets.Mul(l.anchors.Means.T(), &pulled)
	s := softmax{offset: make([][]float64, k)}
	for j := range k {
		s.offset[j] = make([]float64, k)
		for i := range k {
			s.offset[j][i] = l.anchors.LogWeights[i] + offsets.At(j, i)
		}
	}
	left, values, right := dense.SVD(&pulled)
	q := 0
	for ; q < min(len(values), k-1) && values[q] > flat; q++ {
		row := make([]float64, k)
		low, high := math.Inf(1), math.Inf(-1)
		for j := range k {
			row[j] = values[q] * right.At(j, q)
			low, high = min(low, row[j]), max(high, row[j])
		}
		// Only differences of slopes matter; centred ones keep exponents small.
		for j := range row {
			row[j] -= (low + high) / 2
		}
		s.slope = append(s.slope, row)
		s.ranges = append(s.ranges, high-low)
	}
	for _, value := range values[q:] {
		s.dropped += value
	}
	if q > 0 {
		s.directions = dense.Columns(left, 0, q)
	}
	return s
}
