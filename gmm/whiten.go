package gmm

import (
	"fmt"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Whitened is a mixture in the coordinates y = Λ⁻¹Fᵀx of a frame F with
// FᵀΣ̄F = ΛΛᵀ, where its covariance, or the mean Σ̄ of its covariances, is the identity.
type Whitened struct {
	Frame Frame
	// Root is Λ, m×m lower triangular and close to the identity; nil if m = 0.
	Root *mat.TriDense
	// Means holds the whitened component means as columns, m×K; nil if m = 0.
	Means *mat.Dense
	// Error bounds the relative error of the whitened means: each column is the
	// image of the exact mean, up to a common rotation, within Error times the
	// longest column.
	Error float64
	// Covariances holds T_k = Λ⁻¹FᵀΣ_kFΛ⁻ᵀ, d×d, with Σ w_k T_k = I, of own covariances
	// that WhitenFull whitened; else nil.
	Covariances []*mat.SymDense
	// CovarianceErrors bounds, for each k, the Frobenius norm of the error of T_k:
	// it is the image of the exact one, up to the rotation common to all T_k and
	// means, within that.
	CovarianceErrors []float64
	// LeastEigenvalue is a proved c in (0, 1] with Σ_k ⪰ cΣ̄ for every k; 1 where Covariances
	// is nil. The InfoNCE loss is c-strongly convex in these coordinates.
	LeastEigenvalue float64
}

// WhitenFisher whitens the pooled mixture inside its Fisher subspace: m = s, the
// FisherDimension. Where double-double precision would leave a larger error than
// float64's own, the mixture is whitened in wide numbers. It fails, with
// ErrIllConditioned, where neither shows all s directions, or where their whitened lengths differ
// by more than float64 coefficients can tell apart, a factor of about 1e15.
func (m *Mixture) WhitenFisher() (Whitened, error) {
	s := m.FisherDimension()
	if s == 0 {
		return Whitened{Frame: Frame{Fisher: true, Basis: &mat.Dense{}}, LeastEigenvalue: 1}, nil
	}
	w, err := m.whitenFisher(s)
	if err == nil {
		off := m.Gram().frameError(w.Frame.Basis)
		if off < unitRoundoff {
			return w, nil
		}
		w.Error += off
	}
	if exact, ok := m.whitenFisherWide(s); ok {
		return exact, nil
	}
	return w, err
}

// whitenFisher is WhitenFisher in double-double, without the error of its products.
func (m *Mixture) whitenFisher(s int) (Whitened, error) {
	frame := Frame{Fisher: true, Basis: &mat.Dense{}}
	gram := m.Gram()
	columns, r := pivotedCholesky(gram.G, s)
	if len(columns) < s {
		return Whitened{}, tooSkewed(s)
	}
	frame.Basis = mat.NewDense(m.Components(), s, nil)
	for c := range s { // Basis = R_J⁻¹ on the rows of the chosen columns J, R_J upper triangular
		column := make([]dd.Number, s)
		for i := c; i >= 0; i-- {
			sum := dd.Of(0)
			if i == c {
				sum = dd.Of(1)
			}
			for j := i + 1; j <= c; j++ {
				sum = sum.Sub(r[i][columns[j]].Mul(column[j]))
			}
			column[i] = sum.Div(r[i][columns[i]])
			frame.Basis.Set(columns[i], c, column[i].Float64())
		}
	}
	products := transposedProducts(frame.Basis, gram.G)
	return whiten(frame, transposedProducts(frame.Basis, products), products)
}

// WhitenFull whitens all d coordinates by Σ̄: m = d. Where double-double precision would
// leave a larger error than float64's own, the mixture is whitened in wide numbers. It fails,
// with ErrIllConditioned, where neither whitens Σ̄.
func (m *Mixture) WhitenFull() (Whitened, error) {
	w, err := m.whitenPooled()
	if err == nil && !m.Shared() {
		m.whitenOwn(&w)
	}
	return w, err
}

func (m *Mixture) whitenPooled() (Whitened, error) {
	w, err := m.whitenFull()
	if err == nil {
		trace, size := mat.Trace(m.Covariance()), mat.Norm(w.Frame.Basis, 2)
		off := 8 * float64(m.Dimension()) * dd.Epsilon * trace * size * size
		if off < unitRoundoff {
			return w, nil
		}
		w.Error += off
	}
	if exact, ok := m.whitenFullWide(); ok {
		return exact, nil
	}
	return w, err
}

// whitenFull is whitenPooled in double-double, without the error of its products.
func (m *Mixture) whitenFull() (Whitened, error) {
	if m.definite.factor == nil {
		return Whitened{}, tooSkewed(m.Dimension())
	}
	var l, inverse mat.TriDense
	m.definite.factor.LTo(&l)
	_ = inverse.InverseTri(&l) // a condition warning is moot: FᵀΣF is computed below
	frame := Frame{Basis: mat.DenseCopyOf(inverse.T())}
	return whiten(frame, doubledProducts(frame.Basis, m.sigma), transposedProducts(frame.Basis, m.means))
}

// doubledProducts returns FᵀΣF.
func doubledProducts(f *mat.Dense, sigma [][]dd.Number) [][]dd.Number {
	return transposedProducts(f, transposedProducts(f, sigma))
}

// whiten turns FᵀΣF and FᵀU, both to double-double precision, into a Whitened.
func whiten(frame Frame, covariance, means [][]dd.Number) (Whitened, error) {
	n := len(covariance)
	var chol mat.Cholesky
	if !chol.Factorize(symmetricOf(covariance)) || chol.Cond() > largestFrameCondition {
		return Whitened{}, tooSkewed(n)
	}
	w := Whitened{Frame: frame, Root: new(mat.TriDense), LeastEigenvalue: 1}
	chol.LTo(w.Root)
	raw := rounded(means)
	w.Means = new(mat.Dense)
	_ = w.Root.SolveTo(w.Means, false, raw)
	// Cholesky's and the triangular solve's backward errors, γ_{n+1} each, times a condition near 1.
	w.Error = 4 * float64(n+2) * unitRoundoff * chol.Cond()
	return w, nil
}

// tooSkewed says that n directions cannot be whitened, and what to do next.
func tooSkewed(n int) error {
	return fmt.Errorf("gmm: %w: measured in standard deviations, %d directions differ so much in length that double precision loses the short ones; leave out coordinates that the others nearly determine",
		ErrIllConditioned, n)
}

// largestFrameCondition is how far FᵀΣF may be from the identity. Frames that
// meet it lose at most two digits to Λ.
const largestFrameCondition = 100

// Form writes the whitened symmetric matrix v, m×m, as a form: N = Λ⁻ᵀ v Λ⁻¹.
func (w Whitened) Form(v mat.Symmetric) Form {
	f := WhitenedPairs{w, w}.Form(mat.DenseCopyOf(v))
	if f.N != nil {
		f.N = mat.DenseCopyOf(symmetricPart(f.N))
	}
	return f
}

// Form writes the matrix v, m_L×m_R in whitened coordinates, as a form: N = Λ_L⁻ᵀ v Λ_R⁻¹. A
// nil v is M = 0.
func (w WhitenedPairs) Form(v *mat.Dense) Form {
	f := Form{Left: w.Left.Frame, Right: w.Right.Frame}
	if v == nil || w.Left.Root == nil || w.Right.Root == nil {
		return f
	}
	var left, both mat.Dense
	_ = w.Left.Root.SolveTo(&left, true, v)
	_ = w.Right.Root.SolveTo(&both, true, mat.DenseCopyOf(left.T()))
	f.N = mat.DenseCopyOf(both.T())
	return f
}

// Restriction returns the whitened matrix (ΣFΛ⁻ᵀ)ᵀ M (ΣFΛ⁻ᵀ), m×m, of a symmetric M in
// the original coordinates of the mixture x that was whitened: that of the form
// which agrees with M on the span of ΣF, in a Fisher frame the span of the means.
// It undoes Form; nil if m = 0. It panics if M is not d×d.
func (w Whitened) Restriction(x *Mixture, m mat.Matrix) *mat.SymDense {
	if w.Root == nil {
		return nil
	}
	var lifted, half, inside, left, both mat.Dense
	if w.Frame.Fisher { // F = Σ⁻¹U·Basis
		lifted.Mul(x.Means().T(), w.Frame.Basis)
	} else {
		lifted.Mul(x.Covariance(), w.Frame.Basis)
	}
	half.Mul(symmetricPart(m), &lifted)
	inside.Mul(lifted.T(), &half)
	_ = w.Root.SolveTo(&left, false, &inside)
	_ = w.Root.SolveTo(&both, false, left.T())
	return symmetricPart(&both)
}

// symmetricPart returns (A + Aᵀ)/2.
func symmetricPart(a mat.Matrix) *mat.SymDense {
	n, _ := a.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	return out
}

// Columns returns the d×r matrix A = FΛ⁻ᵀv in original coordinates of the
// whitened matrix v, m×r.
func (w Whitened) Columns(m *Mixture, v *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Mul(w.Frame.Columns(m), w.Coefficients(v))
	return out
}

// Coefficients returns Λ⁻ᵀv, m×r: what Columns makes of v, in the columns of the frame.
func (w Whitened) Coefficients(v *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	_ = w.Root.SolveTo(out, true, v)
	return out
}

// transposedProducts returns FᵀSᵀ, given by the rows of S.
func transposedProducts(f *mat.Dense, s [][]dd.Number) [][]dd.Number {
	_, m := f.Dims()
	out := make([][]dd.Number, m)
	for a := range m {
		column := columnOf(f, a)
		out[a] = make([]dd.Number, len(s))
		for j := range s {
			out[a][j] = dd.Dot(column, s[j])
		}
	}
	return out
}

func columnOf(f *mat.Dense, c int) []dd.Number {
	rows, _ := f.Dims()
	column := make([]dd.Number, rows)
	for i := range column {
		column[i] = dd.Of(f.At(i, c))
	}
	return column
}
