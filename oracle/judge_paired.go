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

// judgePaired judges two modalities: both sides by one candidate.
func (l Loss) judgePaired(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	at, err := see(l, p, c.Free, work)
	if err != nil {
		f.Evidence.Rule = l.unbounded(p, err)
		return
	}
	f.seen = at
	f.Spectrum = dense.SingularValues(at.m)
	at.judge(f, c.Claimed)
}

// judge refines the gradient's error until all is decided, or the gradient itself,
// or rounding, is what keeps it from being decided.
func (at *point) judge(f *Findings, claimed float64) {
	values := dense.SingularValues(at.weighted)
	size, form := mat.Norm(at.m, 2), at.formError*mat.Norm(at.m, 2)
	rows, columns := at.m.Dims()
	rounding := float64(16*(rows+columns)) * dense.Roundoff
	most := len(values) // the smaller Fisher dimension
	var outside, angle [2]float64
	for i, v := range []*point{at, at.transposed()} {
		s := &f.Sides[i]
		s.Margin = 0
		if s.Dimension <= len(f.Spectrum) {
			s.Margin = f.Spectrum[s.Dimension-1]
		}
		most = min(most, s.Dimension)
		space := subspace.FisherIn(v.left, s.Dimension)
		outside[i], angle[i] = mat.Norm(space.Off(v.m), 2), space.Error
	}
	decide := func(plain, weighted float64) (done bool) {
		f.Evidence.Epsilon = plain + form
		done = true
		kept := max(above(f.Spectrum, plain+form+rounding*f.Spectrum[0]), above(values, weighted+rounding*values[0])) // rank M* at least, by Weyl
		for i := range f.Sides {
			s := &f.Sides[i]
			s.Directions.Kept = max(s.Directions.Kept, kept)
			if s.Dimension == most && s.Equality == Undecided {
				if values[most-1] > weighted+rounding*values[0] {
					s.Equality = Holds
				} else {
					done = false
				}
			}
			if !s.ByConstruction && !s.contain(outside[i], plain+form+(2*angle[i]+rounding)*size, size, contained) {
				done = false
			}
		}
		return done
	}
	const finer, hopeless = 256, 16
	bounded := false
	for tolerance := coarsestGradient * min(1, size); ; tolerance /= finer {
		e, err := at.bounded(tolerance)
		if err != nil {
			break
		}
		bounded, f.Evidence.Rule = true, e.Rule
		plain, weighted := at.distances(e.Norm + e.Err)
		decided := decide(plain, weighted)
		if !(plain < math.Inf(1)) {
			f.Evidence.Epsilon, f.Evidence.Rule = math.Inf(1), tooFlat(e)
		}
		if decided || tolerance <= finest*at.sum.Scale() || e.Norm > hopeless*e.Err {
			return
		}
	}
	at.estimate(f, f.Spectrum[most-1], values[most-1], claimed, bounded, decide)
}

// estimate accepts the claimed distance where a sampled gradient agrees with it, and
// decides by the larger of the claim and the sampled norm, the sampling's error added; more
// points are taken until all is decided, or can't be. It can certify, with that grade,
// but not refute. What was bounded before stands where sampling decides nothing more.
func (at *point) estimate(f *Findings, margin, weightedMargin, claimed float64, bounded bool, decide func(plain, weighted float64) bool) {
	before, evidence := slices.Clone(f.Sides), f.Evidence
	claimedWeighted := claimed * math.Pow(slices.Max(at.left.W)*slices.Max(at.right.W), 0.25)
	hopeless := claimed >= margin && claimedWeighted >= weightedMargin
	f.Evidence.Grade = Estimated
	at.sampled(at.modulus(math.Inf(1))*weightedMargin/unnoticed, func(e enclosure.Gradient, more float64) bool {
		f.Evidence.Rule = e.Rule
		plain, weighted := at.distances(e.Norm)
		off, offWeighted := at.distances(e.Err)
		if !(plain <= claimed+off) {
			f.Evidence.Epsilon = plain + off
			f.Evidence.Rule += " contradicts the claimed distance bound"
			return true
		}
		if decide(max(plain, claimed)+off, max(weighted, claimedWeighted)+offWeighted) {
			return true
		}
		certain := f.Sides[0].Equality == Holds || f.Sides[1].Equality == Holds // of the smaller Fisher dimension
		return (hopeless || certain) && (f.ByConstruction() || enclosure.OutOfReach(e.Err, contained*mat.Norm(at.m, 2), more))
	})
	decided := false
	for i, was := range before {
		now := &f.Sides[i]
		if now.Containment == Refuted {
			now.Containment = was.Containment
		}
		decided = decided || now.Containment != was.Containment || now.Equality != was.Equality
	}
	if bounded && !decided {
		f.Sides, f.Evidence = before, evidence
	}
}
