package descent

import (
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// FacePoint is a face's matrix with its gradient and the KKT conditions there.
type FacePoint struct {
	face
	*Iterate
	f        Objective
	s        *State
	Residual float64    // ‖∇f − Z‖_d, Z the PSD part of the kernel block of ∇f
	tangent  *mat.Dense // the part of ∇f that moves M within matrices of its rank
	missing  *mat.Dense // m×1, the kernel direction of steepest descent; nil if none
	descent  float64    // the gradient's eigenvalue along missing, < 0
	Spent    bool       // the budget ended the descent
}

// Cone finds the minimiser of f over positive semidefinite matrices.
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
// The point is the state's present one, as unconstrained may be.
//
// Where the budget is spent the point is the last that was found, and its residual and error what it is worth.
func Cone(f Objective, s *State, unconstrained *Iterate, uncertainty, tolerance float64) (*FacePoint, error) {
	const converged = 0x1p-5
	start := positivePart(unconstrained.M, uncertainty)
	if rows, _ := unconstrained.M.Dims(); len(start.n) == rows { // M_u ≻ 0 is the minimiser
		return &FacePoint{face: start, Iterate: unconstrained, f: f, s: s, Residual: unconstrained.Norm}, nil
	}
	grade := tolerance
	if unconstrained.Blur > 0 {
		grade = max(tolerance, f.Coarsest())
	}
	current, err := tryFace(f, s, start, grade)
	if err != nil {
		return nil, err
	}
	end := func(err error) (*FacePoint, error) {
		if !f.Budget().Exhausted(err) {
			return nil, err
		}
		current.Spent = true
		return current, nil
	}
	s.Accept()
	stalled := 0
	for range mostSteps {
		if current.Residual <= max(converged*tolerance, current.Blur) || stalled > 2 {
			if current.Tolerance <= tolerance {
				break
			}
			stalled = 0
			finer, err := tryFace(f, s, current.face, tolerance)
			if err != nil {
				return end(err)
			}
			current = finer
			s.Accept()
			continue
		}
		if current.Blur > 0 { // digits are dear
			grade = max(tolerance, min(current.Tolerance, current.Residual/10))
		}
		next, err := current.improve(grade, hessianTolerance(current.Residual))
		if next == nil && err == nil && current.Blur == 0 { // was it the Hessian?
			next, err = current.improve(tolerance, tolerance)
		}
		if err != nil {
			return end(err)
		}
		if next == nil && current.Tolerance > tolerance {
			stalled = 3
			continue
		}
		if next == nil {
			break
		}
		if next.Residual < current.Residual/2 || next.Residual > 1e3*tolerance {
			stalled = 0
		} else {
			stalled++
		}
		if next.Residual >= current.Residual && current.Residual < 10*current.Err {
			break
		}
		current = next
		s.Accept()
	}
	return current, nil
}

// tryFace evaluates a face's matrix as a trial.
func tryFace(f Objective, s *State, c face, tolerance float64) (*FacePoint, error) {
	m, _ := f.Metric().Weights.Dims()
	pt, err := s.Try(f, c.matrix(m), tolerance)
	if err != nil {
		return nil, err
	}
	p := &FacePoint{face: c, Iterate: pt, f: f, s: s}
	block := c.kernel(mat.DenseCopyOf(c.kernel(pt.Gradient).T())) // Q∇fQ
	dense.Symmetrise(block)
	p.tangent = new(mat.Dense)
	p.tangent.Sub(pt.Gradient, block)
	values, vectors := dense.Eigen(block)
	rest := mat.DenseCopyOf(p.tangent)
	for i, value := range values {
		if value >= 0 {
			break
		}
		e := vectors.Slice(0, m, i, i+1)
		dense.AddScaled(rest, value, dense.Times(e, e.T()))
	}
	p.Residual = f.Metric().Dual(rest)
	if values[0] < 0 {
		p.descent = values[0]
		p.missing = c.kernel(mat.DenseCopyOf(vectors.Slice(0, m, 0, 1)))
	}
	return p, nil
}
