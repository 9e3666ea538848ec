package oracle

import (
	"math"

	"contrastcheck/gmm"

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
func JudgeGeneral(p gmm.Pairs, inside, minimiser gmm.Form) GeneralFindings {
	return Limit(1).JudgeGeneral(p, inside, minimiser)
}

// JudgeGeneral is the function JudgeGeneral with another limit.
func (l Limit) JudgeGeneral(p gmm.Pairs, inside, minimiser gmm.Form) GeneralFindings {
	f := GeneralFindings{Defect: math.Inf(1), SlopeError: math.Inf(1), Certificate: Certificate{Epsilon: math.Inf(1)}}
	must(p.WantOneModality())
	s := p.Left.FisherDimension()
	switch {
	case s.Ambiguous:
		f.Certificate.Rule = ambiguousRule
		return f
	case p.Uninformative():
		if pooled := judgeUninformative(p.Pooled(), false); pooled.Certificate.Exact {
			f.Containment, f.Defect, f.SlopeError, f.Certificate = Holds, 0, 0, pooled.Certificate
		} else {
			f.Certificate = pooled.Certificate
		}
		return f
	case s.Value == p.Left.Dimension():
		f.Containment, f.Defect, f.SlopeError = Holds, 0, 0
		f.Certificate = Certificate{Grade: Bounded, Exact: true, Rule: "exact: S_F is everything"}
		return f
	}
	v, err := seeGeneral(p, inside.Left)
	if err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
		return f
	}
	f.Certificate.Grade = Bounded
	v.work = l.budget()
	v.judgeSlope(&f, v.matrix(inside.Symmetric()), v.fisherSpace(s.Value, false))
	if f.Containment == Refuted {
		return f
	}
	if minimiser.Left != inside.Left {
		if v, err = seeGeneral(p, minimiser.Left); err != nil {
			return f
		}
		v.work = l.budget()
	}
	v.judgeDistance(&f, v.matrix(minimiser.Symmetric()), v.fisherSpace(s.Value, false))
	return f
}

// costliestGeneral bounds the nodes of one component in one bounded evaluation.
const costliestGeneral = 2e6

// costliest is costliestGeneral within the budget: a judgement evaluates a few gradients, in which every node of a component
// costs all components some products.
func (v *generalView) costliest() float64 {
	const evaluations, products = 5, 4
	k := float64(len(v.weights))
	return v.work.times(min(costliestGeneral, mostWork/(evaluations*products*k*k)))
}

// judgeSlope looks for a descent out of S_F at the best matrix inside.
func (v *generalView) judgeSlope(f *GeneralFindings, m *mat.Dense, s space) {
	within, kernel := v.insideFace(m, s)
	if within.r == nil { // M_in = 0 has descent inside S_F, as ∇f(0) = −δB
		return
	}
	size := mat.Norm(within.matrix(len(v.w)), 2)
	for _, tolerance := range []float64{1e-4, 1e-7, 1e-10} {
		e, err := v.boundedGradient(within, tolerance*size, v.costliest())
		if err != nil {
			f.Certificate.Rule = unbounded(err, simplify)
			return
		}
		f.Certificate.Rule = e.rule
		f.Slope, f.SlopeError, f.Certificate.Epsilon = v.slope(e, within, kernel, s)
		if f.Slope > f.SlopeError {
			f.Containment = Refuted
			return
		}
	}
}

// insideFace is the positive part of BBᵀMBBᵀ, B spanning S_F, and its kernel within S_F.
func (v *generalView) insideFace(m *mat.Dense, s space) (within lowRank, kernel *mat.Dense) {
	var half, block mat.Dense
	half.Mul(m, s.basis)
	block.Mul(s.basis.T(), &half)
	own, rest := leadingPart(symmetric(&block))
	if own.r != nil {
		within = lowRank{new(mat.Dense), own.n}
		within.r.Mul(s.basis, own.r)
	}
	if rest != nil {
		kernel = new(mat.Dense)
		kernel.Mul(s.basis, rest)
	}
	return within, kernel
}

// leadingPart returns the positive part of a symmetric matrix, without eigenvalues
// below float64's resolution, and an orthonormal basis of its kernel, nil if none.
func leadingPart(m *mat.Dense) (positive lowRank, kernel *mat.Dense) {
	dim, _ := m.Dims()
	values, vectors := eigen(m)
	threshold := 64 * float64(dim) * unitRoundoff * values[dim-1]
	first := 0
	for first < dim && values[first] <= max(0, threshold) {
		first++
	}
	if first < dim {
		positive = lowRank{mat.DenseCopyOf(vectors.Slice(0, dim, first, dim)), values[first:]}
	}
	if first > 0 {
		kernel = mat.DenseCopyOf(vectors.Slice(0, dim, 0, first))
	}
	return positive, kernel
}

// slope returns the slope of GeneralFindings, its error and the bound of ‖M̂ − M_in‖.
//
// The computed S_F is turned from the exact one by at most s.angle. What turns it
// back moves a matrix by at most 3·s.angle times its norm, and so moves M̂ into S_F.
func (v *generalView) slope(e evaluation, m lowRank, kernel *mat.Dense, s space) (slope, off, distance float64) {
	dim := len(v.w)
	full := m.matrix(dim)
	size, steepness := mat.Norm(full, 2), mat.Norm(e.gradient, 2)
	rounding := float64(16*dim) * unitRoundoff
	turn := 3*s.angle + rounding
	// ∇f within S_F, less the positive part of its block on the kernel.
	inside := new(mat.Dense)
	inside.Sub(e.gradient, v.off(e.gradient, s))
	inside = mat.DenseCopyOf(inside.T())
	inside.Sub(inside, v.off(inside, s))
	residual := mat.Norm(lessPositivePart(symmetric(inside), kernel), 2)
	moved := turn * size
	lipschitz := v.lipschitz(2 * size)
	distance = (residual+e.err+lipschitz*moved+turn*steepness)/v.modulus + moved
	if distance > size { // lipschitz is that of matrices up to 2‖M̂‖
		return 0, math.Inf(1), distance
	}
	drift := e.err + lipschitz*(distance+moved) + turn*steepness
	outside := v.off(e.gradient, s) // Q∇f
	if _, rank := s.basis.Dims(); len(m.n) == rank && m.n[0] > distance {
		var across mat.Dense
		across.Mul(outside, s.basis)
		return mat.Norm(&across, 2), drift, distance
	}
	var pulled mat.Dense
	pulled.Mul(outside, full)
	return mat.Norm(&pulled, 2) / size, drift + (steepness+drift)*(distance+moved)/size, distance
}

// judgeDistance compares ‖QM̂‖ with the distance of M̂ to M*, as judgeContainment does
// for a shared covariance, the distance being a c-th of the gradient.
func (v *generalView) judgeDistance(f *GeneralFindings, m *mat.Dense, s space) {
	dim := len(v.w)
	size := mat.Norm(m, 2)
	if size == 0 {
		return
	}
	face, kernel := leadingPart(m)
	positive := face.matrix(dim)
	var removed mat.Dense
	removed.Sub(m, positive)
	outside := mat.Norm(v.off(m, s), 2)
	// The positive part and its kernel are orthogonal to rounding only.
	rounding := 8 * float64(dim) * unitRoundoff * size
	slack := mat.Norm(&removed, 2) + (2*s.angle+v.formError)*size + rounding*(1+v.lipschitz(size)/v.modulus)
	for _, tolerance := range []float64{contained / 8, contained / 512} {
		e, err := v.boundedGradient(face, tolerance*size*v.modulus*v.least(), v.costliest())
		if err != nil {
			return
		}
		b := v.radius(v.dualNorm(lessPositivePart(e.gradient, kernel))+e.err) + slack
		f.Defect = (outside + b) / size
		f.Certificate.Rule, f.Certificate.Epsilon = e.rule, b
		switch {
		case f.Defect <= contained && v.shared:
			f.Containment = Holds
			return
		case outside > b:
			f.Containment = Refuted
			return
		}
	}
}
