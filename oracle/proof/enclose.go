package proof

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// guardBits is what a loss loses to rounding, generously: nodes of a coordinate, exponents of logits.
const guardBits = 32

// EncloseLoss returns an interval that contains the InfoNCE loss at the representation a, d×r in
// original coordinates, M = aaᵀ:
//
//	f(M) = −⟨M, T_δ⟩ + ½ tr(MΣMΣ) + ½ Σ w_k μ_kᵀMΣMμ_k + Σ_j w_j E_j log Σ_k w_k exp(xᵀMμ_k).
//
// Its width is about 2^−precision times the larger of 1 and the size of its terms. Errors are ErrShape,
// ErrNotProved and gmm.ErrCost if that would go beyond the limit, and the errors of package interval.
func (l Limit) EncloseLoss(p gmm.Pairs, a [][]*big.Rat, precision uint) (interval.Interval, error) {
	if err := p.WantSingle(); err != nil {
		return interval.Interval{}, err
	}
	exact := p.Left.Exact()
	if len(a) != p.Left.Dimension() {
		return interval.Interval{}, fmt.Errorf("%w: expected %d rows, found %d", ErrShape, p.Left.Dimension(), len(a))
	}
	for _, row := range a {
		if len(row) == 0 || len(row) != len(a[0]) {
			return interval.Interval{}, fmt.Errorf("%w: expected rows of one length, at least 1", ErrShape)
		}
	}
	if err := l.enclosable(exact, a); err != nil {
		return interval.Interval{}, err
	}
	weights, means := exact.Weights, rational.Matrix(exact.Means)
	m := rational.Matrix(a).Times(rational.Matrix(a).Transposed())
	images := make(rational.Matrix, len(means)) // Mμ_k
	differences := make(rational.Matrix, len(means))
	for k, mu := range means {
		images[k] = m.Apply(mu)
		differences[k] = rational.Difference(images[k], images[0])
	}
	covariance := rational.Matrix(exact.Covariance)
	smoothing := m.Times(covariance)
	quadratic := smoothing.Times(smoothing).Trace()
	for k, w := range weights {
		quadratic.Add(quadratic, new(big.Rat).Mul(w, covariance.Form(images[k], images[k])))
	}
	quadratic.Mul(quadratic, big.NewRat(1, 2))
	quadratic.Sub(quadratic, m.Times(pairMoment(weights, p.ExactDelta(), means)).Trace())

	c := interval.NewContext(precision + guardBits)
	bias := means.Times(images.Transposed())
	s := newSoftmax(weights, bias, differences.Times(covariance).Times(differences.Transposed()), l)
	loss, err := s.expectedLog(c, math.Ldexp(1, -int(min(precision, 1000))))
	if err != nil {
		return interval.Interval{}, err
	}
	return c.Add(c.FromRat(quadratic), loss), c.Err()
}

// loss encloses f at M = Σ⁻¹W N WᵀΣ⁻¹.
func (x coordinates) loss(c *interval.Context, n rational.Matrix, accuracy float64) (interval.Interval, error) {
	softmax, _ := x.contrasts(n)
	smoothing := n.Times(x.gram)
	quadratic := smoothing.Times(smoothing).Trace()
	quadratic.Add(quadratic, smoothing.Times(n).Times(scatter(x.weights, x.b)).Trace())
	quadratic.Mul(quadratic, big.NewRat(1, 2))
	quadratic.Sub(quadratic, n.Times(pairMoment(x.weights, x.delta, x.b)).Trace())
	loss, err := softmax.expectedLog(c, accuracy)
	if err != nil {
		return interval.Interval{}, err
	}
	return c.Add(c.FromRat(quadratic), loss), c.Err()
}

// expectedLog encloses E_x log Σ_k w_k exp(xᵀMμ_k) = Σ_j w_j [log w_j + β_jj + E_j log Σ_k p_k/p_j].
func (s softmax) expectedLog(c *interval.Context, accuracy float64) (interval.Interval, error) {
	rule, err := newRule(c, s, accuracy)
	if err != nil {
		return interval.Interval{}, err
	}
	sum := c.NewSum()
	for j, w := range s.weights {
		weight := c.FromRat(w)
		own := c.Add(c.Log(weight), c.FromRat(s.bias[j][j]))
		sum.AddMul(weight, c.Add(own, s.logPartition(c, rule, j)))
	}
	return sum.Interval(), c.Err()
}
