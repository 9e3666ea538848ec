package frullani

import (
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// piece is a part of the mean under one component.
type piece struct {
	value, defect float64
	gradient      *mat.Dense
	bend          *Bend
}

// pieces averages under component j, in pieces of as many nodes whatever the cores.
func (l Law) pieces(a anchors, s []float64, j int, tolerance float64, bent bool) []piece {
	const size = 64
	nodes := a.nodes()
	out := make([]piece, (nodes+size-1)/size)
	walkers := make([]*walker, max(1, l.Cores))
	dense.InChunks(len(out), len(walkers), func(core, n int) {
		if walkers[core] == nil {
			walkers[core] = l.newWalker(s, j, tolerance, bent)
		}
		out[n] = walkers[core].piece(a, size*n, min(nodes, size*(n+1)))
	})
	return out
}

// walker visits anchors.
type walker struct {
	*conditional
	law                     Law
	s                       []float64
	component               int
	partners                []float64
	bent                    bool
	offset, x, pulled, pull []float64 // of the node: x − μ_j, x, Mx, g − μ_j
	scores                  []float64 // xᵀMμ_k
	points                  *mat.Dense
}

func (l Law) newWalker(s []float64, j int, tolerance float64, bent bool) *walker {
	m, k := l.Means.Dims()
	w := &walker{conditional: newConditional(l.Weights, l.Negatives, m, tolerance), law: l, s: s, component: j, partners: l.partners(j), bent: bent,
		offset: make([]float64, m), x: make([]float64, m), pulled: make([]float64, m), pull: make([]float64, m), scores: make([]float64, k)}
	w.points = new(mat.Dense) // less μ_j, as covariances are the same about every point
	w.points.Apply(func(i, _ int, x float64) float64 { return x - l.Means.At(i, j) }, l.Means)
	return w
}

// piece averages over nodes.
func (w *walker) piece(a anchors, first, end int) piece {
	m := len(w.s)
	out := piece{gradient: mat.NewDense(m, m, nil)}
	if w.bent {
		out.bend = newBend(m)
	}
	for n := first; n < end; n++ {
		weight := a.node(n, w.offset)
		var square float64
		for i, z := range w.offset {
			w.x[i] = z + w.law.Means.At(i, w.component)
			w.pulled[i] = w.s[i] * w.x[i]
			square += w.pulled[i] * w.pulled[i]
		}
		clear(w.scores)
		for i, u := range w.pulled {
			dense.AddTo(w.scores, u, w.law.Means.RawRowView(i))
		}
		deviation := math.Sqrt(square)
		if w.bent {
			for i, u := range w.pulled {
				w.pull[i] = 2 * u
			}
			w.at(w.scores, deviation, w.partners, w.points, w.pull)
		} else {
			w.at(w.scores, deviation, w.partners, nil, nil)
		}
		var length, reach float64
		for i, u := range w.pulled {
			w.pull[i] = 2 * w.slope * u
			for k, q := range w.shares {
				w.pull[i] += q * w.points.At(i, k)
				reach = max(reach, math.Abs(w.points.At(i, k)))
			}
			length += w.x[i] * w.x[i]
		}
		out.value += weight * w.value
		out.defect += math.Abs(weight) * w.defect * math.Sqrt(length) * reach
		dense.AddOuter(out.gradient, weight, w.x, w.pull)
		if w.bent {
			out.bend.addNode(weight, w.x, w.bend)
		}
	}
	return out
}

// Bend holds E[x_a x_b S_cd], the second derivatives of an average: D²[V, V] = E (Vx)ᵀ S Vx.
type Bend struct {
	m       int
	moments []float64 // of pairs a ≤ b, by pairs c ≤ d
	pair    []float64 // of one node
}

func newBend(m int) *Bend {
	n := m * (m + 1) / 2
	return &Bend{m: m, moments: make([]float64, n*n), pair: make([]float64, n)}
}

func (b *Bend) add(weight float64, other *Bend) { dense.AddTo(b.moments, weight, other.moments) }

func (b *Bend) addNode(weight float64, x []float64, s *mat.Dense) {
	n := 0
	for c := range b.m {
		row := s.RawRowView(c)
		n += copy(b.pair[n:], row[c:])
	}
	at := 0
	for a, p := range x {
		for _, q := range x[a:] {
			dense.AddTo(b.moments[at:at+n], weight*p*q, b.pair)
			at += n
		}
	}
}

// Apply writes E[S V x xᵀ] for a symmetric V, not symmetric.
func (b *Bend) Apply(into, v *mat.Dense) {
	into.Zero()
	n := len(b.pair)
	at := 0
	for a := range b.m {
		for c := a; c < b.m; c++ {
			moments := b.moments[at : at+n]
			at += n
			b.applyPair(into, v, moments, a, c)
			if c != a {
				b.applyPair(into, v, moments, c, a)
			}
		}
	}
}

// applyPair adds S V e_a e_bᵀ.
func (b *Bend) applyPair(into, v *mat.Dense, s []float64, a, column int) {
	n := 0
	for c := range b.m {
		for d := c; d < b.m; d++ {
			into.Set(c, column, into.At(c, column)+s[n]*v.At(d, a))
			if d != c {
				into.Set(d, column, into.At(d, column)+s[n]*v.At(c, a))
			}
			n++
		}
	}
}
