package enclosure_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// graded draws a mixture of three components in the plane whose second coordinate is shrunk by 2^−n, with a matrix that is graded as it is, turned by a covariance.
func graded(t *testing.T, rng *rand.Rand, n int) (*gmm.Mixture, *whitened.Graded, *mat.Dense) {
	t.Helper()
	small := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), uint(n)))
	e := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(2, 1), big.NewRat(1, 2)}, {big.NewRat(1, 2), big.NewRat(1, 1)}}}
	for range 3 {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(9), 1))
		x, y := big.NewRat(rng.Int64N(33)-16, 4), big.NewRat(rng.Int64N(33)-16, 4)
		e.Means = append(e.Means, []*big.Rat{x, y.Mul(y, small).Add(y, x)})
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := rng.Float64(), rng.NormFloat64(), rng.NormFloat64()
	if m.FisherDimension() != 2 {
		return nil, nil, nil
	}
	g, err := whitened.SeeGraded(m)
	if n > 60 && errors.Is(err, whitened.ErrFrame) {
		return nil, nil, nil
	} else if err != nil {
		t.Fatal(err)
	}
	short := math.Ldexp(1, -n)
	s, l := 1, 0
	if g.Lengths[0] < g.Lengths[1] {
		s, l = 0, 1
	}
	at := mat.NewDense(2, 2, nil)
	at.Set(l, l, a/2)
	at.Set(s, l, b*short/4)
	at.Set(l, s, b*short/4)
	at.Set(s, s, c*short*short/4)
	return m, g, at
}

// At a moderate length the entries are those of the term itself; and a coarse rule misses a fine one by no more than it says, entry by entry, however short the direction.
func TestGradedEntries(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	judged, sharp := 0, 0
	for range 60 {
		n := 1 + rng.IntN(45)
		m, g, at := graded(t, rng, n)
		if m == nil {
			continue
		}
		delta := 0.25 + 0.75*rng.Float64()
		fine, err := enclosure.GradedInfoNCE(g, at, delta, 1e-14, nil)
		if err != nil {
			t.Fatal(err)
		}
		coarse, err := enclosure.GradedInfoNCE(g, at, delta, 1e-3, nil)
		if err != nil {
			t.Fatal(err)
		}
		plain := enclosure.NewLogPartition(g.Mixture, g.Mixture, at, delta, nil)
		whole, err := plain.Bounded(1e-13, nil)
		if err != nil {
			t.Fatal(err)
		}
		judged++
		for i := range 2 {
			for j := range 2 {
				x, off := fine.Matrix.At(i, j), fine.Off.At(i, j)
				if y := coarse.Matrix.At(i, j); math.Abs(x-y) > off+coarse.Off.At(i, j) {
					t.Errorf("2^-%d, entry %d %d: %g by a coarse rule, known to ±%g, and %g", n, i, j, y, coarse.Off.At(i, j), x)
				}
				y := (whole.Matrix.At(i, j) + whole.Matrix.At(j, i)) / 2
				if limit := off + whole.Err*math.Sqrt(2*g.W[i]*g.W[j]); math.Abs(x-y) > limit {
					t.Errorf("2^-%d, entry %d %d: %g, and %g by the term, ±%g", n, i, j, x, y, limit)
				}
				if relative := off / (g.Lengths[i] * g.Lengths[j]); relative > 1e-9 {
					t.Errorf("2^-%d, entry %d %d is known to ±%g of its lengths only", n, i, j, relative)
				} else if relative < 1e-12 {
					sharp++
				}
			}
		}
	}
	if judged < 40 || sharp == 0 {
		t.Errorf("%d judged, %d sharply", judged, sharp)
	}
}

// The coordinates of exact means are known within their errors: their Gram matrix is the exact one's, to the errors of either coordinate.
func TestGradedCoordinates(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		n := rng.IntN(95)
		m, g, _ := graded(t, rng, n)
		if m == nil {
			continue
		}
		exact := m.ExactGram()
		for a, row := range exact {
			for b, want := range row {
				got, off := new(big.Rat), 0.0
				for i := range g.W {
					x, y := g.Means.At(i, a), g.Means.At(i, b)
					got.Add(got, new(big.Rat).Mul(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y)))
					off += g.Errors[i] * (math.Abs(x) + math.Abs(y) + g.Errors[i])
				}
				if miss, _ := got.Sub(got, want).Float64(); math.Abs(miss) > off {
					t.Errorf("2^-%d: the Gram matrix of %v is off by %g, more than %g", n, m, miss, off)
				}
			}
		}
		// det G = Π n_i²/…: the short direction has digits of its own. For two means, (μ_a ∧ μ_b)² is exact.
		for a := range exact {
			b := (a + 1) % len(exact)
			want := new(big.Rat).Sub(new(big.Rat).Mul(exact[a][a], exact[b][b]), new(big.Rat).Mul(exact[a][b], exact[b][a]))
			area, _ := want.Float64()
			got := g.Means.At(0, a)*g.Means.At(1, b) - g.Means.At(0, b)*g.Means.At(1, a)
			off := 4*(g.Errors[0]*g.Lengths[1]+g.Errors[1]*g.Lengths[0]) + 1e-15*g.Lengths[0]*g.Lengths[1]
			if math.Abs(math.Abs(got)-math.Sqrt(area)) > off {
				t.Errorf("2^-%d: the area of means %d and %d is %g, not %g ± %g", n, a, b, math.Abs(got), math.Sqrt(area), off)
			}
			if n < 50 && off > 1e-12*g.Lengths[0]*g.Lengths[1] {
				t.Errorf("2^-%d: errors %v of lengths %v", n, g.Errors, g.Lengths)
			}
		}
	}
}
