package solver

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// face is a positive semidefinite M = V diag(n) Vᵀ in the relative interior of
// its face of the cone: V is m×ρ orthonormal, n > 0; V is nil if ρ = 0.
type face struct {
	v *mat.Dense
	n []float64
}

// coneDescent is a descent among positive semidefinite matrices.
type coneDescent interface {
	descent
	// dualNorm is ‖·‖_d.
	dualNorm(g *mat.Dense) float64
}

// facePoint is a face's matrix with its gradient and the KKT conditions there.
type facePoint struct {
	face
	*place
	d        coneDescent
	residual float64    // ‖∇f − Z‖_d, Z the PSD part of the kernel block of ∇f
	tangent  *mat.Dense // the part of ∇f that moves M within matrices of its rank
	missing  *mat.Dense // m×1, the kernel direction of steepest descent; nil if none
	descent  float64    // the gradient's eigenvalue along missing, < 0
	spent    bool       // the budget ended the descent
}

// minimisePSD finds the minimiser of d's loss f over positive semidefinite matrices.
// unconstrained is f's minimiser over all symmetric ones; uncertainty is what
// its eigenvalues may be off by.
//
// It walks along matrices of fixed rank by Riemannian Newton steps, adds the
// direction in which the gradient's kernel block is most negative, and lets
// eigenvalues that tend to 0 leave. f decreases throughout, and convexity makes
// the KKT conditions sufficient. The distance to the minimiser is at most the
// residual ‖∇f(M) − Z‖_d plus the gradient's error: Z is positive semidefinite
// and vanishes on M, so ⟨Z, M − M*⟩ ≤ 0, and strong convexity does the rest.
//
// The point is d's present place, as unconstrained may be.
//
// Where the budget is spent the point is the last that was found, and its residual and error what it is worth.
func minimisePSD(d coneDescent, work *budget, unconstrained *place, uncertainty, tolerance float64) (*facePoint, error) {
	const converged = 0x1p-5
	start := positivePart(unconstrained.m, uncertainty)
	if rows, _ := unconstrained.m.Dims(); len(start.n) == rows { // M_u ≻ 0 is the minimiser
		return &facePoint{face: start, place: unconstrained, d: d, residual: unconstrained.norm}, nil
	}
	m, _ := unconstrained.m.Dims()
	grade := tolerance
	if unconstrained.blur > 0 {
		grade = max(tolerance, d.coarsest())
	}
	current, err := tryFace(d, start, m, grade)
	if err != nil {
		return nil, err
	}
	end := func(err error) (*facePoint, error) {
		if !work.exhausted(err) {
			return nil, err
		}
		current.spent = true
		return current, nil
	}
	d.accept()
	stalled := 0
	for range mostSteps {
		if current.residual <= max(converged*tolerance, current.blur) || stalled > 2 {
			if current.tolerance <= tolerance {
				break
			}
			stalled = 0
			finer, err := tryFace(d, current.face, m, tolerance)
			if err != nil {
				return end(err)
			}
			current = finer
			d.accept()
			continue
		}
		if current.blur > 0 { // digits are dear
			grade = max(tolerance, min(current.tolerance, current.residual/10))
		}
		next, err := current.improve(grade, hessianTolerance(current.residual))
		if next == nil && err == nil && current.blur == 0 { // was it the Hessian?
			next, err = current.improve(tolerance, tolerance)
		}
		if err != nil {
			return end(err)
		}
		if next == nil && current.tolerance > tolerance {
			stalled = 3
			continue
		}
		if next == nil {
			break
		}
		if !(next.residual < current.residual/2) {
			stalled++
			if next.residual > 1e3*tolerance {
				stalled = 0
			}
		} else {
			stalled = 0
		}
		if next.residual >= current.residual && current.residual < 10*current.err {
			break
		}
		current = next
		d.accept()
	}
	return current, nil
}

// positivePart keeps the eigenvalues of m that exceed threshold.
func positivePart(m *mat.Dense, threshold float64) face {
	n, _ := m.Dims()
	values, vectors := eigen(m)
	first := 0
	for first < n && values[first] <= threshold {
		first++
	}
	if first == n {
		return face{}
	}
	return face{v: mat.DenseCopyOf(vectors.Slice(0, n, first, n)), n: values[first:]}
}

// matrix returns V diag(n) Vᵀ, m×m.
func (c face) matrix(m int) *mat.Dense {
	out := mat.NewDense(m, m, nil)
	if c.v == nil {
		return out
	}
	out.Mul(c.scaled(c.n), c.v.T())
	symmetrise(out)
	return out
}

// scaled returns V diag(s).
func (c face) scaled(s []float64) *mat.Dense {
	return weightedColumns(c.v, s)
}

// root returns V diag(n)^½, a matrix A with AAᵀ = M; nil if M = 0.
func (c face) root() *mat.Dense {
	if c.v == nil {
		return nil
	}
	s := make([]float64, len(c.n))
	for i, n := range c.n {
		s[i] = math.Sqrt(n)
	}
	return c.scaled(s)
}

// kernel returns Q A for the projector Q = I − VVᵀ on the kernel.
func (c face) kernel(a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	if c.v == nil {
		return out
	}
	var inside, back mat.Dense
	inside.Mul(c.v.T(), a)
	back.Mul(c.v, &inside)
	out.Sub(out, &back)
	return out
}

// value returns the loss and an estimate of its error.
func (p *facePoint) value() (value, err float64) { return p.whole.value() }

// tryFace evaluates a face's matrix, m×m, as a trial.
func tryFace(d coneDescent, c face, m int, tolerance float64) (*facePoint, error) {
	pt, err := d.try(c.matrix(m), tolerance)
	if err != nil {
		return nil, err
	}
	p := &facePoint{face: c, place: pt, d: d}
	block := c.kernel(mat.DenseCopyOf(c.kernel(pt.gradient).T())) // Q∇fQ
	symmetrise(block)
	p.tangent = new(mat.Dense)
	p.tangent.Sub(pt.gradient, block)
	values, vectors := eigen(block)
	rest := mat.DenseCopyOf(p.tangent)
	for i, value := range values {
		if value >= 0 {
			break
		}
		e := vectors.Slice(0, m, i, i+1)
		var square mat.Dense
		square.Mul(e, e.T())
		addScaled(rest, value, &square)
	}
	p.residual = d.dualNorm(rest)
	if values[0] < 0 {
		p.descent = values[0]
		p.missing = c.kernel(mat.DenseCopyOf(vectors.Slice(0, m, 0, 1)))
	}
	return p, nil
}

// improve returns the next point, by a Hessian of the given accuracy, or nil where
// rounding leaves no progress.
func (p *facePoint) improve(tolerance, accuracy float64) (*facePoint, error) {
	const nearlyStationary = 0.1
	extends := p.missing != nil && p.d.dualNorm(p.tangent) < -nearlyStationary*p.descent
	if !extends && p.v == nil {
		return nil, nil
	}
	p.d.scratch().reset()
	hessian, err := p.d.bend(accuracy)
	if err != nil {
		return nil, err
	}
	if extends {
		return p.extend(hessian, tolerance)
	}
	return p.newton(hessian, tolerance)
}

// extend adds the missing direction, by a Newton step along it.
func (p *facePoint) extend(hessian operator, tolerance float64) (*facePoint, error) {
	m, _ := p.m.Dims()
	ray, image := p.d.scratch().dense(m, m), p.d.scratch().dense(m, m)
	productRight(ray, p.missing, p.missing)
	hessian.apply(image, ray)
	ray.Scale(-p.descent/inner(image, ray), ray)
	next, err := search(p.d, p.place, ray, tolerance)
	if err != nil || next == nil {
		return nil, err
	}
	return tryFace(p.d, positivePart(next.m, vanishing*mat.Norm(next.m, 2)), m, tolerance)
}

// riemannian is the Hessian on the matrices of rank ρ at a face point.
type riemannian struct {
	*facePoint
	hessian operator
	pseudo  *mat.Dense // V diag(1/n)
}

// apply writes the tangent part of D²f(M)[D], and what the curvature of the
// matrices of rank ρ makes of the kernel block of the gradient.
func (r riemannian) apply(into, d *mat.Dense) {
	r.hessian.apply(into, d)
	into.Copy(r.project(into))
	var dv, bend, half mat.Dense
	dv.Mul(d, r.pseudo)
	bend.Mul(r.gradient, r.kernel(&dv))
	half.Mul(r.kernel(&bend), r.v.T())
	into.Add(into, &half)
	into.Add(into, half.T())
}

// tangentQuadratic is the inverse of the quadratic part of the Hessian, on the tangent space.
type tangentQuadratic struct{ *facePoint }

func (t tangentQuadratic) apply(into, d *mat.Dense) {
	t.d.apply(into, d)
	into.Copy(t.project(into))
}

// newton takes a Riemannian Newton step D on the matrices of rank ρ, along the
// arc of the nearest positive semidefinite matrices of rank at most ρ to M + αD.
// That arc is a second-order retraction, so the kernel block of the gradient
// enters the Hessian; where an eigenvalue would become negative it leaves.
func (p *facePoint) newton(hessian operator, tolerance float64) (*facePoint, error) {
	inverse := make([]float64, len(p.n))
	for i, n := range p.n {
		inverse[i] = 1 / n
	}
	forcing := min(0.1, max(serves/10, p.residual))
	d := conjugateGradients(p.d.scratch(), riemannian{p, hessian, p.scaled(inverse)}, tangentQuadratic{p}, p.tangent, forcing)
	here, noise := p.value()
	const sufficient, shortest = 1e-4, 1e-12
	m, _ := p.v.Dims()
	for length := 1.0; length > shortest; length /= 2 {
		next, err := tryFace(p.d, p.along(d, length), m, tolerance)
		if errors.Is(err, errSteep) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var moved mat.Dense
		moved.Sub(next.m, p.m)
		expected := inner(p.gradient, &moved)
		if math.Abs(expected) < p.blur*p.d.primalNorm(&moved) {
			return nil, nil
		}
		there, _ := next.value()
		if there <= here+sufficient*expected && expected < 0 || next.residual < p.residual/2 && there <= here+10*noise {
			return next, nil
		}
	}
	return nil, nil
}

// project returns D − QDQ, the tangent part of a symmetric D.
func (p *facePoint) project(d *mat.Dense) *mat.Dense {
	block := p.kernel(mat.DenseCopyOf(p.kernel(d).T()))
	out := new(mat.Dense)
	out.Sub(d, block)
	symmetrise(out)
	return out
}

// along returns the positive part, of rank at most ρ, of M + αD for a tangent D:
// with QDV = UR, M + αD = [V U] [[diag(n) + αVᵀDV, αRᵀ], [αR, 0]] [V U]ᵀ.
func (p *facePoint) along(d *mat.Dense, length float64) face {
	rank := len(p.n)
	m, _ := p.v.Dims()
	var dv, vdv, r mat.Dense
	dv.Mul(d, p.v)
	vdv.Mul(p.v.T(), &dv)
	across := p.kernel(&dv)
	var svd mat.SVD
	if !svd.Factorize(across, mat.SVDThin) {
		panic("solver: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	_, width := u.Dims()
	r.Mul(u.T(), across)
	small := mat.NewSymDense(rank+width, nil)
	for i := range rank {
		for j := i; j < rank; j++ {
			small.SetSym(i, j, length*(vdv.At(i, j)+vdv.At(j, i))/2)
		}
		small.SetSym(i, i, small.At(i, i)+p.n[i])
		for j := range width {
			small.SetSym(i, rank+j, length*r.At(j, i))
		}
	}
	values, vectors := eigen(small)
	first := width // the ρ largest
	for first < rank+width && values[first] <= vanishing*values[rank+width-1] {
		first++
	}
	if first == rank+width {
		return face{}
	}
	var turned mat.Dense
	basis := mat.NewDense(m, rank+width, nil)
	basis.Slice(0, m, 0, rank).(*mat.Dense).Copy(p.v)
	basis.Slice(0, m, rank, rank+width).(*mat.Dense).Copy(&u)
	turned.Mul(basis, vectors.Slice(0, rank+width, first, rank+width))
	return face{v: &turned, n: values[first:]}
}

// vanishing is the relative size at which an eigenvalue is taken for 0: below
// float64's roundoff beside the largest.
const vanishing = 0x1p-52
