package soundness

import (
	"math"
	"slices"
)

// vec is a point of the plane, and square a 2×2 matrix.
type (
	vec    [2]float64
	square [2][2]float64
)

func (a vec) dot(b vec) float64 { return a[0]*b[0] + a[1]*b[1] }
func (a vec) less(b vec) vec    { return vec{a[0] - b[0], a[1] - b[1]} }
func (a vec) size() float64     { return math.Hypot(a[0], a[1]) }
func (m square) times(v vec) vec {
	return vec{m[0][0]*v[0] + m[0][1]*v[1], m[1][0]*v[0] + m[1][1]*v[1]}
}
func (m square) transposed() square   { return square{{m[0][0], m[1][0]}, {m[0][1], m[1][1]}} }
func (m square) plus(n square) square { return m.add(1, n) }
func (m square) add(a float64, n square) square {
	for i := range m {
		for j := range m[i] {
			m[i][j] += a * n[i][j]
		}
	}
	return m
}
func (m square) mul(n square) (out square) {
	for i := range m {
		for j := range m {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j]
		}
	}
	return out
}

// choice is a softmax in the plane: a point x ∼ Σ_j w_j N(anchor_j, I) chooses
// partner k with probability p_k ∝ w_k exp(xᵀM partner_k).
type choice struct {
	weights, logs     []float64
	anchors, partners []vec
}

// moments are expectations over x; with contrasts, so that what is rare keeps its digits.
type moments struct {
	value float64 // E log Σ_k w_k exp(xᵀMν_k)
	// pull is E[x Σ_{k≠j} p_k (ν_k − ν_j)ᵀ] and drift E Σ_{k≠j} p_k (ν_k − ν_j), j being the component of x.
	pull  square
	drift vec
	// bend[a][b] is E[x_{a1} x_{a2} Cov_p(ν)_{b1 b2}], a and b of the pairs 00, 01, 11.
	bend [3][3]float64
}

func (m *moments) add(n moments) {
	m.value += n.value
	m.pull = m.pull.plus(n.pull)
	for i := range m.drift {
		m.drift[i] += n.drift[i]
	}
	for a := range m.bend {
		for b := range m.bend {
			m.bend[a][b] += n.bend[a][b]
		}
	}
}

// rule is a quadrature in the plane: Gauss–Legendre points of panels along lines, and
// of panels of lines, graded where the softmax is steep. Two rules whose lines and panels
// differ check each other.
type rule struct {
	points int  // of a panel
	second bool // lines of another direction, panels graded by the steepest of three logits
}

var firstRule, secondRule = rule{points: 10}, rule{points: 14, second: true}

// reach is how many standard deviations of an anchor are integrated over: 3e-20 lies beyond.
const reach = 9.5

// moments integrates over x, one group of neighbouring anchors after the other.
func (c choice) moments(m square, r rule) moments {
	slopes := make([]vec, len(c.partners))
	for k, nu := range c.partners {
		slopes[k] = m.times(nu)
	}
	var out moments
	for _, group := range c.groups() {
		out.add(c.integrate(group, slopes, r))
	}
	return out
}

// groups puts anchors together that lie close, leaving out those too rare to count.
func (c choice) groups() [][]int {
	const close, negligible = 4, 1e-20
	widest := 1.0
	for _, a := range c.anchors {
		for _, nu := range c.partners {
			widest = max(widest, a.size()*nu.size())
		}
	}
	var out [][]int
	for j, a := range c.anchors {
		if c.weights[j]*widest < negligible {
			continue
		}
		joined := []int{j}
		var rest [][]int
		for _, g := range out {
			if slices.ContainsFunc(g, func(i int) bool { return a.less(c.anchors[i]).size() < close }) {
				joined = append(joined, g...)
			} else {
				rest = append(rest, g)
			}
		}
		out = append(rest, joined)
	}
	return out
}

// direction is the direction of the lines: one that crosses all steps at a large angle.
func direction(slopes []vec, second bool) vec {
	const directions, steep = 96, 4
	heavy := slopes[0]
	best, out := -1.0, vec{1, 0}
	first := vec{}
	if second {
		first = direction(slopes, false)
	}
	for i := range directions {
		angle := math.Pi * (float64(i) + 0.37) / directions
		n := vec{math.Cos(angle), math.Sin(angle)}
		if math.Abs(n.dot(first)) > 0.95 {
			continue
		}
		least := 1.0
		for _, s := range slopes[1:] {
			if d := s.less(heavy); d.size() > steep {
				least = min(least, math.Abs(d.dot(n))/d.size())
			}
		}
		if least > best {
			best, out = least, n
		}
	}
	return out
}

func (c choice) integrate(group []int, slopes []vec, r rule) moments {
	n := direction(slopes, r.second)
	e := vec{-n[1], n[0]}
	low, high := math.Inf(1), math.Inf(-1)
	for _, j := range group {
		low, high = min(low, c.anchors[j].dot(e)-reach), max(high, c.anchors[j].dot(e)+reach)
	}
	l := line{choice: c, group: group, slopes: slopes, n: n, e: e, nodes: gauss(r.points)}
	corners := base(low, high, outerWidth(slopes))
	for _, k := range c.corners(slopes) {
		steepness := k.least
		if r.second {
			steepness = k.most
		}
		corners = append(corners, graded(k.at.dot(e), steepness)...)
	}
	var out moments
	for v, w := range panels(corners, low, high, l.nodes) {
		l.integrate(v, w, &out)
	}
	return out
}

// outerWidth is the width of even panels of lines: integrals along lines vary as the gentle
// differences of logits do, and those of steep ones have panels of their own.
func outerWidth(slopes []vec) float64 {
	const gentle = 4
	widest := 0.0
	for i := range slopes {
		for j := range i {
			if d := slopes[i].less(slopes[j]).size(); d < gentle {
				widest = max(widest, d)
			}
		}
	}
	return min(max(1.8/widest, 0.45), 1.2)
}

// corner is where three logits tie and no other is larger, with the least and the largest
// difference of their slopes.
type corner struct {
	at          vec
	least, most float64
}

func (c choice) corners(slopes []vec) (out []corner) {
	for i := range slopes {
		for j := range i {
			for k := range j {
				a, b := slopes[i].less(slopes[k]), slopes[j].less(slopes[k])
				p, q := c.logs[k]-c.logs[i], c.logs[k]-c.logs[j]
				det := a[0]*b[1] - a[1]*b[0]
				at := vec{(p*b[1] - q*a[1]) / det, (a[0]*q - b[0]*p) / det}
				top := c.logs[k] + slopes[k].dot(at)
				over := false
				for l := range slopes {
					over = over || c.logs[l]+slopes[l].dot(at) > top+1e-6*(1+math.Abs(top))
				}
				if over || !(at.size() < 1e6) {
					continue
				}
				d := slopes[i].less(slopes[j]).size()
				out = append(out, corner{at, 2 * min(a.size(), b.size(), d), max(a.size(), b.size(), d)})
			}
		}
	}
	return out
}
