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

// GeneralFindings is what the oracle finds of the InfoNCE loss of a mixture whose
// components have their own covariances.
type GeneralFindings struct {
	// Containment says whether Col(M*) ⊆ S_F, the Fisher subspace of Σ̄. Defect is
	// (‖QM̂‖ + b)/‖M̂‖ with b the bound of ‖M̂ − M*‖, whitened; 0 where S_F is everything
	// or M* = 0.
	Containment Verdict
	Defect      float64
	// Slope is ‖Q∇f(M_in)P‖_F, known to ±SlopeError, M_in being the best matrix inside
	// S_F, P the projector on S_F and Q = I − P; where M_in is not known to be positive
	// definite on S_F, ‖Q∇f(M_in)M_in‖_F/‖M_in‖_F. Either must vanish if M* lies in S_F.
	Slope, SlopeError float64
	Certificate       Certificate
}

// Margin is negative where containment is refuted: SlopeError − Slope, or −Defect
// where only the distance to M* told.
func (f GeneralFindings) Margin() float64 {
	if f.Containment == Refuted && f.Slope <= f.SlopeError {
		return -f.Defect
	}
	return f.SlopeError - f.Slope
}

// JudgeGeneral decides containment for the InfoNCE loss of p, given a candidate for
// its minimiser over M ⪰ 0 with Col(M) ⊆ S_F and one for that over all M ⪰ 0, both in
// frames of all d dimensions. Whatever the candidates are, a verdict other than
// Undecided is a consequence of p's definition, by gradients that JudgeGeneral
// bounds itself.
//
// Refuted: if M* lay in S_F it would be M_in, which lies within ‖∇f(M̂) − Z‖/c of M̂ when
// P∇fP is taken for ∇f; and the conditions of optimality ∇f(M*) ⪰ 0, ∇f(M*)M* = 0 make
// Q∇f(M_in)M_in vanish. ∇f moves by at most lipschitz times the distance. Failing
// that, by the distance of the second candidate to M*, as Judge does: Refuted where it is out of S_F by
// more; Holds only where all covariances are equal, and containment is a theorem: where they differ a defect
// that is small may be one that is not 0.
func JudgeGeneral(p gmm.GeneralPairs, inside, minimiser gmm.Form) GeneralFindings {
	return Limit(1).JudgeGeneral(p, inside, minimiser)
}

// JudgeGeneral is the function JudgeGeneral with another limit.
func (l Limit) JudgeGeneral(p gmm.GeneralPairs, inside, minimiser gmm.Form) GeneralFindings {
	f := GeneralFindings{Defect: math.Inf(1), SlopeError: math.Inf(1), Certificate: Certificate{Epsilon: math.Inf(1)}}
	s := p.Pooled().FisherDimension()
	switch {
	case s.Ambiguous:
		f.Certificate.Rule = ambiguousRule
		return f
	case p.Uninformative():
		if pooled := judgeUninformative(p.PooledPairs(), false); pooled.Certificate.Exact {
			f.Containment, f.Defect, f.SlopeError, f.Certificate = Holds, 0, 0, pooled.Certificate
		} else {
			f.Certificate = pooled.Certificate
		}
		return f
	case s.Value == p.Dimension():
		f.Containment, f.Defect, f.SlopeError = Holds, 0, 0
		f.Certificate = Certificate{Grade: Bounded, Exact: true, Rule: "exact: S_F is everything"}
		return f
	}
	v, err := seeOwn(p, inside.Frame, l)
	if err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
		return f
	}
	f.Certificate.Grade = Bounded
	v.judgeSlope(&f, v.matrix(inside.N), subspace.FisherIn(v.Mixture, s.Value))
	if f.Containment == Refuted {
		return f
	}
	if minimiser.Frame != inside.Frame {
		if v, err = seeOwn(p, minimiser.Frame, l); err != nil {
			return f
		}
	}
	v.judgeDistance(&f, v.matrix(minimiser.N), subspace.FisherIn(v.Mixture, s.Value))
	return f
}

// ownPoint is a mixture with own covariances as a judgement sees it.
type ownPoint struct {
	*whitened.Own
	delta float64
	work  *enclosure.Budget
}

func seeOwn(p gmm.GeneralPairs, frame gmm.Frame, l Limit) (ownPoint, error) {
	v, err := whitened.SeeOwn(p.General, frame)
	return ownPoint{v, p.Delta(), enclosure.NewBudget(float64(l))}, err
}

func (v ownPoint) matrix(n mat.Symmetric) *mat.Dense {
	return dense.Symmetric(whitened.Matrix(v.Mixture, n, v.Mixture))
}

func (v ownPoint) bounded(m enclosure.LowRank, tolerance float64) (enclosure.Gradient, error) {
	return enclosure.Own(v.Own, m, v.delta, tolerance, v.work)
}

// judgeSlope looks for a descent out of S_F at the best matrix inside.
func (v ownPoint) judgeSlope(f *GeneralFindings, m *mat.Dense, s subspace.Subspace) {
	within, kernel := v.insideFace(m, s)
	if within.R == nil { // M_in = 0 has descent inside S_F, as ∇f(0) = −δB
		return
	}
	size := mat.Norm(within.Matrix(len(v.W)), 2)
	for _, tolerance := range []float64{1e-4, 1e-7, 1e-10} {
		e, err := v.bounded(within, tolerance*size)
		if err != nil {
			f.Certificate.Rule = unbounded(err, simplify)
			return
		}
		f.Certificate.Rule = e.Rule
		f.Slope, f.SlopeError, f.Certificate.Epsilon = v.slope(e, within, kernel, s)
		if f.Slope > f.SlopeError {
			f.Containment = Refuted
			return
		}
	}
}

// insideFace is the positive part of BBᵀMBBᵀ, B spanning S_F, and its kernel within S_F.
func (v ownPoint) insideFace(m *mat.Dense, s subspace.Subspace) (within enclosure.LowRank, kernel *mat.Dense) {
	own, rest, _ := positivePart(dense.Symmetric(dense.Congruent(m, s.Basis)))
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

// slope returns the slope of GeneralFindings, its error and the bound of ‖M̂ − M_in‖.
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
func (v ownPoint) judgeDistance(f *GeneralFindings, m *mat.Dense, s subspace.Subspace) {
	dim := len(v.W)
	size := mat.Norm(m, 2)
	if size == 0 {
		return
	}
	face, kernel, removed := positivePart(m)
	outside := mat.Norm(s.Off(m), 2)
	// The positive part and its kernel are orthogonal to rounding only.
	rounding := 8 * float64(dim) * dense.Roundoff * size
	slack := removed + (2*s.Error+v.FormError)*size + rounding*(1+v.Lipschitz(size)/v.Modulus)
	for _, tolerance := range []float64{contained / 8, contained / 512} {
		e, err := v.bounded(face, tolerance*size*v.Modulus*v.Least())
		if err != nil {
			return
		}
		b := v.Radius(whitened.DualNorm(v.Mixture, lessPositivePart(e.Matrix, kernel), v.Mixture)+e.Err) + slack
		f.Defect = (outside + b) / size
		f.Certificate.Rule, f.Certificate.Epsilon = e.Rule, b
		switch {
		case f.Defect <= contained && v.Equal:
			f.Containment = Holds
			return
		case outside > b:
			f.Containment = Refuted
			return
		}
	}
}
