package network

import "math"

// seen is a tower on its nodes.
type seen struct {
	values [][]float64 // N×r
	given  [][]float64 // N×K
	mass   []float64   // N: the probability of a node
}

// tilt returns what writes, at the value of f at a point x, the probability of each node as y under the tilt e^{f(x)·f(y)}/Z(x), N numbers, and returns log Z(x).
func (s seen) tilt() func(value, weights []float64) float64 {
	logarithms := make([]float64, len(s.mass))
	for j, m := range s.mass {
		logarithms[j] = math.Log(m)
	}
	return func(value, weights []float64) float64 {
		top, sum := -infinity, 0.0
		for j, y := range s.values {
			weights[j] = logarithms[j] + dot(value, y)
			top = max(top, weights[j])
		}
		for j := range weights {
			weights[j] = math.Exp(weights[j] - top)
			sum += weights[j]
		}
		for j := range weights {
			weights[j] /= sum
		}
		return top + math.Log(sum)
	}
}

// mixed is the probability of nodes.
func (s *seen) mixed(weights []float64) {
	s.mass = make([]float64, len(s.given))
	for i, g := range s.given {
		s.mass[i] = dot(weights, g)
	}
}

// means are E[f | k], K×r.
func (s seen) means() [][]float64 {
	out := table(len(s.given[0]), len(s.values[0]))
	for i, v := range s.values {
		for k, p := range s.given[i] {
			for j, x := range v {
				out[k][j] += p * x
			}
		}
	}
	return out
}

// partners are, for each component, δ m_k + (1 − δ) Σ w_l m_l: the mean of what is paired with it.
func partners(delta float64, weights []float64, means [][]float64) [][]float64 {
	out := table(len(means), len(means[0]))
	for j := range out[0] {
		mean := 0.0
		for k, m := range means {
			mean += weights[k] * m[j]
		}
		for k, m := range means {
			out[k][j] = delta*m[j] + (1-delta)*mean
		}
	}
	return out
}

// attract adds times E f(x)·g(x̂) to a loss, and its derivatives by the values at each node to those of f and g.
func attract(times, delta float64, weights []float64, f, g seen, byF, byG [][]float64) (value float64) {
	left, right := f.means(), g.means()
	toF, toG := partners(delta, weights, right), partners(delta, weights, left)
	for k := range left {
		value += times * weights[k] * dot(left[k], toF[k])
	}
	add := func(s seen, to, by [][]float64) {
		for i, g := range s.given {
			for k, p := range g {
				x := times * weights[k] * p
				for j := range by[i] {
					by[i][j] += x * to[k][j]
				}
			}
		}
	}
	add(f, toF, byF)
	add(g, toG, byG)
	return value
}

// partition is E_x log E_y e^{f(x)·g(y)}, and adds its derivatives.
func partition(f, g seen, byF, byG [][]float64) (value float64) {
	if t, ok := newTable(f, g); ok {
		return t.partition(byF, byG)
	}
	r := len(f.values[0])
	flat, logarithms := make([]float64, len(g.values)*r), g.logarithms()
	for j, y := range g.values {
		copy(flat[j*r:], y)
	}
	back := make([]float64, len(flat)) // derivatives by g
	row, mean := make([]float64, len(g.values)), make([]float64, r)
	for i, x := range f.values {
		p := f.mass[i]
		if p < negligible {
			continue
		}
		top := -infinity
		for j := range row {
			s := logarithms[j]
			for l, a := range x {
				s += a * flat[j*r+l]
			}
			row[j] = s
			top = max(top, s)
		}
		sum := 0.0
		for j, s := range row {
			row[j] = 0
			if s -= top; s > lost {
				row[j] = math.Exp(s)
				sum += row[j]
			}
		}
		value += p * (top + math.Log(sum))
		clear(mean)
		for j, e := range row {
			e /= sum
			for l := range mean {
				mean[l] += e * flat[j*r+l]
				back[j*r+l] += p * e * x[l]
			}
		}
		for l, m := range mean {
			byF[i][l] += p * m
		}
	}
	for j := range byG {
		for l := range byG[j] {
			byG[j][l] += back[j*r+l]
		}
	}
	return value
}

// logarithms are those of the masses.
func (s seen) logarithms() []float64 {
	out := make([]float64, len(s.mass))
	for j, p := range s.mass {
		out[j] = math.Log(p)
	}
	return out
}

// lost is an exponent that no sum beside 1 shows.
const lost = -50

// square is E(f(x)·g(y))², and adds its derivatives.
func square(f, g seen, byF, byG [][]float64) (value float64) {
	a, b := f.second(), g.second()
	for i, row := range a {
		value += dot(row, b[i])
	}
	add := func(s seen, second, by [][]float64) {
		for i, v := range s.values {
			for l := range v {
				by[i][l] += 2 * s.mass[i] * dot(second[l], v)
			}
		}
	}
	add(f, b, byF)
	add(g, a, byG)
	return value
}

// second is E f fᵀ.
func (s seen) second() [][]float64 {
	r := len(s.values[0])
	out := table(r, r)
	for i, v := range s.values {
		for a, x := range v {
			for b, y := range v {
				out[a][b] += s.mass[i] * x * y
			}
		}
	}
	return out
}
