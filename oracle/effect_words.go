package oracle

import (
	"fmt"
	"math"
)

// Meaning says in words what the verdict on equality in one modality, and what is kept, mean for who has the data.
func (f Findings) Meaning(e Effect) string {
	space, s := f.Evidence.space(), f.Sides[0].Dimension
	switch {
	case s == 0 && !f.Evidence.distances:
		return "No direction separates the components: all means are 0."
	case e.Differences == 0:
		return "No direction separates the components: all means are equal."
	case f.Evidence.affine && f.Existence == Refuted:
		return "The loss has no minimum over affine maps: the best bias has a part along what M* does not see, so that maps that come near the infimum have ever longer biases. There is no A* to judge."
	case f.Evidence.affine && f.Existence == Undecided && f.Evidence.Known() && f.Sides[0].Margin < -f.Evidence.Epsilon:
		return fmt.Sprintf("Over all M ⪰ 0 and biases the best M* loses a direction of %s; whether its bias is in the range of M*, so that there is a best affine map, is open.", space)
	case f.Evidence.stationary:
		return fmt.Sprintf("So few columns cannot span the %d dimensions of %s. With them the problem is not convex: this is the best point found.%s", s, space, e.found(" It keeps %s."))
	}
	if d := f.Directions(); len(f.Sides) == 1 && d.Undecided > 0 && d.Kept+d.Lost > 0 {
		return fmt.Sprintf("Of the %d directions of %s the optimal representation certainly %s", s, space, d.inPart(f.Evidence.Known()))
	}
	switch f.Equality() {
	case Holds:
		return "The optimal representation keeps everything that separates the classes: " + e.all(space) + "."
	case Undecided:
		reason := "is open: the bound of the error is larger than the margin."
		if !f.Evidence.Known() {
			reason = "was not decided."
		}
		return fmt.Sprintf("Whether the optimal representation keeps every direction of %s %s%s", space, reason, e.found(" The one that was found keeps %s."))
	}
	if d := f.Directions(); !e.known() && d.Undecided == 0 {
		return fmt.Sprintf("The optimal representation keeps %d of the %d directions of %s.", d.Kept, s, space)
	}
	return "The optimal representation " + e.loss(space)
}

// inPart says what is certain where something is undecided; known tells whether that has a bound.
func (d Directions) inPart(known bool) string {
	certain := fmt.Sprintf("keeps %d", d.Kept)
	if d.Lost > 0 {
		certain += fmt.Sprintf(" and ignores %d", d.Lost)
	}
	if !known {
		return certain + "; the rest was not decided."
	}
	return certain + "; the rest is open: the bound of the error is larger than the margin."
}

// all are the directions of a space.
func (e Effect) all(space string) string {
	switch {
	case e.Differences < e.Dimension:
		return fmt.Sprintf("all %d directions of %s, of which the mean is one", e.Dimension, space)
	case e.Dimension == 1:
		return "the one direction in which they differ"
	}
	return fmt.Sprintf("all %d directions in which they differ", e.Dimension)
}

// loss says what of a space is kept where something is lost.
func (e Effect) loss(space string) string {
	switch {
	case e.OnlyTheMean:
		return fmt.Sprintf("keeps everything that separates the classes; the %s direction is the mean itself. No pair of them loses more than %.3g %% of its distance.",
			ordinal(e.Dimension), math.Ceil(1000*(1-e.Pairs[0].Share()))/10)
	case !e.known():
		return fmt.Sprintf("loses a direction of %s.", space)
	case e.Rank == 0:
		return "keeps nothing of what separates the classes."
	case e.Differences == e.Dimension:
		return fmt.Sprintf("keeps %d of the %d directions in which the classes differ%s.", e.Rank, e.Dimension, e.found(", and %s"))
	}
	some := fmt.Sprintf("keeps %d of the %d directions of %s, of which the mean is one%s", e.Rank, e.Dimension, space, e.found(", and %s"))
	if e.Rank == e.Dimension-1 && e.least >= whole { // though that is not certain of A*
		return some + ". Whether more than the mean is lost is open."
	}
	return some + ": what is lost is not the mean alone."
}

// found says by a format what of the discriminant is kept; nothing where that is not known.
func (e Effect) found(format string) string {
	if !e.known() {
		return ""
	}
	return fmt.Sprintf(format, e.percent()+" of the discriminant")
}

func (e Effect) known() bool { return !math.IsNaN(e.Share()) }

// Discriminants shows what is kept of the discriminant.
func (e Effect) Discriminants() string {
	return fmt.Sprintf("J = %.4g of %.4g, %s of the discriminant", e.Kept, e.Discriminant, e.percent())
}

// percent is the share kept, rounded down, so that 100 % is all of it.
func (e Effect) percent() string {
	return fmt.Sprintf("%.4g %%", math.Floor(1000*min(1, e.Share()+unseen))/10)
}

// unseen is the share of which a loss is none that anyone sees.
const unseen = 1e-9

// Words say what becomes of a pair, whose components are named.
func (p PairEffect) Words(first, second string) string {
	line := fmt.Sprintf("%s and %s: %.3g → %.3g standard deviations", first, second, p.Mahalanobis, p.Kept)
	if p.Share() > 1-unseen {
		line = fmt.Sprintf("%s and %s: %.3g standard deviations, kept", first, second, p.Mahalanobis)
	}
	const seen = 200 // of three digits
	if p.Error*seen > p.Mahalanobis {
		line += fmt.Sprintf(", known to ±%.1g", p.Error)
	}
	return line
}

// ordinal is the word, or the number, for the n-th.
func ordinal(n int) string {
	words := []string{"zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"}
	if n < len(words) {
		return words[n]
	}
	suffix := "th"
	if n/10%10 != 1 && n%10 >= 1 && n%10 <= 3 {
		suffix = []string{"st", "nd", "rd"}[n%10-1]
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
