package network

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// descend minimises f from several starts, by the simplex method of Nelder and Mead: far from each, and to the end from the best.
func descend(starts [][]float64, f func([]float64) float64) (best []float64, value float64) {
	guarded := func(x []float64) float64 {
		if y := f(x); !math.IsNaN(y) {
			return y
		}
		return math.Inf(1)
	}
	type place struct {
		x     []float64
		value float64
	}
	const (
		few, many = 60, 300 // evaluations
		finalists = 2
	)
	run := func(from []float64, evaluations int) place {
		result, _ := optimize.Minimize(optimize.Problem{Func: guarded}, from,
			&optimize.Settings{FuncEvaluations: evaluations, Converger: &optimize.FunctionConverge{Absolute: 1e-13, Iterations: 60}}, &optimize.NelderMead{})
		if result == nil {
			return place{from, guarded(from)}
		}
		return place{result.X, result.F}
	}
	var places []place
	for _, start := range starts {
		if !math.IsInf(guarded(start), 1) {
			places = append(places, run(start, few))
		}
	}
	if len(places) == 0 {
		return starts[0], math.Inf(1)
	}
	byValue := func(a, b place) int { return cmp.Compare(a.value, b.value) }
	slices.SortStableFunc(places, byValue)
	places = places[:min(finalists, len(places))]
	for i, from := range places {
		places[i] = run(from.x, many)
	}
	found := slices.MinFunc(places, byValue)
	return found.x, found.value
}

// simplest rounds numbers to multiples of the largest 2^−j at which they keep most of a gap.
func simplest(x []float64, whole float64, gap func([]*big.Rat) float64) []*big.Rat {
	const most, finest = 0.95, 40
	var rounded []*big.Rat
	for j := 1; j <= finest; j++ {
		rounded = list(len(x), func(i int) *big.Rat { return dyadic(x[i], j) })
		if gap(rounded) >= most*whole {
			break
		}
	}
	return rounded
}

// dyadic is x rounded to a multiple of 2^−bits.
func dyadic(x float64, bits int) *big.Rat {
	r := new(big.Rat).SetFloat64(math.Ldexp(math.Round(math.Ldexp(x, bits)), -bits))
	if r == nil { // not finite
		return new(big.Rat)
	}
	return r
}
