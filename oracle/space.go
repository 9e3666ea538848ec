package oracle

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// space is an orthonormal basis of the Fisher subspace in a view, m×s and nil for
// s = 0, with a bound of the sine of its angle to the exact one.
type space struct {
	basis *mat.Dense
	angle float64
}

// fisherSpace spans the means. In a Fisher frame it is everything.
func (v *view) fisherSpace(s int, everything bool) space {
	if everything {
		m := len(v.w)
		basis := mat.NewDense(m, m, nil)
		for i := range m {
			basis.Set(i, i, 1)
		}
		return space{basis: basis}
	}
	return v.span(v.means, s)
}

// span is the space of the s leading directions of vectors whose columns are
// each off by at most meanError of their length.
func (v *view) span(vectors *mat.Dense, s int) space {
	return spanOf(vectors, s, v.meanError)
}

// spanOf is the space of the s leading directions of vectors whose columns are
// each off by at most the given part of their length.
func spanOf(vectors *mat.Dense, s int, relative float64) space {
	if s == 0 {
		return space{}
	}
	m, k := vectors.Dims()
	unit := mat.DenseCopyOf(vectors)
	for j := range k {
		if size := mat.Norm(vectors.ColView(j), 2); size > 0 {
			for i := range m {
				unit.Set(i, j, unit.At(i, j)/size)
			}
		}
	}
	var svd mat.SVD
	if !svd.Factorize(unit, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	// Wedin's theorem: each column is off by that part of its unit length.
	off := (relative + float64(4*(m+k))*unitRoundoff) * math.Sqrt(float64(k))
	values := append(svd.Values(nil), 0)
	gap := values[s-1] - values[s] - off
	angle := 1.0
	if gap > 0 {
		angle = min(1, 2*off/gap)
	}
	return space{mat.DenseCopyOf(u.Slice(0, m, 0, s)), angle}
}

// slack bounds what rounding, and the error of the basis, change in an
// eigenvalue of m on the space.
func (v *view) slack(m *mat.Dense, s space) float64 {
	dim, _ := m.Dims()
	return (float64(16*dim)*unitRoundoff + 2*s.angle) * mat.Norm(m, 2)
}
