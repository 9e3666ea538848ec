package term

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"
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
	for j := range l.k {
		row := c.offsets.RawRowView(j)
		shift := slices.Max(row) // NaN, if any offset is
		if math.IsNaN(shift) || math.IsInf(shift, 0) {
			return fmt.Errorf("%w: offsets are not finite", descent.ErrSteep)
		}
		l.shifts[j] = shift
		for i, o := range row {
			l.base[j*l.k+i] = math.Exp(o - shift)
		}
	}
	return nil
}

// nodes returns the number of nodes of the rule.
func (l *lines) nodes() int {
	nodes := 1
	for _, points := range l.points {
		nodes *= len(points.Nodes)
	}
	return nodes
}
