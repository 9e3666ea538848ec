package enclosure

import (
	"math"
	"slices"

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

// softmax states that of the term, leaving out directions in which logits differ by less than flat.
func (l LogPartition) softmax(flat float64) softmax {
	k := len(l.anchors.Weights)
	var pulled, offsets mat.Dense
	pulled.Mul(l.m, l.partners.Centred())
	offsets.Mul(l.anchors.Means.T(), &pulled)
	offset := make([][]float64, k)
	for j := range k {
		offset[j] = make([]float64, k)
		for i := range k {
			offset[j][i] = l.anchors.LogWeights[i] + offsets.At(j, i)
			if l.linear != nil {
				offset[j][i] += mat.Dot(l.linear, l.partners.Centred().ColView(i))
			}
		}
	}
	return newSoftmax(offset, &pulled, flat)
}

// newSoftmax finds the directions in which columns, m×K, differ whose product with x − μ_j is what the logits have beside their offsets, leaving out those in which they
// differ by less than flat and all beyond K − 1, which rounding made.
func newSoftmax(offset [][]float64, pulled *mat.Dense, flat float64) softmax {
	k := len(offset)
	s := softmax{offset: offset}
	left, values, right := dense.SVD(pulled)
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

// average averages the softmax by the coarsest trapezoidal rule g that serves an integrand: p[j][k] = E_j p_k and tp[j][i][k] = E_j t_i p_k, nil if q = 0.
func (s softmax) average(in integrand, tolerance float64, work *Budget) (g grid, p *mat.Dense, tp []*mat.Dense, err error) {
	k := len(s.offset)
	limit := work.nodes(costliest, k)
	if g, err = planGrid(in, tolerance, limit/float64(k)); err != nil {
		return g, nil, nil, err
	}
	work.spend(serial * g.nodes() * float64(k*k))
	nodes, err := g.tabulate(s.slope, k)
	if err != nil {
		return g, nil, nil, err
	}
	p, tp = mat.NewDense(k, k, nil), make([]*mat.Dense, k)
	for j := range k {
		pj, tpj, err := nodes.softmaxSums(s.offset[j])
		if err != nil {
			return g, nil, nil, err
		}
		p.SetRow(j, pj)
		if q := len(s.ranges); q > 0 {
			tp[j] = mat.NewDense(q, k, tpj)
		}
	}
	return g, p, tp, nil
}

// costliest bounds the nodes times components of one bounded evaluation.
const costliest = 4e7

// exponent bounds the sizes of logits at the nodes of a rule.
func (s softmax) exponent(g grid) float64 {
	var along, largest float64
	for i := range g.half {
		along += s.ranges[i] * g.step[i] * float64(g.half[i])
	}
	for _, offsets := range s.offset {
		largest = max(largest, slices.Max(offsets), -slices.Min(offsets))
	}
	return along + largest
}

// relativeError bounds that of a sum over a grid of terms of p_k, whose logits are off by so many roundings: doubled, that becomes one of p_k. Exponentials,
// their sum over k, and sums over a grid, nested, one level a coordinate, add their own.
func (s softmax) relativeError(g grid, logits float64) float64 {
	levels := 0
	for _, half := range g.half {
		levels += 2*half + 1
	}
	return dense.Roundoff * (float64(levels+2*len(s.offset)+8) + 2*logits)
}
