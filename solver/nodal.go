package solver

import (
	"math"
	"sync"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

type nodal struct {
	k, q    int
	base    *mat.Dense // K×K
	slopes  *mat.Dense
	weights []float64
	tables  map[[2]int][]float64
}

type nodalWork struct {
	e, z, r, qq, gamma, wide *mat.Dense
	wt                       []float64
	tp                       *mat.Dense
	o                        quadrature.Orbit
}

const batch = 128

func newNodal(c *contrasts, weights []float64) *nodal {
	q, k := c.slopes.Dims()
	s := &nodal{k: k, q: q, slopes: c.slopes, weights: weights, base: mat.NewDense(k, k, nil)}
	for j := range k {
		row := c.offsets.RawRowView(j)
		shift := math.Inf(-1)
		for _, o := range row {
			shift = max(shift, o)
		}
		for i, o := range row {
			s.base.Set(j, i, math.Exp(o-shift))
		}
	}
	return s
}

func (s *nodal) work(n int) *nodalWork {
	d := func(r, c int) *mat.Dense { return mat.NewDense(r, c, nil) }
	return &nodalWork{e: d(s.k, n), z: d(s.k, n), r: d(s.k, n), qq: d(s.k, n), gamma: d(s.k, s.k), tp: d(s.q, s.k), wt: make([]float64, n)}
}

func (s *nodal) fill(w *nodalWork, at int, weight float64) int {
	n := 1
	for k := range s.k {
		w.e.RawRowView(k)[at] = 1
	}
	for a, d := range w.o.Directions {
		sl := s.slopes.RawRowView(d)
		for k := range s.k {
			row := w.e.RawRowView(k)[at:]
			x := math.Exp(sl[k] * w.o.Nodes[a])
			y := 1 / x
			for c := range n {
				row[n+c] = row[c] * y
				row[c] *= x
			}
		}
		n *= 2
	}
	for c := range n {
		w.wt[at+c] = weight
	}
	return n
}

func cols(a *mat.Dense, first, n int) *mat.Dense {
	k, _ := a.Dims()
	return a.Slice(0, k, first, first+n).(*mat.Dense)
}

// evaluate sums over n filled columns: r, qq.
func (s *nodal) evaluate(w *nodalWork, n int) {
	e, z, r, qq := cols(w.e, 0, n), cols(w.z, 0, n), cols(w.r, 0, n), cols(w.qq, 0, n)
	product(z, s.base, e)
	for j := range s.k {
		from, into := z.RawRowView(j), r.RawRowView(j)
		for c, x := range from {
			into[c] = w.wt[c] / x
		}
	}
	// qq = baseᵀ diag(w) r
	for j := range s.k {
		row := z.RawRowView(j)
		for c, x := range r.RawRowView(j) {
			row[c] = s.weights[j] * x
		}
	}
	productLeft(qq, s.base, z)
	for j := range s.k {
		row := qq.RawRowView(j)
		for c, x := range e.RawRowView(j) {
			row[c] *= x
		}
	}
}

// moments adds λ Σ sign P of the orbit at columns.
func (s *nodal) moments(w *nodalWork, tp *mat.Dense, at, n int) {
	for a, d := range w.o.Directions {
		step := 1 << a
		into := tp.RawRowView(d)
		for k := range s.k {
			row := w.qq.RawRowView(k)[at : at+n]
			var sum float64
			for c := 0; c < n; c += 2 * step {
				for b := c; b < c+step; b++ {
					sum += row[b] - row[b+step]
				}
			}
			into[k] += w.o.Nodes[a] * sum
		}
	}
}

// sketches writes the sketches of orbits.
func (s *nodal) sketches(g *quadrature.Sparse, first int, into []float64, a, b []*mat.Dense, cores int) {
	var group sync.WaitGroup
	width := len(a)
	total := g.Orbits() - first
	for core := range cores {
		group.Go(func() {
			w := s.work(1 << 16)
			for n := core; n < total; n += cores {
				g.Orbit(first+n, &w.o)
				c := s.fill(w, 0, 1)
				s.evaluate(w, c)
				productRight(w.gamma, cols(w.r, 0, c), cols(w.e, 0, c))
				w.tp.Zero()
				s.moments(w, w.tp, 0, c)
				for r := range width {
					var sum float64
					for j := range s.k {
						bs := s.base.RawRowView(j)
						ar := a[r].RawRowView(j)
						for i, x := range w.gamma.RawRowView(j) {
							sum += ar[i] * bs[i] * x
						}
					}
					for _, d := range w.o.Directions {
						br := b[r].RawRowView(d)
						for i, x := range w.tp.RawRowView(d) {
							sum += br[i] * x
						}
					}
					into[n*width+r] = sum
				}
			}
		})
	}
	group.Wait()
}

// integrate sums over the grid.
func (s *nodal) integrate(g *quadrature.Sparse, cores int) (p, tp *mat.Dense) {
	const chunks = 64
	ps, tps := make([]*mat.Dense, chunks), make([]*mat.Dense, chunks)
	var group sync.WaitGroup
	for core := range cores {
		group.Go(func() {
			w := s.work(1 << 16)
			part := mat.NewDense(s.k, s.k, nil)
			for ch := core; ch < chunks; ch += cores {
				p, tp := mat.NewDense(s.k, s.k, nil), mat.NewDense(s.q, s.k, nil)
				ps[ch], tps[ch] = p, tp
				from, to := g.Orbits()*ch/chunks, g.Orbits()*(ch+1)/chunks
				for from < to {
					at := 0
					last := from
					for ; last < to && at < batch; last++ {
						at += s.fill(w, at, g.Orbit(last, &w.o))
					}
					for a := 0; a < at; a += 0 {
						break
					}
					s.evaluate(w, at)
					productRight(part, cols(w.r, 0, at), cols(w.e, 0, at))
					addScaled(p, 1, part)
					at = 0
					for ; from < last; from++ {
						g.Orbit(from, &w.o)
						n := 1 << len(w.o.Directions)
						s.moments(w, tp, at, n)
						at += n
					}
				}
			}
		})
	}
	group.Wait()
	p, tp = mat.NewDense(s.k, s.k, nil), mat.NewDense(s.q, s.k, nil)
	for ch := range chunks {
		addScaled(p, 1, ps[ch])
		addScaled(tp, 1, tps[ch])
	}
	for j := range s.k {
		row := p.RawRowView(j)
		for i, b := range s.base.RawRowView(j) {
			row[i] *= b
		}
	}
	return p, tp
}
