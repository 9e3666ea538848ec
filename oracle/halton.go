package oracle

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

const (
	replicates   = 16      // independent scramblings, for the standard error
	fewestPoints = 1 << 10 // of each
	mostPoints   = 1 << 15
	// confidence is how many standard errors are added to an estimate: the
	// one-sided tail of Student's t with 15 degrees of freedom beyond 5 is 8e-5.
	confidence = 5
)

// sampledGradient estimates the gradient by randomised quasi-Monte Carlo, with
// scrambled Halton points in the q directions in which the softmax varies. The
// error is confidence times the standard error of the replicates' mean. More
// points are taken until that is at most tolerance, or no more are allowed. It
// is deterministic.
func (v *view) sampledGradient(m *mat.Dense, tolerance float64) evaluation {
	length, reach := v.lengths()
	s := v.softmaxAt(m, 0)
	for points := fewestPoints; ; points *= 4 {
		gradients := make([]*mat.Dense, replicates)
		for r := range gradients {
			gradients[r] = v.replicate(m, s, points, rand.NewPCG(uint64(points), uint64(r)))
		}
		mean, standardError := meanGradient(gradients, v.dualNorm)
		e := evaluation{gradient: mean, norm: v.dualNorm(mean), rule: fmt.Sprintf("scrambled Halton, %d × %d points, standard error %.2g", replicates, points, standardError)}
		e.err = confidence*standardError + v.roundingError(m, s, grid{}, length, reach) + v.inputError(m, length, reach)
		if e.err <= tolerance || points >= mostPoints {
			return e
		}
	}
}

// replicate is the gradient by one scrambling.
func (v *view) replicate(m *mat.Dense, s softmax, points int, source rand.Source) *mat.Dense {
	p, tp := s.sample(points, source)
	return v.assemble(m, s.directions, p, tp)
}

// sample averages p_k and t_i p_k, under each component, over the points of one
// scrambling: p[j][k] and tp[j][i][k].
func (s softmax) sample(points int, source rand.Source) (p *mat.Dense, tp []*mat.Dense) {
	k, q := len(s.offset), len(s.ranges)
	batch := mat.NewDense(points, max(q, 1), nil)
	normal, _ := distmv.NewNormal(make([]float64, max(q, 1)), mat.NewDiagDense(max(q, 1), ones(max(q, 1))), nil)
	samplemv.Halton{Kind: samplemv.Owen, Q: normal, Src: source}.Sample(batch)
	p = mat.NewDense(k, k, nil)
	tp = make([]*mat.Dense, k)
	weights := make([]float64, k)
	for j := range k {
		tp[j] = mat.NewDense(max(q, 1), k, nil)
		for n := range points {
			t := batch.RawRowView(n)
			s.at(j, t, weights)
			for i, x := range weights {
				p.Set(j, i, p.At(j, i)+x/float64(points))
				for c := range q {
					tp[j].Set(c, i, tp[j].At(c, i)+t[c]*x/float64(points))
				}
			}
		}
	}
	return p, tp
}

// at writes the softmax under component j at t.
func (s softmax) at(j int, t, p []float64) {
	largest := math.Inf(-1)
	for i, o := range s.offset[j] {
		p[i] = o
		for c := range s.slope {
			p[i] += s.slope[c][i] * t[c]
		}
		largest = max(largest, p[i])
	}
	for i := range p {
		p[i] = math.Exp(p[i] - largest)
	}
	normalise(p, p)
}

// meanGradient returns the mean of the replicates and its standard error in a norm.
func meanGradient(gradients []*mat.Dense, norm func(*mat.Dense) float64) (mean *mat.Dense, standardError float64) {
	rows, columns := gradients[0].Dims()
	mean = mat.NewDense(rows, columns, nil)
	for _, g := range gradients {
		mean.Add(mean, g)
	}
	n := float64(len(gradients))
	mean.Scale(1/n, mean)
	var sum float64
	for _, g := range gradients {
		var diff mat.Dense
		diff.Sub(g, mean)
		sum += math.Pow(norm(&diff), 2)
	}
	return mean, math.Sqrt(sum / (n * (n - 1)))
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}
