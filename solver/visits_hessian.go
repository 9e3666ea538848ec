package solver

import (
	"gonum.org/v1/gonum/mat"
)

// hessianCopies is the number of shifts that serve a Hessian, which need not be
// accurate, and hessianLines bounds the logarithm of their lines.
const hessianCopies, hessianLines = 8, 2

// visit averages what the visited components add to diag p − p pᵀ. With a the softmax
// over the kept, π that over the visited, P the probability of the latter and δ = π − a,
// p = a + Pδ, so that it is
//
//	P (diag δ − δaᵀ − aδᵀ − P δδᵀ),
//
// of which each group has its share in P.
func (c *covariances) visit(memory *arena, loss *anchored, s *softmaxPoint) {
	k := len(loss.weights)
	q, _ := s.slopes.Dims()
	c.reset(memory, k, q)
	const items = hessianCopies
	type sums struct {
		members []int
		from    int
		own     []float64   // n×n
		first   [][]float64 // q
		second  [][]float64 // q(q+1)/2
	}
	g := loss.sight
	found := make([]sums, items*len(g.groups))
	log := min(hessianLines, len(g.errs)-1)
	lines := float64(items * int(2) << log)
	loss.alongLines(s, items, log, func(item int, b *beam) func(across []float64) {
		n := len(b.members)
		zeros := func(count int) [][]float64 {
			out := make([][]float64, count)
			for i := range out {
				out[i] = make([]float64, n*n)
			}
			return out
		}
		own := sums{b.members, g.groups[item/items].from, make([]float64, n*n), zeros(q), zeros(q * (q + 1) / 2)}
		found[item] = own
		moments, delta := zeros(3), make([]float64, n)
		return func(across []float64) {
			for _, m := range moments {
				clear(m)
			}
			b.each(func(u, weight float64) { b.addCovariance(moments, delta, u, weight/lines) })
			addTo(own.own, 1, moments[0])
			index := 0
			for i := range q {
				addTo(own.first[i], b.axis[i], moments[1])
				addTo(own.first[i], across[i], moments[0])
				for l := i; l < q; l++ {
					addTo(own.second[index], b.axis[i]*b.axis[l], moments[2])
					addTo(own.second[index], b.axis[i]*across[l]+b.axis[l]*across[i], moments[1])
					addTo(own.second[index], across[i]*across[l], moments[0])
					index++
				}
			}
		}
	})
	for _, sum := range found {
		w := loss.weights[sum.from]
		spread := func(into *mat.Dense, factor float64, part []float64) {
			for a, k := range sum.members {
				for b, l := range sum.members[:a+1] {
					x := factor * part[a*len(sum.members)+b]
					into.Set(k, l, into.At(k, l)+x)
					if a != b {
						into.Set(l, k, into.At(l, k)+x)
					}
				}
			}
		}
		spread(c.own[sum.from], 1, sum.own)
		spread(c.mean, w, sum.own)
		for i, part := range sum.first {
			spread(c.first[sum.from*q+i], 1, part)
		}
		for i, part := range sum.second {
			spread(c.second[i], w, part)
		}
	}
}

// addCovariance adds the group's share at a node times 1, u and u², of which it
// writes the lower triangle; delta is working memory.
func (b *beam) addCovariance(moments [][]float64, delta []float64, u, weight float64) {
	n := len(b.members)
	for i, p := range b.kept {
		delta[i] = -p
	}
	copy(delta[b.seen:], b.others)
	weight *= b.group
	for i, d := range delta {
		var kept float64
		if i < b.seen {
			kept = b.kept[i]
		}
		for l, e := range delta[:i+1] {
			x := -b.visited * d * e
			if l < b.seen {
				x -= d * b.kept[l]
			}
			x -= e * kept
			if i == l {
				x += d
			}
			x *= weight
			moments[0][i*n+l] += x
			x *= u
			moments[1][i*n+l] += x
			moments[2][i*n+l] += x * u
		}
	}
}

// reset makes all averages 0.
func (c *covariances) reset(memory *arena, k, q int) {
	c.own, c.first, c.second, c.mean = c.own[:0], c.first[:0], c.second[:0], memory.dense(k, k)
	for range k {
		c.own = append(c.own, memory.dense(k, k))
	}
	for range k * q {
		c.first = append(c.first, memory.dense(k, k))
	}
	for range q * (q + 1) / 2 {
		c.second = append(c.second, memory.dense(k, k))
	}
}
