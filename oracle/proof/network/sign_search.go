package network

import (
	"math"
	"math/big"

	"contrastcheck/oracle/line"
)

// searchSign looks for a sign net whose loss is below all that see S_F alone: one neuron if there is such a one, else two.
func searchSign(l line.Mixture, width int) (Refutation, error) {
	n := doubles{}
	p := along(l, n)
	inside := signInside(n, p)
	loss := func(at []float64, idle bool) float64 { // at: log c, log s, ρ
		if idle {
			at = []float64{at[0], at[1], 0}
		}
		return signOutside(n, p, signNet[float64]{math.Exp(at[0]), math.Exp(at[1]), at[2]})
	}
	for _, idle := range []bool{true, false}[:min(width, 2)] {
		var starts [][]float64
		for _, noise := range []float64{0.3, 1, 3, 10} {
			for _, scale := range []float64{0.03, 0.3, 1} {
				starts = append(starts, []float64{math.Log(noise), math.Log(scale), 0})
				if !idle {
					starts = append(starts, []float64{math.Log(noise), math.Log(scale), 1}, []float64{math.Log(noise), math.Log(scale), -1})
				}
			}
		}
		best, value := descend(starts, func(at []float64) float64 { return loss(at, idle) })
		found := []float64{math.Exp(best[0]), math.Exp(best[1]), best[2]}
		if idle {
			found[2] = 0
		}
		if inside-value < clear {
			continue
		}
		rounded := simplest(found, inside-value, func(x []*big.Rat) float64 {
			if x[1].Sign() <= 0 {
				return math.Inf(-1)
			}
			return inside - signOutside(n, p, signNetIn(n, SignNet{x[0], x[1], x[2]}))
		})
		r := Refutation{Activation: Sign, Sign: &SignNet{rounded[0], rounded[1], rounded[2]}}
		if r.acceptable() == nil {
			return r, nil
		}
	}
	return Refutation{}, ErrUndecided
}
