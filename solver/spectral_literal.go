package solver

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// SpectralLiteral minimises the spectral contrastive loss L(AAᵀ) over
// representations A with r columns, as the loss is stated, over all d dimensions:
// L-BFGS from starts random points. For r ≥ s the minimum is that of the convex
// problem, and DistanceBound bounds the distance of AAᵀ to M*. For r < s it is
// +Inf. Minimiser.Rank is r, Minimiser.GradientNorm is ‖∇L(A)‖_F in whitened
// coordinates; Unconstrained is empty. It panics if r < 1 or starts < 1.
func SpectralLiteral(p gmm.Pairs, r, starts int, o Options) (Candidate, error) {
	if r < 1 || starts < 1 {
		panic(fmt.Sprintf("solver: %d columns from %d starts", r, starts))
	}
	if err := p.WantOneModality(); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.Pooled().WhitenFull()
	if err != nil {
		return Candidate{}, err
	}
	f, err := newSpectral(p.Pooled(), w)
	if err != nil {
		return Candidate{}, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	var best *mat.Dense
	least := math.Inf(1)
	for range starts {
		a, err := f.descendOver(r, rng)
		if err != nil {
			return Candidate{}, err
		}
		if value, _ := f.loss(gramOf(a)); value < least {
			best, least = a, value
		}
	}
	m := gramOf(best)
	c := f.candidate("literal", "L-BFGS over A", p.Left, m, 0)
	c.Unconstrained = Minimum{}
	c.Minimiser.Rank, c.Minimiser.GradientNorm = r, norm2(f.slope(best))
	if r < p.Left.FisherDimension().Value {
		c.Minimiser.DistanceBound = math.Inf(1)
	}
	var turned mat.Dense
	turned.Mul(f.visual.rotation, best)
	c.Minimiser.Root, c.Minimiser.Coefficients = w.Columns(p.Left, &turned), w.Coefficients(&turned)
	return c, nil
}

// slope returns ∇L(A) = 2∇L(M)A for M = AAᵀ; ∇L(M) is symmetric.
func (f *spectral) slope(a *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Mul(f.gradient(gramOf(a)), a)
	out.Scale(2, out)
	return out
}

// descendOver runs L-BFGS on the coordinates S^{½}A, in which the loss is the
// distance of a Gram matrix to a fixed one, from a random start.
func (f *spectral) descendOver(r int, rng *rand.Rand) (*mat.Dense, error) {
	d := len(f.visual.second)
	unscaled := func(x []float64) *mat.Dense {
		a := mat.NewDense(d, r, append([]float64(nil), x...))
		a.Apply(func(i, _ int, y float64) float64 { return y / math.Sqrt(f.visual.second[i]) }, a)
		return a
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			value, _ := f.loss(gramOf(unscaled(x)))
			return value
		},
		Grad: func(gradient, x []float64) {
			slope := f.slope(unscaled(x))
			for i := range d {
				for j := range r {
					gradient[i*r+j] = slope.At(i, j) / math.Sqrt(f.visual.second[i])
				}
			}
		},
	}
	start := make([]float64, d*r)
	for i := range start {
		start[i] = rng.NormFloat64() / math.Sqrt(float64(d))
	}
	const iterations = 500
	result, err := optimize.Minimize(problem, start, &optimize.Settings{GradientThreshold: 1e-10, MajorIterations: iterations}, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("solver: L-BFGS found no point: %w", err)
	}
	return unscaled(result.X), nil
}

// gramOf returns AAᵀ.
func gramOf(a *mat.Dense) *mat.Dense {
	m := new(mat.Dense)
	m.Mul(a, a.T())
	return m
}
