package proof

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// enclosed is a matrix of intervals.
type enclosed [][]interval.Interval

// gradient encloses Γ, s×s, with ∇f(M) = WΓWᵀ in original coordinates, at M = Σ⁻¹W N WᵀΣ⁻¹:
//
//	Γ = −T + N + ½(NgC + CgN) + ½(H + Hᵀ)
//	T = δ Σ w ccᵀ + (1−δ) c̄c̄ᵀ,   C = Σ w ccᵀ,   H = Σ_k h_k c_kᵀ
//	h_k = Σ_j w_j [ c_j E_j p_k + Σ_i f_i E_j[t_i p_k]/√D_i ],   W h_k = E[x p_k(x)]
//
// The last holds as x − Wg⁻¹WᵀΣ⁻¹x is independent of WᵀΣ⁻¹x, and so of p, with mean 0: for the same
// reason the gradient has no part outside the span of W.
//
// Its errors are ErrNotProved, if the rule would be out of reach, and the context's.
func (x coordinates) gradient(c *interval.Context, n rational.Matrix, accuracy float64) (enclosed, error) {
	softmax, f := x.contrasts(n)
	rule, err := newRule(c, softmax, accuracy)
	if err != nil {
		return nil, err
	}
	components, s := len(x.weights), x.dimension()
	h := make([][]*interval.Sum, components) // h_k
	for k := range h {
		h[k] = newSums(c, 1, s)[0]
	}
	for j, w := range x.weights {
		moments := softmax.moments(c, rule, j)
		x.addMean(c, h, x.c[j], w, moments[0])
		for i, direction := range f {
			scale := c.Quo(c.FromRat(w), c.Sqrt(c.FromRat(softmax.contrasts.Diagonal[i])))
			for k := range h {
				share := c.Mul(scale, moments[1+i][k])
				for a, entry := range direction {
					h[k][a].AddMul(share, c.FromRat(entry))
				}
			}
		}
	}
	return x.assemble(c, n, h), c.Err()
}

// addMean adds w c_j E_j p_k to every h_k.
func (x coordinates) addMean(c *interval.Context, h [][]*interval.Sum, mean []*big.Rat, w *big.Rat, p []interval.Interval) {
	for k := range h {
		for a, entry := range mean {
			h[k][a].AddMul(c.FromRat(new(big.Rat).Mul(w, entry)), p[k])
		}
	}
}

// assemble returns Γ, its rational part exactly rounded once.
func (x coordinates) assemble(c *interval.Context, n rational.Matrix, h [][]*interval.Sum) enclosed {
	half := big.NewRat(1, 2)
	quadratic := n.Times(x.gram).Times(scatter(x.weights, x.c))
	exact := n.Plus(half, quadratic).Plus(half, quadratic.Transposed()).
		Plus(big.NewRat(-1, 1), pairMoment(x.weights, x.delta, x.c))
	s := x.dimension()
	gamma := make(enclosed, s)
	for a := range gamma {
		gamma[a] = make([]interval.Interval, s)
		for b := range gamma[a] {
			sum := c.NewSum()
			for k := range h {
				sum.AddMul(h[k][a].Interval(), c.FromRat(new(big.Rat).Mul(half, x.c[k][b])))
				sum.AddMul(h[k][b].Interval(), c.FromRat(new(big.Rat).Mul(half, x.c[k][a])))
			}
			gamma[a][b] = c.Add(c.FromRat(exact[a][b]), sum.Interval())
		}
	}
	return gamma
}

// norm encloses ε = ‖∇f(M)‖, the whitened Frobenius norm: with g = ℓDℓᵀ,
//
//	ε² = tr(Σ⁻¹ ∇f Σ⁻¹ ∇f) = tr(gΓgΓ) = Σ_ab D_a D_b (ℓᵀΓℓ)_ab².
func (x coordinates) norm(c *interval.Context, gamma enclosed) interval.Interval {
	g, _ := rational.Factorise(x.gram)
	square := c.FromInt(0)
	for a, da := range g.Diagonal {
		for b, db := range g.Diagonal {
			entry := c.NewSum()
			for i := range gamma {
				for j := range gamma {
					entry.AddMul(c.FromRat(new(big.Rat).Mul(g.Lower[i][a], g.Lower[j][b])), gamma[i][j])
				}
			}
			square = c.Add(square, c.Mul(c.FromRat(new(big.Rat).Mul(da, db)), c.Sqr(entry.Interval())))
		}
	}
	return c.Sqrt(square)
}
