package solver

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// scattered is a softmax to be averaged over nodes in general position. With
// e_k(t) = exp(slope_kᵀt) and b_jk = exp(offset_jk − shift_j),
//
//	p_jk(t) = b_jk e_k / z_j,   z = b e,
//
// so that a node costs K exponentials or products for e, and three products of K×K
// matrices with vectors: for z, for Σ_j w_j p_jk, and for the sum of p_jk.
type scattered struct {
	weights []float64  // K
	slopes  *mat.Dense // q×K
	base    *mat.Dense // K×K, b
	shifts  []float64  // K, max_k offset_jk
}

// scatter states the softmax c. It fails with errSteep where offsets are not finite.
func (c *contrasts) scatter(weights []float64) (*scattered, error) {
	k := len(weights)
	s := &scattered{weights: weights, slopes: c.slopes, base: mat.NewDense(k, k, nil), shifts: make([]float64, k)}
	for j := range k {
		row := c.offsets.RawRowView(j)
		shift := slices.Max(row) // NaN, if any offset is
		if math.IsNaN(shift) || math.IsInf(shift, 0) {
			return nil, errSteep
		}
		s.shifts[j] = shift
		for i, o := range row {
			s.base.Set(j, i, math.Exp(o-shift))
		}
	}
	return s, nil
}

// directions returns q.
func (s *scattered) directions() int {
	q, _ := s.slopes.Dims()
	return q
}

func (s *scattered) zeroAverages() averages {
	q, k := s.slopes.Dims()
	return averages{mat.NewDense(k, k, nil), mat.NewDense(q, k, nil)}
}

// finish multiplies E_j e_k/z_j by b_jk.
func (s *scattered) finish(a averages) averages {
	a.p.MulElem(a.p, s.base)
	return a
}

// columns is the number of nodes that are worked on together.
const columns = 128

// sheet is working memory for up to a number of nodes, one a column.
type sheet struct {
	weights []float64
	e, z, r *mat.Dense // K×n: e_k, z_j, weight/z_j
	mean    *mat.Dense // K×n: weight·Σ_j w_j p_jk
}

func (s *scattered) newSheet(n int) *sheet {
	k := len(s.weights)
	return &sheet{make([]float64, n), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil)}
}

// head returns the sheet's first n columns.
func (h *sheet) head(n int) *sheet { return h.part(0, n) }

// part returns n of the sheet's columns.
func (h *sheet) part(first, n int) *sheet {
	cut := func(a *mat.Dense) *mat.Dense {
		k, _ := a.Dims()
		return a.Slice(0, k, first, first+n).(*mat.Dense)
	}
	return &sheet{h.weights[first : first+n], cut(h.e), cut(h.z), cut(h.r), cut(h.mean)}
}

// evaluate computes r and mean from e and the weights.
func (s *scattered) evaluate(h *sheet) {
	product(h.z, s.base, h.e)
	for j, w := range s.weights {
		z, r := h.z.RawRowView(j), h.r.RawRowView(j)
		for n, x := range z {
			r[n] = h.weights[n] / x
			z[n] = w * r[n]
		}
	}
	productLeft(h.mean, s.base, h.z)
	h.mean.MulElem(h.mean, h.e)
}

// logs writes Σ_j w_j log z_j of each node into the first row of r.
func (s *scattered) logs(h *sheet) []float64 {
	product(h.z, s.base, h.e)
	out := h.r.RawRowView(0)
	clear(out)
	for j, w := range s.weights {
		for n, z := range h.z.RawRowView(j) {
			out[n] += w * math.Log(z)
		}
	}
	return out
}
