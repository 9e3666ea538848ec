package network

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// Value is a number with an estimate of its error.
type Value struct{ Value, Error float64 }

// Margin is by how much an inequality holds, left − right, with an estimate of its error.
type Margin struct{ Left, Right, Error float64 }

// Value is left − right.
func (m Margin) Value() float64 { return m.Left - m.Right }

// Verdict is Undecided where the margin is not beyond its error.
func (m Margin) Verdict() oracle.Verdict {
	switch {
	case m.Value() > m.Error:
		return oracle.Holds
	case m.Value() < -m.Error:
		return oracle.Refuted
	}
	return oracle.Undecided
}

const (
	// safety multiplies the difference of the two rules: the finer one is the better by far more.
	safety = 4
	// rounding is the relative error of sums of up to 10⁴ exponentials, each of some roundings.
	rounding = 1e-13
)

// estimated computes by both rules.
func estimated(f func(rule) float64) Value {
	rough, good := f(coarse), f(fine)
	return Value{good, safety*math.Abs(good-rough) + rounding*(1+math.Abs(good))}
}

// compared computes both sides of an inequality by both rules.
func compared(sides func(rule) (left, right float64)) Margin {
	left, right := sides(fine)
	roughLeft, roughRight := sides(coarse)
	return Margin{left, right, safety*math.Abs((left-right)-(roughLeft-roughRight)) + rounding*(1+math.Abs(left)+math.Abs(right))}
}

// Loss is the InfoNCE loss of infinitely many negatives of two towers under p, nats,
//
//	L(f, g) = −E f(x)·g(x̂) + E_x log E_y e^{f(x)·g(y)},
//
// of one tower if f and g are the same. It refuses nets that do not fit, more than two neurons, and what is not one modality with a shared covariance.
func Loss(p gmm.Pairs, f, g Net) (Value, error) {
	x, err := preactivations(p, f)
	if err != nil {
		return Value{}, err
	}
	y, err := preactivations(p, g)
	if err != nil {
		return Value{}, err
	}
	return estimated(func(r rule) float64 { return loss(p.Delta(), x.weights, f.seen(r, x), g.seen(r, y)) }), nil
}

// tower is an encoder of finitely many values.
type tower struct {
	values [][]float64 // n×r
	given  [][]float64 // n×K: the probability of each value given each component
}

// seen is f on the nodes of the law of its preactivations.
func (f Net) seen(r rule, l law) tower {
	var both mat.SymDense
	both.AddSym(l.signal, l.noise)
	return f.on(r.nodes(l.means, &both, f.Activation.Kinked))
}

// on is f on nodes, those where the hidden layer has the same values joined: a threshold neuron has two.
func (f Net) on(nodes []node) (t tower) {
	known := map[[2]float64]int{}
	for _, n := range nodes {
		var hidden [2]float64
		for j, x := range n.t {
			hidden[j] = f.Activation.At(x)
		}
		if i, ok := known[hidden]; ok {
			for k, p := range n.given {
				t.given[i][k] += p
			}
			continue
		}
		known[hidden] = len(t.values)
		t.values, t.given = append(t.values, f.outputs(hidden[:])), append(t.given, slices.Clone(n.given))
	}
	return t
}

// means are E[f | k], K×r.
func (t tower) means() [][]float64 {
	out := make([][]float64, len(t.given[0]))
	for k := range out {
		out[k] = make([]float64, len(t.values[0]))
		for i, v := range t.values {
			for j := range v {
				out[k][j] += t.given[i][k] * v[j]
			}
		}
	}
	return out
}

// probabilities are those of the values.
func (t tower) probabilities(weights []float64) []float64 {
	out := make([]float64, len(t.given))
	for i, g := range t.given {
		out[i] = dot(weights, g)
	}
	return out
}

// loss is L(f, g), by its definition, of towers of finitely many values.
func loss(delta float64, weights []float64, f, g tower) float64 {
	p, q := f.probabilities(weights), g.probabilities(weights)
	value := -attraction(delta, weights, f.means(), g.means())
	for i, x := range f.values {
		z := 0.0
		for j, y := range g.values {
			z += q[j] * math.Exp(dot(x, y))
		}
		value += p[i] * math.Log(z)
	}
	return value
}

// attraction is E f(x)·g(x̂) = δ Σ w_k f_k·g_k + (1 − δ) f̄·ḡ.
func attraction(delta float64, weights []float64, f, g [][]float64) (value float64) {
	for k := range f {
		value += delta * weights[k] * dot(f[k], g[k])
		for l := range g {
			value += (1 - delta) * weights[k] * weights[l] * dot(f[k], g[l])
		}
	}
	return value
}

func dot(x, y []float64) (sum float64) {
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

func norm(x []float64) float64 { return math.Sqrt(dot(x, x)) }

func root(x float64) float64 { return math.Sqrt(max(x, 0)) }

// symmetric is a square matrix that is symmetric but for rounding.
func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return s
}
