package information

import (
	"math"
	"math/rand/v2"

	"contrastcheck/oracle"
	"contrastcheck/oracle/internal/cores"
)

// draws are the pairs that a limit of 1 allows.
const draws = 1 << 20

// drawn estimates I from pairs.
func (l law) drawn(n int, seed uint64) Value {
	const chunk = 1 << 12
	chunks := max(n/chunk, 2)
	sums, squares := make([]float64, chunks), make([]float64, chunks)
	cores.Each(chunks, func(i int) {
		src := rand.New(rand.NewPCG(seed, uint64(i)))
		for range chunk {
			k := l.component(src)
			other := k
			if src.Float64() >= l.delta {
				other = l.component(src)
			}
			x, y := l.posterior(l.point(k, src)), l.posterior(l.point(other, src))
			ratio := 1 - l.delta
			for c, w := range l.weights {
				ratio += l.delta * x[c] * y[c] / w
			}
			v := math.Log(ratio)
			sums[i] += v
			squares[i] += v * v
		}
	})
	var sum, square float64
	for i := range sums {
		sum += sums[i]
		square += squares[i]
	}
	count := float64(chunks * chunk)
	mean := sum / count
	return Value{mean, 3 * math.Sqrt(max(square/count-mean*mean, 0)/count), oracle.Estimated, chunks * chunk}
}

func (l law) component(src *rand.Rand) int {
	u := src.Float64()
	for k, w := range l.weights {
		if u -= w; u < 0 {
			return k
		}
	}
	return len(l.weights) - 1
}

func (l law) point(k int, src *rand.Rand) []float64 {
	x := make([]float64, l.dimension())
	for j := range x {
		x[j] = l.means[k][j] + src.NormFloat64()
	}
	return x
}

// posterior are p(k|x).
func (l law) posterior(x []float64) []float64 {
	p, largest, sum := make([]float64, len(l.means)), math.Inf(-1), 0.0
	for k, m := range l.means {
		square := 0.0
		for j := range x {
			square += (x[j] - m[j]) * (x[j] - m[j])
		}
		p[k] = math.Log(l.weights[k]) - square/2
		largest = max(largest, p[k])
	}
	for k := range p {
		p[k] = math.Exp(p[k] - largest)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}
