package oracle

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// JudgeSpectral decides containment and equality for the spectral contrastive
// loss of p, given a candidate for its minimiser M* over symmetric matrices, which
// is positive semidefinite. The gradient ∇L = 2(S₂MS₂ − T_δ), recomputed from p's
// moments, gives the distance of the candidate to M*; own covariances enter
// through Σ̄ alone.
//
// Equality Holds where rank M* ≥ s is certain, as Col(M*) = S₂⁻¹ range T_δ lies in
// S_F, or where the exact rank of T_δ, which is that of M*, says so; it is Refuted
// by the exact rank alone. Certificate.Exact is set where that rank decided, and
// Certificate.Weighted where S₂^½M*S₂^½ was decided in the place of M*.
func JudgeSpectral(p gmm.Pairs, m gmm.Form) Findings {
	f := Findings{Defect: math.Inf(1), Certificate: Certificate{Grade: Bounded, Epsilon: math.Inf(1)}}
	if m.Left.Fisher {
		f.Containment, f.ByConstruction, f.Defect = Holds, true, 0
	}
	must(p.WantOneModality())
	pairs := p.Pooled()
	s := pairs.Left.FisherDimension()
	if s.Ambiguous {
		f.Certificate.Rule = ambiguousRule
		return f
	}
	rank, exact := pairs.MomentRank()
	if exact && rank == 0 || s.Value == 0 { // M* = 0
		return Findings{Containment: Holds, ByConstruction: f.ByConstruction, Equality: rankVerdict(0, s.Value),
			Eigenvalues: make([]float64, s.Value), Certificate: Certificate{Grade: Bounded, Exact: true, Rule: exactRule("T_δ", 0)}}
	}
	if m.N == nil {
		f.Certificate.Rule = noMatrix
	} else if at, err := seeSpectral(pairs, m); err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
	} else {
		at.judge(&f, s.Value)
	}
	if !exact || f.Equality == rankVerdict(rank, s.Value) {
		return f
	}
	if f.Equality == Holds {
		f.Equality, f.Certificate.Rule = Undecided, "contradiction: "+exactRule("T_δ", rank)
		return f
	}
	f.Equality, f.Certificate.Exact, f.Certificate.Rule = rankVerdict(rank, s.Value), true, exactRule("T_δ", rank)
	return f
}

// rankVerdict is the verdict on rank = s.
func rankVerdict(rank, s int) Verdict {
	if rank == s {
		return Holds
	}
	return Refuted
}

// judge decides what float64 can.
func (at *spectralPoint) judge(f *Findings, s int) {
	c := &f.Certificate
	c.Rule = spectralRule
	v := at.visual
	space := v.fisherSpace(s, s == len(v.w)) // of a Fisher frame or not, s dimensions of s are all
	f.Eigenvalues = restrictedEigenvalues(at.m, space.basis)
	c.Epsilon = at.epsilon + v.slack(at.m, space)
	if compare(f.Margin(), c.Epsilon) == Holds {
		f.Equality = Holds
	} else if certain, value, epsilon := at.rankAtLeast(s); certain {
		f.Equality, c.Weighted, c.WeightedMargin, c.WeightedEpsilon = Holds, true, value, epsilon
	}
	if !f.ByConstruction {
		f.Containment, f.Defect = at.containment(mat.Norm(v.off(at.m, space), 2), space)
	}
}

// PairedFindings is what the oracle finds of a minimiser of two modalities.
type PairedFindings struct {
	Visual, Text SideFindings
	// SingularValues are those of the whitened M̂, descending.
	SingularValues []float64
	Certificate    Certificate
}

// SideFindings is what the oracle finds of one side: of Col(M*) on the visual
// side, of Col(M*ᵀ) on that of text, beside the modality's own Fisher subspace.
type SideFindings struct {
	Containment    Verdict
	Defect         float64 // as in Findings
	ByConstruction bool
	Equality       Verdict
	// Margin is the singular value of M̂ at the place of the side's Fisher
	// dimension, 0 beyond the last; NaN if that dimension is 0.
	Margin float64
}

// JudgeSpectralPaired decides, on each side, containment and equality for the
// two-modality spectral contrastive loss of p, given a candidate for its minimiser
// M* = S_V⁻¹XS_T⁻¹. As Col(M*) = S_V⁻¹ range X lies in the side's Fisher subspace of
// dimension s, equality holds iff rank X = s: certified by M's singular values or by
// the exact rank of X, refuted by that or by the other side's dimension being less.
func JudgeSpectralPaired(p gmm.Pairs, m gmm.Form) PairedFindings {
	must(p.WantCertain())
	f := PairedFindings{Certificate: Certificate{Grade: Bounded, Epsilon: math.Inf(1)}}
	visual, text := p.Left.FisherDimension(), p.Right.FisherDimension()
	f.Visual, f.Text = unjudged(m.Left.Fisher), unjudged(m.Right.Fisher)
	if visual.Ambiguous || text.Ambiguous {
		f.Certificate.Rule = ambiguousRule
		return f
	}
	rank, exact := p.MomentRank()
	if exact && rank == 0 || min(visual.Value, text.Value) == 0 { // M* = 0
		f.Certificate = Certificate{Grade: Bounded, Exact: true, Rule: exactRule("X", 0)}
		f.Visual.vanish(visual.Value)
		f.Text.vanish(text.Value)
		return f
	}
	if m.N == nil {
		f.Certificate.Rule = noMatrix
	} else if at, err := seePairedSpectral(p, m); err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
	} else {
		f.Certificate.Rule, f.Certificate.Epsilon = spectralRule, at.epsilon
		f.SingularValues = singularValues(at.m)
		at.judgeSides(&f, visual.Value, text.Value)
	}
	for _, side := range []struct {
		findings *SideFindings
		s        int
	}{{&f.Visual, visual.Value}, {&f.Text, text.Value}} {
		f.Certificate.settle(&side.findings.Equality, side.s, min(visual.Value, text.Value), rank, exact)
	}
	return f
}

func unjudged(byConstruction bool) SideFindings {
	if byConstruction {
		return SideFindings{Containment: Holds, ByConstruction: true, Margin: math.NaN()}
	}
	return SideFindings{Defect: math.Inf(1), Margin: math.NaN()}
}

// vanish is the verdict on M* = 0.
func (f *SideFindings) vanish(s int) {
	f.Containment, f.Defect, f.Equality = Holds, 0, rankVerdict(0, s)
	if s > 0 {
		f.Margin = 0
	}
}

// settle decides in dimensions and rationals what float64 left open.
func (c *Certificate) settle(equality *Verdict, s, most, rank int, exact bool) {
	switch {
	case s > most:
		*equality = Refuted // the other Fisher subspace is smaller
	case !exact || *equality == rankVerdict(rank, s):
	case *equality == Holds:
		*equality, c.Rule = Undecided, "contradiction: "+exactRule("X", rank)
	default:
		*equality, c.Exact, c.Rule = rankVerdict(rank, s), true, exactRule("X", rank)
	}
}

func (at *spectralPoint) judgeSides(f *PairedFindings, visual, text int) {
	transposed := mat.DenseCopyOf(at.m.T())
	for _, side := range []struct {
		findings *SideFindings
		view     *view
		m        *mat.Dense
		s        int
	}{{&f.Visual, at.visual, at.m, visual}, {&f.Text, at.text, transposed, text}} {
		side.findings.Margin = 0
		if side.s <= len(f.SingularValues) {
			side.findings.Margin = f.SingularValues[side.s-1]
		}
		if certain, _, _ := at.rankAtLeast(side.s); certain {
			side.findings.Equality = Holds
		}
		if !side.findings.ByConstruction {
			space := side.view.fisherSpace(side.s, side.s == len(side.view.w))
			side.findings.Containment, side.findings.Defect = at.containment(mat.Norm(side.view.off(side.m, space), 2), space)
		}
	}
}
