package oracle

import (
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// judgeOwn decides containment for own covariances, given a candidate for the minimiser over M ⪰ 0 with Col(M) ⊆ S_F, the Fisher
// subspace of Σ̄, and one for that over all M ⪰ 0.
//
// Refuted: if M* lay in S_F it would be M_in, which lies within ‖∇f(M̂) − Z‖/c of M̂ when
// P∇fP is taken for ∇f; and the conditions of optimality ∇f(M*) ⪰ 0, ∇f(M*)M* = 0 make
// Q∇f(M_in)M_in vanish. ∇f moves by at most lipschitz times the distance. And a direction along which ∇f(M_in) is negative refutes, whatever becomes of the rest.
//
// Holds where it is a theorem: within the bound of the second candidate's distance to M* where all covariances are equal, and by an exact condition elsewhere, as there a defect
// that is small may be one that is not 0: it is measured, and decides nothing.
func (l Loss) judgeOwn(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	side := &f.Sides[0]
	if side.Dimension == p.Left.Dimension() {
		l.judgeWhole(f, p, c, work)
		return
	}
	l.judgeOutward(f, p, c, work)
	l.settleOwn(f, p)
}

// judgeOutward looks for what leaves S_F, in numbers.
func (l Loss) judgeOutward(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	side := &f.Sides[0]
	at, err := see(l, p, c.Inside, work)
	if err != nil {
		f.Evidence.Rule = l.unbounded(p, err)
		return
	}
	f.Evidence.Grade = Bounded
	at.judgeSlope(side, &f.Evidence, subspace.FisherIn(at.left, side.Dimension))
	side.Margin = min(side.SlopeError-side.Slope, side.Curvature+side.CurvatureError)
	if side.Containment == Refuted {
		return
	}
	if form := c.constrained(); form != c.Inside {
		if at, err = see(l, p, form, work); err != nil {
			return
		}
	}
	at.judgeContainment(side, &f.Evidence, subspace.FisherIn(at.left, side.Dimension))
}

// settleOwn decides by exact conditions what numbers leave open: that every Σ_k maps S_F into itself, or the group condition of losses that it suffices for. Losses of
// distances see differences of covariances, too, so that S_c must be all of the central subspace.
func (l Loss) settleOwn(f *Findings, p gmm.Pairs) {
	side := &f.Sides[0]
	if side.Containment == Holds {
		return
	}
	envelope := p.Left.Envelope
	if l.distances {
		envelope = p.Left.CentralSubspace
	}
	invariant := envelope().Invariant()
	switch {
	case !invariant && !(l.grouped && p.Left.GroupCondition()):
	case side.Containment == Refuted:
		f.Evidence.Rule = "none: contradiction: " + f.ContainmentReason(0)
		side.Containment = Undecided
	default:
		side.Containment, side.Invariant, side.Grouped = Holds, invariant, !invariant
	}
}

// judgeSlope looks for a descent out of S_F at the best matrix inside: by bounded gradients or, where they are out of reach, by sampled ones.
func (at *point) judgeSlope(side *Side, c *Evidence, s subspace.Subspace) {
	within, kernel := at.insideFace(s)
	if within.R == nil { // M_in = 0 has descent inside S_F, as ∇f(0) = −δB
		c.Rule = "none: " + strings.TrimPrefix(errNone.Error(), "oracle: ")
		return
	}
	inside, size := at.onFace(within)
	decide := func(e enclosure.Gradient) bool {
		c.Rule = e.Rule
		c.Epsilon = inside.slope(side, e, within, kernel, s)
		if side.Slope > side.SlopeError || side.Curvature+side.CurvatureError < 0 {
			side.Containment = Refuted
		}
		return side.Containment == Refuted
	}
	for i, tolerance := range []float64{1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14} {
		e, err := inside.bounded(tolerance * size)
		switch {
		case err == nil && decide(e):
			return
		case err == nil:
		case i > 0:
			c.Rule = "none: " + strings.TrimPrefix(err.Error(), "oracle: ") + "; " + simplify
			return
		default:
			inside.sampleSlope(c, err, decide)
			return
		}
	}
}

// sampleSlope decides by gradients that are estimated by random points, beside a bound of what these may miss.
func (at *point) sampleSlope(c *Evidence, unbounded error, decide func(e enclosure.Gradient) bool) {
	known := false
	at.sampledPlainly(func(e enclosure.Gradient, _ float64) bool {
		if known = !math.IsInf(e.Err, 1); !known {
			return true // the loss is not one to sample
		}
		return decide(e)
	})
	if c.Grade = Estimated; !known {
		c.Rule = "none: " + strings.TrimPrefix(unbounded.Error(), "oracle: ") + "; " + simplify
	}
}

// insideFace is the positive part of BBᵀMBBᵀ, B spanning S_F, and its kernel within S_F.
func (at *point) insideFace(s subspace.Subspace) (within enclosure.LowRank, kernel *mat.Dense) {
	own, rest, _ := positivePart(dense.Symmetric(dense.Congruent(at.m, s.Basis)))
	if own.R != nil {
		within = enclosure.LowRank{R: new(mat.Dense), N: own.N}
		within.R.Mul(s.Basis, own.R)
	}
	if rest != nil {
		kernel = new(mat.Dense)
		kernel.Mul(s.Basis, rest)
	}
	return within, kernel
}

// onFace is the point of a matrix, with its norm.
func (at *point) onFace(m enclosure.LowRank) (inside *point, size float64) {
	inside = at.with(m.Matrix(len(at.left.W)))
	return inside, mat.Norm(inside.m, 2)
}

// slope fills in the slope and the curvature of a Side, with their errors, and returns the bound of ‖M̂ − M_in‖, at the point of M̂, whose eigenvectors and eigenvalues are given.
//
// The computed S_F is turned from the exact one by at most s.Error. What turns it
// back moves a matrix by at most 3·s.Error times its norm, and so moves M̂ into S_F.
//
// With V = M̂ − M_in and g ≥ ‖P∇f(M̂)P − Z‖, ∇f moves along the way from M_in to M̂ by at most √(lipschitz·g‖V‖), which is far less than lipschitz·‖V‖: as D²f is positive
// semidefinite, for every U of norm 1
//
//	⟨U, ∇f(M̂) − ∇f(M_in)⟩ = ∫ D²f[U,V] ≤ (∫ D²f[U,U])^½ (∫ D²f[V,V])^½ ≤ lipschitz^½ ⟨∇f(M̂) − ∇f(M_in), V⟩^½,
//
// and ⟨∇f(M_in), V⟩ ≥ 0, as M_in is the best matrix ⪰ 0 inside S_F, while ⟨∇f(M̂), V⟩ ≤ g‖V‖, as ⟨Z, M̂⟩ = 0 ≤ ⟨Z, M_in⟩.
func (at *point) slope(side *Side, e enclosure.Gradient, m enclosure.LowRank, kernel *mat.Dense, s subspace.Subspace) (distance float64) {
	dim := len(at.left.W)
	full := m.Matrix(dim)
	size, steepness := mat.Norm(full, 2), mat.Norm(e.Matrix, 2)
	rounding := float64(16*dim) * dense.Roundoff
	turn := 3*s.Error + rounding
	// ∇f within S_F, less the positive part of its block on the kernel.
	inside := new(mat.Dense)
	inside.Sub(e.Matrix, s.Off(e.Matrix))
	inside = mat.DenseCopyOf(inside.T())
	inside.Sub(inside, s.Off(inside))
	residual := mat.Norm(lessPositivePart(dense.Symmetric(inside), kernel), 2)
	moved := turn * size
	lipschitz, radius := at.loss.ownTerm(at, s.Basis)
	gradient := residual + e.Err + lipschitz*moved + turn*steepness
	plain := gradient / at.loss.modulus(at, gradient)
	distance = plain + moved
	side.Slope, side.SlopeError, side.Curvature, side.CurvatureError = 0, math.Inf(1), 0, math.Inf(1)
	if !(distance < radius) {
		return distance
	}
	drift := e.Err + min(lipschitz*plain, math.Sqrt(lipschitz*gradient*plain)) + 2*lipschitz*moved + turn*steepness
	values, _ := dense.Eigen(e.Matrix)
	side.Curvature, side.CurvatureError = values[0], drift+rounding*steepness
	outside := s.Off(e.Matrix) // Q∇f
	if _, rank := s.Basis.Dims(); len(m.N) == rank && m.N[0] > distance {
		var across mat.Dense
		across.Mul(outside, s.Basis)
		side.Slope, side.SlopeError = mat.Norm(&across, 2), drift
		return distance
	}
	var pulled mat.Dense
	pulled.Mul(outside, full)
	side.Slope, side.SlopeError = mat.Norm(&pulled, 2)/size, drift+(steepness+drift)*(distance+moved)/size
	return distance
}
