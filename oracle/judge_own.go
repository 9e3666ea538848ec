package oracle

import (
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// judgeOwn decides containment for own covariances, given a candidate for the minimiser over M ⪰ 0 with Col(M) ⊆ S_F, the Fisher
// subspace of Σ̄, and one for that over all M ⪰ 0.
//
// Refuted: if M* lay in S_F it would be M_in, which lies within ‖∇f(M̂) − Z‖/c of M̂ when
// P∇fP is taken for ∇f; and the conditions of optimality ∇f(M*) ⪰ 0, ∇f(M*)M* = 0 make
// Q∇f(M_in)M_in vanish. ∇f moves by at most lipschitz times the distance. Failing
// that, by the distance of the second candidate to M*: Refuted where it is out of S_F by
// more; Holds only where all covariances are equal, and containment is a theorem: where they differ a defect
// that is small may be one that is not 0.
func (l Loss) judgeOwn(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	side := &f.Sides[0]
	side.SlopeError = math.Inf(1)
	if side.Margin = math.Inf(1); side.Dimension == p.Left.Dimension() {
		f.vanish("exact: S_F is everything")
		side.SlopeError = 0
		return
	}
	v, err := seeOwn(p, c.Inside, work)
	if err != nil {
		f.Evidence.Rule = l.unbounded(p, err)
		return
	}
	f.Evidence.Grade = Bounded
	v.judgeSlope(side, &f.Evidence, subspace.FisherIn(v.Mixture, side.Dimension))
	side.Margin = side.SlopeError - side.Slope
	if side.Containment == Refuted {
		return
	}
	if form := c.constrained(); form != c.Inside {
		if v, err = seeOwn(p, form, work.Fresh()); err != nil {
			return
		}
	}
	v.judgeDistance(side, &f.Evidence, subspace.FisherIn(v.Mixture, side.Dimension))
	if side.Containment == Refuted {
		side.Margin = -side.Defect
	}
}

// ownPoint is a matrix beside the InfoNCE loss of own covariances.
type ownPoint struct {
	*whitened.Own
	m     *mat.Dense
	delta float64
	work  *enclosure.Budget
}

func seeOwn(p gmm.Pairs, form gmm.Form, work *enclosure.Budget) (ownPoint, error) {
	v, err := whitened.SeeOwn(p.Left, form.Left)
	if err != nil {
		return ownPoint{}, err
	}
	return ownPoint{v, dense.Symmetric(whitened.Matrix(v.Mixture, form.Symmetric(), v.Mixture)), p.Delta(), work}, nil
}

func (v ownPoint) bounded(m enclosure.LowRank, tolerance float64) (enclosure.Gradient, error) {
	return enclosure.Own(v.Own, m, v.delta, tolerance, v.work)
}

// judgeSlope looks for a descent out of S_F at the best matrix inside.
func (v ownPoint) judgeSlope(side *Side, c *Evidence, s subspace.Subspace) {
	within, kernel := v.insideFace(s)
	if within.R == nil { // M_in = 0 has descent inside S_F, as ∇f(0) = −δB
		return
	}
	size := mat.Norm(within.Matrix(len(v.W)), 2)
	for _, tolerance := range []float64{1e-4, 1e-7, 1e-10} {
		e, err := v.bounded(within, tolerance*size)
		if err != nil {
			c.Rule = "none: " + strings.TrimPrefix(err.Error(), "oracle: ") + "; " + simplify
			return
		}
		c.Rule = e.Rule
		side.Slope, side.SlopeError, c.Epsilon = v.slope(e, within, kernel, s)
		if side.Slope > side.SlopeError {
			side.Containment = Refuted
			return
		}
	}
}

// insideFace is the positive part of BBᵀMBBᵀ, B spanning S_F, and its kernel within S_F.
func (v ownPoint) insideFace(s subspace.Subspace) (within enclosure.LowRank, kernel *mat.Dense) {
	own, rest, _ := positivePart(dense.Symmetric(dense.Congruent(v.m, s.Basis)))
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

// slope returns the slope of a Side, its error and the bound of ‖M̂ − M_in‖.
//
// The computed S_F is turned from the exact one by at most s.Error. What turns it
// back moves a matrix by at most 3·s.Error times its norm, and so moves M̂ into S_F.
func (v ownPoint) slope(e enclosure.Gradient, m enclosure.LowRank, kernel *mat.Dense, s subspace.Subspace) (slope, off, distance float64) {
	dim := len(v.W)
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
	lipschitz := v.Lipschitz(2 * size)
	distance = (residual+e.Err+lipschitz*moved+turn*steepness)/v.Modulus + moved
	if distance > size { // lipschitz is that of matrices up to 2‖M̂‖
		return 0, math.Inf(1), distance
	}
	drift := e.Err + lipschitz*(distance+moved) + turn*steepness
	outside := s.Off(e.Matrix) // Q∇f
	if _, rank := s.Basis.Dims(); len(m.N) == rank && m.N[0] > distance {
		var across mat.Dense
		across.Mul(outside, s.Basis)
		return mat.Norm(&across, 2), drift, distance
	}
	var pulled mat.Dense
	pulled.Mul(outside, full)
	return mat.Norm(&pulled, 2) / size, drift + (steepness+drift)*(distance+moved)/size, distance
}

// judgeDistance compares ‖QM̂‖ with the distance of M̂ to M*, as judgeContainment does
// for a shared covariance, the distance being a c-th of the gradient.
func (v ownPoint) judgeDistance(side *Side, c *Evidence, s subspace.Subspace) {
	dim, size := len(v.W), mat.Norm(v.m, 2)
	if size == 0 {
		return
	}
	face, kernel, removed := positivePart(v.m)
	outside := mat.Norm(s.Off(v.m), 2)
	// The positive part and its kernel are orthogonal to rounding only.
	rounding := 8 * float64(dim) * dense.Roundoff * size
	slack := removed + (2*s.Error+v.FormError)*size + rounding*(1+v.Lipschitz(size)/v.Modulus)
	for _, tolerance := range []float64{contained / 8, contained / 512} {
		e, err := v.bounded(face, tolerance*size*v.Modulus*v.Least())
		if err != nil {
			return
		}
		c.Rule, c.Epsilon = e.Rule, v.Radius(whitened.Mean.DualNorm(v.Mixture, lessPositivePart(e.Matrix, kernel), v.Mixture)+e.Err)+slack
		side.Defect, side.DefectError = (outside+c.Epsilon)/size, c.Epsilon/size
		switch {
		case side.Defect <= contained && v.Equal:
			side.Containment = Holds
			return
		case outside > c.Epsilon:
			side.Containment = Refuted
			return
		}
	}
}
