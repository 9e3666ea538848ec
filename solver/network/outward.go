package network

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// second is the second-order form of a loss out of the subspace at a net that sees it alone, of which the hidden weights on one direction of noise are e_j,
//
//	½d²L = ½ Σ_j e_j² ⟨∇L(f), V_jσ''(t_j)⟩ + N(e),
//	N(e) = ½ E_x Ê_{y|x}(f(x)·n(y))² + ½ E_x n(x)ᵀ Cov_{y|x}(f) n(x),   n = Σ_j e_j V_jσ'(t_j) ξ,  ξ ∼ N(0, 1) apart for x and y,
//
// of InfoNCE, with Ê and Cov under the tilt e^{f(x)·f(y)}/Z; of the spectral loss N(e) = 2E(f(x)·n(y))². N is what noise costs; the first term, where it is negative, what
// smoothing gains.
type second struct {
	smoothing []float64     // h: the ½⟨∇L(f), V_jσ''(t_j)⟩
	cost      *mat.SymDense // h×h
}

// errUnseen says that a form is not computed.
var errUnseen = errors.New("network: expected hidden weights that see something")

// curvature is the form at θ, of a problem without noise.
func (q *problem) curvature(θ []float64) (second, error) {
	w, _, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return second{}, err
	}
	t := q.tower(θ, v)
	g, ok := q.nodes(t, v, q.most)
	if !ok || g.n == 0 {
		return second{}, errUnseen
	}
	s, _, slopes := t.see(g, q.weights)
	form := second{smoothing: make([]float64, q.Hidden), cost: mat.NewSymDense(q.Hidden, nil)}
	pull := q.pull(s)
	if q.Activation.kinked {
		q.onKinks(t, v, pull, form.smoothing)
	} else {
		q.bends(t, g, s, pull, form.smoothing)
	}
	q.noiseCost(t, s, slopes, form.cost)
	return form, nil
}

// pull is the derivative of the loss by the value F of f at a point of component k, times w_k:
//
//	InfoNCE   −2m_k + E_{y|F} f + E f e^{f·F}/Z(f)
//	Spectral  −4m_k + 4 E[ffᵀ]F
func (q *problem) pull(s seen) func(value []float64, into [][]float64) {
	to := partners(q.delta, q.weights, s.means())
	r := q.Outputs
	if q.kind == Spectral {
		moment := s.second()
		return func(value []float64, into [][]float64) {
			for k, w := range q.weights {
				for l := range r {
					into[k][l] = w * (4*dot(moment[l], value) - 4*to[k][l])
				}
			}
		}
	}
	times := -q.kind.attraction() / 2
	logarithms := make([]float64, len(s.values))
	tilt := s.tilt()
	weights := make([]float64, len(s.values))
	for i, x := range s.values {
		logarithms[i] = tilt(x, weights)
	}
	both := make([]float64, r)
	return func(value []float64, into [][]float64) {
		clear(both)
		tilt(value, weights)
		for i, x := range s.values {
			p := weights[i] + s.mass[i]*math.Exp(dot(x, value)-logarithms[i])
			for l, y := range x {
				both[l] += p * y
			}
		}
		for k, w := range q.weights {
			for l := range r {
				into[k][l] = times * w * (both[l] - 2*to[k][l])
			}
		}
	}
}

// onKinks adds the gains of neurons with a kink, where σ” is the jump of the slope, a point mass.
func (q *problem) onKinks(t tower, v view, pull func([]float64, [][]float64), into []float64) {
	hidden, slopes, value, by := make([]float64, q.Hidden), make([]float64, q.Hidden), make([]float64, q.Outputs), table(len(q.weights), q.Outputs)
	jump := q.Activation.right - q.Activation.left
	for j, u := range t.u {
		size := norm(u)
		if size == 0 {
			continue
		}
		q.along(t, v, j, func(y []float64, weight float64) {
			t.at(y, hidden, slopes, value)
			pull(value, by)
			for k, mean := range v.means {
				density := weight * jump / size
				for i, a := range mean {
					density *= bell(y[i] - a)
				}
				into[j] += density * dot(t.v[j], by[k]) / 2
			}
		})
	}
}

// bends adds the gains of smooth neurons, σ” by differences of σ'.
func (q *problem) bends(t tower, g grid, s seen, pull func([]float64, [][]float64), into []float64) {
	by := table(len(q.weights), q.Outputs)
	const step = 1e-4
	for i, value := range s.values {
		pull(value, by)
		for j, u := range t.u {
			at := t.b[j] + dot(u, g.x[i*g.n:(i+1)*g.n])
			_, up := q.Activation.At(at + step)
			_, down := q.Activation.At(at - step)
			for k, p := range s.given[i] {
				into[j] += p * dot(t.v[j], by[k]) * (up - down) / (4 * step)
			}
		}
	}
}

// noiseCost adds N.
func (q *problem) noiseCost(t tower, s seen, slopes []float64, into *mat.SymDense) {
	h, r := q.Hidden, q.Outputs
	add := func(weight float64, at []float64, along []float64) { // weight/2 (Σ_j e_j σ'_j a_j)²
		for j := range h {
			for l := j; l < h; l++ {
				into.SetSym(j, l, into.At(j, l)+weight/2*at[j]*along[j]*at[l]*along[l])
			}
		}
	}
	along := make([]float64, h)
	if q.kind == Spectral {
		moment := s.second()
		var factor mat.EigenSym
		m := mat.NewSymDense(r, nil)
		for i := range r {
			for l := i; l < r; l++ {
				m.SetSym(i, l, moment[i][l])
			}
		}
		if !factor.Factorize(m, true) {
			return
		}
		var vectors mat.Dense
		factor.VectorsTo(&vectors)
		for l, λ := range factor.Values(nil) {
			for j := range h {
				along[j] = dot(t.v[j], mat.Col(nil, l, &vectors))
			}
			for i := range s.values {
				add(4*s.mass[i]*λ, slopes[i*h:(i+1)*h], along) // n(x) of either point
			}
		}
		return
	}
	times := -q.kind.attraction() / 2
	tilt, weights, mean := s.tilt(), make([]float64, len(s.values)), make([]float64, r)
	covariance := table(r, r)
	for i, x := range s.values {
		if s.mass[i] < negligible {
			continue
		}
		tilt(x, weights)
		for j := range h {
			along[j] = dot(t.v[j], x)
		}
		clear(mean)
		for j, y := range s.values {
			for l := range mean {
				mean[l] += weights[j] * y[l]
			}
			add(times*s.mass[i]*weights[j], slopes[j*h:(j+1)*h], along)
		}
		for a := range r {
			for b := range r {
				covariance[a][b] = 0
				for j, y := range s.values {
					covariance[a][b] += weights[j] * (y[a] - mean[a]) * (y[b] - mean[b])
				}
			}
		}
		for j := range h {
			for l := j; l < h; l++ {
				c := 0.0
				for a := range r {
					c += t.v[j][a] * dot(covariance[a], t.v[l])
				}
				into.SetSym(j, l, into.At(j, l)+times*s.mass[i]/2*c*slopes[i*h+j]*slopes[i*h+l])
			}
		}
	}
}

// least is the least eigenvalue of 2(smoothing + cost), the Hessian along weights on noise.
func (f second) least() float64 {
	h := len(f.smoothing)
	whole := mat.NewSymDense(h, nil)
	for i := range h {
		for j := i; j < h; j++ {
			whole.SetSym(i, j, 2*f.cost.At(i, j))
		}
		whole.SetSym(i, i, whole.At(i, i)+2*f.smoothing[i])
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(whole, false) {
		return math.NaN()
	}
	return eigen.Values(nil)[0]
}

// ratio is the most that smoothing gains beside what noise costs, over all weights on noise: beyond 1 a little noise lowers the loss. Neurons that no noise through
// them costs anything, as they are dead, are left out.
func (f second) ratio() float64 {
	h := len(f.smoothing)
	scale, live := make([]float64, h), 0
	for j := range h {
		if c := f.cost.At(j, j); c > 1e-14 {
			scale[j] = 1 / math.Sqrt(c)
			live++
		}
	}
	if live == 0 {
		return math.NaN()
	}
	cost := mat.NewSymDense(h, nil)
	for i := range h {
		for j := i; j < h; j++ {
			cost.SetSym(i, j, scale[i]*f.cost.At(i, j)*scale[j])
		}
		if scale[i] == 0 {
			cost.SetSym(i, i, 1)
		}
	}
	var factor mat.EigenSym
	if !factor.Factorize(cost, true) {
		return math.NaN()
	}
	var vectors mat.Dense
	factor.VectorsTo(&vectors)
	root := mat.NewDense(h, h, nil) // of the inverse
	for i, λ := range factor.Values(nil) {
		const thin = 1e-10
		for j := range h {
			root.Set(j, i, vectors.At(j, i)*scale[j]/math.Sqrt(max(λ, thin)))
		}
	}
	gain := mat.NewDense(h, h, nil)
	gain.Apply(func(i, l int, _ float64) float64 {
		sum := 0.0
		for j := range h {
			sum -= root.At(j, i) * f.smoothing[j] * root.At(j, l)
		}
		return sum
	}, gain)
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric(gain), false) {
		return math.NaN()
	}
	return eigen.Values(nil)[h-1]
}
