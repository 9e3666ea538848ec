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
	case i.Left-i.Error >= i.Right:
		return Holds
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

// Encoders are representations of both sides, d_L×r and d_R×r, with M = A_L A_Rᵀ; of one modality Right is nil, and M = A_L A_Lᵀ.
type Encoders struct{ Left, Right *mat.Dense }

// product is M.
func (e Encoders) product() gmm.Form {
	if e.Right == nil {
		d, _ := e.Left.Dims()
		m := mat.NewSymDense(d, nil)
		m.SymOuterK(1, e.Left)
		return gmm.Plain(m)
	}
	m := new(mat.Dense)
	m.Mul(e.Left, e.Right.T())
	return gmm.Plain(m)
}

// Stationarity evaluates, at any representations, both sides of
//
//	⟨∇_{A_L} L, Q_LA_L⟩ + ⟨∇_{A_R} L, Q_RA_R⟩ ≥ c (‖Q_LM‖²_F + ‖MQ_R‖²_F),   M = A_L A_Rᵀ,
//
// in whitened coordinates, for a loss that is c-strongly convex, c = 1 of InfoNCE, 2 of the CLIP and the spectral loss and 0 of losses that grow linearly, P the projectors on the
// Fisher subspaces and Q = I − P; of one modality the left side is ⟨∇_A L, QA⟩, and the right one 2c (‖PMQ‖² + ‖QMQ‖²). As the left side vanishes at a stationary point, every stationary point has
// Q_LM = 0 = MQ_R. Gradients, ∇_{A_L} L = ∇f(M)A_R, are the oracle's own. It refuses pairs that Judge does not judge so, with gmm.ErrOtherModel.
func Stationarity(l Loss, p gmm.Pairs, a Encoders, tolerance float64) (Inequality, error) {
	at, e, err := l.evaluate(p, a, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	left, right := subspace.FisherIn(at.left, p.Left.FisherDimension()), subspace.FisherIn(at.right, p.Right.FisherDimension())
	outside := left.Off(at.m) // Q_LM
	beyond := mat.DenseCopyOf(right.Off(mat.DenseCopyOf(at.m.T())).T())
	size := math.Hypot(mat.Norm(outside, 2), mat.Norm(beyond, 2))
	c := l.modulus(at, math.Inf(1))
	slack := max(slack(at.m, left), slack(at.m, right)) + at.formError*mat.Norm(at.m, 2)
	direction := new(mat.Dense)
	direction.Add(outside, beyond)
	return Inequality{
		Left:  dense.Inner(e.Matrix, direction),
		Right: c * size * size,
		Error: l.metric.PrimalNorm(at.left, direction, at.right)*(e.Err+e.Beside) + (2*mat.Norm(e.Matrix, 2)+4*c*size)*slack,
		Scale: 1 + mat.Norm(e.Matrix, 2)*mat.Norm(at.m, 2),
	}, nil
}

// Monotonicity evaluates both sides of ⟨∇f(M₂) − ∇f(M₁), V⟩ ≥ c‖V‖²_F, V = M₂ − M₁,
// whitened, for the products M₁ and M₂ of two pairs of representations: it holds for all M₁, M₂ iff f is c-strongly convex. Losses and refusals are as in Stationarity.
func Monotonicity(l Loss, p gmm.Pairs, a1, a2 Encoders, tolerance float64) (Inequality, error) {
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
		Error: l.metric.PrimalNorm(one.left, &move, one.right)*(e1.Err+e1.Beside+e2.Err+e2.Beside) + relative*(mat.Norm(&rise, 2)+2*c*size),
		Scale: 1 + mat.Norm(&rise, 2)*size,
	}, nil
}

// Finite tells whether a loss is finite at the product of representations, as far as rounding lets it be told. It refuses what Judge does not judge, and
// panics if they do not fit.
func Finite(l Loss, p gmm.Pairs, a Encoders) (bool, error) {
	if l.finite == nil {
		return true, nil
	}
	at, err := l.place(p, a)
	return err == nil && l.finite(at), err
}

// evaluate views p in whitened coordinates of all dimensions, and the gradient at the product of representations there.
func (l Loss) evaluate(p gmm.Pairs, a Encoders, tolerance float64) (*point, enclosure.Gradient, error) {
	at, err := l.place(p, a)
	if err != nil {
		return nil, enclosure.Gradient{}, err
	}
	e, err := at.bounded(tolerance)
	return at, e, err
}

// place views p in whitened coordinates of all dimensions, and the product of representations there.
func (l Loss) place(p gmm.Pairs, a Encoders) (*point, error) {
	if err := cmp.Or(l.admits(p), l.wantShared(p)); err != nil {
		return nil, err
	}
	if (a.Right != nil) != (p.Modalities() == 2) {
		panic(fmt.Sprintf("oracle: representations of one side or of two do not fit %d modalities", p.Modalities()))
	}
	fits := func(a *mat.Dense, m *gmm.Mixture) {
		if d, _ := a.Dims(); d != m.Dimension() {
			panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
		}
	}
	if fits(a.Left, p.Left); a.Right != nil {
		fits(a.Right, p.Right)
	}
	return see(l, p, a.product(), nil)
}

// wantShared refuses own covariances where the loss depends on more than their mean.
func (l Loss) wantShared(p gmm.Pairs) error {
	if l.ownTerm != nil {
		return p.WantShared()
	}
	return nil
}
