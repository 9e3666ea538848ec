package solver

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// contrasts is the softmax p_k(t) = softmax_k(offset_jk + slope_kᵀt) seen from
// each component j, with t ∼ N(0, I_q) in the q directions along which it varies.
type contrasts struct {
	directions *mat.Dense // n×max(q, 1), orthonormal columns; a zero column if q = 0
	slopes     *mat.Dense // max(q, 1)×K
	offsets    *mat.Dense // K×K, row j as seen from component j
	ranges     []float64  // q, max_k slope − min_k slope along each direction
	dropped    float64    // bound of what leaving out the flattest directions changes in p
}

// steepest bounds Σ_i max|slope_i|·|t_i|, so that products of exponentials
// neither overflow nor vanish. Minimisers stay far below it.
const steepest = 300

// newContrasts finds the directions in which logits of the given slopes (n×K)
// differ, dropping those in which they differ by less than flat.
func newContrasts(slopes *mat.Dense, offsets *mat.Dense, flat float64) *contrasts {
	n, k := slopes.Dims()
	var svd mat.SVD
	if !svd.Factorize(slopes, mat.SVDThin) {
		panic("solver: the singular values of the contrasts did not converge")
	}
	values := svd.Values(nil)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	c := &contrasts{offsets: offsets, directions: mat.NewDense(n, 1, nil), slopes: mat.NewDense(1, k, nil)}
	var kept []int
	var rows []float64
	for i, value := range values {
		row := mat.Col(nil, i, &v)
		for j := range row {
			row[j] *= value
		}
		// Slopes that are large but alike leave the softmax alone, too.
		spread := slices.Max(row) - slices.Min(row)
		if spread <= flat {
			c.dropped += spread
			continue
		}
		kept = append(kept, i)
		rows = append(rows, row...)
		c.ranges = append(c.ranges, spread)
	}
	if len(kept) == 0 {
		return c
	}
	c.directions = mat.NewDense(n, len(kept), nil)
	for a, i := range kept {
		c.directions.SetCol(a, mat.Col(nil, i, &u))
	}
	c.slopes = mat.NewDense(len(kept), k, rows)
	return c
}

// softmaxMoments are the expectations of a softmax that a loss, its gradient
// and its Hessian need, from each component j:
//
//	p[j][k]      = E_j p_k
//	tp[j][i][k]  = E_j t_i p_k
//	cov[j][a][b] = E_j η_a η_b (diag p − p pᵀ), η = (1, t), packed K×K
type softmaxMoments struct {
	p   *mat.Dense     // K×K
	tp  []*mat.Dense   // K times q×K
	cov [][]*mat.Dense // K times (1+q)(2+q)/2 times K×K, index packed(a, b), a ≤ b
}

// packed is the index of the pair a ≤ b in row-major order of the lower triangle.
func packed(a, b int) int {
	if a > b {
		a, b = b, a
	}
	return b*(b+1)/2 + a
}

// integrate evaluates the moments by the rule, whose directions are those of c.
func (c *contrasts) integrate(rule quadrature.Rule) (*softmaxMoments, error) {
	lines, err := c.lines(rule)
	if err != nil {
		return nil, err
	}
	k, q := lines.k, lines.q
	m := &softmaxMoments{p: mat.NewDense(k, k, nil)}
	length := k + k*(k+1)/2 // p_k, then p_k p_l for k ≤ l
	monomials := packed(q, q) + 1
	sums := make([]float64, monomials*length)
	var inner [3][]float64
	for i := range inner {
		inner[i] = make([]float64, length)
	}
	values := make([]float64, length)
	for j := range k {
		clear(sums)
		lines.each(j, func(weight float64, t, e []float64) {
			for i := range inner {
				clear(inner[i])
			}
			nodes := lines.last.Nodes
			for node, x := range nodes {
				lines.softmax(node, e, values[:k])
				index := k
				for a := range k {
					for b := range a + 1 {
						values[index] = values[a] * values[b]
						index++
					}
				}
				w := lines.last.Weights[node]
				for i, value := range values {
					v := w * value
					inner[0][i] += v
					v *= x
					inner[1][i] += v
					inner[2][i] += v * x
				}
			}
			fold(sums, weight, t, inner, q)
		})
		m.store(j, sums, length, k, q)
	}
	return m, nil
}

// fold adds one line's sums over the last direction into the sums of all
// monomials η_a η_b.
func fold(sums []float64, weight float64, t []float64, inner [3][]float64, q int) {
	length := len(inner[0])
	add := func(a, b int, factor float64, from []float64) {
		into := sums[packed(a, b)*length:][:length]
		for i, v := range from {
			into[i] += weight * factor * v
		}
	}
	eta := func(a int) float64 {
		if a == 0 {
			return 1
		}
		return t[a-1]
	}
	for b := range q {
		for a := range b + 1 {
			add(a, b, eta(a)*eta(b), inner[0])
		}
	}
	for a := range q {
		add(a, q, eta(a), inner[1])
	}
	add(q, q, 1, inner[2])
}

func (m *softmaxMoments) store(j int, sums []float64, length, k, q int) {
	tp := mat.NewDense(q, k, nil)
	cov := make([]*mat.Dense, packed(q, q)+1)
	for b := range q + 1 {
		for a := range b + 1 {
			from := sums[packed(a, b)*length:][:length]
			c := mat.NewDense(k, k, nil)
			index := k
			for x := range k {
				for y := range x + 1 {
					c.Set(x, y, -from[index])
					c.Set(y, x, -from[index])
					index++
				}
				c.Set(x, x, from[x]+c.At(x, x))
			}
			cov[packed(a, b)] = c
			switch {
			case b == 0:
				m.p.SetRow(j, from[:k])
			case a == 0:
				tp.SetRow(b-1, from[:k])
			}
		}
	}
	m.tp = append(m.tp, tp)
	m.cov = append(m.cov, cov)
}

// logPartition returns E_j log Σ_k exp(offset_jk + slope_kᵀt) for each j, for
// slopes of any size.
func (c *contrasts) logPartition(rule quadrature.Rule) []float64 {
	lines, err := c.lines(rule)
	if err != nil {
		return c.steepLogPartition(rule)
	}
	out := make([]float64, lines.k)
	p := make([]float64, lines.k)
	for j := range out {
		lines.each(j, func(weight float64, _, e []float64) {
			var sum float64
			for node, w := range lines.last.Weights {
				sum += w * math.Log(lines.softmax(node, e, p))
			}
			out[j] += weight * sum
		})
		out[j] += slices.Max(c.offsets.RawRowView(j))
	}
	return out
}

// steepLogPartition is logPartition where tabled exponentials would overflow:
// each node costs its own.
func (c *contrasts) steepLogPartition(rule quadrature.Rule) []float64 {
	_, k := c.slopes.Dims()
	out := make([]float64, k)
	exponents := make([][]float64, len(rule.Directions)+1)
	for i := range exponents {
		exponents[i] = make([]float64, k)
	}
	var descend func(depth int) float64
	descend = func(depth int) float64 {
		here := exponents[depth]
		if depth == len(rule.Directions) {
			return logSumExp(here)
		}
		var sum float64
		points, slopes := rule.Directions[depth], c.slopes.RawRowView(depth)
		for n, t := range points.Nodes {
			for i, s := range slopes {
				exponents[depth+1][i] = here[i] + s*t
			}
			sum += points.Weights[n] * descend(depth+1)
		}
		return sum
	}
	for j := range out {
		copy(exponents[0], c.offsets.RawRowView(j))
		out[j] = descend(0)
	}
	return out
}

// logSumExp is log Σ exp(x_i), without overflow.
func logSumExp(x []float64) float64 {
	largest := slices.Max(x)
	var sum float64
	for _, v := range x {
		sum += math.Exp(v - largest)
	}
	return largest + math.Log(sum)
}

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
