package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// affineHessian is V ↦ D²_M[V] − D_c∇_M (D²_c)⁻¹ D_M∇_c[V] of a term Affine at one M, but for its quadratic part.
type affineHessian struct {
	*softmaxHessian
	by *affine
	*blocks
}

// blocks are those of c in a Hessian.
type blocks struct {
	mixed  []*mat.Dense // q, D_c∇_M of the basis, symmetric
	corner mat.Cholesky // D²_c along the basis
}

// prepare computes the blocks of c.
func (h *affineHessian) prepare() error {
	m, k := h.by.Left.Means.Dims()
	_, q := h.by.basis.Dims()
	corner, none := mat.NewSymDense(q, nil), mat.NewDense(m, m, nil)
	h.blocks = new(blocks)
	var coupled float64
	for i := range q {
		image, along := mat.NewDense(m, m, nil), make([]float64, k)
		h.apply(image, along, none, h.by.means.RawRowView(i))
		dense.Symmetrise(image)
		h.mixed = append(h.mixed, image)
		coupled = math.Hypot(coupled, h.by.norm(image))
		for l := range i + 1 {
			corner.SetSym(l, i, dense.Dot(h.by.means.RawRowView(l), along))
		}
		corner.SetSym(i, i, 1+corner.At(i, i))
	}
	h.by.coupling, h.by.known = max(1, coupled), h.blocks
	if !h.corner.Factorize(corner) {
		return fmt.Errorf("solver: the curvature in c, 1 at least, came out as %.3g", mat.Formatted(corner))
	}
	return nil
}

// solve is (D²_c)⁻¹ of a vector along the basis.
func (h *blocks) solve(along *mat.VecDense) *mat.VecDense {
	out := new(mat.VecDense)
	if err := h.corner.SolveVecTo(out, along); err != nil {
		panic(fmt.Sprintf("solver: a matrix that is I at least is singular: %v", err))
	}
	return out
}

// Apply writes D² of the least value over c in the direction V.
func (h *affineHessian) Apply(into, v *mat.Dense) {
	h.softmaxHessian.Apply(into, v)
	z := h.solve(h.slopes(v))
	for i, mixed := range h.mixed {
		dense.AddScaled(into, -z.AtVec(i), mixed)
	}
}

// slopes are D_M∇_c[V] along the basis.
func (h *blocks) slopes(v *mat.Dense) *mat.VecDense {
	along := mat.NewVecDense(len(h.mixed), nil)
	for i, mixed := range h.mixed {
		along.SetVec(i, dense.Inner(mixed, v))
	}
	return along
}
