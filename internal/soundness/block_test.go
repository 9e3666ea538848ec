package soundness

import (
	"fmt"
	"math"
	"slices"
)

// planar is a mixture in the plane; text is nil for one modality.
type planar struct {
	weights      []float64
	logs         []float64
	delta        float64
	visual, text []vec
}

// without returns the mixture of the components that are not hidden.
func (b planar) without(hidden []int) planar {
	out := planar{delta: b.delta}
	var sum float64
	for k, w := range b.weights {
		if slices.Contains(hidden, k) {
			continue
		}
		sum += w
		out.weights, out.logs = append(out.weights, w), append(out.logs, b.logs[k])
		out.visual = append(out.visual, b.visual[k])
		if b.text != nil {
			out.text = append(out.text, b.text[k])
		}
	}
	for k := range out.weights {
		out.weights[k] /= sum
		out.logs[k] -= math.Log(sum)
	}
	return out
}

func mean(weights []float64, points []vec) (out vec) {
	for k, w := range weights {
		out[0] += w * points[k][0]
		out[1] += w * points[k][1]
	}
	return out
}

// moment is Σ w_k (a_k − a)(b_k − b)ᵀ.
func moment(weights []float64, a, b []vec, aboutA, aboutB vec) (out square) {
	for k, w := range weights {
		x, y := a[k].less(aboutA), b[k].less(aboutB)
		for i := range x {
			for j := range y {
				out[i][j] += w * x[i] * y[j]
			}
		}
	}
	return out
}

// second is W = I + Σ w_k μ_k μ_kᵀ.
func second(weights []float64, points []vec) square {
	return moment(weights, points, points, vec{}, vec{}).plus(square{{1, 0}, {0, 1}})
}

func symmetric(m square) square {
	off := (m[0][1] + m[1][0]) / 2
	return square{{m[0][0], off}, {off, m[1][1]}}
}

// planarPoint is the loss at M: its value, gradient, second derivative as a matrix over
// the coordinates of M, and W of each side.
type planarPoint struct {
	value    float64
	gradient square
	bend     [][]float64
}

// infonce is f(M) = −⟨M, T⟩ + ½⟨M², W⟩ + E log Σ w_k exp(xᵀMμ_k), T = δC + (1−δ)μ̄μ̄ᵀ,
// for symmetric M. With p_j = 1 − Σ_{k≠j} p_k under component j, of which C = W − I,
// the gradient is ½(MW + WM) + (1−δ)B + sym E[x Σ_{k≠j} p_k (μ_k − μ_j)ᵀ].
func (b planar) infonce(m square, r rule) planarPoint {
	e := choice{b.weights, b.logs, b.visual, b.visual}.moments(m, r)
	w := second(b.weights, b.visual)
	average := mean(b.weights, b.visual)
	scatter := moment(b.weights, b.visual, b.visual, average, average)
	wm := symmetric(w.mul(m))
	g := wm.add(1-b.delta, scatter).plus(symmetric(e.pull))
	// T = W − I − (1−δ)B and ½⟨M², W⟩ = ½⟨M, WM⟩.
	t := w.add(-1, square{{1, 0}, {0, 1}}).add(-(1 - b.delta), scatter)
	p := planarPoint{value: inner(m, wm)/2 - inner(m, t) + e.value, gradient: g}
	units := []square{{{1, 0}, {0, 0}}, {{0, 0}, {0, 1}}, {{0, 1}, {1, 0}}}
	for _, v := range units {
		var row []float64
		for _, u := range units {
			row = append(row, inner(v, symmetric(w.mul(u)))+e.curvature(v, u))
		}
		p.bend = append(p.bend, row)
	}
	return p
}

// clip is g(M) = −2⟨M, X⟩ + ½⟨MMᵀ, W_V⟩ + ½⟨MᵀM, W_T⟩ + E log Σ w_k exp(xᵀMν_k) + E log Σ w_k exp(yᵀMᵀμ_k),
// with the gradient W_V M + M W_T + E[x Σ_{k≠j} p_k (ν_k − ν_j)ᵀ] + E[y Σ_{k≠j} p_k (μ_k − μ_j)ᵀ]ᵀ.
func (b planar) clip(m square, r rule) planarPoint {
	one := choice{b.weights, b.logs, b.visual, b.text}.moments(m, r)
	two := choice{b.weights, b.logs, b.text, b.visual}.moments(m.transposed(), r)
	wv, wt := second(b.weights, b.visual), second(b.weights, b.text)
	quadratic := wv.mul(m).plus(m.mul(wt))
	x := moment(b.weights, b.visual, b.text, vec{}, vec{})
	p := planarPoint{value: inner(m, quadratic)/2 - 2*inner(m, x) + one.value + two.value,
		gradient: quadratic.plus(one.pull).plus(two.pull.transposed())}
	units := []square{{{1, 0}, {0, 0}}, {{0, 1}, {0, 0}}, {{0, 0}, {1, 0}}, {{0, 0}, {0, 1}}}
	for _, v := range units {
		var row []float64
		for _, u := range units {
			row = append(row, inner(v, wv.mul(u).plus(u.mul(wt)))+one.curvature(v, u)+two.curvature(v.transposed(), u.transposed()))
		}
		p.bend = append(p.bend, row)
	}
	return p
}

func inner(a, b square) (sum float64) {
	for i := range a {
		for j := range a {
			sum += a[i][j] * b[i][j]
		}
	}
	return sum
}

// curvature is E Cov_p(xᵀVν, xᵀUν).
func (e moments) curvature(v, u square) (sum float64) {
	pair := [2][2]int{{0, 1}, {1, 2}}
	for a := range v {
		for b := range v {
			for c := range u {
				for d := range u {
					sum += v[a][b] * u[c][d] * e.bend[pair[a][c]][pair[b][d]]
				}
			}
		}
	}
	return sum
}

func (b planar) at(m square, r rule) planarPoint {
	if b.text == nil {
		return b.infonce(m, r)
	}
	return b.clip(m, r)
}

// minimise finds the block's minimiser by Newton's method with halved steps.
func (b planar) minimise(start square) (square, error) {
	m, at := start, b.at(start, firstRule)
	const most = 60
	for evaluations := 1; evaluations < most; {
		const exact, rounding = 2e-13, 1e-9
		size := math.Sqrt(inner(at.gradient, at.gradient))
		if size < exact {
			break
		}
		step, ok := newtonStep(at)
		if !ok {
			return m, fmt.Errorf("a singular second derivative at %v", m)
		}
		slope, scale, moved := inner(at.gradient, step), 1.0, false
		for !moved && scale > 1e-6 {
			to := m.add(scale, step)
			next := b.at(to, firstRule)
			evaluations++
			norm := math.Sqrt(inner(next.gradient, next.gradient))
			if norm < 0.9*size || size > rounding && next.value <= at.value+1e-4*scale*slope {
				m, at, moved = to, next, true
			} else if size < rounding {
				break
			}
			scale /= 2
		}
		if !moved {
			break // rounding keeps the gradient from falling
		}
	}
	return m, nil
}

// off bounds the distance of m from the minimiser: the loss is strongly convex in ‖·‖_F, with modulus
// 1 or 2, so that the gradient's norm does, here as two rules find it.
func (b planar) off(m square) float64 {
	var sum float64
	for _, r := range []rule{firstRule, secondRule} {
		g := b.at(m, r).gradient
		sum += math.Sqrt(inner(g, g))
	}
	return sum
}

func newtonStep(p planarPoint) (square, bool) {
	n := len(p.bend)
	g := []float64{p.gradient[0][0], p.gradient[1][1], p.gradient[0][1] + p.gradient[1][0]}
	if n == 4 {
		g = []float64{p.gradient[0][0], p.gradient[0][1], p.gradient[1][0], p.gradient[1][1]}
	}
	x, ok := solved(p.bend, g)
	if !ok {
		return square{}, false
	}
	if n == 4 {
		return square{{-x[0], -x[1]}, {-x[2], -x[3]}}, true
	}
	return square{{-x[0], -x[2]}, {-x[2], -x[1]}}, true
}

// solved solves a small symmetric positive definite system by elimination.
func solved(a [][]float64, b []float64) ([]float64, bool) {
	n := len(b)
	x := slices.Clone(b)
	rows := make([][]float64, n)
	for i := range a {
		rows[i] = slices.Clone(a[i])
	}
	for i := range n {
		if !(rows[i][i] > 0) {
			return nil, false
		}
		for j := i + 1; j < n; j++ {
			f := rows[j][i] / rows[i][i]
			for k := i; k < n; k++ {
				rows[j][k] -= f * rows[i][k]
			}
			x[j] -= f * x[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= rows[i][k] * x[k]
		}
		x[i] /= rows[i][i]
	}
	return x, true
}

// eigenvalues of a symmetric matrix, ascending.
func eigenvalues(m square) (low, high float64) {
	mid, half := (m[0][0]+m[1][1])/2, math.Hypot((m[0][0]-m[1][1])/2, m[0][1])
	det := m[0][0]*m[1][1] - m[0][1]*m[0][1]
	if mid > 0 {
		high = mid + half
		return det / high, high
	}
	low = mid - half
	if low == 0 {
		return 0, 0
	}
	return low, det / low
}
