package comparison

import (
	"errors"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// ErrNoPlane says that there is no plane in which what is to be seen can be seen.
var ErrNoPlane = errors.New("comparison: expected what can be seen in a plane")

// Plane is a mixture seen in two dimensions, with subspaces of them.
type Plane struct {
	// X and Y say what the axes are.
	X, Y       string
	Components []PlaneComponent
	// Fisher is the Fisher subspace; its direction is (0, 0) where it fills the plane.
	// Lines are other subspaces.
	Fisher PlaneLine
	Lines  []PlaneLine
	// Caption says in a sentence what is seen.
	Caption string
}

// PlaneComponent is a Gaussian in a plane.
type PlaneComponent struct {
	Weight     float64
	Mean       [2]float64
	Covariance [3]float64 // of xx, xy, yy
}

// PlaneLine is a subspace of one dimension.
type PlaneLine struct {
	Name      string
	Direction [2]float64
}

// FisherPlane shows p, whose optimal representation loses a direction of S_F, in
// whitened coordinates: across, the direction that the minimiser A* weighs most; up, the
// one orthogonal to Col(A*). Where dim S_F > 2 it is a plane within S_F. Each component is
// then a unit circle. It fails with ErrNoPlane where nothing is lost, or everything, or
// dim S_F < 2, and with what the solver fails with.
func FisherPlane(p gmm.Pairs) (Plane, error) {
	if err := p.WantSingle(); err != nil {
		return Plane{}, err
	}
	s := p.Left.FisherDimension()
	if s < 2 {
		return Plane{}, fmt.Errorf("%w: dim S_F ≥ 2, found %d", ErrNoPlane, s)
	}
	found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		return Plane{}, err
	}
	if rank := found.Constrained.Rank; rank == 0 || rank >= s {
		return Plane{}, fmt.Errorf("%w: a representation that keeps some directions of S_F and loses one, found one of rank %d", ErrNoPlane, rank)
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(p.Left.Covariance()) {
		return Plane{}, fmt.Errorf("%w: a covariance that float64 can whiten", ErrNoPlane)
	}
	var lower mat.TriDense
	cholesky.LTo(&lower)
	var means, form, inside mat.Dense
	if err := means.Solve(&lower, p.Left.Means().T()); err != nil { // L⁻¹U
		return Plane{}, fmt.Errorf("%w: %w", ErrNoPlane, err)
	}
	form.Product(lower.T(), found.Constrained.Form.Matrix(p), &lower) // LᵀM*L
	basis := subspace.SampleSVD(mat.DenseCopyOf(means.T()), s)
	inside.Product(basis.T(), &form, basis)
	// Of a positive semidefinite matrix singular vectors are eigenvectors, that of 0 the last.
	var axes, coordinates mat.Dense
	axes.Mul(basis, subspace.SampleSVD(&inside, s))
	coordinates.Mul(means.T(), &axes) // row k is μ_k
	across, up := oriented(mat.Col(nil, 0, &coordinates)), oriented(mat.Col(nil, s-1, &coordinates))
	plane := Plane{X: "most weighted direction of A*, standard deviations", Y: "lost direction, standard deviations",
		Fisher: PlaneLine{Name: "S_F"}, Lines: []PlaneLine{{"Col(A*)", [2]float64{1, 0}}},
		Caption: "In whitened coordinates S_F is the plane; Col(A*) keeps the horizontal direction and loses the vertical one."}
	if s > 2 {
		plane.Lines[0].Name = "Col(A*) within this plane"
		plane.Caption = fmt.Sprintf("S_F has %d dimensions, of which this plane, whitened, shows two: the one that A* weighs most, across, and the one that it loses, up.", s)
	}
	for k, w := range p.Weights() {
		plane.Components = append(plane.Components, PlaneComponent{w, [2]float64{across[k], up[k]}, [3]float64{1, 0, 1}})
	}
	return plane, nil
}

// SVDPlane shows a mixture in two dimensions, its Fisher subspace and the SVD subspace of
// the same dimension. It fails with ErrNoPlane unless d = 2 and dim S_F = 1.
func SVDPlane(m *gmm.Mixture) (Plane, error) {
	plane, err := coordinates(m, "S_F")
	if err != nil {
		return Plane{}, err
	}
	plane.Lines = []PlaneLine{line("SVD subspace", subspace.SVD(m, 1).Basis, 0)}
	plane.Caption = "SVD takes the direction in which E[xxᵀ] is greatest, whether or not the components differ along it."
	return plane, nil
}

// OwnCovariancePlane shows a mixture in two dimensions whose components have their own
// covariances, the Fisher subspace of Σ̄, and Col(A*). It fails with ErrNoPlane unless
// d = 2 and both are lines, and with what the solver fails with.
func OwnCovariancePlane(p gmm.Pairs) (Plane, error) {
	plane, err := coordinates(p.Left, "S_F")
	if err != nil {
		return Plane{}, err
	}
	found, err := solver.Minimise(solver.InfoNCE, p.Apart(), solver.Options{})
	if err != nil {
		return Plane{}, err
	}
	if found.Constrained.Rank != 1 {
		return Plane{}, fmt.Errorf("%w: a representation of rank 1, found %d", ErrNoPlane, found.Constrained.Rank)
	}
	plane.Lines = []PlaneLine{line("Col(A*)", found.Constrained.Left.Columns, 0)}
	plane.Caption = "Each component has its own covariance; S_F is the Fisher subspace of their weighted mean."
	return plane, nil
}

// ClipPlane shows the visual modality of p in two dimensions, its Fisher subspace, and the
// columns of a representation A_V that are not 0. It fails with ErrNoPlane unless
// d_V = 2, dim S_V = 1 and A_V has at most two such columns.
func ClipPlane(p gmm.Pairs, visual *mat.Dense) (Plane, error) {
	plane, err := coordinates(p.Left, "S_V")
	if err != nil {
		return Plane{}, err
	}
	_, columns := visual.Dims()
	for j := range columns {
		if mat.Norm(visual.ColView(j), 2) > 0 {
			plane.Lines = append(plane.Lines, line(fmt.Sprintf("column %d of A_V", j+1), visual, j))
		}
	}
	if len(plane.Lines) == 0 || len(plane.Lines) > 2 {
		return Plane{}, fmt.Errorf("%w: one or two columns of A_V, found %d", ErrNoPlane, len(plane.Lines))
	}
	plane.Caption = "The visual modality, with the columns of A_V; the loss depends on the product A_V A_Tᵀ alone."
	return plane, nil
}

// coordinates shows components in two dimensions as they are, and the line that their Fisher
// subspace is (ErrNoPlane).
func coordinates(m *gmm.Mixture, fisher string) (Plane, error) {
	s := subspace.Fisher(m)
	if m.Dimension() != 2 || s.Dimension() != 1 {
		return Plane{}, fmt.Errorf("%w: a Fisher line in two dimensions, found dim %s = %d in %d dimensions", ErrNoPlane, fisher, s.Dimension(), m.Dimension())
	}
	plane, means := Plane{X: "x₁", Y: "x₂", Fisher: line(fisher, s.Basis, 0)}, m.Means()
	for k, w := range m.Weights() {
		c := m.Own(k)
		plane.Components = append(plane.Components, PlaneComponent{w, [2]float64{means.At(k, 0), means.At(k, 1)}, [3]float64{c.At(0, 0), c.At(0, 1), c.At(1, 1)}})
	}
	return plane, nil
}

func line(name string, columns *mat.Dense, j int) PlaneLine {
	return PlaneLine{name, [2]float64{columns.At(0, j), columns.At(1, j)}}
}
