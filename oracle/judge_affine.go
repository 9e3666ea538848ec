package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// judgeExistence decides whether a loss of affine maps has a minimiser (A, b) at all, and takes back what is said of its columns where it has none. Products {(AAᵀ, Ab)} are
// {M ⪰ 0, c ∈ range M}, which is not closed; with (M*, c*) the minimiser over M ⪰ 0 and all c, one exists iff c* ∈ range M*:
//
//   - where Col(M*) is all of the centred Fisher subspace, c* is in it, as it is a mean of means;
//   - where the mixture is its own mirror image, c* = 0, as (M*, −c*) is a minimiser too, and there is one only;
//   - where c* leaves range M* for certain there is none: minimising sequences have |b| → ∞.
func (l Loss) judgeExistence(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	side := &f.Sides[0]
	switch {
	case f.Evidence.Exact, side.Equality == Holds:
		f.Existence = Holds
	case side.Equality == Undecided:
	case p.Left.Mirrored():
		f.Existence = Holds
	default:
		f.Existence = l.judgeRange(f, p, c, work)
		side.Equality = Undecided // there is no Col(A*), or it may be none
		side.Directions = Directions{Undecided: side.Dimension}
		if f.Existence == Refuted {
			side.Containment, side.ByConstruction, side.Defect, side.DefectError = Undecided, false, math.Inf(1), math.Inf(1)
		}
	}
}

// judgeRange tells whether c* leaves the range of M*, m ≥ 1 directions of which are lost for certain: Refuted, or Undecided.
//
// With ε ≥ |(M̂ − M*, ĉ − c*)|, N the span of the m eigenvectors of M̂ of the smallest eigenvalues on the centred Fisher subspace and λ the next eigenvalue, a unit vector v with M*v = 0 has
// |M̂v| ≤ ε, and so a part of at most t = ε/λ across N. If t < 1 kernel vectors are told apart by their parts in N, and as there are m dimensions of them all of N are such parts. For that of
// ĉ's direction
//
//	|c*·v| ≥ |P_N ĉ|√(1 − t²) − |ĉ|t − ε,
//
// and c* ∈ range M* would make it 0.
func (l Loss) judgeRange(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) Verdict {
	at, err := see(l, p, c.constrained(), work)
	if err != nil {
		return Undecided
	}
	s, lost := subspace.FisherIn(at.left, f.Sides[0].Dimension), max(1, f.Sides[0].Directions.Lost)
	star := at.onCone()
	size, dim := mat.Norm(at.m, 2), float64(len(at.left.W))
	values, vectors := dense.Eigen(dense.Congruent(star.positive.m, s.Basis))
	next := math.Inf(1)
	if lost < len(values) {
		next = values[lost]
	}
	decided := Undecided
	for tolerance := 1e-4; tolerance > finest; tolerance /= 64 {
		e, err := star.positive.bounded(tolerance)
		if err != nil {
			return decided
		}
		gap := star.positive.sum.Norm(lessPositivePart(e.Matrix, star.kernel)) + e.Err + star.turned
		_, distance := star.positive.distances(gap) // M's is no longer, and c's weights are 1
		linear := star.positive.sum.Terms[0].(*enclosure.Affine).Linear()
		length := mat.Norm(mat.NewVecDense(len(linear), linear), 2)
		epsilon := distance + star.removed + (2*s.Error+at.formError+16*dim*dense.Roundoff)*(size+length)
		var inside, across mat.VecDense
		inside.MulVec(s.Basis.T(), mat.NewVecDense(len(linear), linear))
		across.MulVec(dense.Columns(vectors, 0, lost).T(), &inside)
		off, t := mat.Norm(&across, 2), epsilon/next
		if !(t < 1) {
			continue
		}
		f.OffRange, f.OffRangeError = off, off*(1-math.Sqrt(1-t*t))+length*t+epsilon
		if f.OffRange > f.OffRangeError {
			decided = Refuted
		}
		const shown = 1e4 // digits that are
		if f.OffRange > shown*f.OffRangeError || gap > 4*e.Err {
			return decided // or what the solver left is what keeps it from being decided
		}
	}
	return decided
}
