package cosine_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver/cosine"

	"gonum.org/v1/gonum/mat"
)

// definition estimates a loss from draws of pairs and negatives.
func definition(name string, τ float64, bias float64, s *gmm.Sampler, p gmm.Pairs, a *mat.Dense, draws int, rng *rand.Rand) (mean, deviation float64) {
	embed := func(x []float64) []float64 {
		var u mat.VecDense
		u.MulVec(a.T(), mat.NewVecDense(len(x), x))
		u.ScaleVec(1/mat.Norm(&u, 2), &u)
		return u.RawVector().Data
	}
	weights, delta := p.Weights(), p.Delta()
	pick := func() int {
		x := rng.Float64()
		for k, w := range weights {
			if x -= w; x < 0 {
				return k
			}
		}
		return len(weights) - 1
	}
	score := func(x, y []float64) (c float64) {
		for i := range x {
			c += x[i] * y[i] / τ
		}
		return c
	}
	softplus := func(t float64) float64 { return math.Log1p(math.Exp(t)) }
	var sum, squares float64
	for range draws {
		k := pick()
		partner := k
		if rng.Float64() >= delta {
			partner = pick()
		}
		x, positive := embed(s.Left(k)), embed(s.Left(partner))
		var value float64
		switch name {
		case "1 negative", "5 negatives":
			z := 1.0
			for range map[string]int{"1 negative": 1, "5 negatives": 5}[name] {
				z += math.Exp(score(x, embed(s.Left(pick()))) - score(x, positive))
			}
			value = math.Log(z)
		default:
			m := map[string]float64{"sigmoid": 2, "sigmoid, bias −1/2": 1}[name]
			value = softplus(-score(x, positive)-bias) + m*softplus(score(x, embed(s.Left(pick())))+bias)
		}
		sum += value
		squares += value * value
	}
	n := float64(draws)
	mean = sum / n
	return mean, math.Sqrt((squares/n - mean*mean) / n)
}

// Losses of finitely many negatives are what draws say, in one, two and three columns; of infinitely many the limit of N negatives less log N.
func TestDefinition(t *testing.T) {
	p := pairs(t, `{"weights": [1, 2], "means": [[1, "1/2", 0], ["-3/2", 1, "1/4"]], "covariance": [[1, "1/4", 0], ["1/4", 2, 0], [0, 0, 1]], "delta": "3/4"}`)
	rng := rand.New(rand.NewPCG(5, 6))
	sampler, err := p.NewSampler(rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	const τ = 0.7
	for columns := 1; columns <= 3; columns++ {
		a := mat.NewDense(3, columns, nil)
		a.Apply(func(i, j int, _ float64) float64 {
			return []float64{1, 0.3, -0.4, -0.2, 0.9, 0.5, 0.6, -0.1, 0.8}[3*i+j]
		}, a)
		for name, l := range kinds(τ) {
			e, err := cosine.Evaluate(l, p, a)
			if err != nil {
				t.Fatal(err)
			}
			if name == "infonce" {
				const many = 1 << 20
				far, err := cosine.Evaluate(cosine.Negatives(many, τ), p, a)
				if columns == 3 {
					continue // dear
				}
				if err != nil || math.Abs(far.Value-math.Log(many)-e.Value) > 20.0/many {
					t.Errorf("%d columns: infonce %.10g, of many negatives %.10g, %v", columns, e.Value, far.Value-math.Log(many), err)
				}
				continue
			}
			bias := e.Bias
			if math.IsNaN(bias) {
				bias = 0
			}
			mean, deviation := definition(name, τ, bias, sampler, p, a, 8000, rng)
			if off := math.Abs(mean - e.Value); off > 5*deviation {
				t.Errorf("%d columns, %s: %.6g, draws say %.6g ± %.2g", columns, name, e.Value, mean, deviation)
			}
		}
	}
}
