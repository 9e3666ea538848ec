package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"

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

// FisherProjection returns PA: each column's orthogonal projection, with respect
// to ⟨a, b⟩ = aᵀΣb, on the Fisher subspace. It panics if a does not have d rows.
func FisherProjection(m *gmm.Mixture, a *mat.Dense) (*mat.Dense, error) {
	d, r := a.Dims()
	if d != m.Dimension() {
		panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
	}
	w, err := m.WhitenFisher()
	if err != nil {
		return nil, err
	}
	if w.Means == nil {
		return mat.NewDense(d, r, nil), nil
	}
	// Whitened covectors f_i of the frame satisfy ⟨f_i, a⟩ = f_iᵀΣa = (Λ⁻¹BᵀUᵀ a)_i.
	s, _ := w.Means.Dims()
	identity := mat.NewDense(s, s, nil)
	for i := range s {
		identity.Set(i, i, 1)
	}
	frame := w.Columns(m, identity)
	var covariant, coefficients, out mat.Dense
	covariant.Mul(m.Covariance(), a)
	coefficients.Mul(frame.T(), &covariant)
	out.Mul(frame, &coefficients)
	return &out, nil
}

// OutsideFisher returns ‖QM‖_F/‖M‖_F in whitened coordinates, Q the projector off
// the Fisher subspace: 0 iff Col(M) ⊆ S_F, and 0 for M = 0.
func OutsideFisher(p gmm.Pairs, m gmm.Form) (float64, error) {
	v, err := see(p, m.Left)
	if err != nil {
		return math.Inf(1), err
	}
	x := v.matrix(m.Symmetric())
	size := mat.Norm(x, 2)
	if size == 0 {
		return 0, nil
	}
	space := v.fisherSpace(p.Left.FisherDimension().Value, m.Left.Fisher)
	return mat.Norm(v.off(x, space), 2) / size, nil
}

// WhitenedNorm is ‖LᵀVL‖_F = √tr(ΣVΣV) for a symmetric V in original coordinates.
func WhitenedNorm(m *gmm.Mixture, v mat.Matrix) float64 {
	var product, square mat.Dense
	product.Mul(m.Covariance(), v)
	square.Mul(&product, &product)
	return math.Sqrt(math.Max(0, mat.Trace(&square)))
}

// Stationarity evaluates, at any representation A, both sides of
//
//	⟨∇_A L(A), QA⟩ ≥ 2‖PMQ‖²_F + 2‖QMQ‖²_F,   M = AAᵀ,
//
// in whitened coordinates, P the projector on the Fisher subspace and Q = I − P.
// As the left side vanishes at a stationary point, every stationary point has
// QM = 0. The gradient ∇_A L = 2∇f(M)A is the oracle's own.
func Stationarity(p gmm.Pairs, a *mat.Dense, tolerance float64) (Inequality, error) {
	v, m, err := seeRepresentation(p, a)
	if err != nil {
		return Inequality{}, err
	}
	e, err := v.boundedGradient(m, tolerance, costliest)
	if err != nil {
		return Inequality{}, err
	}
	s := v.fisherSpace(p.Left.FisherDimension().Value, false)
	outside := v.off(m, s)       // QM
	size := mat.Norm(outside, 2) // ‖QM‖² = ‖PMQ‖² + ‖QMQ‖²
	slack := v.slack(m, s) + v.formError*mat.Norm(m, 2)
	pairing := 2 * v.primalNorm(symmetric(mat.DenseCopyOf(outside)))
	return Inequality{
		Left:  2 * pair(e.gradient, outside),
		Right: 2 * size * size,
		Error: pairing*e.err + (2*mat.Norm(e.gradient, 2)+4*size)*slack,
		Scale: 1 + mat.Norm(e.gradient, 2)*mat.Norm(m, 2),
	}, nil
}

// Monotonicity evaluates both sides of ⟨∇f(M₂) − ∇f(M₁), V⟩ ≥ ‖V‖²_F, V = M₂ − M₁,
// whitened, for Mᵢ = AᵢAᵢᵀ: it holds for all M₁, M₂ iff f is 1-strongly convex.
func Monotonicity(p gmm.Pairs, a1, a2 *mat.Dense, tolerance float64) (Inequality, error) {
	v, m1, err := seeRepresentation(p, a1)
	if err != nil {
		return Inequality{}, err
	}
	_, m2, err := seeRepresentation(p, a2)
	if err != nil {
		return Inequality{}, err
	}
	e1, err := v.boundedGradient(m1, tolerance, costliest)
	if err != nil {
		return Inequality{}, err
	}
	e2, err := v.boundedGradient(m2, tolerance, costliest)
	if err != nil {
		return Inequality{}, err
	}
	var move, rise mat.Dense
	move.Sub(m2, m1)
	rise.Sub(e2.gradient, e1.gradient)
	size := mat.Norm(&move, 2)
	relative := v.formError * (mat.Norm(m1, 2) + mat.Norm(m2, 2))
	return Inequality{
		Left:  pair(&rise, &move),
		Right: size * size,
		Error: v.primalNorm(&move)*(e1.err+e2.err) + relative*(mat.Norm(&rise, 2)+2*size),
		Scale: 1 + mat.Norm(&rise, 2)*size,
	}, nil
}

// seeRepresentation views p in whitened coordinates of all d dimensions, and M = AAᵀ there.
func seeRepresentation(p gmm.Pairs, a *mat.Dense) (*view, *mat.Dense, error) {
	d, _ := a.Dims()
	if d != p.Left.Dimension() {
		panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", d, p.Left.Dimension()))
	}
	n := mat.NewSymDense(d, nil)
	n.SymOuterK(1, a)
	form := gmm.Plain(n)
	v, err := see(p, form.Left)
	if err != nil {
		return nil, nil, err
	}
	return v, v.matrix(form.Symmetric()), nil
}

// off returns QM, Q the projector off the space.
func (v *view) off(m *mat.Dense, s space) *mat.Dense {
	if s.basis == nil {
		return mat.DenseCopyOf(m)
	}
	var inside, kept, out mat.Dense
	inside.Mul(s.basis.T(), m)
	kept.Mul(s.basis, &inside)
	out.Sub(m, &kept)
	return &out
}

// primalNorm is dual to dualNorm: ‖V‖² = Σ_ij ½(w_i + w_j) V_ij².
func (v *view) primalNorm(x *mat.Dense) float64 {
	var sum float64
	for i, wi := range v.w {
		for j, wj := range v.w {
			sum += (wi + wj) / 2 * x.At(i, j) * x.At(i, j)
		}
	}
	return math.Sqrt(sum)
}

// pair is ⟨A, B⟩ = Σ A_ij B_ij.
func pair(a, b *mat.Dense) float64 {
	var sum float64
	rows, columns := a.Dims()
	for i := range rows {
		for j := range columns {
			sum += a.At(i, j) * b.At(i, j)
		}
	}
	return sum
}
