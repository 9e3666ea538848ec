package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// visit averages what the visited components add to diag p − p pᵀ, on the lines of the
// gradient's grids. With a the softmax over the kept, π that over the visited, P the
// probability of the latter and δ = π − a, p = a + Pδ, so that it is
//
//	P (diag δ − δaᵀ − aδᵀ − P δδᵀ),
//
// of which each group has its share in P.
func (c *covariances) visit(memory *dense.Arena, loss *logPartition, s *softmaxPoint) {
	q, _ := s.slopes.Dims()
	c.reset(memory, len(loss.Weights), q)
	beams := loss.beams(s)
	found := make([][][]float64, len(beams))
	dense.InChunks(len(beams), loss.Cores, func(_, n int) {
		found[n] = beams[n].covariances(s.highdim.visited.grids[n])
	})
	for n, sum := range found {
		from := loss.sight.groups[n].from
		w := loss.Weights[from]
		b := beams[n]
		b.spread(c.own[from], 1, sum[0])
		b.spread(c.mean, w, sum[0])
		for i, part := range sum[1:][:q] {
			b.spread(c.first[from*q+i], 1, part)
		}
		for i, part := range sum[1+q:] {
			b.spread(c.second[i], w, part)
		}
	}
}

// covariances averages 1, t_i and t_i t_l, i ≤ l, times the group's share over a grid of lines: n×n matrices, of which the lower
// triangles are kept.
func (b *beam) covariances(grid *quadrature.Sparse) [][]float64 {
	n, q := len(b.members), len(b.axis)
	zeros := func(count int) [][]float64 {
		out := make([][]float64, count)
		for i := range out {
			out[i] = make([]float64, n*n)
		}
		return out
	}
	out := zeros(monomials(q, 2))
	moments, delta := zeros(3), make([]float64, n)
	var o quadrature.Orbit
	b.overLines(grid, 0, func(orbit int, across []float64) {
		for _, m := range moments {
			clear(m)
		}
		of := grid.Orbit(orbit, &o)
		b.each(func(u, weight float64) { b.addCovariance(moments, delta, u, of*weight) })
		dense.AddTo(out[0], 1, moments[0])
		index := 1 + q
		for i := range q {
			dense.AddTo(out[1+i], b.axis[i], moments[1])
			dense.AddTo(out[1+i], across[i], moments[0])
			for l := i; l < q; l++ {
				dense.AddTo(out[index], b.axis[i]*b.axis[l], moments[2])
				dense.AddTo(out[index], b.axis[i]*across[l]+b.axis[l]*across[i], moments[1])
				dense.AddTo(out[index], across[i]*across[l], moments[0])
				index++
			}
		}
	})
	return out
}

// addCovariance adds the group's share at a node times 1, u and u²; delta is working memory.
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
			x := -b.visited*d*e - e*kept
			if l < b.seen {
				x -= d * b.kept[l]
			}
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

// spread adds a matrix of the members to one of all components.
func (b *beam) spread(into *mat.Dense, factor float64, part []float64) {
	n := len(b.members)
	for i, k := range b.members {
		for j, l := range b.members[:i+1] {
			x := factor * part[i*n+j]
			into.Set(k, l, into.At(k, l)+x)
			if i != j {
				into.Set(l, k, into.At(l, k)+x)
			}
		}
	}
}
