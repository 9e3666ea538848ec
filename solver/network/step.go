package network

import "math"

// potential is the derivative of a loss of one tower by the mass of each component at a value F of f, w_k φ(F),
//
//	InfoNCE   −2F·m_k + Λ(F) + E e^{f·F}/Z(f),   m_k the mean of what is paired with component k
//	Spectral  −4F·m_k + 2Fᵀ E[ffᵀ] F
func (l Kind) potential(delta float64, weights []float64, s seen) func(value, into []float64) {
	to := partners(delta, weights, s.means())
	if l == Spectral {
		second := s.second()
		return func(value, into []float64) {
			square := 0.0
			for i, row := range second {
				square += value[i] * dot(row, value)
			}
			for k, w := range weights {
				into[k] = w * (2*square - 4*dot(value, to[k]))
			}
		}
	}
	times := 1.0 // of CLIP both directions count
	if l == CLIP {
		times = 2
	}
	logarithm := func(value []float64) float64 {
		top, sum := -infinity, 0.0
		for _, y := range s.values {
			top = max(top, dot(value, y))
		}
		for j, y := range s.values {
			sum += s.mass[j] * math.Exp(dot(value, y)-top)
		}
		return top + math.Log(sum)
	}
	partition := make([]float64, len(s.values))
	for i, x := range s.values {
		partition[i] = logarithm(x)
	}
	return func(value, into []float64) {
		both := logarithm(value)
		for i, x := range s.values {
			both += s.mass[i] * math.Exp(dot(x, value)-partition[i])
		}
		for k, w := range weights {
			into[k] = times * w * (both - 2*dot(value, to[k]))
		}
	}
}

// jumps adds the derivatives by hidden weights and biases of a net that is constant but for jumps: where a neuron jumps, mass goes from one side to the other.
func (q *problem) jumps(gradient []float64, v view, t tower, s seen) {
	dw, _, db, _ := q.parts(gradient)
	n, m := len(v.u[0]), q.signal+q.noise
	potential := q.kind.potential(q.delta, q.weights, s)
	h := q.Hidden
	hidden, slopes, value := make([]float64, h), make([]float64, h), make([]float64, q.Outputs)
	above, below := make([]float64, len(q.weights)), make([]float64, len(q.weights))
	for j, u := range v.u {
		size := norm(u)
		if size == 0 {
			continue
		}
		q.along(t, v, j, func(y []float64, weight float64) {
			t.at(y, hidden, slopes, value)
			for l, x := range t.v[j] {
				value[l] += (1 - hidden[j]) * x
			}
			potential(value, above)
			for l, x := range t.v[j] {
				value[l] -= 2 * x
			}
			potential(value, below)
			for k, mean := range v.means {
				density := weight / size
				for i, a := range mean {
					density *= bell(y[i] - a)
				}
				flow := density * (above[k] - below[k])
				for l := range m {
					z := v.apart[k][l]
					for i := range n {
						z += v.frame.At(l, i) * y[i]
					}
					dw[j*m+l] += flow * z
				}
				if db != nil {
					db[j] += flow
				}
			}
		})
	}
}

// along visits nodes where neuron j jumps, a point or a line.
func (q *problem) along(t tower, v view, j int, visit func(y []float64, weight float64)) {
	u := t.u[j]
	foot := make([]float64, len(u))
	for i, x := range u {
		foot[i] = -t.b[j] * x / dot(u, u)
	}
	if len(u) == 1 {
		visit(foot, 1)
		return
	}
	size := norm(u)
	way := []float64{-u[1] / size, u[0] / size}
	low, high := infinity, -infinity
	for _, mean := range v.means {
		low, high = min(low, dot(way, mean)-q.reach), max(high, dot(way, mean)+q.reach)
	}
	var crossed []feature
	for l, other := range t.u {
		if slope := dot(other, way); l != j && slope != 0 {
			crossed = append(crossed, feature{-(t.b[l] + dot(other, foot)) / slope, infinity, true})
		}
	}
	y := make([]float64, 2)
	q.over(q.panels(low, high, q.width, crossed), q.width, func(at, weight float64) {
		y[0], y[1] = foot[0]+at*way[0], foot[1]+at*way[1]
		visit(y, weight)
	})
}
