package oracle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/mat"
)

const (
	replicates   = 16      // independent scramblings, for the standard error
	fewestPoints = 1 << 10 // of each
	mostPoints   = 1 << 18
	// confidence is how many standard errors are added to an estimate: the
	// one-sided tail of Student's t with 15 degrees of freedom beyond 5 is 8e-5.
	confidence = 5
	// mostCoordinates bounds the numbers of one scrambling: 32 MiB.
	mostCoordinates = 1 << 22
	// mostProducts bounds what all scramblings cost, in points times K² and q K: about
	// ten seconds on two cores.
	mostProducts = 1 << 32
)

// sampledGradient estimates the gradient by randomised quasi-Monte Carlo, with
// scrambled Halton points in the q directions in which the softmax varies. The
// error is confidence times the standard error of the replicates' mean. More
// points are taken until the evaluation is enough, or no more are allowed. It
// is deterministic.
func (v *view) sampledGradient(m *mat.Dense, enough func(e evaluation, more float64) bool) evaluation {
	length, reach := v.lengths()
	s := v.softmaxAt(m, 0)
	off := v.roundingError(m, s, grid{}, length, reach) + v.inputError(m, length, reach)
	most := v.work.points(s.affordable(v.work), s.pointCost())
	return sampled(v.work.counted(most, s.pointCost(), enough), most, v.dualNorm, func(points int, source rand.Source) evaluation {
		p, tp := s.sample(v.weights, points, source)
		return evaluation{gradient: v.assemble(m, s.directions, p, tp), err: off}
	})
}

// sampled replicates an estimate of a gradient, with four times the points each time,
// up to most, until it is enough: it is told how many times the points are still allowed. err of a replicate is what its gradient is off by
// but for sampling; replicates must not depend on one another.
func sampled(enough func(e evaluation, more float64) bool, most int, norm func(*mat.Dense) float64, replicate func(points int, source rand.Source) evaluation) evaluation {
	const growth = 4
	for points := fewestPoints; ; points *= growth {
		gradients := make([]*mat.Dense, replicates)
		off := make([]float64, replicates)
		inParallel(replicates, func(r int) {
			e := replicate(points, rand.NewPCG(uint64(points), uint64(r)))
			gradients[r], off[r] = e.gradient, e.err
		})
		mean, standardError := meanGradient(gradients, norm)
		e := evaluation{gradient: mean, norm: norm(mean), err: confidence*standardError + off[0],
			rule: fmt.Sprintf("scrambled Halton, %d × ±%d points, standard error %.2g", replicates, points, standardError)}
		if enough(e, float64(most)/float64(points)) || growth*points > most {
			return e
		}
	}
}

// within is enough for an error of at most tolerance, or where none such is in reach.
func within(tolerance float64) func(e evaluation, more float64) bool {
	return func(e evaluation, more float64) bool { return e.err <= tolerance || outOfReach(e.err, tolerance, more) }
}

// outOfReach tells whether a sampling error stays above tolerance with so many times the
// points: those of scrambled nets fall as n^−3/2 at best (A. Owen, "Scrambled net variance
// for integrals of smooth functions", Annals of Statistics 25 (1997)), Halton's no faster.
func outOfReach(err, tolerance, more float64) bool {
	return err > tolerance*math.Pow(max(more, 1), 1.5)
}

// inParallel calls do for 0, …, n − 1, on all cores but no more than memory should serve.
func inParallel(n int, do func(int)) {
	const widest = 4
	next := make(chan int)
	var group sync.WaitGroup
	for range min(n, widest, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
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
