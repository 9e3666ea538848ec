package enclosure

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/oracle/internal/cores"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

const (
	replicates   = 16      // independent scramblings, for the standard error
	fewestPoints = 1 << 10 // of each
	mostPoints   = 1 << 18
	// confidence is how many standard errors are added to an estimate. They are those of
	// a norm, of many directions at once: were there one alone, Student's t with 15 degrees
	// of freedom would exceed 5 with probability 1.6e-4, and oneSided with 8.6e-7. A direction with
	// three quarters of the variance beside others exceeded 5 in none of 2.4 million simulations.
	// In one dimension the errors of 64 replicates are less skewed than normal tails of 8 allow for:
	// the largest of 600 was 4.9 standard errors, that of 16 replicates 10.
	confidence, oneSided = 5, 8
	// mostCoordinates bounds the numbers of one scrambling: 32 MiB.
	mostCoordinates = 1 << 22
	// mostProducts bounds what all scramblings cost, in points times K² and q K: about
	// ten seconds on two cores.
	mostProducts = 1 << 32
)

// Sampling is a way to estimate a gradient by a given number of points.
type Sampling struct {
	Replicate func(points int, source rand.Source) *mat.Dense
	Off       float64 // what a replicate is off by but for sampling
	Seen      string  // what is sampled beside plain points, in words
	Each      float64 // what a point of all replicates costs, in products
	Most      int     // the number of points that is affordable
}

// sampled replicates an estimate of a gradient, with four times the points each time,
// up to as many as are affordable, until it is enough: it is told how many times the points
// are still allowed. Replicates must not depend on one another.
//
// The error is a multiple of the standard error of the replicates' mean. Where a single
// direction has most of the variance, the points are shared out to more replicates: when errors
// come from one tail they are skewed, and few replicates may all lack it.
func sampled(seed uint64, work *Budget, enough func(e Gradient, more float64) bool, product func(a, b *mat.Dense) float64, plan func(points int) Sampling) Gradient {
	const growth = 4
	for points := fewestPoints; ; points *= growth {
		at := plan(points)
		work.spend(at.Each * float64(points))
		count, each, factor := replicates, points, float64(confidence)
		mean, standardError, single := replicated(at, seed, count, each, product)
		if single {
			work.spend(at.Each * float64(points))
			count, each, factor = count*growth, each/growth, oneSided
			mean, standardError, _ = replicated(at, seed, count, each, product)
		}
		e := Gradient{Matrix: mean, Norm: math.Sqrt(product(mean, mean)), Err: factor*standardError + at.Off,
			Rule: fmt.Sprintf("scrambled Halton, %d × ±%d points%s, standard error %.2g", count, each, at.Seen, standardError)}
		if enough(e, float64(at.Most)/float64(points)) || growth*points > at.Most {
			return e
		}
	}
}

// replicated averages so many replicates of so many points.
func replicated(at Sampling, seed uint64, count, points int, product func(a, b *mat.Dense) float64) (mean *mat.Dense, standardError float64, single bool) {
	gradients := make([]*mat.Dense, count)
	cores.Each(count, func(r int) {
		gradients[r] = at.Replicate(points, stream(seed, points, r))
	})
	return meanGradient(gradients, product)
}

// stream is the source of random numbers of one replicate: streams of a cipher, which are
// independent for all that statistics can tell.
func stream(seed uint64, points, replicate int) rand.Source {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(points))
	binary.LittleEndian.PutUint64(key[16:], uint64(replicate))
	return rand.NewChaCha8(key)
}

// Within is enough for an error of at most tolerance, or where none such is in reach.
func Within(tolerance float64) func(e Gradient, more float64) bool {
	return func(e Gradient, more float64) bool { return e.Err <= tolerance || OutOfReach(e.Err, tolerance, more) }
}

// OutOfReach tells whether a sampling error stays above tolerance with so many times the
// points: those of scrambled nets fall as n^−3/2 at best (A. Owen, "Scrambled net variance
// for integrals of smooth functions", Annals of Statistics 25 (1997)), Halton's no faster.
func OutOfReach(err, tolerance, more float64) bool {
	return err > tolerance*math.Pow(max(more, 1), 1.5)
}

// meanGradient returns the mean of the replicates, its standard error in the norm of a
// product, and whether a single direction has more than half of their variance.
func meanGradient(gradients []*mat.Dense, product func(a, b *mat.Dense) float64) (mean *mat.Dense, standardError float64, single bool) {
	rows, columns := gradients[0].Dims()
	mean = mat.NewDense(rows, columns, nil)
	for _, g := range gradients {
		mean.Add(mean, g)
	}
	n := len(gradients)
	mean.Scale(1/float64(n), mean)
	off := make([]*mat.Dense, n)
	for i, g := range gradients {
		off[i] = new(mat.Dense)
		off[i].Sub(g, mean)
	}
	gram := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			gram.SetSym(i, j, product(off[i], off[j]))
		}
	}
	total := mat.Trace(gram)
	if !(total < math.MaxFloat64) {
		return mean, math.Inf(1), false
	}
	values, _ := dense.Eigen(mat.DenseCopyOf(gram))
	return mean, math.Sqrt(total / float64(n*(n-1))), values[n-1] > total/2
}
