package proof

import (
	"fmt"
	"math/big"
	"testing"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// P = ℓDℓᵀ, rank and definiteness, against products with known factors.
func TestFactorise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, q := rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(0, 5).Draw(t, "q")
		b := newMatrix(n, max(q, 1))
		for i := range b {
			for j := range q {
				b[i][j] = big.NewRat(int64(rapid.IntRange(-3, 3).Draw(t, "entry")), 2)
			}
		}
		p := b.times(b.transposed())
		f, ok := factorise(p)
		if !ok {
			t.Fatalf("a Gram matrix is not semidefinite")
		}
		d := newMatrix(len(f.diagonal), len(f.diagonal))
		for i := range d {
			d[i][i] = f.diagonal[i]
		}
		if len(f.diagonal) != 0 && fmt.Sprint(f.lower.times(d).times(f.lower.transposed())) != fmt.Sprint(p) {
			t.Fatalf("the factors do not give the matrix")
		}
		if rank := len(gmm.IndependentColumns(p)); rank != len(f.diagonal) {
			t.Fatalf("the number of pivots is not the rank")
		}
		if definite(p) != (len(f.diagonal) == n) {
			t.Fatalf("definiteness is not full rank")
		}
		if definite(p) {
			if fmt.Sprint(p.times(inverse(p))) != fmt.Sprint(identity(n)) {
				t.Fatalf("the inverse is not one")
			}
		}
		least := new(big.Rat).Neg(big.NewRat(1, 1<<20))
		if _, ok := factorise(p.plus(least, identity(n))); ok && len(f.diagonal) < n {
			t.Fatalf("a matrix with a negative eigenvalue is called semidefinite")
		}
	})
}

func identity(n int) matrix {
	e := newMatrix(n, n)
	for i := range n {
		e[i][i].SetInt64(1)
	}
	return e
}
