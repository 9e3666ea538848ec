package network

import (
	"math"
	"math/rand/v2"
)

// starts is how many random starts so many directions have.
func (o Options) starts(directions int) int {
	few := map[int]float64{1: 24, 2: 4, 3: 2}
	return max(1, int(math.Round(o.Starts*few[directions])))
}

// random is a net whose neurons change where the mixture is.
func (q *problem) random(rng *rand.Rand) []float64 {
	θ := make([]float64, q.size())
	w, v, b, _ := q.parts(θ)
	n := q.signal + q.noise
	for j := range q.Hidden {
		row := w[j*n : (j+1)*n]
		for i := range row {
			row[i] = rng.NormFloat64()
		}
		size := norm(row)
		scale := math.Exp(1.5*rng.Float64()-.5) / size
		for i := range row {
			row[i] *= scale
		}
		if b == nil {
			continue
		}
		mean := q.means[rng.IntN(len(q.means))]
		for i, x := range row {
			b[j] -= x * (mean[i] + 1.5*rng.NormFloat64())
		}
	}
	height := math.Exp(2*rng.Float64()-1) / math.Sqrt(float64(q.Hidden))
	for i := range v {
		v[i] = height * rng.NormFloat64()
	}
	q.tame(θ)
	return θ
}

// tame scales output weights down where f grows so fast that e^{f(x)·f(y)} outweighs the mixture.
func (q *problem) tame(θ []float64) {
	w, out, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return
	}
	const mild = .6
	if steep := q.tower(θ, v).growth(); steep > mild {
		for i := range out {
			out[i] *= mild / steep
		}
	}
}

// embedded are the numbers of a problem inside the subspace in one with noise that no weight sees.
func (q *problem) embedded(inner *problem, θ []float64) []float64 {
	out := make([]float64, q.size())
	from, to := inner.signal+inner.noise, q.signal+q.noise
	for j := range q.Hidden {
		copy(out[j*to:], θ[j*from:(j+1)*from])
	}
	copy(out[q.Hidden*to:], θ[q.Hidden*from:])
	return out
}

// projected are the numbers of q without weights on noise, in the problem inside the subspace.
func (q *problem) projected(inner *problem, θ []float64) []float64 {
	out := make([]float64, inner.size())
	from, to := q.signal+q.noise, inner.signal+inner.noise
	for j := range q.Hidden {
		copy(out[j*to:(j+1)*to], θ[j*from:])
	}
	copy(out[q.Hidden*to:], θ[q.Hidden*from:])
	return out
}

// disturbed adds weights on noise.
func (q *problem) disturbed(θ []float64, seed uint64) []float64 {
	out := append([]float64(nil), θ...)
	rng := rand.New(rand.NewPCG(seed, 1<<32))
	w, _, _, _ := q.parts(out)
	n := q.signal + q.noise
	for j := range q.Hidden {
		row := w[j*n : (j+1)*n]
		size := norm(row)
		for i := q.signal; i < n; i++ {
			row[i] += .5 * size * rng.NormFloat64()
		}
	}
	return out
}
