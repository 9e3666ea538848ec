package losses_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine/planar"
	"contrastcheck/solver/cosine"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// inPlane is a random mixture of two components as they are, or of three centred ones, in three dimensions, whose means span a plane.
func inPlane(t *testing.T, rng *rand.Rand) gmm.Pairs {
	t.Helper()
	for {
		k := 2 + rng.IntN(2)
		var means, weights []string
		for range k {
			means = append(means, fmt.Sprintf("[%g, %g, %g]", math.Round(64*rng.NormFloat64())/32, math.Round(64*rng.NormFloat64())/32, math.Round(32*rng.NormFloat64())/32))
			weights = append(weights, fmt.Sprint(1+rng.IntN(4)))
		}
		p := pairsIn(t, fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": [[1, "1/4", 0], ["1/4", 2, "1/2"], [0, "1/2", 1]], "delta": "%d/4"}`, strings.Join(weights, ","), strings.Join(means, ","), 1+rng.IntN(4)))
		if k == 3 {
			p = must(p.Centre())
		}
		if p.Left.FisherDimension() == 2 {
			return p
		}
	}
}

// sure is x, of which there is no error.
func sure[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// witness is the matrix of a shape with noise beside it, in original coordinates: whitened, the first axis is along the first mean, and the second on the side of the second.
func witness(t *testing.T, p gmm.Pairs, n planar.Noisy) *mat.Dense {
	t.Helper()
	w := sure(p.Left.WhitenFull())
	x, y := mat.Col(nil, 0, w.Means), mat.Col(nil, 1, w.Means)
	floats.Scale(1/floats.Norm(x, 2), x)
	floats.AddScaled(y, -floats.Dot(x, y), x)
	floats.Scale(1/floats.Norm(y, 2), y)
	z := []float64{x[1]*y[2] - x[2]*y[1], x[2]*y[0] - x[0]*y[2], x[0]*y[1] - x[1]*y[0]}
	a := mat.NewDense(3, 3, nil)
	sin, cos := math.Sincos(n.Axis)
	for i := range 3 {
		a.SetRow(i, []float64{cos*x[i] + sin*y[i], n.Ratio * (cos*y[i] - sin*x[i]), n.Noise * z[i]})
	}
	return w.Columns(p.Left, a)
}

// planesAgree compares the pillars where S_F is a plane: no search finds a loss inside that is lower than the bound of all, and the one outside is what it is on the other's rule.
func planesAgree(t *testing.T, cases int) {
	refuted := 0
	for seed := range cases {
		rng := rand.New(rand.NewPCG(uint64(seed), 2424))
		p, τ := inPlane(t, rng), 0.1*math.Pow(20, rng.Float64())
		m := sure(planar.Of(p))
		from := sure(m.Inside(τ))
		best, err := m.Best(from, τ)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		f, err := m.Judge(τ, best)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		a := witness(t, p, best)
		read := sure(m.Read(p, a))
		if off := math.Hypot(read.Ratio/best.Ratio-1, read.Noise/best.Noise-1); off > 1e-9 {
			t.Fatalf("seed %d: %v is read as %v", seed, best, read)
		}
		of := cosine.InfoNCE(τ)
		outside, err := cosine.Evaluate(of, p, a)
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			continue
		}
		if math.Abs(outside.Value-f.Outside.Value) > outside.Error+f.Outside.Error {
			t.Errorf("seed %d, τ = %v: outside a loss of %v, and by the other pillar %v", seed, τ, f.Outside, outside)
		}
		inside := sure(cosine.Minimise(of, p, cosine.Options{Columns: 2})).Inside
		if f.AtLeast > inside.Value+inside.Error {
			t.Errorf("seed %d, τ = %v: a loss of %v inside, below %v", seed, τ, inside.Value, f.AtLeast)
		}
		if f.Verdict == oracle.Refuted {
			refuted++
			if !(outside.Value+outside.Error < inside.Value-inside.Error) {
				t.Errorf("seed %d, τ = %v: refuted by %v, but the other pillar has %v outside and %v inside", seed, τ, f.Gain(), outside, inside.Value)
			}
		} else if gain := inside.Value - outside.Value; gain > 1e-6 {
			t.Errorf("seed %d, τ = %v: a gain of %v is open", seed, τ, gain)
		}
	}
	t.Logf("%d of %d refuted", refuted, cases)
	if 4*refuted < 3*cases {
		t.Errorf("%d of %d are refuted", refuted, cases)
	}
}

// The pillars agree on planes; more of them under the tag attack.
func TestCosinePlanesAgree(t *testing.T) { planesAgree(t, enough.Cases(12)) }
