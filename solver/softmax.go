package solver

// meanSoftmax averages p_k and t_i p_k, K×K functions: row j as seen from component j.
type meanSoftmax struct{}

var _ lineSum = meanSoftmax{}

func (meanSoftmax) size(k int) (functions, degree int) { return k * k, 1 }

func (meanSoftmax) line(l *lines, base, sums []float64) {
	k := l.k
	points, table := l.points[l.q-1], l.tables[l.q-1]
	clear(sums)
	for j := range k {
		e := base[j*k:][:k]
		p, tp := sums[j*k:][:k], sums[(k+j)*k:][:k]
		for n, weight := range points.Weights {
			factors := table[n*k:][:k]
			var z float64
			for i, x := range factors {
				z += e[i] * x
			}
			share := weight / z
			moment := share * points.Nodes[n]
			for i, x := range factors {
				p[i] += share * x
				tp[i] += moment * x
			}
		}
		for i, x := range e {
			p[i] *= x
			tp[i] *= x
		}
	}
}
