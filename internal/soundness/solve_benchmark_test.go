package soundness

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// timeSolve measures what the solve command's "seconds" measures: from the
// parsed mixture to the verdict.
func timeSolve(b *testing.B, s benchmarkShape, o solver.Options) {
	drawn := s.draw()
	var last solver.Candidate
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer() // a fresh mixture, as its Gram matrix is computed once
		p := drawn.pairs(b)
		b.StartTimer()
		c, err := solver.Minimise(solver.InfoNCE, p, o)
		if err != nil {
			b.Fatal(err)
		}
		if f := findings(p, c); f.Equality() == oracle.Undecided {
			b.Fatal("undecided")
		}
		last = c
	}
	b.ReportMetric(float64(last.Points), "nodes")
	b.ReportMetric(float64(last.Steps), "steps")
	const exponential = 7e-9 // seconds of one math.Exp
	bound := float64(last.Points) * float64(s.components) * float64(last.Steps) * exponential
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/bound, "x-exponentials")
}

// BenchmarkSolveAndJudge is the table of BENCHMARKS.md.
func BenchmarkSolveAndJudge(b *testing.B) {
	for _, c := range []struct {
		benchmarkShape
		tolerance float64
	}{
		{benchmarkShape{2, 50, 2.5}, 1e-10}, {benchmarkShape{3, 10, 2.5}, 1e-10}, {benchmarkShape{4, 20, 2.5}, 1e-10},
		{benchmarkShape{5, 20, 2.5}, 1e-8}, {benchmarkShape{5, 20, 2.5}, 1e-10},
	} {
		b.Run(fmt.Sprintf("K=%d,d=%d,tolerance=%.0e", c.components, c.dimension, c.tolerance), func(b *testing.B) {
			timeSolve(b, c.benchmarkShape, solver.Options{Tolerance: c.tolerance})
		})
	}
}

// BenchmarkBlind solves in all dimensions, knowing no Fisher subspace.
func BenchmarkBlind(b *testing.B) {
	timeSolve(b, benchmarkShape{4, 200, 2.5}, solver.Options{Method: solver.Blind})
}

// BenchmarkGrowth varies the dimension, the digits and the separation one at a time.
func BenchmarkGrowth(b *testing.B) {
	for _, d := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("dimension=%d", d), func(b *testing.B) {
			timeSolve(b, benchmarkShape{3, d, 2.5}, solver.Options{})
		})
	}
	for _, tolerance := range []float64{1e-4, 1e-7, 1e-10} {
		b.Run(fmt.Sprintf("tolerance=%.0e", tolerance), func(b *testing.B) {
			timeSolve(b, benchmarkShape{4, 20, 2.5}, solver.Options{Tolerance: tolerance})
		})
	}
	for _, separation := range []float64{1.25, 2.5, 5, 10} {
		b.Run(fmt.Sprintf("separation=%g", separation), func(b *testing.B) {
			timeSolve(b, benchmarkShape{4, 20, separation}, solver.Options{})
		})
	}
}

// benchmarkShape is a mixture's size; separation is the whitened length of its means.
type benchmarkShape struct {
	components, dimension int
	separation            float64
}

// numbers are those of a mixture, of which nothing is computed yet.
type numbers struct {
	weights           []float64
	means, covariance *mat.Dense
}

// draw draws means of the shape's separation and a covariance of condition number 100.
func (s benchmarkShape) draw() (n numbers) {
	k, d := s.components, s.dimension
	rng := rand.New(rand.NewPCG(uint64(k), uint64(d)))
	root := drawRoot(rng, d, 100)
	n.means = mat.NewDense(k, d, nil)
	for i := range k {
		n.weights = append(n.weights, 0.5+rng.Float64())
		z := mat.NewVecDense(d, nil)
		for j := range d {
			z.SetVec(j, rng.NormFloat64())
		}
		z.ScaleVec(s.separation/mat.Norm(z, 2), z)
		x := mat.NewVecDense(d, nil)
		x.MulVec(root, z)
		n.means.SetRow(i, x.RawVector().Data)
	}
	n.covariance = squared(root)
	return n
}

func (n numbers) mixture(b *testing.B) *gmm.Mixture {
	b.Helper()
	m, err := gmm.New(n.weights, n.means, n.covariance)
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// pairs are those of the mixture at δ = 1.
func (n numbers) pairs(b *testing.B) gmm.Pairs {
	b.Helper()
	p, err := gmm.NewPairs(n.mixture(b), gmm.Rationals(1)[0])
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkBlindCLIP measures a blind solve of the CLIP loss.
func BenchmarkBlindCLIP(b *testing.B) {
	const k, visual, text = 4, 20, 30
	left, right := benchmarkShape{k, visual, 2.5}.draw(), benchmarkShape{k, text, 2.5}.draw()
	right.weights = left.weights
	p, err := gmm.NewPaired(left.mixture(b), right.mixture(b), gmm.Rationals(1)[0])
	if err != nil {
		b.Fatal(err)
	}
	b.Run(fmt.Sprintf("K=%d,d=%d×%d", k, visual, text), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, err := solver.Minimise(solver.CLIP, p, solver.Options{Method: solver.Blind, Seed: 1})
			if err != nil {
				b.Fatal(err)
			}
			if c.Free.GradientNorm+c.RuleError > 1e-10 {
				b.Fatalf("the gradient's total error is %g", c.Free.GradientNorm+c.RuleError)
			}
		}
	})
}
