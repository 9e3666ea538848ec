package term

import (
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"
	"fmt"
	"math"
	"slices"
)

// lines is a softmax on the nodes of a tensor rule. exp(offset + Σ slope·t) is a
// product of tabled factors, one a direction, so that no node costs an
// exponential.
type lines struct {
	k, q   int
	points []quadrature.Points // q ≥ 1
	tables [][]float64         // one a direction, node-major: exp(slope_k t)
	base   []float64           // K×K, exp(offset_jk − shift_j)
	shifts []float64           // K, max_k offset_jk
}

// steepest bounds Σ_i max|slope_i|·|t_i|, so that products of tabled exponentials,
// and their quotients, neither overflow nor vanish. Minimisers stay far below it.
const steepest = 300

// constant is the rule of a direction along which nothing varies.
var constant = quadrature.Points{Nodes: []float64{0}, Weights: []float64{1}}

// tabulate writes the softmax on the nodes of the rule, whose directions are
// those of c, into l. It fails with descent.ErrSteep.
func (c *contrasts) tabulate(memory *dense.Arena, rule *quadrature.Rule, l *lines) error {
	l.q, l.k = c.slopes.Dims()
	l.points = append(l.points[:0], rule.Directions...)
	if len(l.points) == 0 {
		l.points = append(l.points, constant)
	}
	l.tables = l.tables[:0]
	var steep float64
	for i, points := range l.points {
		slopes := c.slopes.RawRowView(i)
		steep += max(slices.Max(slopes), -slices.Min(slopes)) * math.Abs(points.Nodes[0])
		l.tables = append(l.tables, memory.Floats(len(points.Nodes)*l.k))
		for n, t := range points.Nodes {
			row := l.tables[i][n*l.k:][:l.k]
			for j, s := range slopes {
				row[j] = math.Exp(s * t)
			}
		}
	}
	if !(steep < steepest) {
		return fmt.Errorf("%w: exponents of %.3g", descent.ErrSteep, steep)
	}
	l.base, l.shifts = memory.Floats(l.k*l.k), memory.Floats(l.k)
	return c.exponentials(l.base, l.shifts)
}

// nodes returns the number of nodes of the rule.
func (l *lines) nodes() int {
	rule := quadrature.Rule{Directions: l.points}
	return rule.Nodes()
}

// lineSum adds up functions of the softmax along the last direction of a rule.
type lineSum interface {
	// size is the number of functions g, and the degree ≤ 2 of the monomials in t
	// with which they are averaged.
	size(k int) (functions, degree int)
	// line writes E g, E t g, … over the last direction, t, into sums; base (K×K)
	// holds the exponentials of the other directions, one row a component.
	line(l *lines, base, sums []float64)
}

// walker integrates over all directions from one on. Sums are nested, one level a
// direction, so that rounding grows with the nodes of a direction only, and
// their order is that of the nodes, whoever computes them.
type walker struct {
	l         *lines
	g         lineSum
	functions int
	degree    int
	bases     [][]float64 // one a direction, K×K
	// One a direction: E g, E t_i g for that direction and the later ones, and
	// E t_a t_b g, a ≤ b, in lexicographic order.
	sums [][]float64
}

func (w *walker) prepare(memory *dense.Arena, l *lines, g lineSum) {
	w.l, w.g = l, g
	w.functions, w.degree = g.size(l.k)
	w.bases, w.sums = w.bases[:0], w.sums[:0]
	for depth := range l.q {
		w.bases = append(w.bases, memory.Floats(l.k*l.k))
		w.sums = append(w.sums, memory.Floats(w.functions*monomials(l.q-depth, w.degree)))
	}
	copy(w.bases[0], l.base)
}

// monomials returns the number of monomials of at most the given degree ≤ 2.
func monomials(variables, degree int) int {
	return [...]int{1, 1 + variables, 1 + variables + variables*(variables+1)/2}[degree]
}

// integrate returns E g, E t_i g, … over the whole rule, by up to cores goroutines.
func (w *walker) integrate(memory *dense.Arena, l *lines, g lineSum, cores int) []float64 {
	w.prepare(memory, l, g)
	if cores > 1 && l.q > 1 && l.nodes() >= worthSharing {
		w.spread(cores)
	} else {
		w.walk(0)
	}
	return w.sums[0]
}

// worthSharing is the number of nodes, each of some 50 ns, from which starting
// goroutines costs little beside their work.
const worthSharing = 1 << 13

// walk integrates over the directions from depth on into sums[depth].
func (w *walker) walk(depth int) {
	if depth == w.l.q-1 {
		w.g.line(w.l, w.bases[depth], w.sums[depth])
		return
	}
	clear(w.sums[depth])
	for node := range w.l.points[depth].Nodes {
		w.enter(depth, node)
		w.walk(depth + 1)
		w.fold(depth, node, w.sums[depth+1])
	}
}

// enter multiplies the exponentials by the factors of a node of a direction.
func (w *walker) enter(depth, node int) {
	k := w.l.k
	factors := w.l.tables[depth][node*k:][:k]
	for j := range k {
		into := w.bases[depth+1][j*k:][:k]
		for i, e := range w.bases[depth][j*k:][:k] {
			into[i] = e * factors[i]
		}
	}
}

// fold adds what lies below a node of a direction, with its weight.
func (w *walker) fold(depth, node int, below []float64) {
	n, later := w.functions, w.l.q-depth-1
	weight, t := w.l.points[depth].Weights[node], w.l.points[depth].Nodes[node]
	own := w.sums[depth]
	dense.AddTo(own[:n], weight, below[:n])
	if w.degree == 0 {
		return
	}
	first := below[n:][:n*later] // E t_i g of the later directions
	own = own[n:]
	dense.AddTo(own[:n], weight*t, below[:n])
	dense.AddTo(own[n:], weight, first)
	if w.degree == 1 {
		return
	}
	own = own[n*(1+later):]
	dense.AddTo(own[:n], weight*t*t, below[:n])
	dense.AddTo(own[n:], weight*t, first)
	dense.AddTo(own[n*(1+later):], weight, below[n*(1+later):])
}

// spread is walk(0) with the nodes of the first direction shared out among cores.
func (w *walker) spread(cores int) {
	nodes := len(w.l.points[0].Nodes)
	below := make([][]float64, nodes)
	own := make([]*walker, cores)
	dense.InChunks(nodes, cores, func(core, node int) {
		if own[core] == nil {
			own[core] = new(walker)
			own[core].prepare(new(dense.Arena), w.l, w.g)
		}
		own[core].enter(0, node)
		own[core].walk(1)
		below[node] = slices.Clone(own[core].sums[1])
	})
	clear(w.sums[0])
	for node := range nodes {
		w.fold(0, node, below[node])
	}
}

// meanSoftmax averages p_k and t_i p_k, K×K functions: row j as seen from component j.
type meanSoftmax struct{}

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
