package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Directions counts the s directions of a Fisher subspace by what the optimal representation does with each: rank M* are kept, s − rank M* are lost.
//
//	Kept       rank M* is certainly as large;
//	Lost       s − rank M* is;
//	Undecided  the rest: Kept + Lost + Undecided = s.
type Directions struct{ Kept, Lost, Undecided int }

// Directions are those of the largest Fisher subspace: of two modalities M* loses there what the other has not.
func (f Findings) Directions() Directions {
	largest := f.Sides[0]
	for _, s := range f.Sides[1:] {
		if s.Dimension > largest.Dimension {
			largest = s
		}
	}
	return largest.Directions
}

// count makes counts and the verdict on equality, which is rank M* = s, one: least is the smaller Fisher dimension, which rank M* cannot exceed, and an exact
// rank, where it is known and did not contradict, is all there is. It tells whether the counts decided equality. Where they contradict it, nothing is known.
func (s *Side) count(least int, exact int, known bool) (decided bool) {
	d := &s.Directions
	d.Lost = max(d.Lost, s.Dimension-least)
	switch {
	case known && s.Equality != Undecided:
		d.Kept, d.Lost = exact, s.Dimension-exact
	case s.Equality == Holds:
		d.Kept = s.Dimension
	case s.Equality == Refuted:
		d.Lost = max(d.Lost, 1)
	}
	switch {
	case d.Kept+d.Lost > s.Dimension:
		s.Equality, d.Kept, d.Lost = Undecided, 0, 0
	case s.Equality == Undecided && d.Lost > 0:
		s.Equality, decided = Refuted, true
	case s.Equality == Undecided && d.Kept == s.Dimension && !known:
		s.Equality, decided = Holds, true
	}
	d.Undecided = s.Dimension - d.Kept - d.Lost
	return decided
}

// judgeDirections counts the directions of one modality that equality leaves open: at is the point of the free candidate.
func (at *point) judgeDirections(f *Findings, p gmm.Pairs, c Candidates) error {
	side, form := &f.Sides[0], c.constrained()
	if side.Equality == Refuted && side.Directions.Kept+max(side.Directions.Lost, 1) == side.Dimension {
		return nil
	}
	if side.Equality == Holds || at.loss.rank != nil || form.N == nil {
		return nil
	}
	if err := wantFinite(form); err != nil {
		return err
	}
	star := at
	switch {
	case form == c.Free:
	case form.Left == c.Free.Left: // the same view
		star = at.with(dense.Symmetric(whitened.Matrix(at.left, form.Symmetric(), at.right)))
	default:
		var err error
		if star, err = see(at.loss, p, form, at.work); err != nil {
			return err
		}
	}
	star.countDirections(side, &f.Evidence, subspace.FisherIn(star.left, side.Dimension), c.ClaimedConstrained)
	return nil
}

// countDirections counts directions of M*, given a candidate M̂ ⪰ 0 for it, whose kernel in the view is spanned by orthonormal columns.
//
// Kept. With b ≥ ‖M̂ − M*‖_F, as in judgeContainment, M* has as many positive eigenvalues on S as M̂ has above b (Weyl). As W^p is regular, so has W^pM*W^p, with
// the bound of W^p(M̂ − M*)W^p: rank M* is the larger of the two counts at least.
//
// Lost. The conditions of optimality are Z = ∇f(M*) ⪰ 0 and ZM* = 0, so that rank M* + rank Z ≤ s on S. In all metrics H_ij ≤ w_iw_j, as w ≥ 1, so that
// ‖W^{−½}GW^{−½}‖_F ≤ ‖G‖_d, and for a loss of which Steepest is a bound at every matrix
//
//	‖W^{−½}(∇f(M̂) − Z)W^{−½}‖_F ≤ e + Steepest·b,
//
// e the error of the gradient as computed; rank Z is at least the number of eigenvalues of W^{−½}∇f(M̂)W^{−½} on S beyond that.
func (at *point) countDirections(side *Side, evidence *Evidence, s subspace.Subspace, claimed float64) {
	part, kernel, _ := positivePart(at.m)
	dim, _ := at.m.Dims()
	positive := at.with(part.Matrix(dim))
	size, least := mat.Norm(positive.m, 2), positive.least()
	if size == 0 {
		return
	}
	plainValues, weightedValues := restrictedEigenvalues(positive.m, s.Basis), restrictedEigenvalues(positive.weighted, s.Basis)
	plainSlack, weightedSlack := slack(positive.m, s), slack(positive.weighted, s)
	expected, smallest := 0, size
	for _, x := range plainValues {
		if x > 64*float64(dim)*dense.Roundoff*size {
			expected, smallest = expected+1, min(smallest, x)
		}
	}
	d := &side.Directions
	decide := func(e enclosure.Gradient, gap float64) bool {
		plain, weighted := positive.distances(gap)
		if !(plain < math.Inf(1)) {
			return false
		}
		d.Kept = max(d.Kept, above(plainValues, plain+plainSlack), above(weightedValues, weighted+weightedSlack))
		if at.loss.steady && at.own == nil && kernel != nil {
			scaled := dense.Scaled(at.left.W, e.Matrix, at.right.W, -0.5)
			moved := (e.Err + e.Beside + positive.sum.Steepest()*plain) / at.loss.metric.Trusted(at.defect)
			d.Lost = max(d.Lost, above(restrictedEigenvalues(scaled, s.Basis), moved+slack(scaled, s)))
		}
		return d.Kept >= expected && (side.Equality != Refuted || d.Kept+max(d.Lost, 1) >= side.Dimension)
	}
	// The positive part and its kernel are orthogonal to rounding only: ∇f moves by at most ‖D²f‖ times that.
	turned := 8 * float64(dim) * dense.Roundoff * size * positive.sum.Steepest()
	residual := func(e enclosure.Gradient) float64 { return at.sum.Norm(lessPositivePart(e.Matrix, kernel)) }
	floor := finest * at.sum.Scale()
	for tolerance := min(max(smallest*least/8, floor), coarsestGradient); ; tolerance = max(tolerance/64, floor) {
		e, err := positive.bounded(tolerance)
		if err != nil {
			break
		}
		if missed := residual(e); decide(e, missed+e.Err+turned) || tolerance == floor || missed > 4*e.Err {
			return
		}
	}
	if evidence.Grade != Estimated {
		return
	}
	positive.sampled(smallest*least/unnoticed, func(e enclosure.Gradient, _ float64) bool {
		size := residual(e)
		if math.IsInf(e.Err, 1) || !(size <= claimed+e.Err) {
			return true
		}
		return decide(e, max(size, claimed)+e.Err+turned) || claimed >= smallest*least
	})
}

// above counts the values beyond a bound.
func above(values []float64, bound float64) (n int) {
	for _, x := range values {
		if x > bound {
			n++
		}
	}
	return n
}
