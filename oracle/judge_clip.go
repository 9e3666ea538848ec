package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"

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
func JudgeClip(p gmm.Pairs, m gmm.Form, claimed float64) PairedFindings {
	return Limit(1).JudgeClip(p, m, claimed)
}

// JudgeClip is the function JudgeClip with another limit.
func (l Limit) JudgeClip(p gmm.Pairs, m gmm.Form, claimed float64) PairedFindings {
	must(p.WantCertain())
	f := PairedFindings{Certificate: Certificate{Grade: Bounded, Epsilon: math.Inf(1)}}
	visual, text := p.Left.FisherDimension(), p.Right.FisherDimension()
	f.Visual, f.Text = unjudged(m.Left.Fisher), unjudged(m.Right.Fisher)
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
	} else if at, err := seeClip(p, m); err != nil {
		f.Certificate.Rule = unbounded(err, simplify)
	} else {
		at.visual.work = l.budget()
		at.text.work = at.visual.work
		f.SingularValues = singularValues(at.m)
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
func uncorrelated(p gmm.Pairs) bool {
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

func (at *clipPoint) sides(f *PairedFindings, visual, text int) []clipSideJudge {
	out := []clipSideJudge{{findings: &f.Visual, s: visual}, {findings: &f.Text, s: text}}
	for i, c := range at.choices() {
		side := &out[i]
		side.findings.Margin = 0
		if side.s <= len(f.SingularValues) {
			side.findings.Margin = f.SingularValues[side.s-1]
		}
		space := c.anchors.fisherSpace(side.s, side.s == len(c.anchors.w))
		side.outside, side.angle = mat.Norm(c.anchors.off(c.m, space), 2), space.angle
	}
	return out
}

// judge refines the gradient's error until all is decided, or the gradient itself,
// or rounding, is what keeps it from being decided.
func (at *clipPoint) judge(f *PairedFindings, visual, text int, claimed float64) {
	sides := at.sides(f, visual, text)
	values := singularValues(at.weighted)
	size := mat.Norm(at.m, 2)
	rows, columns := at.m.Dims()
	rounding := float64(16*(rows+columns)) * unitRoundoff
	c := &f.Certificate
	decide := func(plain, weighted float64) (done bool) {
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
	floor := finest * at.scale()
	const finer, hopeless = 256, 16
	bounded := false
	for tolerance := coarsestGradient * min(1, size); ; tolerance /= finer {
		e, err := at.boundedGradient(tolerance, costliest)
		if err != nil {
			break
		}
		bounded, c.Rule = true, e.rule
		if decide(at.distances(e.norm+e.err)) || tolerance <= floor || e.norm > hopeless*e.err {
			return
		}
	}
	at.estimate(f, min(visual, text), claimed, bounded, decide)
}

// scale is the size of the gradient's terms, Σ_j w_j reach_j (|μ_j|_* + 1) of each softmax.
func (at *clipPoint) scale() float64 {
	var sum float64
	for _, c := range at.choices() {
		for j, w := range c.anchors.weights {
			sum += w * c.reach[j] * (c.length[j] + 1)
		}
	}
	return sum
}

// estimate accepts the claimed distance where a sampled gradient agrees with it, and
// decides by the larger of the claim and the sampled norm, the sampling's error added; more
// points are taken until all is decided, or can't be. It can certify, with that grade,
// but not refute. What was bounded before stands where sampling decides nothing more.
func (at *clipPoint) estimate(f *PairedFindings, most int, claimed float64, bounded bool, decide func(plain, weighted float64) bool) {
	before := *f
	claimedWeighted := claimed * math.Pow(slices.Max(at.visual.w)*slices.Max(at.text.w), 0.25)
	hopeless := claimed >= f.SingularValues[most-1] && claimedWeighted >= singularValues(at.weighted)[most-1]
	agrees := true
	f.Certificate.Grade = Estimated
	negligible := 2 * singularValues(at.weighted)[most-1] / unnoticed
	at.sampledGradient(negligible, func(e evaluation, more float64) bool {
		f.Certificate.Rule = e.rule
		plain, weighted := at.distances(e.norm)
		off, offWeighted := at.distances(e.err)
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
		return (hopeless || certain) && (byConstruction || outOfReach(e.err, contained*mat.Norm(at.m, 2), more))
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

// distances turns a bound of ‖∇g(M)‖_d into bounds of ‖M − M*‖_F and of ‖W_V^¼(M − M*)W_T^¼‖_F.
func (at *clipPoint) distances(gradient float64) (plain, weighted float64) {
	v, t := at.visual.w, at.text.w
	distance := gradient / (2 * (1 - at.defect))
	form := at.formError * mat.Norm(at.m, 2)
	least := math.Sqrt((slices.Min(v) + slices.Min(t)) / 2)
	return distance/least + form, distance + form*math.Pow(slices.Max(v)*slices.Max(t), 0.25)
}
