package oracle

import (
	"cmp"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// JudgeCentred decides whether Col(M*) lies in the centred Fisher subspace, span{Σ⁻¹(μ_k − μ_l)}, M* being the
// minimiser of the InfoNCE loss of p over positive semidefinite matrices and
// minimiser a candidate for it. The defect is as in Findings.
func JudgeCentred(p gmm.Pairs, minimiser gmm.Form) (verdict Verdict, grade Grade, defect float64) {
	if p.WantSingle() != nil {
		return Undecided, Estimated, math.Inf(1)
	}
	centred, err := p.Left.Centre()
	if err != nil {
		return Undecided, Estimated, math.Inf(1)
	}
	at, err := see(InfoNCE, p, minimiser, nil)
	if err != nil {
		return Undecided, Estimated, math.Inf(1)
	}
	side, evidence := Side{Defect: math.Inf(1)}, Evidence{Grade: Bounded}
	at.judgeContainment(&side, &evidence, subspace.CentredIn(at.left, centred.FisherDimension()))
	return side.Containment, evidence.Grade, side.Defect
}

// judgeContainment refines the bound b of ‖M̂ − M*‖ until ‖QM̂‖ + b ≤ contained·‖M̂‖ or ‖QM̂‖ > b.
//
// The matrix is first replaced by its positive part M̂₊; with Z the positive
// part of ∇f(M̂₊) on its kernel, ⟨Z, M̂₊ − M*⟩ ≤ 0, so the distance of M̂₊ to M* is bounded by
// ∇f(M̂₊) − Z in the place of the gradient.
func (at *point) judgeContainment(side *Side, evidence *Evidence, s subspace.Subspace) {
	c := at.onCone()
	size := mat.Norm(at.m, 2)
	if size == 0 {
		return
	}
	outside := mat.Norm(s.Off(at.m), 2)
	within := cmp.Or(at.loss.within, contained)
	slack := c.removed + (2*s.Error+at.formError)*size
	decide := func(e enclosure.Gradient) bool {
		plain := c.distance(e)
		if evidence.own {
			evidence.Rule, evidence.Epsilon = e.Rule, plain+slack
		}
		// Of own covariances containment is a theorem only where they are equal: elsewhere a defect that is small may be one that is not 0, and is measured only.
		if at.own != nil && !at.own.Equal {
			side.Defect, side.DefectError = (outside+plain+slack)/size, (plain+slack)/size
			return outside > plain+slack
		}
		return side.contain(outside, plain+slack, size, within)
	}
	const measured = 1e-3 // of its size: where only points are in reach, what is measured need be no finer
	least := 1.0          // what the gradient must be finer by
	if at.own != nil {
		least = at.own.Modulus * at.least()
	}
	for tolerance := within * size / 8; ; tolerance /= 64 {
		e, err := c.positive.bounded(tolerance * least)
		if err != nil && at.own != nil {
			if e := c.positive.sampledPlainly(enclosure.Within(measured * size * least)); !math.IsInf(e.Err, 1) {
				decide(e)
				evidence.Grade = Estimated
			}
			return
		}
		if err != nil {
			// A sampled error can certify containment, with that grade, but not refute a theorem.
			decide(c.positive.sampled(tolerance/unnoticed, enclosure.Within(tolerance)))
			evidence.Grade = Estimated
			if side.Containment == Refuted {
				side.Containment = Undecided
			}
			return
		}
		if decide(e) || tolerance <= finest*at.sum.Scale() {
			return
		}
	}
}

// cone is the positive part M̂₊ of a matrix, beside the minimiser M* over M ⪰ 0.
type cone struct {
	positive *point     // at M̂₊
	kernel   *mat.Dense // an orthonormal basis of its kernel; nil if that is {0}
	removed  float64    // ‖M̂ − M̂₊‖_F
	turned   float64    // what their rounding adds to the norm of the gradient
}

// onCone replaces a matrix by its positive part. That and its kernel are orthogonal to rounding only: ∇f moves by at most
// ‖D²f‖ times that.
func (at *point) onCone() cone {
	part, kernel, removed := positivePart(at.m)
	dim, _ := at.m.Dims()
	positive := at.with(part.Matrix(dim))
	return cone{positive, kernel, removed, 8 * float64(dim) * dense.Roundoff * mat.Norm(at.m, 2) * positive.sum.Steepest()}
}

// distance bounds ‖M̂₊ − M*‖_F, given the gradient at M̂₊.
func (c cone) distance(e enclosure.Gradient) float64 {
	plain, _ := c.positive.distances(c.positive.sum.Norm(lessPositivePart(e.Matrix, c.kernel)) + e.Err + c.turned)
	return plain
}

// positivePart returns the positive part of a symmetric matrix, an orthonormal
// basis of its kernel (nil if none), and the distance to the matrix.
// Eigenvalues below float64's resolution count as 0: what that changes is in
// the distance.
func positivePart(m *mat.Dense) (positive enclosure.LowRank, kernel *mat.Dense, distance float64) {
	dim, _ := m.Dims()
	values, vectors := dense.Eigen(m)
	threshold := max(0, 64*float64(dim)*dense.Roundoff*values[dim-1])
	first := 0
	for first < dim && values[first] <= threshold {
		distance = math.Hypot(distance, values[first])
		first++
	}
	if first < dim {
		positive = enclosure.LowRank{R: dense.Columns(vectors, first, dim), N: values[first:]}
	}
	if first > 0 {
		kernel = dense.Columns(vectors, 0, first)
	}
	return positive, kernel, distance
}

// lessPositivePart returns G − Z, Z the positive part of G on the kernel's span.
func lessPositivePart(g, kernel *mat.Dense) *mat.Dense {
	if kernel == nil {
		return g
	}
	values, vectors := dense.Eigen(dense.Congruent(g, kernel))
	for i := range values {
		values[i] = math.Sqrt(max(0, values[i]))
	}
	var lifted, z mat.Dense
	lifted.Mul(kernel, dense.TimesDiagonal(vectors, values))
	z.Mul(&lifted, lifted.T())
	out := new(mat.Dense)
	out.Sub(g, &z)
	return out
}
