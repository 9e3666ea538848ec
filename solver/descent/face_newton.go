package descent

import (
	"errors"
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// improve returns the next point, by a Hessian of the given accuracy, or nil where
// rounding leaves no progress.
func (p *FacePoint) improve(tolerance, accuracy float64) (*FacePoint, error) {
	const nearlyStationary = 0.1
	extends := p.missing != nil && p.f.Metric().Dual(p.tangent) < -nearlyStationary*p.descent
	if !extends && p.v == nil {
		return nil, nil
	}
	if !extends {
		if zero, err := p.vanished(tolerance); err != nil || zero != nil {
			return zero, err
		}
	}
	p.s.Scratch.Reset()
	hessian, err := p.f.Hessian(p.s.here, accuracy)
	if err != nil {
		return nil, err
	}
	if extends {
		return p.extend(hessian, tolerance)
	}
	return p.newton(hessian, tolerance)
}

// vanished returns 0 in the place of an M that tended to 0 on the way: so small that neither f nor its gradient, which is far from what it should be, tells it from that, and steps along
// its rank turn it without end; nil where it is not so.
func (p *FacePoint) vanished(tolerance float64) (*FacePoint, error) {
	const negligible = 0x1p-20
	if _, noise := p.Of.Value(); p.v == nil || math.Abs(dense.Inner(p.Gradient, p.M)) > noise {
		return nil, nil
	}
	zero, err := tryFace(p.f, p.s, face{}, tolerance)
	if err != nil {
		return nil, err
	}
	var moved mat.Dense
	moved.Sub(zero.Gradient, p.Gradient)
	if p.f.Metric().Dual(&moved) > negligible*p.Residual {
		return nil, nil
	}
	return zero, nil
}

// extend adds the missing direction, by a Newton step along it, or less than that: where f is flat at M the step is far too long, and beyond the minimum f may rise
// so slowly beside its slope at M that the slope alone does not tell.
func (p *FacePoint) extend(hessian Operator, tolerance float64) (*FacePoint, error) {
	m, _ := p.M.Dims()
	ray, image := p.s.Scratch.Dense(m, m), p.s.Scratch.Dense(m, m)
	dense.ProductRight(ray, p.missing, p.missing)
	hessian.Apply(image, ray)
	ray.Scale(-p.descent/dense.Inner(image, ray), ray)
	here, noise := p.Of.Value()
	const halvings = 60
	for range halvings {
		next, err := search(p.f, p.s, p.Iterate, ray, 1, tolerance)
		if err != nil || next == nil {
			return nil, err
		}
		if there, off := next.Of.Value(); there <= here+noise+off {
			return tryFace(p.f, p.s, positivePart(next.M, vanishing*mat.Norm(next.M, 2)), tolerance)
		}
		ray.Scale(0.5, ray)
	}
	return nil, nil
}

// riemannian is the Hessian on the matrices of rank ρ at a face point.
type riemannian struct {
	*FacePoint
	hessian Operator
	pseudo  *mat.Dense // V diag(1/n)
}

// Apply writes the tangent part of D²f(M)[D], and what the curvature of the
// matrices of rank ρ makes of the kernel block of the gradient.
func (r riemannian) Apply(into, d *mat.Dense) {
	r.hessian.Apply(into, d)
	into.Copy(r.project(into))
	bent := dense.Times(r.Gradient, r.kernel(dense.Times(d, r.pseudo)))
	half := dense.Times(r.kernel(bent), r.v.T())
	into.Add(into, half)
	into.Add(into, half.T())
}

// tangentQuadratic is the inverse of the quadratic part of the Hessian, on the tangent space.
type tangentQuadratic struct{ *FacePoint }

func (t tangentQuadratic) Apply(into, d *mat.Dense) {
	t.f.Metric().Apply(into, d)
	into.Copy(t.project(into))
}

// newton takes a Riemannian Newton step D on the matrices of rank ρ, along the
// arc of the nearest positive semidefinite matrices of rank at most ρ to M + αD.
// That arc is a second-order retraction, so the kernel block of the gradient
// enters the Hessian; where an eigenvalue would become negative it leaves.
func (p *FacePoint) newton(hessian Operator, tolerance float64) (*FacePoint, error) {
	inverse := make([]float64, len(p.n))
	for i, n := range p.n {
		inverse[i] = 1 / n
	}
	forcing := min(0.1, max(serves/10, p.Residual))
	h := riemannian{p, hessian, dense.WeightedColumns(p.v, inverse)}
	d := conjugateGradients(&p.s.Scratch, h, tangentQuadratic{p}, p.tangent, forcing, math.Inf(1))
	here, noise := p.Of.Value()
	const sufficient, shortest = 1e-4, 1e-12
	for length := 1.0; length > shortest; length /= 2 {
		next, err := tryFace(p.f, p.s, p.along(d, length), tolerance)
		if errors.Is(err, ErrSteep) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var moved mat.Dense
		moved.Sub(next.M, p.M)
		expected := dense.Inner(p.Gradient, &moved)
		if math.Abs(expected) < p.Blur*p.f.Metric().Primal(&moved) {
			return nil, nil
		}
		there, _ := next.Of.Value()
		if there <= here+sufficient*expected && expected < 0 || next.Residual < p.Residual/2 && there <= here+10*noise {
			return next, nil
		}
	}
	return nil, nil
}

// project returns D − QDQ, the tangent part of a symmetric D.
func (p *FacePoint) project(d *mat.Dense) *mat.Dense {
	block := p.kernel(mat.DenseCopyOf(p.kernel(d).T()))
	out := new(mat.Dense)
	out.Sub(d, block)
	dense.Symmetrise(out)
	return out
}

// along returns the positive part, of rank at most ρ, of M + αD for a tangent D:
// with QDV = UR, M + αD = [V U] [[diag(n) + αVᵀDV, αRᵀ], [αR, 0]] [V U]ᵀ.
func (p *FacePoint) along(d *mat.Dense, length float64) face {
	rank := len(p.n)
	m, _ := p.v.Dims()
	dv := dense.Times(d, p.v)
	vdv := dense.Times(p.v.T(), dv)
	across := p.kernel(dv)
	u, width := p.outside(across)
	small := mat.NewSymDense(rank+width, nil)
	basis := mat.NewDense(m, rank+width, nil)
	basis.Slice(0, m, 0, rank).(*mat.Dense).Copy(p.v)
	var r *mat.Dense
	if width > 0 {
		basis.Slice(0, m, rank, rank+width).(*mat.Dense).Copy(u)
		r = dense.Times(u.T(), across)
	}
	for i := range rank {
		for j := i; j < rank; j++ {
			small.SetSym(i, j, length*(vdv.At(i, j)+vdv.At(j, i))/2)
		}
		small.SetSym(i, i, small.At(i, i)+p.n[i])
		for j := range width {
			small.SetSym(i, rank+j, length*r.At(j, i))
		}
	}
	values, vectors := dense.Eigen(small)
	first := width // the ρ largest
	for first < rank+width && values[first] <= vanishing*values[rank+width-1] {
		first++
	}
	if first == rank+width {
		return face{}
	}
	return face{v: dense.Times(basis, vectors.Slice(0, rank+width, first, rank+width)), n: values[first:]}
}

// outside returns an orthonormal basis U, m×width, of the directions off the face in which the columns of QDV lie. Singular vectors of values that are
// rounding beside the others point anywhere, into the face too: they are left out, and what rounding put into the face is taken off the others.
func (p *FacePoint) outside(across *mat.Dense) (u *mat.Dense, width int) {
	m, rank := p.v.Dims()
	const clear = 0x1p-26 // half of the digits
	for range 2 {
		var svd mat.SVD
		if !svd.Factorize(across, mat.SVDThin) {
			panic("solver: the singular values did not converge")
		}
		values := svd.Values(nil)
		for width = 0; width < min(len(values), m-rank) && values[width] > clear*values[0]; {
			width++
		}
		if width == 0 {
			return nil, 0
		}
		var all mat.Dense
		svd.UTo(&all)
		u = mat.DenseCopyOf(all.Slice(0, m, 0, width))
		across = p.kernel(u)
	}
	return u, width
}

// vanishing is the relative size at which an eigenvalue is taken for 0: below
// float64's roundoff beside the largest.
const vanishing = 0x1p-52
