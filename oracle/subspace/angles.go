package subspace

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// PrincipalAngles returns the principal angles between the column spaces of two
// matrices of full column rank with the same number of rows, ascending, in
// radians within [0, π/2]; as many as the smaller space has dimensions. Angles
// below π/4 come from sines, the others from cosines, so that both ends keep
// full precision (Björck and Golub, Math. Comp. 27, 1973). It panics if the
// numbers of rows differ.
func PrincipalAngles(a, b *mat.Dense) []float64 {
	_, ca := a.Dims()
	_, cb := b.Dims()
	if ca < cb {
		a, b, ca, cb = b, a, cb, ca
	}
	qa, qb := dense.Leading(a, ca), dense.Leading(b, cb)
	var cosines, projected, rest mat.Dense
	cosines.Mul(qa.T(), qb)
	projected.Mul(qa, &cosines)
	rest.Sub(qb, &projected)
	c := dense.SingularValues(&cosines) // descending
	s := dense.SingularValues(&rest)    // descending
	angles := make([]float64, cb)
	for i := range angles {
		if cosine := min(1, c[i]); cosine < math.Sqrt2/2 {
			angles[i] = math.Acos(cosine)
		} else {
			angles[i] = math.Asin(min(1, s[cb-1-i]))
		}
	}
	return angles
}

// Random returns an orthonormal basis, d×r, of a subspace drawn uniformly
// (Haar measure): the span of r standard normal vectors. It panics unless 1 ≤ r ≤ d.
func Random(d, r int, rng *rand.Rand) *mat.Dense {
	if r < 1 || r > d {
		panic(fmt.Sprintf("oracle: no subspace of dimension %d in %d dimensions", r, d))
	}
	normal := mat.NewDense(d, r, nil)
	for i := range d {
		for j := range r {
			normal.Set(i, j, rng.NormFloat64())
		}
	}
	return dense.Leading(normal, r)
}

// Orthonormal returns an orthonormal basis of the column space of a matrix of full
// column rank.
func Orthonormal(a *mat.Dense) *mat.Dense {
	_, columns := a.Dims()
	return dense.Leading(a, columns)
}
