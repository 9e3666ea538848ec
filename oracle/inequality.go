package oracle

import (
	"cmp"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// Inequality is the claim Left ≥ Right for two computed numbers whose
// difference is known to within Error. Scale is the size of the terms that both
// sums are made of.
type Inequality struct {
	Left, Right, Error, Scale float64
}

// Verdict is Refuted where Left falls short of Right by more than Error, and
// Undecided where the error is so large beside Scale that nothing was compared.
func (i Inequality) Verdict() Verdict {
	const meaningless = 1e-6
	switch {
	case i.Left < i.Right-i.Error:
		return Refuted
	case math.IsNaN(i.Left) || math.IsNaN(i.Right) || !(i.Error <= meaningless*i.Scale):
		return Undecided
	}
	return Holds
}

// Slack is (Left − Right)/Scale.
func (i Inequality) Slack() float64 { return (i.Left - i.Right) / i.Scale }

// WhitenedNorm is ‖LᵀVL‖_F = √tr(ΣVΣV) for a symmetric V in original coordinates.
func WhitenedNorm(m *gmm.Mixture, v mat.Matrix) float64 {
	var product, square mat.Dense
	product.Mul(m.Covariance(), v)
	square.Mul(&product, &product)
	return math.Sqrt(math.Max(0, mat.Trace(&square)))
}

// Stationarity evaluates, at any representation A of one modality, both sides of
//
//	⟨∇_A L(A), QA⟩ ≥ 2c (‖PMQ‖²_F + ‖QMQ‖²_F),   M = AAᵀ,
//
// in whitened coordinates, for a loss that is c-strongly convex, c = 1 of InfoNCE, 2 of the CLIP and the spectral loss and 0 of the triplet loss, P the projector on the
// Fisher subspace and Q = I − P. As the left side vanishes at a stationary point, every stationary point has
// QM = 0. The gradient ∇_A L = 2∇f(M)A is the oracle's own. It refuses pairs that Judge does not judge so, with gmm.ErrOtherModel.
func Stationarity(l Loss, p gmm.Pairs, a *mat.Dense, tolerance float64) (Inequality, error) {
	at, e, err := l.evaluate(p, a, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	s := subspace.FisherIn(at.left, p.Left.FisherDimension())
	outside := s.Off(at.m)       // QM
	size := mat.Norm(outside, 2) // ‖QM‖² = ‖PMQ‖² + ‖QMQ‖²
	c := l.modulus(at, math.Inf(1))
	slack := slack(at.m, s) + at.formError*mat.Norm(at.m, 2)
	pairing := 2 * l.metric.PrimalNorm(at.left, dense.Symmetric(mat.DenseCopyOf(outside)), at.right)
	return Inequality{
		Left:  2 * dense.Inner(e.Matrix, outside),
		Right: 2 * c * size * size,
		Error: pairing*e.Err + (2*mat.Norm(e.Matrix, 2)+4*c*size)*slack,
		Scale: 1 + mat.Norm(e.Matrix, 2)*mat.Norm(at.m, 2),
	}, nil
}

// Monotonicity evaluates both sides of ⟨∇f(M₂) − ∇f(M₁), V⟩ ≥ c‖V‖²_F, V = M₂ − M₁,
// whitened, for Mᵢ = AᵢAᵢᵀ: it holds for all M₁, M₂ iff f is c-strongly convex. Losses and refusals are as in Stationarity.
func Monotonicity(l Loss, p gmm.Pairs, a1, a2 *mat.Dense, tolerance float64) (Inequality, error) {
	one, e1, err := l.evaluate(p, a1, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	two, e2, err := l.evaluate(p, a2, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	var move, rise mat.Dense
	move.Sub(two.m, one.m)
	rise.Sub(e2.Matrix, e1.Matrix)
	size, c := mat.Norm(&move, 2), l.modulus(one, math.Inf(1))
	relative := one.formError * (mat.Norm(one.m, 2) + mat.Norm(two.m, 2))
	return Inequality{
		Left:  dense.Inner(&rise, &move),
		Right: c * size * size,
		Error: l.metric.PrimalNorm(one.left, &move, one.right)*(e1.Err+e2.Err) + relative*(mat.Norm(&rise, 2)+2*c*size),
		Scale: 1 + mat.Norm(&rise, 2)*size,
	}, nil
}

// Finite tells whether a loss of one modality is finite at M = AAᵀ, as far as rounding lets it be told. It refuses what Judge does not judge, and
// panics if A does not fit.
func Finite(l Loss, p gmm.Pairs, a *mat.Dense) (bool, error) {
	if l.finite == nil {
		return true, nil
	}
	at, err := l.place(p, a)
	return err == nil && l.finite(at), err
}

// evaluate views p in whitened coordinates of all d dimensions, and the gradient at M = AAᵀ there.
func (l Loss) evaluate(p gmm.Pairs, a *mat.Dense, tolerance float64) (*point, enclosure.Gradient, error) {
	at, err := l.place(p, a)
	if err != nil {
		return nil, enclosure.Gradient{}, err
	}
	e, err := at.bounded(tolerance)
	return at, e, err
}

// place views p in whitened coordinates of all d dimensions, and M = AAᵀ there.
func (l Loss) place(p gmm.Pairs, a *mat.Dense) (*point, error) {
	if err := cmp.Or(l.admits(p), p.WantOneModality(), l.wantShared(p)); err != nil {
		return nil, err
	}
	d, _ := a.Dims()
	if d != p.Left.Dimension() {
		panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", d, p.Left.Dimension()))
	}
	m := mat.NewSymDense(d, nil)
	m.SymOuterK(1, a)
	return see(l, p, gmm.Plain(m), nil)
}

// wantShared refuses own covariances where the loss depends on more than their mean.
func (l Loss) wantShared(p gmm.Pairs) error {
	if l.ownTerm {
		return p.WantShared()
	}
	return nil
}
