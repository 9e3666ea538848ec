package subspace

import (
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// B a = λΣa with AᵀΣA = I; no direction has a larger quotient aᵀBa/aᵀΣa than the
// first; and the directions lie in S_F, which they span where μ̄ = 0.
func TestLDADirections(t *testing.T) {
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.SharedCovariance(), generators.Centred()).Draw(t, "mixture")
		a, values, err := discriminants(m)
		if err != nil {
			t.Fatalf("no directions: %v", err)
		}
		if a == nil {
			if !m.Coincident() {
				t.Fatalf("no directions, though means differ")
			}
			return
		}
		d, q := a.Dims()
		if q > m.Components()-1 {
			t.Fatalf("more directions than K − 1")
		}
		if q > 1 {
			several++
		}
		between := gmm.CentredScatter(m.Weights(), m.Means().T())
		var left, right, within, gram mat.Dense
		left.Mul(between, a)
		within.Mul(m.Covariance(), a)
		right.Mul(&within, mat.NewDiagDense(q, values))
		gram.Mul(a.T(), &within)
		const rounding = 1e-9 // beside covariances of condition up to 1e4 and directions as large
		size := 1 + mat.Norm(&left, 2)
		left.Sub(&left, &right)
		if mat.Norm(&left, 2) > rounding*size {
			t.Fatalf("Ba differs from λΣa")
		}
		for i := range q {
			gram.Set(i, i, gram.At(i, i)-1)
		}
		if mat.Norm(&gram, 2) > rounding {
			t.Fatalf("AᵀΣA is not I")
		}
		other := Random(d, 1, rand.New(rand.NewPCG(1, uint64(d)))).ColView(0)
		if mat.Inner(other, between, other) > values[0]*mat.Inner(other, m.Covariance(), other)*(1+rounding) {
			t.Fatalf("another direction separates better than the first")
		}
		basis, err := LDA(m, m.Components())
		if err != nil || slices.Max(PrincipalAngles(basis, Fisher(m).Basis)) > 1e-5 {
			t.Fatalf("the directions leave S_F: %v", err)
		}
	})
	if several == 0 {
		t.Error("no case had more than one direction")
	}
}
