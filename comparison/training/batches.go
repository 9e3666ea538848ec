package training

import (
	"context"
	"math"
	"math/rand/v2"

	"contrastcheck/internal/workers"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// batch is N pairs of rows, anchors and their positives.
type batch struct{ anchors, positives []int }

// The number of shuffles: so many at least, and so many that they have this many anchors in all. What sampling pairs and negatives adds to the minimiser
// falls with the anchors' number as what sampling the rows does with theirs, and so is half of that at most.
const leastShuffles, leastAnchors = 4, 20_000

// shuffles is how often n rows are shuffled into batches.
func shuffles(n int) int { return max(leastShuffles, (leastAnchors+n-1)/n) }

// Anchors is how many anchors an evaluation of the loss of batches has, at most, for so many rows.
func Anchors(rows int) int { return shuffles(rows) * rows }

// batches shuffles the rows into batches, again and again, and draws a positive for every anchor: of its class with probability δ, else any other row. What
// a shuffle leaves over is left out.
func (p *problem) batches() (all []batch) {
	n, size := len(p.rows.Class), p.options.Batch
	rng := rand.New(rand.NewPCG(p.options.Seed, 2))
	for range shuffles(n) {
		order := rng.Perm(n)
		for start := 0; start+size <= n; start += size {
			b := batch{anchors: order[start : start+size], positives: make([]int, size)}
			for place, i := range b.anchors {
				b.positives[place] = p.positive(rng, i)
			}
			all = append(all, b)
		}
	}
	return all
}

// positive draws the positive of row i.
func (p *problem) positive(rng *rand.Rand, i int) int {
	draw := func() int { return rng.IntN(len(p.rows.Class)) }
	if same := p.members[p.rows.Class[i]]; rng.Float64() < p.options.Delta {
		draw = func() int { return same[rng.IntN(len(same))] }
	}
	for {
		if j := draw(); j != i {
			return j
		}
	}
}

// computeBatches is compute for batches.
func (p *problem) computeBatches(x []float64) (value float64, gradient []float64) {
	n, d := p.rows.X.Dims()
	var z mat.Dense
	z.Mul(mat.NewDense(d, p.r, x[:d*p.r]).T(), p.rows.X.T())
	parts := make([]part, chunks)
	_ = workers.Run(context.Background(), p.options.Workers, chunks, func(c int, keep func(func()) bool) {
		one := part{moved: mat.NewDense(p.r, n, nil)}
		for _, b := range p.all[c*len(p.all)/chunks : (c+1)*len(p.all)/chunks] {
			p.addBatch(&one, &z, b)
		}
		keep(func() { parts[c] = one })
	}) // that context never ends
	return p.sum(parts, len(p.all)*p.options.Batch)
}

// addBatch adds Σ_i [ log 1/N Σ_j e^{s_ij} − s_ii ] of a batch, s_ij being the score of anchor i and positive j.
func (p *problem) addBatch(into *part, z *mat.Dense, b batch) {
	r, size := p.r, len(b.anchors)
	distances := p.options.Loss.Distances
	positives, pulls := mat.NewDense(r, size, nil), mat.NewDense(r, size, nil) // their images, and ∂L/∂ those
	squares, totals, scores := make([]float64, size), make([]float64, size), make([]float64, size)
	for c := range r {
		from, row := z.RawRowView(c), positives.RawRowView(c)
		for place, j := range b.positives {
			row[place] = from[j]
			squares[place] -= from[j] * from[j] / 2
		}
	}
	for place, i := range b.anchors {
		clear(scores)
		if distances {
			copy(scores, squares) // −½|z_i|² is common to all, and falls out of the loss
		}
		for c := range r {
			floats.AddScaled(scores, z.At(c, i), positives.RawRowView(c))
		}
		own := scores[place]
		largest := floats.Max(scores)
		var sum float64
		for j, s := range scores {
			scores[j] = math.Exp(s - largest)
			sum += scores[j]
		}
		into.value += largest + math.Log(sum/float64(size)) - own
		floats.Scale(1/sum, scores) // ∂L/∂s now
		scores[place]--
		for c := range r {
			into.moved.RawRowView(c)[i] += floats.Dot(scores, positives.RawRowView(c))
			floats.AddScaled(pulls.RawRowView(c), z.At(c, i), scores)
		}
		if distances {
			floats.Add(totals, scores)
		}
	}
	for c := range r {
		moved, pull, image := into.moved.RawRowView(c), pulls.RawRowView(c), positives.RawRowView(c)
		for place, j := range b.positives {
			moved[j] += pull[place]
			if distances {
				moved[j] -= totals[place] * image[place]
			}
		}
	}
}
