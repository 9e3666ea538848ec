package proof

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/rational"
)

// coordinates is a mixture with δ in rational Gram coordinates. W has the first s
// independent means as columns, so that it spans Σ S_F. Nothing else about the mixture enters the
// loss at the forms M = Σ⁻¹W N WᵀΣ⁻¹, N symmetric s×s, whose columns lie in S_F.
type coordinates struct {
	weights []*big.Rat // w_k, Σ w_k = 1
	delta   *big.Rat
	basis   []int           // the columns of W among the means
	gram    rational.Matrix // g = WᵀΣ⁻¹W, s×s, positive definite
	b       rational.Matrix // b_k = WᵀΣ⁻¹μ_k, K rows
	c       rational.Matrix // μ_k = W c_k, so c_k = g⁻¹b_k, K rows
	limit   Limit
	seen    gmm.Pairs // as the loss sees them

	hypotheses Hypotheses // of the pairs as they are
}

// newCoordinates returns those of pairs as the loss sees them. It refuses pairs of laws that the loss has no proofs for, with gmm.ErrOtherModel, and, with
// ErrNotProved and gmm.ErrCost, what would take more than the limit allows.
func (l Loss) newCoordinates(p gmm.Pairs, limit Limit) (coordinates, error) {
	hypotheses := hypothesesOf(p)
	p, err := limit.seen(l, p)
	if err != nil {
		return coordinates{}, err
	}
	exact := p.Left.Exact()
	columns, basis := p.Left.ExactGramColumns()
	x := coordinates{weights: exact.Weights, delta: p.ExactDelta(), basis: basis, b: columns, limit: limit, seen: p, hypotheses: hypotheses}
	for _, i := range x.basis {
		x.gram = append(x.gram, x.b[i])
	}
	inverse := rational.Inverse(x.gram)
	for _, b := range x.b {
		x.c = append(x.c, inverse.Apply(b))
	}
	return x, nil
}

// mean returns Σ w_k x_k.
func mean(weights []*big.Rat, x rational.Matrix) []*big.Rat { return x.Transposed().Apply(weights) }

// scatter returns Σ w_k x_k x_kᵀ.
func scatter(weights []*big.Rat, x rational.Matrix) rational.Matrix {
	s := len(x[0])
	sum := rational.New(s, s)
	for k, w := range weights {
		sum = sum.Plus(w, rational.Outer(x[k], x[k]))
	}
	return sum
}

// pairMoment returns δ Σ w_k x_k x_kᵀ + (1−δ) x̄x̄ᵀ.
func pairMoment(weights []*big.Rat, delta *big.Rat, x rational.Matrix) rational.Matrix {
	s := len(x[0])
	average := mean(weights, x)
	rest := new(big.Rat).Sub(big.NewRat(1, 1), delta)
	return rational.New(s, s).Plus(delta, scatter(weights, x)).Plus(rest, rational.Outer(average, average))
}

// between returns B = Σ w (c − c̄)(c − c̄)ᵀ.
func (x coordinates) between() rational.Matrix {
	average := mean(x.weights, x.c)
	return scatter(x.weights, x.c).Plus(big.NewRat(-1, 1), rational.Outer(average, average))
}

// dimension returns s = dim S_F.
func (x coordinates) dimension() int { return len(x.basis) }

// contrasts returns the softmax at N: under component j, xᵀMμ_k = (b_j + η)ᵀN b_k with
// η = WᵀΣ⁻¹(x − μ_j) ∼ N(0, g). The second result has f_i, s rows of which the i-th
// coordinate is t_i = f_iᵀη/√D_i.
func (x coordinates) contrasts(n rational.Matrix) (softmax, rational.Matrix) {
	images := make(rational.Matrix, len(x.b)) // N b_k
	for k, b := range x.b {
		images[k] = n.Apply(b)
	}
	differences := make(rational.Matrix, len(images))
	for k := range images {
		differences[k] = rational.Difference(images[k], images[0])
	}
	bias := x.b.Times(images.Transposed())
	s := newSoftmax(x.weights, bias, differences.Times(x.gram).Times(differences.Transposed()), x.limit)
	return s, s.directions(differences)
}

// check that N has the shape of this mixture's forms.
func (x coordinates) fits(n rational.Matrix) error {
	s := x.dimension()
	if len(n) != s {
		return fmt.Errorf("proof: expected a %d×%d minimiser, found %d rows", s, s, len(n))
	}
	for i, row := range n {
		if len(row) != s {
			return fmt.Errorf("proof: expected a %d×%d minimiser, found a row of %d", s, s, len(row))
		}
		for j := range i {
			if row[j].Cmp(n[j][i]) != 0 {
				return fmt.Errorf("proof: expected a symmetric minimiser, found %s and %s", row[j].RatString(), n[j][i].RatString())
			}
		}
	}
	return nil
}

// Hypotheses says which hypotheses about equality a mixture with δ has, in exact numbers.
type Hypotheses struct {
	Informative bool // δ > 0, and the means are not all equal: B ≠ 0
	Certain     bool // δ = 1
	Centred     bool // μ̄ = 0
}

// Hypotheses returns those of the certificate's mixture, or of all mixtures of its box.
func (c Certificate) Hypotheses() Hypotheses {
	if c.Region != nil {
		return hypothesesOfBox(c.Box())
	}
	return hypothesesOf(c.Pairs)
}

func hypothesesOf(p gmm.Pairs) Hypotheses {
	delta := p.ExactDelta()
	return Hypotheses{
		Informative: delta.Sign() > 0 && !p.Left.Coincident(),
		Certain:     delta.Cmp(big.NewRat(1, 1)) == 0,
		Centred:     p.Left.Centred(),
	}
}
