package proof

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// Distance is InfoNCE with infinitely many negatives and −½(x − y)ᵀM(x − y) as scores, which sees differences only: pairs are centred first, and Col(A*) lies in the centred
// Fisher subspace S_c. Whitened, on {G = I + M ≻ 0}, with K = M(I + M)⁻¹,
//
//	L(M) = tr M(I + (1−δ)B) − ½ log det G − ½ tr K(I + C) + E_x log Σ_k w_k exp(xᵀKμ_k − ½μ_kᵀKμ_k)
//
// and D²L[V, V] ≥ ½ tr(VG⁻¹VG⁻¹), as −K is operator convex in M.
var Distance = Loss{Words{Loss: "infonce", Score: distanceScore}, &kind{
	title: "InfoNCE (squared distances as scores)", subspace: "S_c", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: gmm.Pairs.Centre,
	exactly:   coordinates.exactlySloped,
	objective: func(x coordinates) objective { return distance{x} },
}}

// distance is the loss beside pairs.
type distance struct{ coordinates }

func (x distance) start() point { return x.origin() }

// metric is γ = g + gNg, which stands for G: G⁻¹ is Uγ⁻¹Uᵀ on S_c, UᵀU = g. It must be positive definite.
func (x distance) metric(at point) (rational.Matrix, error) {
	metric := x.gram.Plus(big.NewRat(1, 1), x.gram.Times(at.form).Times(x.gram))
	if !rational.Definite(metric) {
		return nil, fmt.Errorf("%w: the loss is infinite at M̂, as I + M̂ is not positive definite", ErrNotProved)
	}
	return metric, nil
}

// gradient encloses
//
//	Γ = g⁻¹ + (1−δ)B − ½γ⁻¹ − ½JRJᵀ,   J = γ⁻¹g,   R = E Σ_k p_k(x)(x − μ_k)(x − μ_k)ᵀ = g⁻¹ + C − H − Hᵀ + Σ_k E[p_k] c_k c_kᵀ
//
// in the basis W, with the H of InfoNCE and p(x) = softmax_k(log w_k + xᵀKμ_k − ½μ_kᵀKμ_k).
func (x distance) gradient(c *interval.Context, at point, accuracy float64) (slope, error) {
	metric, err := x.metric(at)
	if err != nil {
		return slope{}, err
	}
	inverse, inner, minus := rational.Inverse(x.gram), rational.Inverse(metric), big.NewRat(-1, 1)
	scores := inverse.Plus(minus, inner) // K
	softmax, directions := x.contrasts(scores)
	lengths := make([]*big.Rat, len(x.b))
	for k, b := range x.b {
		lengths[k] = scores.Form(b, b)
		lengths[k].Mul(lengths[k], big.NewRat(-1, 2))
	}
	softmax.add(lengths)
	m, err := x.anchored(c, softmax, directions, accuracy)
	if err != nil {
		return slope{}, err
	}
	spread := x.symmetricProduct(c, m.points)
	exactSpread := inverse.Plus(big.NewRat(1, 1), scatter(x.weights, x.c))
	for a, row := range spread {
		for b := range row {
			sum := c.NewSum()
			sum.Add(c.Sub(c.FromRat(exactSpread[a][b]), c.Ldexp(row[b], 1)))
			for k, p := range m.weights {
				sum.AddMul(p, c.FromRat(new(big.Rat).Mul(x.c[k][a], x.c[k][b])))
			}
			row[b] = sum.Interval()
		}
	}
	turn := inner.Times(x.gram) // J
	rest := new(big.Rat).Sub(big.NewRat(1, 1), x.delta)
	exact := inverse.Plus(rest, x.between()).Plus(big.NewRat(-1, 2), inner)
	gamma := spread.congruent(c, turn)
	for a, row := range gamma {
		for b := range row {
			row[b] = c.Sub(c.FromRat(exact[a][b]), c.Ldexp(row[b], -1))
		}
	}
	return slope{form: gamma}, c.Err()
}

// ball follows the way from M̂ to the minimiser in units of Ĝ = I + M̂: r is how far Ĝ^−½(M − M̂)Ĝ^−½ is from 0, so that the slope rises at least like
// ½∫_0^r dt/(1 + t)² = ½r/(1 + r), from at least −ε, ε the norm of Ĝ^½∇LĜ^½. It is at most 0, so that r/(1 + r) ≤ 2ε:
//
//	ρ = 2ε/(1 − 2ε),   if 2ε < 1.
func (x distance) ball(at point, e effort) (ball, error) {
	epsilon, metric, err := x.scaledNorm(at, e)
	if err != nil {
		return ball{}, err
	}
	return around(shortened24(epsilon.Upper(), big.ToPositiveInf), metric)
}

// demand is a share of the radius, in units of the means' squared lengths, with which errors of the softmax enter the slope.
func (x distance) demand(_ point, radius float64) (float64, error) {
	longest := 1.0
	for k, b := range x.b {
		square, _ := rational.Dot(b, x.c[k]).Float64()
		longest = max(longest, square)
	}
	const share = 1.0 / 32 // ε is half the radius, and has entries for many components
	return share * radius / longest, nil
}

func (x distance) least(at point) (ball, error) {
	epsilon, metric, err := x.scaledNorm(at, effort{precision: guard, accuracy: 2})
	if err != nil {
		return ball{}, err
	}
	return around(shortened24(epsilon.Lower(), big.ToNegativeInf), metric)
}

// scaledNorm encloses the norm of Ĝ^½∇LĜ^½.
func (x distance) scaledNorm(at point, e effort) (interval.Interval, rational.Matrix, error) {
	metric, err := x.metric(at)
	if err != nil {
		return interval.Interval{}, nil, err
	}
	c := interval.NewContext(e.precision)
	found, err := x.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return interval.Interval{}, nil, err
	}
	norm := found.form.norm(c, metric)
	return norm, metric, c.Err()
}

func around(epsilon *big.Rat, metric rational.Matrix) (ball, error) {
	twice := new(big.Rat).Mul(big.NewRat(2, 1), epsilon)
	rest := new(big.Rat).Sub(big.NewRat(1, 1), twice)
	if rest.Sign() <= 0 {
		return ball{}, errOpen
	}
	return ball{twice.Quo(twice, rest), metric}, nil
}
