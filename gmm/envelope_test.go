package gmm_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
)

// planted is a mixture with an envelope of known dimension and columns.
type planted struct {
	mixture *gmm.Mixture
	columns [][]*big.Rat // e rows of d
}

func ratio(a, b int64) *big.Rat { return big.NewRat(a, b) }

func rationalProduct(a, b [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(a))
	product := new(big.Rat)
	for i, row := range a {
		out[i] = make([]*big.Rat, len(b[0]))
		for j := range out[i] {
			out[i][j] = new(big.Rat)
			for l, x := range row {
				if x.Sign() != 0 && b[l][j].Sign() != 0 {
					out[i][j].Add(out[i][j], product.Mul(x, b[l][j]))
				}
			}
		}
	}
	return out
}

func rationalTranspose(a [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(a[0]))
	for i := range out {
		for _, row := range a {
			out[i] = append(out[i], row[i])
		}
	}
	return out
}

// tridiagonal is positive definite: 2 + n/8 on the diagonal, ±1/2 … beside it.
func tridiagonal(r *rand.Rand, d int, couplings func(i int) *big.Rat) [][]*big.Rat {
	out := gmm.IdentityRows(d)
	for i := range d {
		out[i][i].SetFrac64(int64(20+r.IntN(8)), 8)
		if i > 0 {
			c := couplings(i)
			out[i][i-1].Set(c)
			out[i-1][i].Set(c)
		}
	}
	return out
}

// plant draws K components in d dimensions with an envelope of e: block-diagonal covariances and means along the first axis, mixed by x = Tz with a
// permutation and a few integer shears.
func plant(r *rand.Rand, k, d, e, shears int, leak *big.Rat) planted {
	x := gmm.Exact{}
	t, inverse := gmm.IdentityRows(d), gmm.IdentityRows(d)
	for i, j := range r.Perm(d) {
		t[i], inverse[i] = gmm.IdentityRows(d)[j], gmm.IdentityRows(d)[j]
	}
	inverse = rationalTranspose(inverse) // of a permutation
	for range shears {
		i, j, c := r.IntN(d), r.IntN(d), ratio(int64(r.IntN(5)-2), 1)
		if i == j {
			continue
		}
		for l := range d { // T ← (I + c e_i e_jᵀ)T, T⁻¹ ← T⁻¹(I − c e_i e_jᵀ)
			t[i][l].Add(t[i][l], new(big.Rat).Mul(c, t[j][l]))
			inverse[l][j].Sub(inverse[l][j], new(big.Rat).Mul(c, inverse[l][i]))
		}
	}
	for range k {
		x.Weights = append(x.Weights, ratio(int64(1+r.IntN(5)), 1))
		mean := make([]*big.Rat, d)
		for i := range mean {
			mean[i] = new(big.Rat)
		}
		if e > 0 {
			mean[0].SetInt64(int64(r.IntN(9) - 4))
		}
		moved := rationalProduct(t, rationalTranspose([][]*big.Rat{mean}))
		x.Means = append(x.Means, rationalTranspose(moved)[0])
		block := tridiagonal(r, d, func(i int) *big.Rat {
			switch {
			case i < e:
				return ratio(int64(1+r.IntN(4)), 8)
			case i == e:
				if leak != nil && len(x.Covariances) == 0 {
					return leak
				}
				return new(big.Rat)
			}
			return ratio(int64(r.IntN(9)-4), 8)
		})
		x.Covariances = append(x.Covariances, rationalProduct(rationalProduct(t, block), rationalTranspose(t)))
	}
	if e > 0 {
		x.Means[0][0].Add(x.Means[0][0], new(big.Rat))
	}
	m, err := gmm.NewExact(x)
	if err != nil {
		panic(err)
	}
	return planted{m, inverse[:min(e, d)]}
}

func BenchmarkEnvelope(b *testing.B) {
	for _, c := range []struct {
		name      string
		k, d, e, s int
	}{{"d=40,e=4", 5, 40, 4, 40}, {"d=40,e=20", 5, 40, 20, 40}, {"d=40,e=40", 5, 40, 40, 40}, {"d=300,e=4", 5, 300, 4, 300}, {"d=300,e=300", 5, 300, 300, 300}, {"d=300,e=150", 5, 300, 150, 300}} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			p := plant(r, c.k, c.d, c.e, c.s, nil)
			for b.Loop() {
				b.StopTimer()
				m, err := p.mixture.Centre()
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				e := m.Envelope()
				if e.Dimension() != c.e || !e.Known() {
					b.Fatal(e.Bounds())
				}
				if _, err := m.Along(e.Basis()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestEnvelopeOfReferences(t *testing.T) {
	g := readGeneral(t, soundGeneral)
	if e := g.Left.Envelope(); e.Dimension() != 2 || e.Invariant() {
		t.Errorf("%d", e.Dimension())
	}
	c, err := g.Left.Couplings()
	t.Log(c, err)
	a, err := g.Left.Along(g.Left.Envelope().Basis())
	t.Log(a, err)
}
