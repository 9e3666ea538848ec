package network

import (
	"errors"
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Spectral compares the least spectral loss of one tower Bh(x) with r outputs, h = σ(Wx + b) the hidden layer of f, over all B, with the average of that of the layer whose noise is frozen, h_u(p) = h(p + u):
//
//	min_B −2 E Bh·Bĥ + E(Bh(x)·Bh(y))² = −Σ_{i ≤ r} λ_i(Λ)²,   Λ = RᵀJᵀS⁺JR,   J = [E(h|k)]_k,   S = E hhᵀ,   RRᵀ = δ diag(w) + (1 − δ) wwᵀ,
//
// is at least the average over u. A frozen layer sees P_c x alone, with other biases. V and C of f are not used.
func Spectral(p gmm.Pairs, f Net, r int) (Margin, error) {
	return spectral(p, f, r, func(rule rule, f Net, l law) []frozen { return f.frozen(rule, l) })
}

func spectral(p gmm.Pairs, f Net, outputs int, freeze func(rule, Net, law) []frozen) (Margin, error) {
	l, err := preactivations(p, f)
	if err != nil {
		return Margin{}, err
	}
	if outputs < 1 {
		return Margin{}, errors.New("network: expected at least one output")
	}
	var both mat.SymDense
	both.AddSym(l.signal, l.noise)
	return compared(func(r rule) (left, right float64) {
		for _, u := range freeze(r, f, l) {
			right += u.probability * f.least(p.Delta(), l.weights, u.nodes, outputs)
		}
		return f.least(p.Delta(), l.weights, r.nodes(l.means, &both, f.Activation.Kinked), outputs), right
	}), nil
}

// least is −Σ_{i ≤ r} λ_i². The eigenvalues of Λ that are not 0 are those of S^{+½}JRRᵀJᵀS^{+½}, which is h×h.
func (f Net) least(delta float64, weights []float64, nodes []node, outputs int) float64 {
	h, hidden := len(f.W), f.hidden(nodes)
	means := hidden.means()
	moment, pair := mat.NewSymDense(h, nil), mat.NewSymDense(h, nil)
	p := hidden.probabilities(weights)
	for i := range h {
		for j := i; j < h; j++ {
			second := 0.0
			for n, v := range hidden.values {
				second += p[n] * v[i] * v[j]
			}
			moment.SetSym(i, j, second)
			pair.SetSym(i, j, attraction(delta, weights, coordinate(means, i), coordinate(means, j)))
		}
	}
	half := inverseRoot(moment)
	var product mat.Dense
	product.Mul(half, pair)
	product.Mul(&product, half)
	var eigen mat.EigenSym
	eigen.Factorize(symmetric(&product), false)
	values := eigen.Values(nil)
	slices.Reverse(values)
	value := 0.0
	for _, x := range values[:min(outputs, h)] {
		value -= x * x
	}
	return value
}

// hidden is the tower of the hidden layer itself.
func (f Net) hidden(nodes []node) (t tower) {
	for _, n := range nodes {
		v := make([]float64, len(n.t))
		for j := range v {
			v[j] = f.Activation.At(n.t[j])
		}
		t.values, t.given = append(t.values, v), append(t.given, n.given)
	}
	return t
}

// inverseRoot is S^{+½}; eigenvalues that are rounding are 0.
func inverseRoot(s *mat.SymDense) *mat.Dense {
	h := s.SymmetricDim()
	var eigen mat.EigenSym
	var vectors, scaled, out mat.Dense
	eigen.Factorize(s, true)
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	scaled.Apply(func(_, j int, x float64) float64 {
		if values[j] <= clear*values[h-1] {
			return 0
		}
		return x / math.Sqrt(values[j])
	}, &vectors)
	out.Mul(&scaled, vectors.T())
	return &out
}

// coordinate is one of every mean, K×1.
func coordinate(means [][]float64, j int) (out [][]float64) {
	for _, m := range means {
		out = append(out, m[j:j+1])
	}
	return out
}
