package curved

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// shares returns p(t) and log Σ_k exp l_k.
func (s Softmax) shares(t []float64) (p []float64, log float64) {
	p = make([]float64, len(s.Constant))
	x := mat.NewVecDense(len(t), t)
	largest := math.Inf(-1)
	for k, a := range s.Constant {
		p[k] = a + dot(s.Linear[k], t) + mat.Inner(x, s.Quadratic[k], x)/2
		largest = max(largest, p[k])
	}
	var sum float64
	for k, l := range p {
		p[k] = math.Exp(l - largest)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p, largest + math.Log(sum)
}

// slope is the gradient of the k-th logit.
func (s Softmax) slope(k int, t []float64) []float64 {
	var out mat.VecDense
	out.MulVec(s.Quadratic[k], mat.NewVecDense(len(t), t))
	for i, b := range s.Linear[k] {
		out.SetVec(i, out.AtVec(i)+b)
	}
	return out.RawVector().Data
}

// logarithm returns log p_k and its gradient.
func (s Softmax) logarithm(k int, t []float64) (value float64, gradient []float64) {
	p, log := s.shares(t)
	x := mat.NewVecDense(len(t), t)
	value = s.Constant[k] + dot(s.Linear[k], t) + mat.Inner(x, s.Quadratic[k], x)/2 - log
	gradient = s.slope(k, t)
	for l, share := range p {
		if share > 0 {
			for i, b := range s.slope(l, t) {
				gradient[i] -= share * b
			}
		}
	}
	return value, gradient
}

// objective is F(t) = power·log p_k(t) − ½|t|² with its gradient.
func (s Softmax) objective(k int, power float64, t []float64) (value float64, gradient []float64) {
	value, gradient = s.logarithm(k, t)
	value = power*value - dot(t, t)/2
	for i, x := range t {
		gradient[i] = power*gradient[i] - x
	}
	return value, gradient
}

// designPoint approaches the maximum t* of F by damped Newton steps: F is strongly concave of the given modulus, so that |t − t*| ≤ |∇F(t)|/modulus wherever they end.
func (s Softmax) designPoint(k int, power, modulus float64) (t []float64, off float64) {
	const most, settled, sufficient, shortest = 200, 1e-8, 1e-4, 0x1p-40
	t = make([]float64, len(s.Linear[k]))
	at, gradient := s.objective(k, power, t)
	for range most {
		if length(gradient) <= settled*modulus*(1+length(t)) {
			break
		}
		direction := s.newtonStep(k, power, t, gradient)
		rise, moved := dot(gradient, direction), false
		for step := 1.0; step > shortest && !moved; step /= 2 {
			next := make([]float64, len(t))
			for i, x := range t {
				next[i] = x + step*direction[i]
			}
			if value, slope := s.objective(k, power, next); value >= at+sufficient*step*rise {
				t, at, gradient, moved = next, value, slope, true
			}
		}
		if !moved {
			break
		}
	}
	return t, length(gradient) / modulus
}

// newtonStep solves −F″ d = gradient, −F″ = I − power(Q_k − Σ p_lQ_l − Cov_p(slopes)).
func (s Softmax) newtonStep(k int, power float64, t, gradient []float64) []float64 {
	q := len(t)
	p, _ := s.shares(t)
	mean := make([]float64, q)
	var slopes [][]float64
	for l, share := range p {
		slopes = append(slopes, s.slope(l, t))
		for i, b := range slopes[l] {
			mean[i] += share * b
		}
	}
	h := mat.NewSymDense(q, nil)
	for i := range q {
		for j := i; j < q; j++ {
			sum := s.Quadratic[k].At(i, j)
			for l, share := range p {
				sum -= share * (s.Quadratic[l].At(i, j) + (slopes[l][i]-mean[i])*(slopes[l][j]-mean[j]))
			}
			h.SetSym(i, j, -power*sum)
		}
		h.SetSym(i, i, h.At(i, i)+1)
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return gradient // still an ascent
	}
	out := mat.NewVecDense(q, nil)
	_ = chol.SolveVecTo(out, mat.NewVecDense(q, gradient)) // a poor condition is met by the search along the line
	return out.RawVector().Data
}

// pilotShare is the inverse part of the points of an average that a pilot takes, and mostPilot the most of them.
const pilotShare, mostPilot = 8, 1 << 13

// pilot returns n E p_k², n the points of an average and their opposites, by independent ones.
func (s Softmax) pilot(points int, source rand.Source) []float64 {
	rng := rand.New(source)
	n := min(points/pilotShare, mostPilot)
	counts, t := make([]float64, len(s.Constant)), make([]float64, len(s.Linear[0]))
	for range n {
		for i := range t {
			t[i] = rng.NormFloat64()
		}
		p, _ := s.shares(t)
		for k, x := range p {
			counts[k] += x * x
		}
	}
	for k := range counts {
		counts[k] *= 2 * float64(points) / float64(n)
	}
	return counts
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func length(a []float64) float64 { return math.Sqrt(dot(a, a)) }
