package rational

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
		b := New(n, max(q, 1))
		for i := range b {
			for j := range q {
				b[i][j] = big.NewRat(int64(rapid.IntRange(-3, 3).Draw(t, "entry")), 2)
			}
		}
		p := b.Times(b.Transposed())
		f, ok := Factorise(p)
		if !ok {
			t.Fatalf("a Gram matrix is not semidefinite")
		}
		d := New(len(f.Diagonal), len(f.Diagonal))
		for i := range d {
			d[i][i] = f.Diagonal[i]
		}
		if len(f.Diagonal) != 0 && fmt.Sprint(f.Lower.Times(d).Times(f.Lower.Transposed())) != fmt.Sprint(p) {
			t.Fatalf("the factors do not give the Matrix")
		}
		if rank := len(gmm.IndependentColumns(p)); rank != len(f.Diagonal) {
			t.Fatalf("the number of pivots is not the rank")
		}
		if Definite(p) != (len(f.Diagonal) == n) {
			t.Fatalf("definiteness is not full rank")
		}
		if Definite(p) {
			if fmt.Sprint(p.Times(Inverse(p))) != fmt.Sprint(Identity(n)) {
				t.Fatalf("the inverse is not one")
			}
		}
		least := new(big.Rat).Neg(big.NewRat(1, 1<<20))
		if _, ok := Factorise(p.Plus(least, Identity(n))); ok && len(f.Diagonal) < n {
			t.Fatalf("a Matrix with a negative eigenvalue is called semidefinite")
		}
	})
}
