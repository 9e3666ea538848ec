package solver

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// descend minimises the loss from a start by conjugate gradients on its own
// gradient and Hessian-vector products (Hestenes and Stiefel 1952), which know
// neither the closed form nor that S is diagonal. It ends where the gradient's
// norm is at most tolerance or no longer falls.
func (f *spectral) descend(start *mat.Dense, tolerance float64) *mat.Dense {
	best, least := start, math.Inf(1)
	for range mostRestarts {
		m := f.conjugateGradients(best, tolerance)
		size := f.norm(f.gradient(m))
		if !(size < least/2) {
			if size < least {
				best = m
			}
			break
		}
		best, least = m, size
		if size <= tolerance {
			break
		}
	}
	return best
}

// mostRestarts bounds the runs of conjugate gradients, each of which starts from
// a fresh residual: recursion loses it to rounding where S is ill-conditioned.
const mostRestarts = 20

func (f *spectral) conjugateGradients(start *mat.Dense, tolerance float64) *mat.Dense {
	m := mat.DenseCopyOf(start)
	rows, columns := m.Dims()
	r := f.gradient(m)
	r.Scale(-1, r)
	direction := mat.DenseCopyOf(r)
	rr := inner(r, r)
	for range 4*rows*columns + 20 {
		if rr == 0 || f.norm(r) <= tolerance/2 {
			break
		}
		bent := f.curvature(direction)
		length := rr / inner(direction, bent)
		if !(length > 0) || math.IsInf(length, 1) {
			break
		}
		addScaled(m, length, direction)
		addScaled(r, -length, bent)
		next := inner(r, r)
		direction.Scale(next/rr, direction)
		direction.Add(direction, r)
		rr = next
	}
	return m
}
