package theorems

import (
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle/network"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// What a case has besides its mixture, where a user asks about that: Subject.Complete. What the case has already, of its file, stays.

// encoded gives representations of r columns: one, or of two modalities one for each.
func encoded(r int) func(*Case, uint64) {
	return func(c *Case, seed uint64) {
		if c.A == nil {
			c.A = moderate(c.Pairs.Left, r, generators.ExampleSeed("A", seed, 0))
		}
		if c.Other == nil && c.Pairs.Modalities() == 2 {
			c.Other = moderate(c.Pairs.Right, r, generators.ExampleSeed("B", seed, 0))
		}
	}
}

// encodedTwice gives two of them to one modality.
func encodedTwice(r int) func(*Case, uint64) {
	return func(c *Case, seed uint64) {
		encoded(r)(c, seed)
		if c.Other == nil {
			c.Other = moderate(c.Pairs.Left, r, generators.ExampleSeed("B", seed, 0))
		}
	}
}

// moderate draws a representation whose columns Aᵀx have second moments of about a quarter at most, whatever the units of x, so that exp(xᵀMy) can be sampled. Its entries are dyadic.
func moderate(m *gmm.Mixture, r, seed int) *mat.Dense {
	a := generators.Representation(m.Dimension(), r).Example(seed)
	for i, scale := range scales(m) {
		for j := range r {
			a.Set(i, j, a.At(i, j)*scale)
		}
	}
	return a
}

// scales are powers of 2 near 1/√(d E x_i²).
func scales(m *gmm.Mixture) []float64 {
	out := make([]float64, m.Dimension())
	means, weights := m.Means(), m.Weights()
	for i := range out {
		var second float64
		for k, w := range weights {
			second += w * (m.Own(k).At(i, i) + means.At(k, i)*means.At(k, i))
		}
		out[i] = math.Exp2(math.Round(-math.Log2(second*float64(len(out))) / 2))
	}
	return out
}

// transformed gives a representation and a change of coordinates.
func transformed(c *Case, seed uint64) {
	encoded(2)(c, seed)
	c.Transform = generators.Transformation(c.Pairs.Left.Dimension()).Example(generators.ExampleSeed("T", seed, 0))
}

// predicting gives a representation and an invertible predictor.
func predicting(c *Case, seed uint64) {
	encoded(2)(c, seed)
	_, r := c.A.Dims()
	c.Predictor = generators.Transformation(r).Example(generators.ExampleSeed("W", seed, 0))
}

// columns gives a number of columns, as a function of the mixture.
func columns(of func(*gmm.Mixture) int) func(*Case, uint64) {
	return func(c *Case, _ uint64) { c.Columns = of(c.Pairs.Left) }
}

// evenly gives the weight and the rate at the threshold λt = 1.
func evenly(c *Case, _ uint64) { c.Weight, c.Rate = big.NewRat(1, 1), big.NewRat(1, 1) }

// towers gives n networks of one neuron and one output, of one of the activations.
func towers(n int, activations []network.Activation) func(*Case, uint64) {
	return func(c *Case, seed uint64) {
		m, scale := c.Pairs.Left, scales(c.Pairs.Left)
		drawn := rapid.Custom(func(t *rapid.T) []network.Net {
			var nets []network.Net
			for range n {
				nets = append(nets, net(t, activations, m.Dimension(), 1, 1))
			}
			return nets
		}).Example(generators.ExampleSeed("net", seed, 0))
		for _, f := range drawn {
			for _, w := range f.W {
				for i := range w {
					w[i] *= 2 * scale[i]
				}
			}
		}
		c.Nets, c.Columns = drawn, 1
	}
}
