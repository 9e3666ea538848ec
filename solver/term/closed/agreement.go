package closed

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Agreement is, of one modality, the quadratic
//
//	−2 E[ xᵀMx̂ ] + ½E[ (xᵀMy − x̂ᵀMy)² ]:   S = ½E[(x − x̂)(x − x̂)ᵀ] = I + (1−δ)B, T = E[yyᵀ] = I + C, X = E[xx̂ᵀ],
//
// (x, x̂) a positive pair and y independent of it, B = Σ w_k (μ_k − μ̄)(μ_k − μ̄)ᵀ and C = Σ w_k μ_kμ_kᵀ. Its minimiser solves
// S M T + T M S = 2X. As S ⪰ I, D²f[V, V] = 2 tr(VSVT) ≥ Σ (t_i + t_j) V_ij²: its metric is b_ij = ½(t_i + t_j), with modulus 2.
func Agreement(l Law) *Quadratic {
	means := l.Left.Means
	mean, apart := gmm.Mean(l.Weights, means), new(mat.Dense)
	apart.Apply(func(i, _ int, x float64) float64 { return math.Sqrt(1-l.Delta) * (x - mean.AtVec(i)) }, means)
	second := moments(l.Weights, means)
	quarter := powers(second, 0.25)
	f := &Quadratic{Weights: l.Weights, Left: apart, Right: means, Means: means, Partners: l.partners(),
		metric:   Metric{2, entries(second, second, func(s, t float64) float64 { return (s + t) / 2 }), quarter, quarter},
		relative: float64(8*len(second)+4*len(l.Weights)+32)*unitRoundoff + 4*l.Left.Error}
	difference := moments(l.Weights, apart)
	for i, t := range second {
		f.stretch = append(f.stretch, 1/math.Sqrt(math.Sqrt(difference[i]*t)))
	}
	f.inverse = newPencil(f, second)
	return f
}

// pencil is P with PᵀTP = I and PᵀSP = diag(d), of a diagonal T: M = PNPᵀ solves S M T + T M S = 2G for N_ij = 2(PᵀGP)_ij/(d_i + d_j).
type pencil struct {
	p *mat.Dense
	d []float64
}

func newPencil(f *Quadratic, second []float64) pencil {
	n := len(second)
	identity := mat.NewDense(n, n, nil)
	for i := range n {
		identity.Set(i, i, 1)
	}
	scale := powers(second, -0.5)
	d, turn := dense.Eigen(dense.WeightedRows(scale, dense.WeightedColumns(f.times(f.Left, identity), scale)))
	least := 1 / slices.Max(second) // as S ⪰ I, whatever rounding makes of it
	for i := range d {
		d[i] = max(d[i], least)
	}
	return pencil{dense.WeightedRows(scale, turn), d}
}

func (p pencil) solve(g *mat.Dense) *mat.Dense {
	inner := dense.Times(p.p.T(), dense.Times(g, p.p))
	dense.Symmetrise(inner)
	inner.Apply(func(i, j int, x float64) float64 { return 2 * x / (p.d[i] + p.d[j]) }, inner)
	return dense.Times(dense.Times(p.p, inner), p.p.T())
}
