package oracle

import (
	"math"

	"contrastcheck/gmm"
)

// Findings is what the oracle finds of a minimiser of the InfoNCE loss.
type Findings struct {
	// Containment says whether Col(A*) ⊆ S_F. Defect is (‖QM̂‖ + b)/‖M̂‖ with Q
	// the projector off S_F and b the bound of ‖M̂ − M*‖, whitened; 0 where
	// ByConstruction says that the form lies in S_F because of how it is written.
	Containment Verdict
	Defect      float64
	// DefectError is the part b/‖M̂‖ of Defect, the bound alone.
	DefectError    float64
	ByConstruction bool
	// Equality says whether Col(A*) = S_F, that is whether λ_min(M_u|S_F) > 0.
	Equality Verdict
	// Eigenvalues are those of the whitened M̂_u on S_F, ascending; s of them.
	Eigenvalues []float64
	Certificate Certificate
}

// Margin is the smallest eigenvalue; NaN if S_F = {0}.
func (f Findings) Margin() float64 {
	if len(f.Eigenvalues) == 0 {
		return math.NaN()
	}
	return f.Eigenvalues[0]
}

// Certificate is the oracle's independent evidence for Equality.
type Certificate struct {
	Grade Grade
	// Epsilon bounds ‖M̂_u − M_u‖_F in whitened coordinates; +Inf where nothing
	// could be bounded. It is as fine as the verdict needed.
	Epsilon float64
	// Exact is set where M* = 0 was decided without arithmetic, and Epsilon is then
	// 0; for a spectral loss, where an exact rank decided.
	Exact bool
	// Weighted is set where the verdict needed the sharper test: W^¼M̂_uW^¼, W =
	// I + C, has the smallest eigenvalue WeightedMargin on S_F, and differs from
	// W^¼M_uW^¼ by at most WeightedEpsilon.
	Weighted                        bool
	WeightedMargin, WeightedEpsilon float64
	// Rule says by which quadrature, or why nothing was bounded.
	Rule string
}

// costliest bounds the nodes times components of one bounded evaluation.
const costliest = 4e7

// Judge decides containment and equality for the InfoNCE loss of p, given a
// candidate for its minimiser over all symmetric matrices, one for its minimiser
// over positive semidefinite ones, and the distance bound that their finder
// claims for the first (used only where the grade is Estimated). Whatever the
// candidates are, a verdict other than Undecided is a consequence of p's
// definition: strong convexity bounds the distance of any matrix to the
// minimiser by the gradient there, which Judge computes itself. It panics unless p is of
// one modality and a shared covariance.
func Judge(p gmm.Pairs, unconstrained, minimiser gmm.Form, claimed float64) Findings {
	return Limit(1).Judge(p, unconstrained, minimiser, claimed)
}

// Judge is the function Judge with another limit.
func (l Limit) Judge(p gmm.Pairs, unconstrained, minimiser gmm.Form, claimed float64) Findings {
	must(p.WantSingle())
	work := l.budget()
	if p.Uninformative() {
		return judgeUninformative(p, minimiser.Left.Fisher)
	}
	f := Findings{Defect: math.Inf(1), Certificate: Certificate{Epsilon: math.Inf(1)}}
	if minimiser.Left.Fisher {
		f.Containment, f.ByConstruction, f.Defect = Holds, true, 0
	}
	s := p.Left.FisherDimension()
	if s.Ambiguous {
		f.Certificate.Rule = ambiguousRule
		return f
	}
	v, err := see(p, unconstrained.Left)
	if err != nil {
		f.Certificate.Rule = unbounded(err, nextStep(p))
		return f
	}
	v.work = work
	space := v.fisherSpace(s.Value, unconstrained.Left.Fisher)
	v.judgeEquality(&f, v.matrix(unconstrained.Symmetric()), space, claimed)
	if f.ByConstruction {
		return f
	}
	if minimiser.Left != unconstrained.Left {
		if v, err = see(p, minimiser.Left); err != nil {
			return f
		}
		v.work = work
		space = v.fisherSpace(s.Value, false)
	}
	v.judgeContainment(&f, v.matrix(minimiser.Symmetric()), space)
	return f
}

// judgeUninformative decides the two cases that need no arithmetic: ∇f(0) =
// −δB = 0, so M_u = M* = 0.
func judgeUninformative(p gmm.Pairs, reduced bool) Findings {
	s := p.Left.FisherDimension()
	f := Findings{Containment: Holds, ByConstruction: reduced, Equality: Refuted, Eigenvalues: make([]float64, s.Value),
		Certificate: Certificate{Grade: Bounded, Exact: true, Rule: "exact: δB = 0, so M* = 0"}}
	_, exact := p.Left.Exact()
	switch {
	case s.Ambiguous, !exact && p.Components() > 1 && p.Delta() > 0: // rounding may hide that means differ
		f.Equality = Undecided
		f.Certificate = Certificate{Epsilon: math.Inf(1), Rule: "none: the means coincide after rounding; " + writeExactly}
	case s.Value == 0:
		f.Equality = Holds
	}
	return f
}
