package gmm

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm/closure"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Coupling tells how strongly a component's covariance couples the Fisher subspace to its complement.
type Coupling struct {
	// Component is k, from 0.
	Component int
	// Direction is the functional x ↦ wᵀx out of the Fisher subspace that Σ_k couples most to it: d coordinates of w, of
	// variance 1 under Σ̄ and uncorrelated under Σ̄ with the Fisher subspace. Its first coordinate of at least half the largest size is positive.
	Direction []float64
	// Size is ‖QΣ_kP‖_op in coordinates whitened by Σ̄, P the projector on the Fisher subspace and Q = I − P, to the
	// rounding of float64 times the condition of Σ̄.
	Size float64
}

// Couplings returns, the largest first, the couplings of all components that do not map the Fisher subspace into itself, whose number is exact: none
// where it is the Envelope. It fails, with ErrIllConditioned, where Σ̄ is singular to double precision.
func (m *Mixture) Couplings() ([]Coupling, error) {
	s, d := m.FisherDimension(), m.Dimension()
	if m.Shared() || s == 0 || s == d {
		return nil, nil
	}
	moves, enough := problem(m.rational, m.exact.Covariances, m.exact.Means).Moves(mostEnvelopeWork)
	if enough && !slices.Contains(moves, true) {
		return nil, nil
	}
	view, ok := m.float()
	if !ok {
		return nil, tooSkewed(d)
	}
	inside := leadingVectors(view.columns(m.exact.Means), s)
	var couplings []Coupling
	for k := range m.own {
		if enough && !moves[k] {
			continue
		}
		image := view.apply(m.Own(k), inside)
		deflate(image, inside)
		left, sizes := singular(image)
		direction := left.Slice(0, d, 0, 1).(*mat.Dense)
		view.solve(direction, blas.NoTrans)
		couplings = append(couplings, Coupling{Component: k, Direction: positive(mat.Col(nil, 0, direction)), Size: sizes[0]})
	}
	slices.SortStableFunc(couplings, func(a, b Coupling) int { return cmp.Compare(b.Size, a.Size) })
	return couplings, nil
}

// positive turns a vector so that its first entry of at least half the largest size is positive.
func positive(x []float64) []float64 {
	largest := max(slices.Max(x), -slices.Min(x))
	sign := 1.
	if first := slices.IndexFunc(x, func(v float64) bool { return 2*math.Abs(v) >= largest }); x[first] < 0 {
		sign = -1
	}
	for i := range x {
		x[i] = sign*x[i] + 0 // which is never −0
	}
	return x
}

// float is Σ̄ = RᵀR in float64: coordinates R⁻ᵀx of points, R w of functionals.
type float struct {
	root blas64.Triangular
}

func (m *Mixture) float() (float, bool) {
	if m.definite.factor == nil {
		return float{}, false
	}
	return float{m.definite.factor.RawU().(*mat.TriDense).RawTriangular()}, true
}

// solve multiplies a by R⁻¹ or, transposed, by R⁻ᵀ in place.
func (f float) solve(a *mat.Dense, transposed blas.Transpose) {
	blas64.Trsm(blas.Left, transposed, 1, f.root, a.RawMatrix())
}

// columns returns the whitened vectors as columns.
func (f float) columns(vectors [][]*big.Rat) *mat.Dense {
	a := rounded(doubled(vectors))
	whitened := mat.DenseCopyOf(a.T())
	f.solve(whitened, blas.Trans)
	return whitened
}

// apply returns R⁻ᵀΣR⁻¹B.
func (f float) apply(sigma mat.Matrix, b *mat.Dense) *mat.Dense {
	lifted := mat.DenseCopyOf(b)
	f.solve(lifted, blas.NoTrans)
	image := new(mat.Dense)
	image.Mul(sigma, lifted)
	f.solve(image, blas.Trans)
	return image
}

// deflate takes from the columns of a what lies along the orthonormal columns of b; twice, as rounding leaves some of it once.
func deflate(a, b *mat.Dense) {
	for range 2 {
		var within, along mat.Dense
		within.Mul(b.T(), a)
		along.Mul(b, &within)
		a.Sub(a, &along)
	}
}

// singular returns the left singular vectors and the singular values, descending.
func singular(a *mat.Dense) (*mat.Dense, []float64) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("gmm: the singular values did not converge")
	}
	left := new(mat.Dense)
	svd.UTo(left)
	return left, svd.Values(nil)
}

// unit scales columns that are not 0 to length 1.
func unit(a *mat.Dense) {
	_, columns := a.Dims()
	for c := range columns {
		column := a.ColView(c).(*mat.VecDense)
		if size := mat.Norm(column, 2); size > 0 {
			column.ScaleVec(1/size, column)
		}
	}
}

// leadingVectors returns the s leading left singular vectors of the columns of a, scaled to length 1.
func leadingVectors(a *mat.Dense, s int) *mat.Dense {
	unit(a)
	left, _ := singular(a)
	rows, _ := left.Dims()
	return mat.DenseCopyOf(left.Slice(0, rows, 0, s))
}

// nearly returns the dimension to rounding of the closure of the vectors under the operators, whitened; d where Σ̄ is singular to rounding. With ranges those
// of all T_k − I count as vectors, T_k the operators.
func (m *Mixture) nearly(vectors [][]*big.Rat, operators [][][]*big.Rat, ranges bool) int {
	d := m.Dimension()
	view, ok := m.float()
	if !ok {
		return d
	}
	columns := mat.NewDense(d, 1, nil)
	if len(vectors) > 0 {
		columns = view.columns(vectors)
		if size := mat.Norm(columns, 2); size > 0 {
			columns.Scale(1/size, columns)
		}
	}
	identity := mat.DenseCopyOf(mat.NewDiagDense(d, ones(d)))
	var whitened []*mat.SymDense
	for _, operator := range operators {
		t := symmetricPart(view.apply(symmetricOf(doubled(operator)), identity))
		whitened = append(whitened, t)
		if ranges {
			var off mat.Dense
			off.Sub(t, identity)
			wider := new(mat.Dense)
			wider.Augment(columns, &off)
			columns = wider
		}
	}
	// Entries of Σ_k that are rounded change whitened covariances by up to √d u times the condition of Σ̄'s correlation matrix.
	tolerance := 8 * math.Sqrt(float64(d)) * unitRoundoff / m.definite.leastCorrelation
	return closure.Nearly(whitened, columns, tolerance)
}

func ones(d int) []float64 {
	out := make([]float64, d)
	for i := range out {
		out[i] = 1
	}
	return out
}
