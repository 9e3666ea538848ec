package solver

import (
	"math"
	"slices"

	"contrastcheck/solver/quadrature"
)

// logPartition returns E_j log Σ_k exp(offset_jk + slope_kᵀt) for each j, for
// slopes of any size.
func (c *contrasts) logPartition(rule quadrature.Rule) []float64 {
	lines, err := c.lines(rule)
	if err != nil {
		return c.steepLogPartition(rule)
	}
	out := make([]float64, lines.k)
	p := make([]float64, lines.k)
	for j := range out {
		lines.each(j, func(weight float64, _, e []float64) {
			var sum float64
			for node, w := range lines.last.Weights {
				sum += w * math.Log(lines.softmax(node, e, p))
			}
			out[j] += weight * sum
		})
		out[j] += slices.Max(c.offsets.RawRowView(j))
	}
	return out
}

// steepLogPartition is logPartition where tabled exponentials would overflow:
// each node costs its own.
func (c *contrasts) steepLogPartition(rule quadrature.Rule) []float64 {
	_, k := c.slopes.Dims()
	out := make([]float64, k)
	exponents := make([][]float64, len(rule.Directions)+1)
	for i := range exponents {
		exponents[i] = make([]float64, k)
	}
	var descend func(depth int) float64
	descend = func(depth int) float64 {
		here := exponents[depth]
		if depth == len(rule.Directions) {
			return logSumExp(here)
		}
		var sum float64
		points, slopes := rule.Directions[depth], c.slopes.RawRowView(depth)
		for n, t := range points.Nodes {
			for i, s := range slopes {
				exponents[depth+1][i] = here[i] + s*t
			}
			sum += points.Weights[n] * descend(depth+1)
		}
		return sum
	}
	for j := range out {
		copy(exponents[0], c.offsets.RawRowView(j))
		out[j] = descend(0)
	}
	return out
}

// logSumExp is log Σ exp(x_i), without overflow.
func logSumExp(x []float64) float64 {
	largest := slices.Max(x)
	var sum float64
	for _, v := range x {
		sum += math.Exp(v - largest)
	}
	return largest + math.Log(sum)
}
