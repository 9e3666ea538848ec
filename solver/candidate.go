package solver

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Candidate is what a solve found. Nothing in it is a verdict.
type Candidate struct {
	Method string // a Method's
	// Free is the minimiser over all matrices, symmetric ones in one modality; there Factored leaves it empty.
	Free Minimum
	// Constrained is the minimiser over products A_L A_Rᵀ: over M ⪰ 0 in one modality, in two the same as Free.
	Constrained Minimum
	// Inside is, of own covariances, Constrained among the matrices whose columns and rows lie in the Fisher subspaces of Σ̄.
	Inside    Minimum
	Rule      string  // the quadrature at Free, or how it was found
	Points    int     // its nodes; 0 without a quadrature
	RuleError float64 // its estimated error of the gradient, whitened
	Steps     int     // Newton steps that led to Free
}

// Minimum is a minimiser of the loss, as a form and with its errors.
type Minimum struct {
	// Form is the matrix M; its N is nil where M = 0 because a Fisher subspace is {0}.
	Form gmm.Form
	// Left and Right are factors with A_L A_Rᵀ = M, one column a positive eigenvalue or singular value; in one modality they are the same.
	// In two they are of least norm in whitened coordinates, with at most min(s_L, s_R) columns. Those that Factored found have its
	// columns. They are empty for rank 0, and in one modality for Free.
	Left, Right Factor
	// Rank is that of M as far as the distance bound tells, or the number of columns of Factored.
	Rank int
	// Loss is f(M), LossError an estimate of its error.
	Loss, LossError float64
	// Bias is the b of a loss that has one, the best at M where it is free; NaN where the loss has none, or M = 0 because a Fisher subspace is {0}.
	Bias float64
	// Shift is, of affine maps, c with scores xᵀMy + c·x + c·y, the best at M, as one column: of a mixture whose mean is 0. It is empty
	// for other losses, and where M = 0 because a Fisher subspace is {0}. DistanceBound bounds its distance together with that of M.
	Shift Factor
	// OffRange is the whitened length of the part of c that is Ab for no b: where it is not 0, representations only come near the loss. 0 for other losses.
	OffRange float64
	// Offset is, of affine maps, the b of f(x) = Aᵀ(x − μ̄) + b for which Ab is the part of c in the range of M, one number a column of Left.
	Offset []float64
	// GradientNorm is ‖∇f(M)‖_d in whitened coordinates (mathematics: ‖G‖²_d =
	// Σ 2G_ij²/(w_i + v_j) in the eigenbases of I + C; of the spectral loss ½‖S^{−½}GT^{−½}‖_F); for a
	// minimum on the cone the KKT residual ‖∇f(M) − Z‖_d, of Factored the norm of the gradient over A.
	GradientNorm float64
	// DistanceBound bounds ‖M − M_exact‖_F in whitened coordinates by
	// GradientNorm plus estimates of quadrature, whitening and rounding error. What a
	// rule for many directions cannot see of the softmax is integrated along lines
	// through it, with an error estimate of its own, or bounded by the tangents of log p_k. It is +Inf for a stationary
	// point of Factored that nothing ties to a minimum: with fewer columns than that has ranks, or on the cone.
	DistanceBound float64
	// SingularValues are those of the whitened M, descending; in two modalities.
	SingularValues []float64
}

// Factor is one factor of a minimum.
type Factor struct {
	// Columns is A, d×rank, in original coordinates.
	Columns *mat.Dense
	// Coefficients is B, m×rank, with A = FB for the columns F of the form's frame; in
	// them A keeps the precision that Columns loses where Σ is ill-conditioned.
	Coefficients *mat.Dense
}

// Padded returns A, d×r: the columns and zeros. It panics if there are more of them.
func (f Factor) Padded(d, r int) *mat.Dense {
	a := mat.NewDense(d, r, nil)
	if f.Columns != nil {
		_, rank := f.Columns.Dims()
		if r < rank {
			panic(fmt.Sprintf("solver: a representation of rank %d does not fit %d columns", rank, r))
		}
		a.Slice(0, d, 0, rank).(*mat.Dense).Copy(f.Columns)
	}
	return a
}

// minimum brings an iterate back to the frames of its sides. In two modalities it has factors.
func (f *stated) minimum(at *descent.Iterate, residual float64) Minimum {
	m := Minimum{GradientNorm: residual, DistanceBound: f.Distance(at, residual), Bias: math.NaN()}
	if f.loss.biased {
		m.Bias = at.Of.(*term.Point).Bias()
	}
	if f.loss.affine {
		m.Shift = f.factor(f.Law.Left.Rotation, at.Of.(*term.Point).Shift(), f.whitened.Left, f.pairs.Left)
	}
	m.Loss, m.LossError = at.Of.Value()
	turned := f.turnedBack(at.M)
	if f.Law.Symmetric() {
		dense.Symmetrise(turned)
		rows, _ := turned.Dims()
		m.Form = f.whitened.Left.Form(mat.NewSymDense(rows, turned.RawMatrix().Data))
		return m
	}
	m.Form = f.whitened.Form(turned)
	m.Rank = f.Rank(at)
	m.decompose(f, turned)
	return m
}

// turnedBack returns M before the sides were turned.
func (f *stated) turnedBack(m *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(f.Law.Left.Rotation, m), f.Law.Right.Rotation.T())
}

// decompose fills in the factors of a matrix given in whitened
// coordinates, one column a positive singular value as far as min(s_L, s_R): rounding
// made what a blind solve leaves beyond.
func (m *Minimum) decompose(f *stated, turned *mat.Dense) {
	var svd mat.SVD
	if !svd.Factorize(turned, mat.SVDThin) {
		panic(fmt.Sprintf("solver: the singular values of a matrix of norm %g did not converge", mat.Norm(turned, 2)))
	}
	m.SingularValues = svd.Values(nil)
	width := 0
	for width < min(len(m.SingularValues), f.fisher()) && m.SingularValues[width] > 0 {
		width++
	}
	if width == 0 || m.Rank == 0 {
		return
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	leading := func(vectors *mat.Dense, w gmm.Whitened, mixture *gmm.Mixture) Factor {
		rows, _ := vectors.Dims()
		columns := dense.RootColumns(vectors.Slice(0, rows, 0, width).(*mat.Dense), m.SingularValues)
		return Factor{w.Columns(mixture, columns), w.Coefficients(columns)}
	}
	m.Left, m.Right = leading(&left, f.whitened.Left, f.pairs.Left), leading(&right, f.whitened.Right, f.pairs.Right)
}

// fisher is the smaller dimension of the Fisher subspaces.
func (f *stated) fisher() int {
	return min(f.pairs.Left.FisherDimension(), f.pairs.Right.FisherDimension())
}

// factored sets the one factor of a matrix in one modality, given in the loss's coordinates by ascending eigenvalues; nil for M = 0.
func (m *Minimum) factored(f *stated, root *mat.Dense) {
	if root == nil {
		return
	}
	factor := f.factor(f.Law.Left.Rotation, root, f.whitened.Left, f.pairs.Left)
	factor.canonical()
	m.Left, m.Right = factor, factor
}

// factor brings columns in the loss's coordinates back to original ones.
func (f *stated) factor(rotation, a *mat.Dense, w gmm.Whitened, mixture *gmm.Mixture) Factor {
	turned := dense.Times(rotation, a)
	return Factor{w.Columns(mixture, turned), w.Coefficients(turned)}
}

// canonical reverses the order of the columns, so that the largest
// eigenvalue comes first, and makes each column's largest entry positive, the
// first of them where rounding alone tells several apart. The columns of coefficients
// follow.
func (f *Factor) canonical() {
	rows, columns := f.Columns.Dims()
	out, follow := mat.NewDense(rows, columns, nil), mat.DenseCopyOf(f.Coefficients)
	for j := range columns {
		column := mat.Col(nil, columns-1-j, f.Columns)
		const alike = 1 - 1e-6 // no minimiser is this inaccurate, and no symmetry this nearly broken
		var largest float64
		for _, x := range column {
			if math.Abs(x)*alike > math.Abs(largest) {
				largest = x
			}
		}
		coefficients := mat.Col(nil, columns-1-j, f.Coefficients)
		floats.Scale(math.Copysign(1, largest), column)
		floats.Scale(math.Copysign(1, largest), coefficients)
		out.SetCol(j, column)
		follow.SetCol(j, coefficients)
	}
	f.Columns, f.Coefficients = out, follow
}
