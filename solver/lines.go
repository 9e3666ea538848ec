package solver

import (
	"fmt"
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// lines walks a tensor rule line by line: the outer directions at a node, the
// last direction free. exp(offset + Σ slope·t) is kept as a product of tabled
// factors, so that no node costs an exponential.
type lines struct {
	k, q   int
	outer  []quadrature.Points
	last   quadrature.Points
	tables [][]float64 // one a direction, node-major: exp(slope_k t)
	base   *mat.Dense  // K×K, exp(offset_jk − max_k offset_jk)
}

// steepest bounds Σ_i max|slope_i|·|t_i|, so that products of exponentials
// neither overflow nor vanish. Minimisers stay far below it.
const steepest = 300

func (c *contrasts) lines(rule quadrature.Rule) (*lines, error) {
	q, k := c.slopes.Dims()
	directions := rule.Directions
	if len(directions) == 0 {
		directions = []quadrature.Points{{Nodes: []float64{0}, Weights: []float64{1}}}
	}
	l := &lines{k: k, q: q, outer: directions[:q-1], last: directions[q-1], base: mat.NewDense(k, k, nil)}
	var steep float64
	for i, points := range directions {
		table := make([]float64, 0, len(points.Nodes)*k)
		slopes := c.slopes.RawRowView(i)
		var size float64
		for _, s := range slopes {
			size = max(size, math.Abs(s))
		}
		steep += size * math.Abs(points.Nodes[0])
		for _, t := range points.Nodes {
			for _, s := range slopes {
				table = append(table, math.Exp(s*t))
			}
		}
		l.tables = append(l.tables, table)
	}
	if !(steep < steepest) {
		return nil, fmt.Errorf("%w: exponents of %.3g", errSteep, steep)
	}
	for j := range k {
		row := c.offsets.RawRowView(j)
		shift := math.Inf(-1)
		for _, o := range row {
			shift = max(shift, o)
		}
		if math.IsNaN(shift) || math.IsInf(shift, 0) {
			return nil, fmt.Errorf("%w: offsets are not finite", errSteep)
		}
		for i, o := range row {
			l.base.Set(j, i, math.Exp(o-shift))
		}
	}
	return l, nil
}

// each calls visit for every node of the outer directions, as seen from
// component j, with the node's weight, its coordinates and the K exponentials so far.
func (l *lines) each(j int, visit func(weight float64, t, e []float64)) {
	t := make([]float64, len(l.outer))
	e := make([]float64, (len(l.outer)+1)*l.k)
	copy(e, l.base.RawRowView(j))
	var descend func(depth int, weight float64)
	descend = func(depth int, weight float64) {
		here := e[depth*l.k:][:l.k]
		if depth == len(l.outer) {
			visit(weight, t, here)
			return
		}
		points := l.outer[depth]
		next := e[(depth+1)*l.k:][:l.k]
		for node, x := range points.Nodes {
			t[depth] = x
			for i, factor := range l.tables[depth][node*l.k:][:l.k] {
				next[i] = here[i] * factor
			}
			descend(depth+1, weight*points.Weights[node])
		}
	}
	descend(0, 1)
}

// softmax writes p at a node of the last direction and returns the sum of the
// exponentials, each over that of the largest offset.
func (l *lines) softmax(node int, e, p []float64) float64 {
	var z float64
	table := l.tables[len(l.outer)][node*l.k:][:l.k]
	for i, factor := range table {
		p[i] = e[i] * factor
		z += p[i]
	}
	scale := 1 / z
	for i := range p {
		p[i] *= scale
	}
	return z
}
