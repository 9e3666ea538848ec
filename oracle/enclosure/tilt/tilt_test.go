package tilt_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/enclosure/tilt"

	"gonum.org/v1/gonum/mat"
)

// symmetric is a random symmetric matrix of Frobenius norm 1.
func symmetric(rng *rand.Rand, n int) *mat.Dense {
	out := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range i + 1 {
			x := rng.NormFloat64()
			out.Set(i, j, x)
			out.Set(j, i, x)
		}
	}
	out.Scale(1/mat.Norm(out, 2), out)
	return out
}

// gaussian is a random one, whose covariance has no eigenvalue below ½.
func gaussian(rng *rand.Rand, n int, far float64) tilt.Gaussian {
	g := tilt.Gaussian{Covariance: new(mat.Dense), Least: 0.5}
	root := mat.NewDense(n, n, nil)
	root.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, root)
	g.Covariance.Mul(root, root.T())
	for i := range n {
		g.Covariance.Set(i, i, g.Covariance.At(i, i)+0.5)
		g.Mean = append(g.Mean, far*rng.NormFloat64())
	}
	return g
}

// Every bound is one of what moving means and covariances within their errors changes, of one of them at a time and of both, and mostly not a far one.
func TestErrorsOfInputsAreBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 0))
	const off = 1e-8
	var largest [3]float64 // of the share of a bound that an error is
	for i := range enough.Cases(300) {
		n := 1 + i%3
		x, y := gaussian(rng, n, 1), gaussian(rng, n, 1)
		m := symmetric(rng, n)
		m.Scale(math.Pow(10, -3*rng.Float64()), m)
		exact, err := tilt.Weigh(m, x, y)
		for ; err != nil; exact, err = tilt.Weigh(m, x, y) {
			m.Scale(0.5, m)
		}
		moved := [2]tilt.Gaussian{x, y}
		for j := range moved {
			g := &moved[j]
			if i%2 == 0 {
				g.MeanOff = off
				step := mat.NewVecDense(n, nil)
				for r := range n {
					step.SetVec(r, rng.NormFloat64())
				}
				step.ScaleVec(off/mat.Norm(step, 2), step)
				mean := mat.NewVecDense(n, append([]float64{}, g.Mean...))
				mean.AddVec(mean, step)
				g.Mean = mean.RawVector().Data
			}
			if i%4 != 0 {
				g.Off = off
				change := symmetric(rng, n)
				change.Scale(off, change)
				change.Add(change, g.Covariance)
				g.Covariance = change
			}
		}
		got, err := tilt.Weigh(m, moved[0], moved[1])
		if err != nil {
			t.Fatal(err)
		}
		var cross mat.Dense
		cross.Sub(got.Cross, exact.Cross)
		var squares float64
		for r := range n {
			squares += math.Pow(got.A[r]-exact.A[r], 2) + math.Pow(got.B[r]-exact.B[r], 2)
		}
		for j, c := range []struct {
			name      string
			is, bound float64
		}{{"means", math.Sqrt(squares), got.MeansOff + exact.MeansOff}, {"the covariance between", mat.Norm(&cross, 2), got.CrossOff + exact.CrossOff},
			{"the mass", math.Abs(got.Log - exact.Log), got.LogOff + exact.LogOff}} {
			if c.is > c.bound {
				t.Errorf("case %d: %s are off by %.3g, the bound is %.3g", i, c.name, c.is, c.bound)
			}
			largest[j] = max(largest[j], c.is/c.bound)
		}
	}
	for j, share := range largest {
		if share < 0.1 {
			t.Errorf("bound %d is %.2g times the largest error, or more", j, 1/share)
		}
	}
}
