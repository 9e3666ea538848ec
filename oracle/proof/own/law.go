// Package own encloses the gradient of the InfoNCE loss of components with their own covariances,
//
//	f(M) = −⟨M, T_δ⟩ + E_x log Σ_k w_k exp(xᵀMμ_k + ½xᵀMΣ_kMx),
//	∇f(M) = −T_δ + sym E_x[x Σ_k p_k(x)(μ_k + Σ_kMx)ᵀ],   p(x) = softmax_k(log w_k + xᵀMμ_k + ½xᵀMΣ_kMx),
//
// at forms M = VNVᵀ inside the Fisher subspace S_F, V a basis of it, of one or two dimensions; those of the data may be any number.
// p sees x through t = Vᵀx only, which under component j is N(b_j, G_j), and x given t has the mean μ_j + Σ_jVG_j⁻¹(t − b_j). So
// uᵀ∇f(M)v is a sum of integrals over t, for any u and v, and needs of these no more than a Direction says.
package own

import (
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/rational"
)

// Law is what the gradient inside S_F needs of a mixture and δ, in exact numbers. V is d×s.
type Law struct {
	Weights []*big.Rat        // w_k, Σ w_k = 1
	Delta   *big.Rat          // of the pairs
	Basis   []int             // V = Σ̄⁻¹W, the columns of W being these means
	Means   rational.Matrix   // b_k = Vᵀμ_k, K rows
	Spreads []rational.Matrix // G_k = VᵀΣ_kV, each positive definite
	Metric  rational.Matrix   // G = VᵀΣ̄V = Σ w_k G_k

	whole  gmm.Exact
	basis  rational.Matrix   // Vᵀ, s×d
	images []rational.Matrix // (Σ_kV)ᵀ, s×d
}

// NewLaw returns that of pairs of one modality with own covariances and means that are not all 0.
func NewLaw(p gmm.Pairs) Law {
	l := Law{Delta: p.ExactDelta(), whole: p.Left.Exact()}
	l.Weights = l.whole.Weights
	l.basis, l.Basis = p.Left.ExactFisherBasis()
	for _, mean := range l.whole.Means {
		l.Means = append(l.Means, l.basis.Apply(mean))
	}
	for _, covariance := range l.whole.Covariances {
		image := l.basis.Times(covariance)
		l.images = append(l.images, image)
		l.Spreads = append(l.Spreads, image.Times(l.basis.Transposed()))
	}
	for _, i := range l.Basis {
		l.Metric = append(l.Metric, l.Means[i])
	}
	return l
}

// Invariant tells whether every Σ̄⁻¹Σ_k maps S_F into itself: Σ_kV = W(VᵀΣ̄V)⁻¹VᵀΣ_kV, as VᵀW = VᵀΣ̄V.
func (l Law) Invariant() bool {
	var w rational.Matrix // Wᵀ
	for _, i := range l.Basis {
		w = append(w, l.whole.Means[i])
	}
	inverse := rational.Inverse(l.Metric)
	for k, image := range l.images {
		inside := l.Spreads[k].Times(inverse).Times(w)
		for a, row := range image {
			for i, x := range row {
				if x.Cmp(inside[a][i]) != 0 {
					return false
				}
			}
		}
	}
	return true
}

// Projected is the mixture of t = Vᵀx, whose minimiser is the N of the best M inside S_F.
func (l Law) Projected() (gmm.Pairs, error) {
	e := gmm.Exact{Weights: l.Weights, Means: l.Means}
	for _, spread := range l.Spreads {
		e.Covariances = append(e.Covariances, spread)
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		return gmm.Pairs{}, err
	}
	return gmm.NewPairs(m, l.Delta)
}

// Direction is a vector u of the data's space as the gradient sees it.
type Direction struct {
	Mean     []*big.Rat      // uᵀμ_k
	Cross    rational.Matrix // VᵀΣ_ku, K rows
	Variance []*big.Rat      // uᵀΣ_ku
}

// Inside is the direction Vz.
func (l Law) Inside(z []*big.Rat) (d Direction) {
	for k, spread := range l.Spreads {
		image := spread.Apply(z)
		d.Mean = append(d.Mean, rational.Dot(l.Means[k], z))
		d.Cross = append(d.Cross, image)
		d.Variance = append(d.Variance, rational.Dot(image, z))
	}
	return d
}

// Outside is the direction u, d numbers.
func (l Law) Outside(u []*big.Rat) (d Direction) {
	for k, mean := range l.whole.Means {
		d.Mean = append(d.Mean, rational.Dot(mean, u))
		d.Cross = append(d.Cross, l.images[k].Apply(u))
		d.Variance = append(d.Variance, rational.Matrix(l.whole.Covariances[k]).Form(u, u))
	}
	return d
}

// dimension returns s.
func (l Law) dimension() int { return len(l.Metric) }

// Convexity returns a dyadic c ≤ 1 with G_k ⪰ cG for all k, near the largest: f is c-strongly convex inside S_F, in the Frobenius norm
// of coordinates in which Σ̄ is I, as
//
//	D²f[D, D] = E_x Var(xᵀDy_x) ≥ E_x Σ_k p_k (Dx)ᵀΣ_k(Dx) ≥ c E_x (Dx)ᵀΣ̄(Dx) = c tr(DΣ̄D E xxᵀ) ≥ c tr(DΣ̄DΣ̄),
//
// y_x being the sample y weighed by exp(xᵀMy): given x and its component k it is N(μ_k + Σ_kMx, Σ_k).
func (l Law) Convexity() *big.Rat {
	serves := func(c *big.Rat) bool {
		for _, spread := range l.Spreads {
			if _, semidefinite := rational.Factorise(spread.Plus(new(big.Rat).Neg(c), l.Metric)); !semidefinite {
				return false
			}
		}
		return true
	}
	half := big.NewRat(1, 2)
	c := big.NewRat(1, 1)
	const smallest = 200 // halvings
	for i := 0; !serves(c); i++ {
		if i == smallest {
			return new(big.Rat)
		}
		c.Mul(c, half)
	}
	const digits = 5 // bits of c
	for step, i := new(big.Rat).Mul(c, half), 0; i < digits && c.Cmp(big.NewRat(1, 1)) < 0; i++ {
		if next := new(big.Rat).Add(c, step); serves(next) {
			c = next
		}
		step = new(big.Rat).Mul(step, half)
	}
	return c
}

// average returns Σ w_k x_k.
func (l Law) average(x []*big.Rat) *big.Rat { return rational.Dot(l.Weights, x) }

// pairMoment returns uᵀT_δv = δ Σ w_k (uᵀμ_k)(vᵀμ_k) + (1−δ)(uᵀμ̄)(vᵀμ̄).
func (l Law) pairMoment(u, v Direction) *big.Rat {
	product := make([]*big.Rat, len(u.Mean))
	for k, m := range u.Mean {
		product[k] = new(big.Rat).Mul(m, v.Mean[k])
	}
	rest := new(big.Rat).Sub(big.NewRat(1, 1), l.Delta)
	rest.Mul(rest, l.average(u.Mean)).Mul(rest, l.average(v.Mean))
	return rest.Add(rest, new(big.Rat).Mul(l.Delta, l.average(product)))
}
