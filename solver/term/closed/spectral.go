package closed

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Spectral is the quadratic
//
//	−2 E_{(x,y)∼pairs}[ xᵀMy ] + E_{x,y independent}[ (xᵀMy)² ]:   S = E[xxᵀ] = I + Σ_k w_k μ_kμ_kᵀ, T = E[yyᵀ], X = E[xyᵀ],
//
// whose minimiser is S⁻¹ X T⁻¹. Its metric is b_ij = 4 s_i t_j, s and t the diagonals of S and T:
//
//	‖∇f‖_d = ½‖S^{−½} ∇f T^{−½}‖_F = ‖S^{½}(M − M*)T^{½}‖_F ≥ ‖M − M*‖_F, as S, T ⪰ I.
func Spectral(l Law) *Quadratic {
	left, right := moments(l.Weights, l.Left.Means), moments(l.Weights, l.Right.Means)
	f := &Quadratic{Weights: l.Weights, Left: l.Left.Means, Right: l.Right.Means, Means: l.Left.Means, Partners: l.partners(),
		metric:   Metric{1, entries(left, right, func(s, t float64) float64 { return 4 * s * t }), powers(left, 0.5), powers(right, 0.5)},
		inverse:  diagonals{left, right},
		stretch:  powers(left, -0.5),
		relative: float64(4*(len(left)+len(right)+len(l.Weights))+32) * unitRoundoff}
	if l.Left.Means != l.Right.Means {
		f.stretch = append(f.stretch, powers(right, -0.5)...)
	}
	// The relative error e of the longest mean moves S^{−½}SS^{−½} by at most 2e·longest·Σ√w_k,
	// as |S^{−½}μ_k| ≤ 1/√w_k, and ‖S^{½}M*T^{½}‖_F ≤ √min(m, n, K).
	var roots, moved float64
	for _, w := range l.Weights {
		roots += math.Sqrt(w)
	}
	for _, side := range []Side{l.Left, l.Right} {
		rows, _ := side.Means.Dims()
		moved += 2 * (side.Error + 8*float64(rows)*unitRoundoff) * longestColumn(side.Means) * roots
	}
	f.inputError = 2 * moved * (1 + math.Sqrt(float64(min(len(left), len(right), len(l.Weights)))))
	return f
}

// diagonals are those of S and T, which have nothing else.
type diagonals struct{ left, right []float64 }

func (d diagonals) solve(g *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(i, j int, x float64) float64 { return x / (d.left[i] * d.right[j]) }, g)
	return out
}
