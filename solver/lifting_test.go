package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// line is a centred base on a line.
func line(delta float64, weights, positions []float64) Base {
	var total, mean float64
	for _, w := range weights {
		total += w
	}
	b := Base{Delta: delta, Centred: true}
	for i, w := range weights {
		b.Weights = append(b.Weights, w/total)
		mean += w / total * positions[i]
	}
	b.Means = mat.NewDense(1, len(positions), nil)
	for i, x := range positions {
		b.Means.Set(0, i, x-mean)
	}
	return b
}

// The known score of weights (80, 16, 1)/97 at 0, −4, 10 and δ = ½.
func TestKnownLifting(t *testing.T) {
	if e := Lift(line(0.5, []float64{80, 16, 1}, []float64{0, -4, 10})).Score; math.Abs(e-0.0114) > 0.5e-4 {
		t.Errorf("e = %.6g, known .0114", e)
	}
}

// The best known scores of centred bases of three components at δ = 1, by the
// smallest weight w. No base of a coarse grid exceeds them by more than its last
// digit, and the grid comes near.
func TestKnownLiftingsByRarity(t *testing.T) {
	for _, c := range []struct{ rarest, score float64 }{
		{5e-3, .0001}, {2e-3, .007}, {1e-3, .020}, {3e-4, .061}, {1e-4, .110}, {1e-5, .236},
	} {
		if testing.Short() && c.rarest < 1e-3 {
			continue
		}
		best := math.Inf(-1)
		var ws Workspace
		for a := 7.0; a <= 17; a++ {
			for _, r := range []float64{1.7, 1.8, 1.9, 2.1, 2.2} {
				for middle := 2 * c.rarest; middle < .03; middle *= 1.3 {
					best = max(best, ws.Lift(line(1, []float64{1 - c.rarest - middle, middle, c.rarest}, []float64{0, a, r * a})).Score)
				}
			}
		}
		const digit = 1e-3
		if best > c.score+digit || best < 0.9*c.score-digit/10 {
			t.Errorf("smallest weight %g: the best score is %.5f, known %.4f", c.rarest, best, c.score)
		}
	}
}

// λ_min(M_u) of the lifted mixture is negative where e > 0 and not where e < 0,
// raw and centred, in any scale of the new coordinate.
func TestLiftingsLoseTheirCoordinate(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 0))
	var lost, kept int
	for range 300 {
		k := 3 + rng.IntN(2)
		weights, positions := make([]float64, k), make([]float64, k)
		for i := range k {
			weights[i] = math.Pow(10, -1.7*float64(i)*rng.Float64())
			positions[i] = 5 * float64(i) * (1 + rng.Float64())
		}
		b := line(0.25+0.75*rng.Float64(), weights, positions)
		if b.Centred = rng.IntN(2) == 0; !b.Centred {
			for i, x := range positions {
				b.Means.Set(0, i, x)
			}
		}
		e := Lift(b)
		const tiny = 1e-3 // the margin is near 0 as the score is
		if !(math.Abs(e.Score) > tiny) {
			continue
		}
		margin := Margin(InfoNCE, lifted(t, b, e.Coordinate, 1+3*rng.Float64()))
		if (e.Score > 0) != (margin < 0) {
			t.Fatalf("e = %.6g, but the lifted mixture of %+v has the margin %.6g", e.Score, b, margin)
		}
		if e.Score > 0 {
			lost++
		} else {
			kept++
		}
	}
	if lost < 20 || kept < 20 {
		t.Errorf("%d coordinates are lost and %d kept, want 20 of each", lost, kept)
	}
}

// lifted is the base with the new coordinate times scale.
func lifted(t *testing.T, b Base, coordinate []float64, scale float64) gmm.Pairs {
	t.Helper()
	k := len(b.Weights)
	means := mat.NewDense(k, 2, nil)
	for i := range k {
		means.SetRow(i, []float64{b.Means.At(0, i), scale * coordinate[i]})
	}
	m, err := gmm.New(b.Weights, means, mat.NewDense(2, 2, []float64{1, 0, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(b.Delta)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// BenchmarkLift scores a base of three components on a line, on as many cores as
// -cpu gives.
func BenchmarkLift(b *testing.B) {
	base := line(1, []float64{420, 11, 1}, []float64{0, 9, 19})
	b.RunParallel(func(pb *testing.PB) {
		var ws Workspace
		for pb.Next() {
			ws.Lift(base)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bases/s")
}
