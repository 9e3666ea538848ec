package frullani

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrNodes says that a bound needs more nodes than are allowed.
var ErrNodes = errors.New("the mean over anchors needs too many points")

// Law is that of the scores at M = diag(S).
type Law struct {
	Weights   []float64  // K
	Means     *mat.Dense // m×K, in the eigenvectors of M
	Off       []float64  // K, bounds of the errors of the means, in length
	S         []float64  // m
	Delta     float64
	Negatives int // ≥ 1
}

func (l Law) dims() (m, k int) { return l.Means.Dims() }

// partners are the probabilities of the positive's components for an anchor of component j.
func (l Law) partners(j int) []float64 {
	out := make([]float64, len(l.Weights))
	for k, w := range l.Weights {
		out[k] = (1 - l.Delta) * w
	}
	out[j] += l.Delta
	return out
}

// steepest is ‖M‖.
func (l Law) steepest() float64 {
	var norm float64
	for _, s := range l.S {
		norm = max(norm, math.Abs(s))
	}
	return norm
}

// without returns the law with eigenvalues left out of so little weight that the gradient moves by at most allowed, and by how much that is at most.
func (l Law) without(allowed float64) (Law, float64) {
	slope := l.Steepest()
	out, left := l, 0.0
	out.S = append([]float64(nil), l.S...)
	for {
		least := -1
		for i, s := range out.S {
			if s != 0 && (least < 0 || math.Abs(s) < math.Abs(out.S[least])) {
				least = i
			}
		}
		if least < 0 || math.Hypot(left, out.S[least])*slope > allowed {
			return out, left * slope
		}
		left = math.Hypot(left, out.S[least])
		out.S[least] = 0
	}
}

// centre is the point that points are measured from for an anchor of component j: in the middle between its mean and that of all where that makes the farthest nearest.
func (l Law) centre(j int) []float64 {
	m, k := l.dims()
	at := func(share float64) []float64 {
		c := make([]float64, m)
		for i := range m {
			var mean float64
			for n := range k {
				mean += l.Weights[n] * l.Means.At(i, n)
			}
			mu := l.Means.At(i, j)
			c[i] = mu + share*(mean-mu)
		}
		return c
	}
	best, least := at(0), math.Inf(1)
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c := at(share)
		if r := l.around(j, c).farthest(3); r < least {
			best, least = c, r
		}
	}
	return best
}

// points are the u_i less a centre, for an anchor of one component.
type points struct {
	count []float64   // K, how many of a component are among them in the mean: π_k + N w_k
	mean  [][]float64 // K, d_k = μ_k − c
	far   []float64   // K, |d_k|
	m     int
}

func (l Law) around(j int, centre []float64) points {
	m, k := l.dims()
	p := points{count: l.partners(j), m: m}
	for n := range k {
		p.count[n] += float64(l.Negatives) * l.Weights[n]
		d := make([]float64, m)
		var square float64
		for i := range m {
			d[i] = l.Means.At(i, n) - centre[i]
			square += d[i] * d[i]
		}
		p.mean, p.far = append(p.mean, d), append(p.far, math.Sqrt(square))
	}
	return p
}

// reach is max |d_k|.
func (p points) reach() float64 {
	var out float64
	for _, d := range p.far {
		out = max(out, d)
	}
	return out
}

// farthest bounds E max_i |u_i − c|^r for r ≤ 4, by the moments of order 2n ≥ r: E max^r ≤ (Σ_i E|u_i − c|^{2n})^{r/2n}, where by Minkowski's inequality
// (E|d + z|^{2n})^{1/2n} ≤ |d| + (E|z|^{2n})^{1/2n}, E|z|^{2n} = 2ⁿ Γ(n + m/2)/Γ(m/2).
func (p points) farthest(r float64) float64 {
	best := math.Inf(1)
	for n := 2.0; n <= 128; n *= 1.5 {
		upper, _ := math.Lgamma(n + float64(p.m)/2)
		lower, _ := math.Lgamma(float64(p.m) / 2)
		noise := math.Exp((n*math.Ln2 + upper - lower) / (2 * n))
		var longest float64
		for _, d := range p.far {
			longest = max(longest, d+noise)
		}
		var sum float64
		for k, d := range p.far {
			sum += p.count[k] * math.Pow((d+noise)/longest, 2*n)
		}
		best = min(best, math.Pow(longest, r)*math.Pow(sum, r/(2*n)))
	}
	return best
}

// anchor bounds E|x|^r of x ∼ N(μ_j, I), r ≤ 4: by Jensen's inequality from E|x|⁴ = (|μ|² + m)² + 2m + 4|μ|².
func (l Law) anchor(j int, r float64) float64 {
	m, _ := l.dims()
	var square float64
	for i := range m {
		square += l.Means.At(i, j) * l.Means.At(i, j)
	}
	second := square + float64(m)
	if r <= 2 {
		return math.Pow(second, r/2)
	}
	return math.Pow(second*second+2*float64(m)+4*square, r/4)
}

// over is Σ_j w_j E|x|^r (E max_i |u_i − c_j|)^s-like moments, x and the u_i being independent given j.
func (l Law) over(r, s float64) float64 {
	var sum float64
	for j, w := range l.Weights {
		sum += w * l.anchor(j, r) * l.around(j, l.centre(j)).farthest(s)
	}
	return sum
}

// Scale is the size of the gradient's terms.
func (l Law) Scale() float64 { return l.over(1, 1) }

// Steepest bounds ‖D²[V]‖_F beside ‖V‖_F at every M: D²[V, V] is the mean of the variance of xᵀVu_i under the softmax, which is at most |x|² max_i|u_i − c|² ‖V‖².
func (l Law) Steepest() float64 { return l.over(2, 2) }

// Third bounds |D³[V, V, V]| beside ‖V‖_F³ at every M: it is the mean of a third central moment of a number in an interval of length at most 2|x| max_i|u_i − c| ‖V‖, which
// is at most the cube of that length divided by 6√3.
func (l Law) Third() float64 { return 8 / (6 * math.Sqrt(3)) * l.over(3, 3) }
