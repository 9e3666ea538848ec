package term

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// manyPairs draws K means of whitened length about separation in d dimensions, with
// weights that differ by factors of about e^skew. Every second mixture scatters about
// three points of a plane whose minimiser there is not positive definite.
func manyPairs(t testing.TB, rng *rand.Rand, k, d int, separation, skew float64) gmm.Pairs {
	t.Helper()
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	deficient := rng.IntN(2) == 0
	plane := [3][2]float64{{-2, 4}, {-1, -3}, {-1, -1}}
	for i := range k {
		weights[i] = math.Exp(skew * rng.NormFloat64())
		for j := range d {
			means.Set(i, j, separation/math.Sqrt(float64(d))*rng.NormFloat64())
		}
		if deficient {
			weights[i] = 1
			for j, x := range plane[i%3] {
				means.Set(i, j, x+0.1*rng.NormFloat64())
			}
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(float64(1+rng.IntN(4)) / 4)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// block is a planar mixture with unit covariance.
type block struct {
	means   [][2]float64
	weights []float64
}

// times is the mixture whose means are all pairs of a point of the block and one of a
// simplex about 0, with the block's weights. At its minimiser M is block diagonal: the
// block's own minimiser, and a multiple of 1.
func (b block) times(t testing.TB, simplex [][]float64) gmm.Pairs {
	t.Helper()
	var means, weights []float64
	for i, u := range b.means {
		for _, r := range simplex {
			means = append(append(means, u[:]...), r...)
			weights = append(weights, b.weights[i])
		}
	}
	d := 2 + len(simplex[0])
	m, err := gmm.New(weights, mat.NewDense(len(weights), d, means), unit(d))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// unit is the d×d identity.
func unit(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

var (
	triangle    = [][]float64{{.2, 0}, {-.1, .17320508075688773}, {-.1, -.17320508075688773}}
	tetrahedron = [][]float64{{.15, .15, .15}, {.15, -.15, -.15}, {-.15, .15, -.15}, {-.15, -.15, .15}}
)

// attack is a block with two near components and one far away that weighs next to nothing.
func attack(far [2]float64, weight float64) block {
	return block{means: [][2]float64{{.3, 1.05}, {-.3, .95}, far}, weights: []float64{1, 1, weight}}
}

// stated states InfoNCE in whitened coordinates.
func stated(t testing.TB, p gmm.Pairs, w gmm.WhitenedPairs, err error) *Sum {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	side := NewSide(p.Weights(), w.Left)
	law := &Law{Weights: p.Weights(), LogWeights: p.LogWeights(), Delta: p.Delta(), Left: side, Right: side, Cores: 1, Choose: Oversampled(1)}
	return NewSum(law, LogPartition(law))
}

// inAll states it in all coordinates, inFisher in those of the Fisher subspace.
func inAll(t testing.TB, p gmm.Pairs) *Sum {
	w, err := p.WhitenFull()
	return stated(t, p, w, err)
}

func inFisher(t testing.TB, p gmm.Pairs) *Sum {
	w, err := p.WhitenFisher()
	return stated(t, p, w, err)
}

// softmax is the sum's log-partition.
func (f *Sum) softmax() *logPartition { return f.terms[0].(*logPartition) }

func (f *Sum) evaluated(t testing.TB, m *mat.Dense, tolerance float64) *Point {
	t.Helper()
	pt := new(Point)
	if err := f.At(pt, m, tolerance); err != nil {
		t.Fatal(err)
	}
	return pt
}

func randomSymmetric(rng *rand.Rand, m int, size float64) *mat.Dense {
	a := mat.NewDense(m, m, nil)
	for i := range m {
		for j := range i + 1 {
			x := size * rng.NormFloat64()
			a.Set(i, j, x)
			a.Set(j, i, x)
		}
	}
	return a
}

func shifted(m *mat.Dense, step float64, v *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(m)
	dense.AddScaled(out, step, v)
	return out
}
