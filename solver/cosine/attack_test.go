//go:build attack

package cosine_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/solver/cosine"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// The search is never worse than a long L-BFGS of its own, by differences of values over all of A, from 50 starts, on 30 mixtures of two and three components whose means span a line or a plane.
func TestMinimiseAgainstLongDescents(t *testing.T) {
	const problems, starts, columns, dimension = 30, 50, 2, 3
	better, equal := 0, 0
	for problem := range problems {
		rng := rand.New(rand.NewPCG(uint64(problem), 77))
		components, fisher := 2+problem%2, 1+problem/2%2
		var weights, means []string
		for range components {
			mean := []string{"0", "0", "0"}
			for i := range fisher {
				mean[i] = fmt.Sprintf("%.3f", 2*rng.NormFloat64())
			}
			means, weights = append(means, "["+quoted(mean)+"]"), append(weights, fmt.Sprint(1+rng.IntN(4)))
		}
		p := pairs(t, fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": "%d/4"}`, strings.Join(weights, ","), strings.Join(means, ","), 1+rng.IntN(4)))
		τ := math.Exp2(rng.Float64()*4 - 3)
		l := cosine.InfoNCE(τ)
		if problem%3 == 2 {
			l = cosine.Sigmoid(1, cosine.Bias{}, τ)
		}
		found, err := cosine.Minimise(l, p, cosine.Options{Columns: columns})
		if err != nil {
			t.Fatal(err)
		}
		of := func(θ []float64) float64 {
			e, err := cosine.Evaluate(l, p, mat.NewDense(dimension, columns, θ))
			if errors.Is(err, cosine.ErrNarrow) || errors.Is(err, cosine.ErrColumns) {
				return math.Inf(1)
			}
			return e.Value
		}
		least := math.Inf(1)
		for range starts {
			start := make([]float64, dimension*columns)
			for i := range start {
				start[i] = rng.NormFloat64()
			}
			gradient := func(into, θ []float64) { fd.Gradient(into, of, θ, &fd.Settings{Formula: fd.Central, Step: 1e-5}) }
			result, _ := optimize.Minimize(optimize.Problem{Func: of, Grad: gradient}, start, &optimize.Settings{MajorIterations: 200}, new(optimize.LBFGS))
			if result != nil {
				least = min(least, result.F)
			}
		}
		switch gap := least - found.Best.Value; {
		case gap < -1e-9:
			t.Errorf("problem %d, τ = %.3g, %#v: the search found %.12g, long descents %.12g", problem, τ, p, found.Best.Value, least)
		case gap > 1e-9:
			better++
		default:
			equal++
		}
	}
	t.Logf("%d problems: %d equal, in %d the search is better", problems, equal, better)
}

func quoted(x []string) string { return `"` + strings.Join(x, `", "`) + `"` }
