package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// JudgeClip decides, on each side, containment and equality for the CLIP loss of p,
//
//	g(M) = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),   M = A_V A_Tᵀ,
//
// given a candidate for its minimiser M* over all matrices and the distance bound that its
// finder claims (used only where the grade is Estimated). g is 2-strongly convex in
// whitened coordinates, so that the gradient, which JudgeClip computes itself, bounds the
// distance of any matrix to M*.
//
// Containment says whether Col(M*) ⊆ S_V and Col(M*ᵀ) ⊆ S_T: so lie the columns of A_V
// and A_T of the minimising pair of least norm. Equality Holds where rank M* is certain
// to be the side's Fisher dimension. It is Refuted where the other side's is smaller, and where
// M* = 0, that is Σ w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ = 0, as ∇g(0) is −2 times that: decided in rationals.
func JudgeClip(p gmm.Paired, m gmm.CrossForm, claimed float64) PairedFindings {
	return Limit(1).JudgeClip(p, m, claimed)
}

// JudgeClip is the function JudgeClip with another limit.
func (l Limit) JudgeClip(p gmm.Paired, m gmm.CrossForm, claimed float64) PairedFindings {
	f := PairedFindings{Certificate: Certificate{Grade: Bounded, Epsilon: math.Inf(1)}}
	visual, text := p.Visual.FisherDimension(), p.Text.FisherDimension()
	f.Visual, f.Text = unjudged(m.Visual.Fisher), unjudged(m.Text.Fisher)
	if visual.Ambiguous || text.Ambiguous {
		f.Certificate.Rule = ambiguousRule
		return f
	}
	if min(visual.Value, text.Value) == 0 || uncorrelated(p) {
		f.Certificate = Certificate{Grade: Bounded, Exact: true, Rule: "exact: Σ w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ = 0, so M* = 0"}
		f.Visual.vanish(visual.Value)
		f.Text.vanish(text.Value)
		return f
	}
	most := min(visual.Value, text.Value)
	if m.N == nil {
		f.Certificate.Rule = noMatrix
	} else if at, err := seePaired(CLIP, p, m, enclosure.NewBudget(float64(l))); err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
	} else {
		f.SingularValues = dense.SingularValues(at.m)
		at.judge(&f, visual.Value, text.Value, claimed)
	}
	for _, side := range []struct {
		findings *SideFindings
		s        int
	}{{&f.Visual, visual.Value}, {&f.Text, text.Value}} {
		if side.s > most {
			side.findings.Equality = Refuted // the other Fisher subspace is smaller
		}
	}
	return f
}

// uncorrelated tells whether the modalities' means have no covariance, exactly.
func uncorrelated(p gmm.Paired) bool {
	centred, err := p.Centre()
	if err != nil {
		return false
	}
	x, exact := centred.ExactCrossMoment()
	for _, row := range x {
		for _, entry := range row {
			if entry.Sign() != 0 {
				return false
			}
		}
	}
	return exact
}

// clipSideJudge is what is judged of one side.
type clipSideJudge struct {
	findings *SideFindings
	s        int
	outside  float64 // ‖QM̂‖
	angle    float64 // of the space, as computed
}

func (at *point) sides(f *PairedFindings, visual, text int) []clipSideJudge {
	out := []clipSideJudge{{findings: &f.Visual, s: visual}, {findings: &f.Text, s: text}}
	for i := range out {
		side, v, m := &out[i], at.left, mat.Matrix(at.m)
		if i == 1 {
			v, m = at.right, at.m.T()
		}
		side.findings.Margin = 0
		if side.s <= len(f.SingularValues) {
			side.findings.Margin = f.SingularValues[side.s-1]
		}
		space := subspace.FisherIn(v, side.s)
		side.outside, side.angle = mat.Norm(space.Off(mat.DenseCopyOf(m)), 2), space.Error
	}
	return out
}

// judge refines the gradient's error until all is decided, or the gradient itself,
// or rounding, is what keeps it from being decided.
func (at *point) judge(f *PairedFindings, visual, text int, claimed float64) {
	sides := at.sides(f, visual, text)
	values := dense.SingularValues(at.weighted)
	size := mat.Norm(at.m, 2)
	rows, columns := at.m.Dims()
	rounding := float64(16*(rows+columns)) * dense.Roundoff
	c := &f.Certificate
	decide := func(plain, weighted float64) (done bool) {
		plain += at.formError * size
		c.Epsilon = plain
		done = true
		for _, side := range sides {
			if side.s <= min(visual, text) && side.findings.Equality == Undecided {
				if values[side.s-1] > weighted+rounding*values[0] {
					side.findings.Equality = Holds
				} else {
					done = false
				}
			}
			if side.findings.ByConstruction {
				continue
			}
			b := plain + (2*side.angle+rounding)*size
			side.findings.Defect = (side.outside + b) / size
			switch {
			case side.findings.Defect <= contained:
				side.findings.Containment = Holds
			case side.outside > b:
				side.findings.Containment = Refuted
			default:
				done = false
			}
		}
		return done
	}
	floor := finest * at.sum.Scale()
	const finer, hopeless = 256, 16
	bounded := false
	for tolerance := coarsestGradient * min(1, size); ; tolerance /= finer {
		e, err := at.bounded(tolerance)
		if err != nil {
			break
		}
		bounded, c.Rule = true, e.Rule
		if decide(at.distances(e.Norm+e.Err)) || tolerance <= floor || e.Norm > hopeless*e.Err {
			return
		}
	}
	at.estimate(f, min(visual, text), claimed, bounded, decide)
}

// estimate accepts the claimed distance where a sampled gradient agrees with it, and
// decides by the larger of the claim and the sampled norm, the sampling's error added; more
// points are taken until all is decided, or can't be. It can certify, with that grade,
// but not refute. What was bounded before stands where sampling decides nothing more.
func (at *point) estimate(f *PairedFindings, most int, claimed float64, bounded bool, decide func(plain, weighted float64) bool) {
	before := *f
	claimedWeighted := claimed * math.Pow(slices.Max(at.left.W)*slices.Max(at.right.W), 0.25)
	hopeless := claimed >= f.SingularValues[most-1] && claimedWeighted >= dense.SingularValues(at.weighted)[most-1]
	agrees := true
	f.Certificate.Grade = Estimated
	negligible := 2 * dense.SingularValues(at.weighted)[most-1] / unnoticed
	at.sampled(negligible, func(e enclosure.Gradient, more float64) bool {
		f.Certificate.Rule = e.Rule
		plain, weighted := at.distances(e.Norm)
		off, offWeighted := at.distances(e.Err)
		if agrees = plain <= claimed+off; !agrees {
			f.Certificate.Epsilon = plain + off
			f.Certificate.Rule += " contradicts the claimed distance bound"
			return true
		}
		if decide(max(plain, claimed)+off, max(weighted, claimedWeighted)+offWeighted) {
			return true
		}
		certain := f.Visual.Equality == Holds || f.Text.Equality == Holds // of the smaller Fisher dimension
		byConstruction := f.Visual.ByConstruction && f.Text.ByConstruction
		return (hopeless || certain) && (byConstruction || enclosure.OutOfReach(e.Err, contained*mat.Norm(at.m, 2), more))
	})
	decided := false
	for _, side := range []struct{ now, was *SideFindings }{{&f.Visual, &before.Visual}, {&f.Text, &before.Text}} {
		if side.now.Containment == Refuted {
			side.now.Containment = side.was.Containment
		}
		decided = decided || side.now.Containment != side.was.Containment || side.now.Equality != side.was.Equality
	}
	if bounded && !decided {
		*f = before
	}
}
