package proof

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// DonskerVaradhan is the loss −E[xᵀMx̂] + log E exp(xᵀMy), x and y independent in the second part: whitened, with P = (I − M²)⁻¹,
//
//	L(M) = −⟨M, T_δ⟩ + ½ log det P + log Σ_jk w_j w_k exp(½ u_jkᵀ P u_jk − ½|μ_j|²),   u_jk = μ_j + Mμ_k,
//
// where |M| < 1 in operator norm, and infinite elsewhere. It needs no integral, and is 1-strongly convex: D²L[V, V] is a variance of xᵀVy under e^{xᵀMy}, at
// least that within components, Σ V_ij² (1 + m_i m_j)/((1 − m_i²)(1 − m_j²)) ≥ |V|² in the eigenvectors of M, as (1 − a²)(1 − b²) ≤ (1 − |ab|)² ≤ 1 + ab.
var DonskerVaradhan = Loss{Words{Loss: "dv"}, &kind{
	title: "Donsker–Varadhan", subspace: "S_F", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: asTheyAre,
	exactly:   coordinates.exactlyShifted,
	objective: func(x coordinates) objective { return donskerVaradhan{x} },
}}

// donskerVaradhan is the loss beside pairs.
type donskerVaradhan struct{ coordinates }

func (x donskerVaradhan) start() point { return x.origin() }

// gradient encloses
//
//	Γ = −T + PN' + Σ_jk π_jk a_jk a_kjᵀ,   PN' = P̂gN,   a_jk = P̂(b_j + gNb_k),   P̂ = (g − gNgNg)⁻¹,
//
// π_jk in proportion to w_j w_k exp(½ z_jkᵀP̂z_jk − ½ c_jᵀb_j), z_jk = b_j + gNb_k: under e^{xᵀMy} and given the components (x, y) is Gaussian with
// E xyᵀ = PM + P u_jk (P u_kj)ᵀ, and P W̃ = W̃P̂g for the whitened W̃, W̃ᵀW̃ = g.
func (x donskerVaradhan) gradient(c *interval.Context, at point, _ float64) (slope, error) {
	pairs := len(x.weights) * len(x.weights)
	const each = 5 // units of 10 µs
	if work := each * float64(pairs); work > x.limit.evaluations() {
		return slope{}, x.limit.outOfReach("", work)
	}
	if err := x.limit.enumerable(pairs, at.form, x.gram, x.c); err != nil {
		return slope{}, err
	}
	gn := x.gram.Times(at.form)
	inner := x.gram.Plus(big.NewRat(-1, 1), gn.Times(gn).Times(x.gram))
	if !rational.Definite(inner) {
		return slope{}, fmt.Errorf("%w: the loss is infinite at M̂, as its norm is not below 1", ErrNotProved)
	}
	p := rational.Inverse(inner)
	image := func(j, k int) []*big.Rat { return rational.Sum(x.b[j], gn.Apply(x.b[k])) } // z_jk
	components := len(x.weights)
	masses, tilted := make([][]interval.Interval, components), make([]rational.Matrix, components)
	total := c.NewSum()
	for j, w := range x.weights {
		for k, v := range x.weights {
			z := image(j, k)
			a := p.Apply(z)
			exponent := rational.Dot(z, a)
			exponent.Sub(exponent, rational.Dot(x.c[j], x.b[j]))
			exponent.Mul(exponent, big.NewRat(1, 2))
			mass := c.Mul(c.FromRat(new(big.Rat).Mul(w, v)), c.Exp(c.FromRat(exponent)))
			total.Add(mass)
			masses[j], tilted[j] = append(masses[j], mass), append(tilted[j], a)
		}
	}
	exact := p.Times(gn).Plus(big.NewRat(-1, 1), pairMoment(x.weights, x.delta, x.c))
	all, s := total.Interval(), x.dimension()
	sums := newSums(c, s, s)
	for j := range components {
		for k := range components {
			share := c.Quo(masses[j][k], all)
			for a := range s {
				for b := range s {
					sums[a][b].AddMul(share, c.FromRat(new(big.Rat).Mul(tilted[j][k][a], tilted[k][j][b])))
				}
			}
		}
	}
	gamma := enclosures(sums)
	for a, row := range gamma {
		for b := range row {
			row[b] = c.Add(c.FromRat(exact[a][b]), row[b])
		}
	}
	return slope{form: gamma}, c.Err()
}

func (x donskerVaradhan) ball(at point, e effort) (ball, error) { return x.stronglyConvex(x, at, e) }

func (x donskerVaradhan) least(at point) (ball, error) { return x.leastStronglyConvex(x, at) }
