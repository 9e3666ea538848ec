package descent

import (
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// conjugateGradients minimises ⟨g, V⟩ + ½⟨V, H[V]⟩, for H positive definite by solving H[V] = −g, to the
// relative accuracy forcing in the preconditioned residual. Where H shows no positive curvature, or the way leads out of the ball
// ‖V‖_F ≤ radius, it stops: at the ball's boundary, if there is one (Steihaug, SIAM J. Numer. Anal. 20, 1983). The result lives in memory.
func conjugateGradients(memory *dense.Arena, h, preconditioner Operator, g *mat.Dense, forcing, radius float64) *mat.Dense {
	rows, columns := g.Dims()
	most := 2*rows*columns + 20
	v, z, hp := memory.Dense(rows, columns), memory.Dense(rows, columns), memory.Dense(rows, columns)
	r := memory.Dense(rows, columns)
	dense.AddScaled(r, -1, g)
	preconditioner.Apply(z, r)
	p := memory.CopyOf(z)
	rz := dense.Inner(r, z)
	first := rz
	for range most {
		if rz <= forcing*forcing*first || rz == 0 {
			break
		}
		h.Apply(hp, p)
		curvature := dense.Inner(p, hp)
		length := rz / curvature
		switch bounded := !math.IsInf(radius, 1); {
		case bounded && (curvature <= 0 || toBoundary(v, p, radius) <= length):
			dense.AddScaled(v, toBoundary(v, p, radius), p)
			return v
		case curvature <= 0 && dense.Inner(v, v) == 0:
			return z
		case curvature <= 0:
			return v
		}
		dense.AddScaled(v, length, p)
		dense.AddScaled(r, -length, hp)
		preconditioner.Apply(z, r)
		next := dense.Inner(r, z)
		dense.ScaleAndAdd(p, next/rz, z)
		rz = next
	}
	return v
}

// toBoundary returns t ≥ 0 with ‖V + tP‖_F = radius.
func toBoundary(v, p *mat.Dense, radius float64) float64 {
	a, b, c := dense.Inner(p, p), dense.Inner(v, p), dense.Inner(v, v)-radius*radius
	return (-b + math.Sqrt(math.Max(0, b*b-a*c))) / a
}

// identity is no preconditioner.
type identity struct{}

func (identity) Apply(into, v *mat.Dense) { into.Copy(v) }

// Quadratic minimises a quadratic objective by conjugate gradients on its gradient and Hessian alone (Hestenes and Stiefel
// 1952), until ‖∇f‖_d ≤ tolerance or that no longer falls. The least is the state's present point.
func Quadratic(f Objective, s *State, start *mat.Dense, tolerance float64) error {
	const most = 20 // runs, each from a fresh residual: recursion loses it to rounding where f is ill-conditioned
	here, err := s.Try(f, start, tolerance)
	if err != nil {
		return err
	}
	s.Accept()
	for range most {
		if here.Norm <= tolerance {
			break
		}
		hessian, err := f.Hessian(s.here, tolerance)
		if err != nil {
			return err
		}
		s.Scratch.Reset()
		v := conjugateGradients(&s.Scratch, hessian, identity{}, here.Gradient, 0x1p-53, math.Inf(1))
		dense.AddScaled(v, 1, here.M)
		next, err := s.Try(f, v, tolerance)
		if err != nil {
			return err
		}
		before := here.Norm
		if next.Norm < before {
			here = next
			s.Accept()
		}
		if !(next.Norm < before/2) {
			break
		}
	}
	return nil
}
