package solver

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// contrasts is the softmax p_k(t) = softmax_k(offset_jk + slope_kᵀt) seen from
// each component j, with t ∼ N(0, I_q) in the q directions along which it varies.
type contrasts struct {
	directions *mat.Dense // n×max(q, 1), orthonormal columns; a zero column if q = 0
	slopes     *mat.Dense // max(q, 1)×K
	offsets    *mat.Dense // K×K, row j as seen from component j
	ranges     []float64  // q, max_k slope − min_k slope along each direction
	dropped    float64    // bound of what leaving out the flattest directions changes in p
}

// newContrasts finds the directions in which logits of the given slopes (n×K)
// differ, dropping those in which they differ by less than flat.
func newContrasts(slopes *mat.Dense, offsets *mat.Dense, flat float64) *contrasts {
	n, k := slopes.Dims()
	var svd mat.SVD
	if !svd.Factorize(slopes, mat.SVDThin) {
		panic("solver: the singular values of the contrasts did not converge")
	}
	values := svd.Values(nil)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	c := &contrasts{offsets: offsets, directions: mat.NewDense(n, 1, nil), slopes: mat.NewDense(1, k, nil)}
	var kept []int
	var rows []float64
	for i, value := range values {
		row := mat.Col(nil, i, &v)
		for j := range row {
			row[j] *= value
		}
		// Slopes that are large but alike leave the softmax alone, too.
		spread := slices.Max(row) - slices.Min(row)
		if spread <= flat {
			c.dropped += spread
			continue
		}
		kept = append(kept, i)
		rows = append(rows, row...)
		c.ranges = append(c.ranges, spread)
	}
	if len(kept) == 0 {
		return c
	}
	c.directions = mat.NewDense(n, len(kept), nil)
	for a, i := range kept {
		c.directions.SetCol(a, mat.Col(nil, i, &u))
	}
	c.slopes = mat.NewDense(len(kept), k, rows)
	return c
}
