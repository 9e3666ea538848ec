package kernel

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Neurons is a net of one hidden layer, f(x) = Σ_j v_j erf(w_j·x + b_j), in the coordinates of x: h neurons with biases, r outputs without.
type Neurons struct {
	W [][]float64 // h×s, of a grid; h×d of InOriginal
	B []float64   // h
	V [][]float64 // h×r
}

// Stationary is the best stationary point that was found of nets on a grid. Nothing says that there is no better one.
type Stationary struct {
	Neurons
	// Loss is that on the grid, GradientNorm that of all numbers of the net.
	Loss, GradientNorm float64
	// Starts are the descents that were made.
	Starts int
}

// NeuronOptions steer MinimiseNeurons.
type NeuronOptions struct {
	// Hidden and Outputs are h and r, ≥ 1; Starts is the number of random starts, ≥ 1.
	Hidden, Outputs, Starts int
	Seed                    uint64
	// From, if not nil, is another start: a smaller net, beside neurons that do nothing.
	From *Neurons
}

// MinimiseNeurons looks for the erf net of least InfoNCE loss: descents from random starts on a rough grid, the best of them continued on a fine one of the same pairs. Gaussian smoothing maps erf nets to erf nets, so the best reads S_c alone, and a grid has it.
func MinimiseNeurons(coarse, fine *Grid, o NeuronOptions) Stationary {
	q := neurons{coarse, o.Hidden, o.Outputs}
	starts := make([][]float64, 0, o.Starts+1)
	if o.From != nil {
		starts = append(starts, q.embedded(*o.From, rand.New(rand.NewPCG(o.Seed, 1<<32))))
	}
	for i := range o.Starts {
		starts = append(starts, q.random(rand.New(rand.NewPCG(o.Seed, uint64(i)))))
	}
	best, least := starts[0], math.Inf(1)
	for _, start := range starts {
		if found, value, _ := q.descend(start, rough); value < least {
			best, least = found, value
		}
	}
	q.Grid = fine
	found, value, slope := q.descend(best, optimize.Settings{GradientThreshold: settled, FuncEvaluations: mostEvaluations})
	return Stationary{q.net(found), value, slope, len(starts)}
}

// neurons is the loss of nets as a function of their numbers: w row by row, then b, then v row by row.
type neurons struct {
	*Grid
	h, r int
}

func (q neurons) size() int { return q.h * (q.dimension() + 1 + q.r) }

// parts of the numbers of a net.
func (q neurons) parts(z []float64) (w, b, v []float64) {
	end := q.h * q.dimension()
	return z[:end], z[end : end+q.h], z[end+q.h:]
}

func (q neurons) net(z []float64) (f Neurons) {
	w, b, v := q.parts(z)
	s := q.dimension()
	for j := range q.h {
		f.W, f.B, f.V = append(f.W, append([]float64(nil), w[j*s:(j+1)*s]...)), append(f.B, b[j]), append(f.V, append([]float64(nil), v[j*q.r:(j+1)*q.r]...))
	}
	return f
}

// random is a net whose neurons change where the mixture is.
func (q neurons) random(src *rand.Rand) []float64 {
	z := make([]float64, q.size())
	w, b, v := q.parts(z)
	s := q.dimension()
	for j := range q.h {
		row, square := w[j*s:(j+1)*s], 0.0
		for i := range row {
			row[i] = src.NormFloat64()
			square += row[i] * row[i]
		}
		scale := math.Exp(1.5*src.Float64()-1) / math.Sqrt(square)
		mean := q.Means[src.IntN(len(q.Means))]
		for i := range row {
			row[i] *= scale
			b[j] -= row[i] * (mean[i] + src.NormFloat64())
		}
	}
	for i := range v {
		v[i] = src.NormFloat64()
	}
	return z
}

// embedded is a smaller net beside random neurons of small weight.
func (q neurons) embedded(f Neurons, src *rand.Rand) []float64 {
	z := q.random(src)
	w, b, v := q.parts(z)
	const small = 0.1
	for i := range v {
		v[i] *= small
	}
	for j := range f.W {
		copy(w[j*q.dimension():], f.W[j])
		b[j] = f.B[j]
		clear(v[j*q.r : (j+1)*q.r])
		copy(v[j*q.r:], f.V[j])
	}
	return z
}

// at is the loss and its gradient; +Inf where it overflows.
func (q neurons) at(z []float64) (value float64, gradient []float64) {
	n, s, r := len(q.Weights), q.dimension(), q.r
	w, b, v := q.parts(z)
	hidden, slope, f := make([]float64, n*q.h), make([]float64, n*q.h), make([]float64, n*r)
	for i, x := range q.Nodes {
		for j := range q.h {
			t := b[j]
			for a := range s {
				t += w[j*s+a] * x[a]
			}
			hidden[i*q.h+j], slope[i*q.h+j] = math.Erf(t), 2/math.SqrtPi*math.Exp(-t*t)
			for a := range r {
				f[i*r+a] += v[j*r+a] * hidden[i*q.h+j]
			}
		}
	}
	value, by := q.plain(f, r)
	gradient = make([]float64, len(z))
	gw, gb, gv := q.parts(gradient)
	for i, x := range q.Nodes {
		for j := range q.h {
			back := 0.0
			for a := range r {
				gv[j*r+a] += by[i*r+a] * hidden[i*q.h+j]
				back += by[i*r+a] * v[j*r+a]
			}
			back *= slope[i*q.h+j]
			gb[j] += back
			for a := range s {
				gw[j*s+a] += back * x[a]
			}
		}
	}
	return value, gradient
}

// plain is the loss of values f, n×r, with nothing beside them, and its gradient.
func (g *Grid) plain(f []float64, r int) (value float64, gradient []float64) {
	n := len(g.Weights)
	e, z := make([]float64, n*n), make([]float64, n)
	for i := range n {
		for j := range i + 1 {
			score := 0.0
			for a := range r {
				score += f[i*r+a] * f[j*r+a]
			}
			x := math.Exp(score)
			e[i*n+j] = x
			z[i] += g.Weights[j] * x
			if j < i {
				z[j] += g.Weights[i] * x
			}
		}
	}
	partners, _ := g.partners(f, r)
	gradient = make([]float64, len(f))
	for i, w := range g.Weights {
		value += w * math.Log(z[i])
		for a := range r {
			value -= w * f[i*r+a] * partners[i*r+a]
			gradient[i*r+a] -= 2 * w * partners[i*r+a]
		}
		for j := range i + 1 {
			q := w * g.Weights[j] * e[i*n+j] * (1/z[i] + 1/z[j])
			for a := range r {
				gradient[i*r+a] += q * f[j*r+a]
				if j < i {
					gradient[j*r+a] += q * f[i*r+a]
				}
			}
		}
	}
	return value, gradient
}

// rough are the settings of descents of which the best alone is continued.
var rough = optimize.Settings{GradientThreshold: 1e-5, FuncEvaluations: 120}

// descend ends at a stationary point, or where a line search finds nothing less.
func (q neurons) descend(start []float64, settings optimize.Settings) (found []float64, value, slope float64) {
	const overflowed = 1e100
	var seen, gradient []float64
	see := func(z []float64) {
		if seen != nil && equal(seen, z) {
			return
		}
		seen = append(seen[:0], z...)
		if value, gradient = q.at(z); math.IsNaN(value) || value > overflowed {
			value = overflowed
			clear(gradient)
		}
	}
	problem := optimize.Problem{
		Func: func(z []float64) float64 { see(z); return value },
		Grad: func(into, z []float64) { see(z); copy(into, gradient) },
	}
	settings.Converger = optimize.NeverTerminate{}
	result, _ := optimize.Minimize(problem, start, &settings, &optimize.BFGS{}) // a line search that ends at rounding has found what there is
	see(result.X)
	return append([]float64(nil), result.X...), value, mat.Norm(mat.NewVecDense(len(gradient), gradient), 2)
}

// InOriginal is the net on the points of the mixture that a grid is of, in original coordinates.
func (f Neurons) InOriginal(g *Grid) Neurons {
	d, s := g.read.Dims()
	out := Neurons{V: f.V}
	for j, row := range f.W {
		w, b := make([]float64, d), f.B[j]
		for i := range w {
			for a := range s {
				w[i] += g.read.At(i, a) * row[a]
			}
			b -= w[i] * g.origin[i]
		}
		out.W, out.B = append(out.W, w), append(out.B, b)
	}
	return out
}

// At are the outputs of the net at x.
func (f Neurons) At(x []float64) []float64 {
	out := make([]float64, len(f.V[0]))
	for j, row := range f.W {
		t := f.B[j]
		for a := range row {
			t += row[a] * x[a]
		}
		for i, v := range f.V[j] {
			out[i] += v * math.Erf(t)
		}
	}
	return out
}
