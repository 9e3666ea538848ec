package solver

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// mostSteps bounds Newton's steps; strongly convex problems take 5 to 15.
const mostSteps = 100

// minimise finds the minimiser of f over all symmetric matrices, from start, by
// Newton's method with conjugate gradients, until ‖∇f‖_d ≤ tolerance/10 or
// rounding stops the descent: the point's norm tells which. Early steps are integrated coarsely, the last to
// an estimated error of tolerance/2.
func (f *infonce) minimise(start *mat.Dense, tolerance float64) (*point, error) {
	const converged, accurate = 0.1, 0.5
	coarsest := coarsest * f.signal()
	aim := coarsest
	pt, err := f.at(start, aim)
	if err != nil {
		return nil, err
	}
	stalled := 0
	for range mostSteps {
		if pt.norm <= converged*tolerance || pt.norm <= pt.err || stalled > 1 {
			if aim <= accurate*tolerance {
				break
			}
			aim, stalled = accurate*tolerance, 0
			if pt, err = f.at(pt.m, aim); err != nil {
				return nil, err
			}
			continue
		}
		// Newton's next gradient is of the order of this one's square.
		aim = min(aim, max(accurate*tolerance, min(coarsest, pt.norm*pt.norm/100)))
		next, err := pt.search(pt.newtonStep(), aim)
		if err != nil {
			return nil, err
		}
		if next == nil {
			stalled = 2
			continue
		}
		if !(next.norm < pt.norm/2) && next.norm < math.Sqrt(tolerance) {
			stalled++
		}
		pt = next
	}
	return pt, nil
}

// coarsest is the quadrature error allowed in the first steps, relative to the signal.
const coarsest = 1e-4

// signal is min(1, ‖∇f(0)‖_d) = min(1, δ‖B‖_d), the scale of the minimiser where
// the components barely differ; 1 where they do not differ at all. Tolerances
// are relative to it, so that a faint mixture is solved to as many digits as
// another.
func (f *infonce) signal() float64 {
	var b mat.Dense
	b.Mul(weightedColumns(f.centred, f.weights), f.centred.T())
	if size := f.delta * f.dualNorm(&b); size > 0 {
		return min(1, size)
	}
	return 1
}

// weightedColumns returns A diag(w).
func weightedColumns(a *mat.Dense, w []float64) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(_, j int, x float64) float64 { return x * w[j] }, out)
	return out
}

// newtonStep solves D²f(M)[V] = −∇f(M) to a relative accuracy that makes
// Newton's method converge quadratically.
func (pt *point) newtonStep() *mat.Dense {
	scale := pt.f.dualNorm(pt.m) + 1
	forcing := min(0.1, max(1e-10, pt.norm/scale))
	return conjugateGradients(pt.curvature, pt.f.precondition, pt.gradient, forcing)
}

// precondition applies the inverse of V ↦ ½(WV + VW), the quadratic part of the Hessian.
func (f *infonce) precondition(v *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(v)
	for i, wi := range f.second {
		row := out.RawRowView(i)
		for j, wj := range f.second {
			row[j] *= 2 / (wi + wj)
		}
	}
	return out
}

// search walks from pt along a descent direction. f is convex, so its slope
// along the step increases; a length is accepted when that slope is at most half
// the initial one in size. It returns nil where no length gives a slope that is
// still distinguishable from its error.
func (pt *point) search(step *mat.Dense, tolerance float64) (*point, error) {
	const halvings = 60
	slope := inner(pt.gradient, step)
	noise := 2 * pt.err * pt.f.primalNorm(step)
	length, shorter, longer := 1.0, 0.0, math.Inf(1)
	for range halvings {
		trial := mat.DenseCopyOf(pt.m)
		addScaled(trial, length, step)
		next, err := pt.f.at(trial, tolerance)
		switch {
		case errors.Is(err, errSteep):
			longer = length
		case err != nil:
			return nil, err
		default:
			there := inner(next.gradient, step)
			if math.Abs(there) <= -slope/2+noise {
				return next, nil
			}
			if there > 0 {
				longer = length
			} else {
				shorter = length
			}
		}
		if math.IsInf(longer, 1) {
			length *= 2
		} else {
			length = (shorter + longer) / 2
		}
	}
	return nil, nil
}

// primalNorm is the norm dual to dualNorm, ‖V‖² = Σ_ij ½(w_i + w_j) V_ij².
func (f *infonce) primalNorm(v *mat.Dense) float64 {
	var sum float64
	for i, wi := range f.second {
		for j, x := range v.RawRowView(i) {
			sum += (wi + f.second[j]) / 2 * x * x
		}
	}
	return math.Sqrt(sum)
}

// conjugateGradients solves H[V] = −g for a positive definite operator on
// matrices, to the relative accuracy forcing in the preconditioned residual. It
// stops early where H shows no positive curvature.
func conjugateGradients(h, precondition func(*mat.Dense) *mat.Dense, g *mat.Dense, forcing float64) *mat.Dense {
	rows, columns := g.Dims()
	most := rows*(rows+1)/2 + 20
	v := mat.NewDense(rows, columns, nil)
	r := mat.NewDense(rows, columns, nil)
	r.Scale(-1, g)
	z := precondition(r)
	p := mat.DenseCopyOf(z)
	rz := inner(r, z)
	first := rz
	for range most {
		if rz <= forcing*forcing*first || rz == 0 {
			break
		}
		hp := h(p)
		curvature := inner(p, hp)
		if curvature <= 0 {
			if inner(v, v) == 0 {
				return z
			}
			break
		}
		length := rz / curvature
		addScaled(v, length, p)
		addScaled(r, -length, hp)
		z = precondition(r)
		next := inner(r, z)
		p.Scale(next/rz, p)
		p.Add(p, z)
		rz = next
	}
	return v
}

// inner is ⟨A, B⟩ = Σ A_ij B_ij.
func inner(a, b *mat.Dense) float64 {
	var sum float64
	rows, _ := a.Dims()
	for i := range rows {
		other := b.RawRowView(i)
		for j, x := range a.RawRowView(i) {
			sum += x * other[j]
		}
	}
	return sum
}
