package solver

import (
	"gonum.org/v1/gonum/mat"
)

// meanProducts averages the products p_a p_b, a < b, with 1, t_i and t_i t_l:
// K(K−1)/2 functions a component. As Σ_b p_b = 1 they make up the covariance
// diag p − p pᵀ of the softmax.
type meanProducts struct{}

var _ lineSum = meanProducts{}

func (meanProducts) size(k int) (functions, degree int) { return k * k * (k - 1) / 2, 2 }

func (meanProducts) line(l *lines, base, sums []float64) {
	k := l.k
	points, table := l.points[l.q-1], l.tables[l.q-1]
	pairs := k * (k - 1) / 2
	n := k * pairs
	clear(sums)
	var p [MostComponents]float64
	for j := range k {
		e := base[j*k:][:k]
		zeroth, first, second := sums[j*pairs:][:pairs], sums[n+j*pairs:][:pairs], sums[2*n+j*pairs:][:pairs]
		for node, weight := range points.Weights {
			var z float64
			for i, x := range table[node*k:][:k] {
				p[i] = e[i] * x
				z += p[i]
			}
			for i := range e { // p ≤ 1 before products are formed, lest they overflow
				p[i] /= z
			}
			t := points.Nodes[node]
			index := 0
			for a := 1; a < k; a++ {
				pa := weight * p[a]
				for _, x := range p[:a] {
					v := pa * x
					zeroth[index] += v
					v *= t
					first[index] += v
					second[index] += v * t
					index++
				}
			}
		}
	}
}

// covariances are averages of η_a η_b (diag p − p pᵀ), η = (1, t), K×K each.
type covariances struct {
	own    []*mat.Dense // K, E_j (diag p − p pᵀ)
	first  []*mat.Dense // K times q, E_j t_i (diag p − p pᵀ)
	second []*mat.Dense // q(q+1)/2, Σ_j w_j E_j t_i t_l (diag p − p pᵀ), i ≤ l in lexicographic order
	mean   *mat.Dense   // Σ_j w_j E_j (diag p − p pᵀ)
}

// unpack turns meanProducts' sums into matrices.
func (c *covariances) unpack(memory *arena, sums, weights []float64, q int) {
	k := len(weights)
	pairs := k * (k - 1) / 2
	n := k * pairs
	c.own, c.first, c.second = c.own[:0], c.first[:0], c.second[:0]
	c.mean = memory.dense(k, k)
	for j, w := range weights {
		own := memory.dense(k, k)
		addCovariance(own, 1, sums[j*pairs:][:pairs])
		addScaled(c.mean, w, own)
		c.own = append(c.own, own)
		for i := range q {
			one := memory.dense(k, k)
			addCovariance(one, 1, sums[(1+i)*n+j*pairs:][:pairs])
			c.first = append(c.first, one)
		}
	}
	for i := range q * (q + 1) / 2 {
		two := memory.dense(k, k)
		for j, w := range weights {
			addCovariance(two, w, sums[(1+q+i)*n+j*pairs:][:pairs])
		}
		c.second = append(c.second, two)
	}
}

// addCovariance adds the matrix with off-diagonal entries −products and rows that sum to 0.
func addCovariance(into *mat.Dense, factor float64, products []float64) {
	k, _ := into.Dims()
	index := 0
	for a := 1; a < k; a++ {
		for b := range a {
			x := factor * products[index]
			into.Set(a, b, into.At(a, b)-x)
			into.Set(b, a, into.At(b, a)-x)
			into.Set(a, a, into.At(a, a)+x)
			into.Set(b, b, into.At(b, b)+x)
			index++
		}
	}
}
