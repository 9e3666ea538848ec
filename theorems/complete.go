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

// encoded gives representations of r columns: one, or of two modalities one for each. The mixture is then measured in units of its own, in which they are within an order of 1.
func encoded(r int) func(*Case, uint64) {
	return func(c *Case, seed uint64) {
		if c.A != nil {
			return
		}
		c.Pairs = c.memory.inUnits(c.Pairs)
		c.A = moderate(c.Pairs.Left, r, generators.ExampleSeed("A", seed, 0))
		if c.Pairs.Modalities() == 2 {
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
			c.Other.Scale(size(c.A), c.Other)
		}
	}
}

// size is about that of the entries of a representation of the file, beside one that is drawn: 1 for a drawn one.
func size(a *mat.Dense) float64 {
	if largest := mat.Max(a) - mat.Min(a); largest > 0 {
		return math.Exp2(math.Round(math.Log2(largest)))
	}
	return 1
}

// moderate draws a representation whose columns Aᵀx have second moments of about a quarter at most where those of x are about 1, so that exp(xᵀMy) can be sampled. Its entries are dyadic.
func moderate(m *gmm.Mixture, r, seed int) *mat.Dense {
	a := generators.Representation(m.Dimension(), r).Example(seed)
	a.Scale(powerOfTwo(float64(m.Dimension())), a)
	return a
}

// powerOfTwo is near 1/√x.
func powerOfTwo(x float64) float64 { return math.Exp2(math.Round(-math.Log2(x) / 2)) }

// inUnits measures every coordinate in a power of two near the root of its second moment. No claim that is about every representation depends on units.
func inUnits(m *gmm.Mixture) (*gmm.Mixture, error) {
	units := make([]*big.Rat, m.Dimension())
	means, weights := m.Means(), m.Weights()
	for i := range units {
		var second float64
		for k, w := range weights {
			second += w * (m.Own(k).At(i, i) + means.At(k, i)*means.At(k, i))
		}
		units[i] = new(big.Rat).SetFloat64(powerOfTwo(second))
	}
	scaled := func(rows [][]*big.Rat, by func(i, j int, x *big.Rat) *big.Rat) (out [][]*big.Rat) {
		for i, row := range rows {
			out = append(out, make([]*big.Rat, len(row)))
			for j, x := range row {
				out[i][j] = by(i, j, x)
			}
		}
		return out
	}
	covariance := func(i, j int, x *big.Rat) *big.Rat {
		y := new(big.Rat).Mul(x, units[i])
		return y.Mul(y, units[j])
	}
	e := m.Exact()
	e.Means = scaled(e.Means, func(_, i int, x *big.Rat) *big.Rat { return new(big.Rat).Mul(x, units[i]) })
	if e.Covariances == nil {
		e.Covariance = scaled(e.Covariance, covariance)
		return gmm.NewExact(e)
	}
	e.Covariance = nil
	own := make([][][]*big.Rat, len(e.Covariances))
	for k, rows := range e.Covariances {
		own[k] = scaled(rows, covariance)
	}
	e.Covariances = own
	return gmm.NewExact(e)
}

// transformed gives a representation and a change of coordinates.
func transformed(c *Case, seed uint64) {
	encoded(2)(c, seed)
	if c.Transform != nil {
		return
	}
	c.Transform = generators.Transformation(c.Pairs.Left.Dimension()).Example(generators.ExampleSeed("T", seed, 0))
}

// predicting gives a representation and an invertible predictor.
func predicting(c *Case, seed uint64) {
	encoded(2)(c, seed)
	if c.Predictor != nil {
		return
	}
	_, r := c.A.Dims()
	c.Predictor = generators.Transformation(r).Example(generators.ExampleSeed("W", seed, 0))
}

// columns gives a number of columns, as a function of the mixture.
func columns(of func(*gmm.Mixture) int) func(*Case, uint64) {
	return func(c *Case, _ uint64) {
		if c.Columns == 0 {
			c.Columns = of(c.Pairs.Left)
		}
	}
}

// evenly gives the weight and the rate at the threshold λt = 1.
func evenly(c *Case, _ uint64) {
	if c.Weight != nil {
		return
	}
	c.Pairs = c.memory.inUnits(c.Pairs)
	c.Weight, c.Rate = big.NewRat(1, 1), big.NewRat(1, 1)
}

// towers gives n networks of one neuron and one output, of one of the activations. The neuron reads every coordinate, and fires about as often as not, so that what it reads shows in the loss.
func towers(n int, activations []network.Activation) func(*Case, uint64) {
	return func(c *Case, seed uint64) {
		if c.Nets != nil {
			return
		}
		c.Pairs = c.memory.inUnits(c.Pairs)
		m := c.Pairs.Left
		drawn := rapid.Custom(func(t *rapid.T) []network.Net {
			var nets []network.Net
			for range n {
				nets = append(nets, net(t, activations, m.Dimension(), 1, 1))
			}
			return nets
		}).Example(generators.ExampleSeed("net", seed, 0))
		const least, part = 0.5, 4
		for _, f := range drawn {
			for j, w := range f.W {
				f.B[j] /= part
				for i, x := range w {
					if x == 0 {
						w[i] = least
					}
				}
			}
		}
		c.Nets, c.Columns = drawn, 1
	}
}
