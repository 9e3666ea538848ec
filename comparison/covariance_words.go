package comparison

import (
	"fmt"
	"math"
	"strings"

	"contrastcheck/oracle"
)

// Trust says what the shared-covariance answer may be used for.
type Trust string

// The answers. What a table cannot tell, for want of rows, is none of them: errors count as changed where so uneven numbers of rows would be chance once in a hundred times.
const (
	// TrustAll: it has the same number of directions, within 18.2° of A* (each keeps 95 % of its length), as much of the discriminant within 5 %, and neither rule errs more or less.
	TrustAll Trust = "all"
	// TrustClasses: neither rule errs more or less, but the directions or their number differ.
	TrustClasses Trust = "classes"
	// TrustNone: a rule errs more or less.
	TrustNone Trust = "none"
	// TrustOpen: an angle or a rank is not known well enough to tell, or there is no A*, or no rule.
	TrustOpen Trust = "open"
)

// When something is called changed.
const (
	keptLength   = 0.95 // that of a direction of which nothing is lost, as in oracle.Effect
	keptShare    = 0.05 // a difference of discriminants
	seenShare    = 0.01 // one that is told
	improbable   = 0.01
	wideAngle    = 1.0 // degrees; an angle that is not known so well is said not to be
	smallestSeen = 0.05
)

// Trust judges the shared-covariance answer.
func (e CovarianceEffect) Trust() Trust {
	turned, known := e.turned()
	switch {
	case e.open || !known || math.IsNaN(e.NearestMean.P):
		return TrustOpen
	case e.NearestMean.changed() || e.Quadratic.changed():
		return TrustNone
	case turned || e.Own.Rank != e.Shared.Rank || e.differs(keptShare):
		return TrustClasses
	}
	return TrustAll
}

// turned tells whether the spaces are not the same to keptLength, and whether that is known.
func (e CovarianceEffect) turned() (turned, known bool) {
	most := math.Acos(keptLength) * 180 / math.Pi
	return e.ToShared.Degrees > most, math.Abs(e.ToShared.Degrees-most) > e.ToShared.Error
}

func (e CovarianceEffect) differs(share float64) bool {
	return math.Abs(e.Own.DiscriminantKept-e.Shared.DiscriminantKept) > share
}

func (e Errors) changed() bool { return e.P < improbable }

// Sentence says whether the shared-covariance answer may be trusted on the table, and what is different.
func (e CovarianceEffect) Sentence() string {
	what := []string{e.leaves()}
	what = append(what, e.changes()...)
	switch e.Trust() {
	case TrustAll:
		return "The shared-covariance answer may be trusted on this table: " + joined(what) + "; nothing else changes" + e.chance() + "."
	case TrustClasses:
		return "The shared-covariance answer may be trusted on this table to tell the classes apart, but not for its directions: " + joined(what) + "; neither rule errs more or less than chance explains."
	case TrustNone:
		return "The shared-covariance answer is not to be trusted on this table: " + joined(what) + "."
	}
	return "Whether the shared-covariance answer may be trusted on this table is open: " + joined(append(what, e.unknown()...)) + "."
}

// leaves says how far A* leaves S_F.
func (e CovarianceEffect) leaves() string {
	switch {
	case math.IsNaN(e.ToFisher.Degrees):
		return "no A* ≠ 0 was found"
	case e.Contained == oracle.Holds:
		return "A* stays in " + e.Space()
	case e.ToFisher.Error > e.ToFisher.Degrees:
		return fmt.Sprintf("A* leaves %s by at most %s, if at all", e.Space(), degrees(e.ToFisher.Degrees+e.ToFisher.Error))
	case e.Contained == oracle.Refuted:
		return "A* leaves " + e.Space() + " by " + e.leak()
	}
	return "A*, as the solver found it, leaves " + e.Space() + " by " + e.leak()
}

// leak is the angle, and what part of the size of M* leaves S_F.
func (e CovarianceEffect) leak() string {
	return fmt.Sprintf("%v (%.2g %% of its size)", e.ToFisher, 100*e.Leak)
}

// changes lists what else is different.
func (e CovarianceEffect) changes() (list []string) {
	if e.Own.Rank != e.Shared.Rank {
		list = append(list, fmt.Sprintf("keeps %s in place of %d", directions(e.Own.Rank), e.Shared.Rank))
	}
	if turned, _ := e.turned(); turned {
		list = append(list, fmt.Sprintf("lies %v from the shared-covariance answer", e.ToShared))
	}
	if e.differs(seenShare) {
		list = append(list, fmt.Sprintf("keeps %s of the discriminant in place of %s", percent(e.Own.DiscriminantKept), percent(e.Shared.DiscriminantKept)))
	}
	for _, rule := range []struct {
		name string
		Errors
	}{{"the nearest mean", e.NearestMean}, {"the quadratic rule", e.Quadratic}} {
		if rule.changed() {
			list = append(list, fmt.Sprintf("%s errs on %s of the rows in place of %s (p = %.1g)", rule.name, percent(rule.Own.Mean), percent(rule.Shared.Mean), rule.P))
		}
	}
	return list
}

// chance says that the errors differ, though by no more than chance explains.
func (e CovarianceEffect) chance() string {
	if e.NearestMean.Own == e.NearestMean.Shared && (math.IsNaN(e.Quadratic.P) || e.Quadratic.Own == e.Quadratic.Shared) {
		return ""
	}
	return " beyond what chance explains"
}

// unknown lists what is not known well enough.
func (e CovarianceEffect) unknown() (list []string) {
	if e.open {
		list = append(list, "how many directions the shared-covariance answer keeps is undecided")
	}
	if _, known := e.turned(); !known {
		list = append(list, "how far the two answers are apart is not known")
	}
	return list
}

func directions(n int) string {
	if n == 1 {
		return "1 direction"
	}
	return fmt.Sprintf("%d directions", n)
}

// joined lists parts of a sentence.
func joined(parts []string) string {
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// String shows degrees to a digit after the point, and how well they are known if that is not as well.
func (a Angle) String() string {
	if a.Error > wideAngle {
		return fmt.Sprintf("%s ± %s", degrees(a.Degrees), degrees(a.Error))
	}
	return degrees(a.Degrees)
}

func degrees(x float64) string {
	if x < smallestSeen {
		return fmt.Sprintf("%.1g°", x)
	}
	return fmt.Sprintf("%.1f°", x)
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }
