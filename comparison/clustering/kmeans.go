package clustering

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// KMeans partitions the rows of x, n×q, in k clusters and returns their labels and
// the sum of squared distances to the clusters' centres: the best of several
// restarts of Lloyd's iteration, each from centres chosen by k-means++ (Arthur and
// Vassilvitskii, SODA 2007). Lloyd's iteration ends in a local minimum of that sum
// or after 300 rounds. rng determines the result. It panics unless 1 ≤ k ≤ n and
// restarts ≥ 1.
func KMeans(x *mat.Dense, k, restarts int, rng *rand.Rand) (labels []int, inertia float64) {
	if n, _ := x.Dims(); k < 1 || k > n || restarts < 1 {
		panic(fmt.Sprintf("clustering: no %d clusters of %d samples by %d restarts", k, n, restarts))
	}
	inertia = math.Inf(1)
	for range restarts {
		if found, sum := lloyd(x, plusPlus(x, k, rng)); sum < inertia || labels == nil {
			labels, inertia = found, sum
		}
	}
	return labels, inertia
}

// plusPlus chooses k rows, each with a probability proportional to the squared
// distance to those chosen before it; any where all distances are 0.
func plusPlus(x *mat.Dense, k int, rng *rand.Rand) *mat.Dense {
	n, q := x.Dims()
	centres := mat.NewDense(k, q, nil)
	nearest := slices.Repeat([]float64{math.Inf(1)}, n)
	next := rng.IntN(n)
	for c := range k {
		centres.SetRow(c, x.RawRowView(next))
		var total float64
		for i := range n {
			nearest[i] = math.Min(nearest[i], squared(x.RawRowView(i), centres.RawRowView(c)))
			total += nearest[i]
		}
		next = rng.IntN(n)
		if total > 0 {
			next = proportional(nearest, total*rng.Float64())
		}
	}
	return centres
}

// proportional returns where the running sum of the weights exceeds u.
func proportional(weights []float64, u float64) int {
	last := 0
	for i, w := range weights {
		if w > 0 {
			last = i
			if u < w {
				return i
			}
		}
		u -= w
	}
	return last
}

// mostRounds bounds Lloyd's iteration.
const mostRounds = 300

// lloyd assigns rows to the nearest centre and moves the centres to the means of
// their rows, until no label changes. A centre without rows moves to the row that
// is farthest from its own.
func lloyd(x, centres *mat.Dense) (labels []int, inertia float64) {
	n, _ := x.Dims()
	k, _ := centres.Dims()
	labels = make([]int, n)
	distances := make([]float64, n)
	for round := range mostRounds {
		changed := round == 0
		inertia = 0
		for i := range n {
			label, distance := nearest(x.RawRowView(i), centres)
			changed = changed || label != labels[i]
			labels[i], distances[i] = label, distance
			inertia += distance
		}
		if !changed {
			break
		}
		counts := make([]float64, k)
		centres.Zero()
		for i, label := range labels {
			counts[label]++
			floats.Add(centres.RawRowView(label), x.RawRowView(i))
		}
		for c, count := range counts {
			if count == 0 {
				farthest := floats.MaxIdx(distances)
				centres.SetRow(c, x.RawRowView(farthest))
				distances[farthest] = 0
				continue
			}
			floats.Scale(1/count, centres.RawRowView(c))
		}
	}
	return labels, inertia
}

// nearest returns the row of centres nearest to a point, and its squared distance.
func nearest(point []float64, centres *mat.Dense) (index int, distance float64) {
	n, _ := centres.Dims()
	distance = math.Inf(1)
	for c := range n {
		if d := squared(point, centres.RawRowView(c)); d < distance {
			index, distance = c, d
		}
	}
	return index, distance
}

// squared is ‖x − y‖².
func squared(x, y []float64) float64 {
	var sum float64
	for i, a := range x {
		sum += (a - y[i]) * (a - y[i])
	}
	return sum
}
