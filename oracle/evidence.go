package oracle

import (
	"fmt"
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/whitened"
)

// Evidence is what the verdicts rest on, found independently of whoever found the candidates. Its methods, and those of
// Findings that give reasons, word it.
type Evidence struct {
	Grade Grade
	// Epsilon bounds the distance of the candidate, M̂_u in one modality, to the minimiser in whitened coordinates,
	// Frobenius norm; +Inf where nothing could be bounded. It is as fine as the verdict needed.
	Epsilon float64
	// Exact is set where M* = 0 was decided without arithmetic, and Epsilon is then
	// 0, and where an exact rank decided.
	Exact bool
	// Weighted is set where the verdict of one modality needed the sharper test: W^pM̂_uW^p, W =
	// I + C, has the smallest eigenvalue WeightedMargin on S_F, and differs from
	// W^pM_uW^p by at most WeightedEpsilon; p = ½ for the spectral loss, else ¼.
	Weighted                        bool
	WeightedMargin, WeightedEpsilon float64
	// Short is the number of directions along which the means are no longer than ShortLength, where the verdict of one modality needed their blocks: with their coordinates divided by ShortLength,
	// M̂_u has the smallest eigenvalue ShortMargin on S_F, and differs from M_u by at most ShortEpsilon.
	Short                                  int
	ShortLength, ShortMargin, ShortEpsilon float64
	// Rule says by which quadrature, or why nothing was bounded.
	Rule string

	modalities int
	counted    bool // the directions of M*, and no eigenvalue of M_u, decided equality
	own        bool
	stationary bool    // of a point that is no minimum
	power      float64 // p
	ranked     bool    // exact rules are about a rank
	distances  bool    // of a loss of distances, or of affine maps, whose pairs are centred
	affine     bool    // of affine maps
}

// space is how the subspace is written that was judged: the centred Fisher subspace of a loss of distances.
func (e Evidence) space() string {
	if e.distances {
		return "S_c"
	}
	return "S_F"
}

// Own tells that components have covariances of their own, which the loss sees one by one: equality is then not judged, but
// containment beside the best matrix inside S_F.
func (e Evidence) Own() bool { return e.own }

// Stationary tells that a stationary point was judged, and no minimum; equality is then not judged.
func (e Evidence) Stationary() bool { return e.stationary }

// Known tells whether anything was bounded.
func (e Evidence) Known() bool { return !math.IsInf(e.Epsilon, 0) && !math.IsNaN(e.Epsilon) }

// Reason is the rule without the word that says that it is none.
func (e Evidence) Reason() string { return strings.TrimPrefix(e.Rule, "none: ") }

// Decided is the rule and, where a sharper test decided, that test.
func (e Evidence) Decided() string {
	switch {
	case !e.Weighted:
		return e.Rule
	case e.power == whitened.Product.Power:
		return e.Rule + fmt.Sprintf("; decided for S₂^½MS₂^½, S₂ = Σ̄ + C: smallest singular value %.3g, known to ±%.3g", e.WeightedMargin, e.WeightedEpsilon)
	}
	return e.Rule + "; decided for W^¼MW^¼, W = I + C: " + e.sharper()
}

func (e Evidence) sharper() string {
	return fmt.Sprintf("smallest eigenvalue %.3g, known to ±%.3g", e.WeightedMargin, e.WeightedEpsilon)
}

// String says what was bounded, and how.
func (e Evidence) String() string {
	switch {
	case e.own && !strings.HasPrefix(e.Rule, "none: "):
		return fmt.Sprintf("%v: by the oracle's own gradient, %s", e.Grade, e.Rule)
	case e.own || !e.Known():
		return e.Decided()
	case e.modalities == 2:
		return fmt.Sprintf("%v: distance to M* at most %.3g, by the oracle's own gradient; %s", e.Grade, e.Epsilon, e.Decided())
	}
	return fmt.Sprintf("%v: distance to M_u at most %.3g, by the oracle's own gradient, %s", e.Grade, e.Epsilon, e.Decided())
}

// EqualityReason says why the verdict on equality of a side is as it is.
func (f Findings) EqualityReason(side int) string {
	s, e := f.Sides[side], f.Evidence
	switch {
	case s.Dimension == 0 && e.modalities == 2:
		return "it is {0}"
	case s.Dimension == 0:
		return e.space() + " is {0}"
	case e.affine && f.Existence == Refuted:
		return fmt.Sprintf("no affine minimiser exists: the best bias leaves the range of M* by %.4g, known to ±%.3g", f.OffRange, f.OffRangeError)
	case e.affine && e.Known() && f.Existence == Undecided && s.Margin < -e.Epsilon:
		return fmt.Sprintf("smallest eigenvalue of M_u on S_c: %.7g, known to ±%.3g; whether the best bias stays in the range of M*, so that a minimiser exists, is not decided", s.Margin, e.Epsilon)
	case e.Exact && e.modalities == 1 && e.ranked:
		return e.Rule
	case e.Exact && e.modalities == 1:
		return "exactly: M* = 0, as the pairs do not tell the components apart"
	case e.counted && s.Equality == Holds:
		return fmt.Sprintf("M* has %d eigenvalues beyond the bound of its error", s.Directions.Kept)
	case e.counted && e.modalities == 1:
		return fmt.Sprintf("at M* the gradient rises along %d of %d directions, beyond the bound of its error", s.Directions.Lost, s.Dimension)
	case math.IsNaN(s.Margin), !e.Known():
		return e.Reason()
	case e.Short > 0:
		return fmt.Sprintf("of M_u with lengths of %.2g as 1: smallest eigenvalue %.3g, known to ±%.3g", e.ShortLength, e.ShortMargin, e.ShortEpsilon)
	case e.modalities == 2:
		return fmt.Sprintf("singular value %d of M*: %.7g, known to ±%.3g", s.Dimension, s.Margin, e.Epsilon)
	case e.Weighted && e.power != whitened.Product.Power:
		return "of W^¼M_uW^¼ on S_F, W = I + C: " + e.sharper()
	}
	return fmt.Sprintf("smallest eigenvalue of M_u on %s: %.7g, known to ±%.3g", e.space(), s.Margin, e.Epsilon)
}

// ContainmentReason says why the verdict on containment of a side is as it is.
func (f Findings) ContainmentReason(side int) string {
	s, e := f.Sides[side], f.Evidence
	defect := "?"
	if !math.IsInf(s.Defect, 0) && !math.IsNaN(s.Defect) {
		defect = fmt.Sprintf("%.3g", s.Defect)
	}
	switch {
	case e.affine && f.Existence == Refuted:
		return "no affine minimiser exists: there is no A*"
	case e.stationary:
		return "estimated: the best stationary point found leaves " + e.space() + " by " + defect + " of its size"
	case e.modalities == 2 && s.ByConstruction:
		return "by construction: this solve looks inside the Fisher subspaces only; --blind tests it"
	case e.modalities == 2:
		return "leaves it by at most " + defect + " of its size"
	case s.Invariant:
		if e.distances && !e.affine {
			return "exactly: all covariances differ along S_c only"
		}
		return "exactly: every Σ_k maps " + e.space() + " into itself"
	case s.Grouped:
		return "exactly: E[Qx | Px] = 0, as the couplings of components that S_F shows alike cancel"
	case s.ByConstruction:
		return "by construction: this solve looks inside " + e.space() + " only; --blind tests it"
	case e.own && e.Exact:
		return e.Rule
	case s.Containment == Holds:
		return "found blindly, A*A*ᵀ leaves " + e.space() + " by at most " + defect + " of its size"
	case s.Containment == Refuted && s.Slope > s.SlopeError:
		return fmt.Sprintf("at the best matrix inside %s the gradient leaves it by %.4g, known to ±%.3g", e.space(), s.Slope, s.SlopeError)
	case s.Containment == Refuted && s.Curvature+s.CurvatureError < 0:
		return fmt.Sprintf("at the best matrix inside %s the loss falls out of it: the gradient has the eigenvalue %.4g, known to ±%.3g", e.space(), s.Curvature, s.CurvatureError)
	case s.Containment == Refuted:
		return "A*A*ᵀ leaves " + e.space() + ": defect " + defect
	case strings.HasPrefix(e.Rule, "none: "):
		return e.Reason()
	case e.own:
		return "A*A*ᵀ leaves " + e.space() + " by at most " + defect + " of its size, if at all"
	}
	return "the oracle bounds the defect by " + defect + " only"
}

// What to do next, where nothing is bounded.
const (
	proveIt  = "contrastcheck prove decides many such files from their exact numbers"
	simplify = "leave out coordinates that the others nearly determine, or bring the origin nearer to the means (--centre)"
)

// unbounded is the rule where a mixture could not be seen: why, and what to do next.
func (l Loss) unbounded(p gmm.Pairs, reason error) string {
	next := simplify
	if l.proved && p.WantSingle() == nil {
		next = proveIt
	}
	return "none: " + strings.TrimPrefix(reason.Error(), "oracle: ") + "; " + next
}
