package main

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// BenchmarkSolveAndJudge measures what the solve command's "seconds" measures:
// from the parsed mixture to the verdict.
func BenchmarkSolveAndJudge(b *testing.B) {
	for _, size := range []struct{ k, d int }{{2, 50}, {3, 10}, {4, 20}, {5, 20}} {
		b.Run(fmt.Sprintf("K=%d,d=%d", size.k, size.d), func(b *testing.B) {
			weights, means, covariance := benchmarkMixture(size.k, size.d)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer() // a fresh mixture, as its Gram matrix is computed once
				m, err := gmm.New(weights, means, covariance)
				if err != nil {
					b.Fatal(err)
				}
				p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				c, err := solver.Reduced(p, solver.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if f := oracle.Judge(p, c.Unconstrained.Form, c.Minimiser.Form, c.Unconstrained.DistanceBound); f.Equality == oracle.Undecided {
					b.Fatal("undecided")
				}
			}
		})
	}
}

// benchmarkMixture has means of whitened length about 2.5 and a covariance of
// condition number 100.
func benchmarkMixture(k, d int) (weights []float64, means, covariance *mat.Dense) {
	rng := rand.New(rand.NewPCG(uint64(k), uint64(d)))
	root := randomRoot(rng, d, 100)
	means = mat.NewDense(k, d, nil)
	for i := range k {
		weights = append(weights, 0.5+rng.Float64())
		z := mat.NewVecDense(d, nil)
		for j := range d {
			z.SetVec(j, rng.NormFloat64())
		}
		z.ScaleVec(2.5/mat.Norm(z, 2), z)
		x := mat.NewVecDense(d, nil)
		x.MulVec(root, z)
		means.SetRow(i, x.RawVector().Data)
	}
	covariance = new(mat.Dense)
	covariance.Mul(root, root.T())
	for i := range d {
		for j := range i {
			covariance.Set(i, j, covariance.At(j, i))
		}
	}
	return weights, means, covariance
}

// BenchmarkClipBlind measures a blind solve of the CLIP loss.
func BenchmarkClipBlind(b *testing.B) {
	const k, visual, text = 4, 20, 30
	weights, means, covariance := benchmarkMixture(k, visual)
	left, err := gmm.New(weights, means, covariance)
	if err != nil {
		b.Fatal(err)
	}
	_, means, covariance = benchmarkMixture(k, text)
	right, err := gmm.New(weights, means, covariance)
	if err != nil {
		b.Fatal(err)
	}
	p, err := gmm.NewPaired(left, right)
	if err != nil {
		b.Fatal(err)
	}
	b.Run(fmt.Sprintf("K=%d,d=%d×%d", k, visual, text), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, err := solver.ClipBlind(p, solver.Options{Seed: 1})
			if err != nil {
				b.Fatal(err)
			}
			if c.GradientNorm+c.RuleError > 1e-10 {
				b.Fatalf("the gradient's total error is %g", c.GradientNorm+c.RuleError)
			}
		}
	})
}
