package solver

import (
	"gonum.org/v1/gonum/mat"
)

// operator is a symmetric linear map on matrices of one shape.
type operator interface {
	// apply writes the image of v into a matrix that is not v.
	apply(into, v *mat.Dense)
}

// conjugateGradients solves H[V] = −g for a positive definite operator, to the
// relative accuracy forcing in the preconditioned residual. It stops early where
// H shows no positive curvature. The result lives in memory.
func conjugateGradients(memory *arena, h, preconditioner operator, g *mat.Dense, forcing float64) *mat.Dense {
	rows, columns := g.Dims()
	most := rows*columns + 20
	v, z, hp := memory.dense(rows, columns), memory.dense(rows, columns), memory.dense(rows, columns)
	r := memory.dense(rows, columns)
	addScaled(r, -1, g)
	preconditioner.apply(z, r)
	p := memory.copyOf(z)
	rz := inner(r, z)
	first := rz
	for range most {
		if rz <= forcing*forcing*first || rz == 0 {
			break
		}
		h.apply(hp, p)
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
		preconditioner.apply(z, r)
		next := inner(r, z)
		scaleAndAdd(p, next/rz, z)
		rz = next
	}
	return v
}
