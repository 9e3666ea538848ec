package frullani

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// perNode is what a node costs beside an evaluation of an exponential, for each component, and perDeviation how much more for each unit that scores
// deviate by: the rule for ξ has as many more points.
const perNode, perDeviation = 3000, 2

// plan is how a mean over anchors is to be taken.
type plan struct {
	law      Law // less eigenvalues that nothing is lost by
	dropped  float64
	grids    []grid
	points   []points
	heights  heights
	deviates *deviates
	order    int
	low      float64
	high     float64
	work     float64 // that it is thought to take
	limit    float64
	spent    float64 // by anchors so far
}

// used is what was spent, or planned for where that is more.
func (p *plan) used() float64 { return max(p.work, p.spent) }

// plan plans the gradient, order 1, or D², order 2, to an error of about tolerance, within a limit of work.
func (l Law) plan(order int, tolerance, limit float64) (*plan, error) {
	_, k := l.dims()
	out := &plan{law: l, order: order, limit: limit}
	if order == 1 {
		out.law, out.dropped = l.without(tolerance / 16)
	} else {
		out.law, out.dropped = l.without(tolerance / 16 / (1 + l.Third()/l.Steepest()))
		out.dropped *= l.Third() / l.Steepest()
	}
	l = out.law
	power := float64(order)
	scale := l.over(power, power)
	var nodes, cost float64
	for j, w := range l.Weights {
		p := l.around(j, l.centre(j))
		g := l.grid(j, order, p, tolerance/(4*float64(k)*w))
		nodes += g.nodes()
		cost += g.nodes() * (1 + perDeviation*l.deviation(j))
		out.points, out.grids = append(out.points, p), append(out.grids, g)
	}
	if out.work = cost * float64(k*order) * perNode; !(out.work <= limit) {
		return nil, fmt.Errorf("%w: %.2g in %d dimensions, for %d components", ErrNodes, nodes, len(out.grids[0].active), k)
	}
	out.heights = newHeights(tolerance/(8*scale), order)
	share := min(1e-3, tolerance/(64*scale))                    // of the size of the terms
	const finest, first, second = 1e-16, 1.0 / 256, 1.0 / 16384 // of the factors that errors are multiplied by
	fine := first
	if out.low, out.high = share, share*share; order == 2 {
		fine, out.low, out.high = second, share*share/64, share*share/64
	}
	out.deviates = newDeviates(max(finest, share*fine), l.Negatives, out.heights.step, order)
	return out, nil
}

// deviation is |Mx| for an x that lies two deviations from the mean of component j along every coordinate.
func (l Law) deviation(j int) float64 {
	var square float64
	for i, s := range l.S {
		u := s * (math.Abs(l.Means.At(i, j)) + 2)
		square += u * u
	}
	return math.Sqrt(square)
}

// Gradient encloses E[Sym x (Σ p_i u_i − u_0)ᵀ], not symmetric, in the coordinates of the law, with an error of about tolerance in Frobenius norm; ErrNodes where that takes more work
// than limit. It returns what it took, where it fails, too.
func (l Law) Gradient(tolerance, limit float64) (gradient *mat.Dense, off float64, rule string, work float64, err error) {
	p, err := l.plan(1, tolerance, limit)
	if err != nil {
		return nil, 0, "", 0, err
	}
	m, k := l.dims()
	gradient = mat.NewDense(m, m, nil)
	off = p.dropped + l.moved() + l.constants(gradient)
	for j, w := range l.Weights {
		points := p.points[j]
		second := math.Sqrt(points.farthest(2))
		reach := points.reach()
		pull := make([]float64, m)
		inside, err := p.each(j, func(c *conditional, weight float64, x []float64, square float64, into *mat.Dense) float64 {
			clear(pull)
			for n, q := range c.shares {
				for i, d := range points.mean[n] {
					pull[i] += q * d
				}
			}
			for i, v := range c.pull {
				pull[i] += c.slope * v
			}
			for i, z := range x {
				row := into.RawRowView(i)
				for s, y := range pull {
					row[s] += weight * z * y
				}
			}
			b, f := c.found.deviation, c.found
			lost := f.lost * (reach + b + math.Sqrt(float64(m)))
			nu := p.deviates.nu + float64(l.Negatives+1)*math.Exp(lowest)
			inner := f.length * ((20*f.rho+5*nu)*reach + (50*f.rho+10*nu)*b)
			return weight * math.Sqrt(square) * (lost + 3*second*math.Sqrt(f.top) + inner)
		}, gradient)
		if err != nil {
			return nil, 0, "", p.used(), err
		}
		off += w * (p.grids[j].err + inside + p.heights.first*inflation*inflation*l.anchor(j, 1)*points.farthest(1))
	}
	off += unit * float64(8*m*m+4*k) * mat.Norm(gradient, 2)
	return gradient, off, p.String(), p.used(), nil
}

// each visits the nodes of component j: visit adds to a matrix and returns a bound, whose sum each returns. square is E|x|², the
// coordinates along which nothing varies being random still. The matrix is added w_j times.
func (p *plan) each(j int, visit func(c *conditional, weight float64, x []float64, square float64, into *mat.Dense) float64, total *mat.Dense) (float64, error) {
	l, g := p.law, p.grids[j]
	m, _ := l.dims()
	c := newConditional(l, p.points[j], l.partners(j), p.heights, p.deviates, p.order, p.low, p.high)
	rows, columns := total.Dims()
	part, sum := mat.NewDense(rows, columns, nil), mat.NewDense(rows, columns, nil)
	x := make([]float64, m)
	var off float64
	nodes := int(g.nodes())
	const nested = 64 // sums are, so that rounding grows with their depth
	for n := range nodes {
		weight := g.node(n, x)
		square := float64(m - len(g.active))
		for i := range x {
			x[i] += l.Means.At(i, j)
			square += x[i] * x[i]
		}
		before := c.work
		err := c.at(x)
		if p.spent += c.work - before; err != nil {
			return 0, err
		}
		if p.spent > p.limit {
			return 0, fmt.Errorf("%w: scores of deviation %.3g", ErrNodes, c.found.deviation)
		}
		off += visit(c, weight, x, square, part)
		if n%nested == nested-1 || n == nodes-1 {
			sum.Add(sum, part)
			part.Zero()
		}
	}
	off += unit * float64(nested+nodes/nested) * math.Pow(l.anchor(j, 2), float64(p.order)/2) * p.points[j].farthest(float64(p.order)) * 4
	sum.Scale(l.Weights[j], sum)
	total.Add(total, sum)
	return off, nil
}

// String names the largest rule.
func (p *plan) String() string {
	var largest grid
	for _, g := range p.grids {
		if len(largest.axes) == 0 || g.nodes() > largest.nodes() {
			largest = g
		}
	}
	name := ""
	for d, a := range largest.axes {
		if d > 0 {
			name += " × "
		}
		name += fmt.Sprintf("%d (h = %.3g)", 2*a.half+1, a.step)
	}
	if name == "" {
		name = "exact"
	}
	return "trapezoidal " + name + fmt.Sprintf(" over anchors, and in τ and ξ (h = %.3g)", p.heights.step)
}

// constants adds Σ_j w_j μ_j(c_j − μ_j)ᵀ + (1 − δ) Σ w_j (μ_j − μ̄)(μ_j − μ̄)ᵀ, which is what centres leave, and returns a bound of its rounding.
func (l Law) constants(into *mat.Dense) float64 {
	m, k := l.dims()
	mean := make([]float64, m)
	for i := range m {
		for j, w := range l.Weights {
			mean[i] += w * l.Means.At(i, j)
		}
	}
	var size float64
	for j, w := range l.Weights {
		c := l.centre(j)
		for i := range m {
			row := into.RawRowView(i)
			for s := range m {
				a, b := l.Means.At(i, j), l.Means.At(s, j)
				row[s] += w * (a*(c[s]-b) + (1-l.Delta)*(a-mean[i])*(b-mean[s]))
				size += w * (math.Abs(a) + math.Abs(mean[i])) * 2 * (math.Abs(b) + math.Abs(mean[s]))
			}
		}
	}
	return unit * float64(4*k+2*m+16) * size
}

// moved bounds what the errors of the means and of M's eigenvectors do to the gradient, to first order, doubled. A mean that is off by δ moves x, the points and scores: by |δ_x||M||u − c| + |x||M||δ_u|, so that by
// the range of these, at most twice that for the farthest point, Σ|Δp_i| is at most half as large (a mean absolute deviation is).
func (l Law) moved() float64 {
	m, _ := l.dims()
	norm, most := l.steepest(), 0.0
	for _, off := range l.Off {
		most = max(most, off)
	}
	var sum float64
	for j, w := range l.Weights {
		p := l.around(j, l.centre(j))
		first, second := p.farthest(1), p.farthest(2)
		sum += w * (2*l.Off[j]*first + 3*l.anchor(j, 1)*most + norm*(l.Off[j]*l.anchor(j, 1)*second+most*l.anchor(j, 2)*first))
		sum += w * 2 * most * (p.reach() + l.anchor(j, 1))
	}
	return 2*sum + 16*float64(m)*unit*norm*l.Steepest()
}
