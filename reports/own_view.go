package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"contrastcheck/reports/figures"
)

// Title is the heading of the page.
func (o Own) Title() string {
	return cmp.Or(o.Name, "A mixture") + ": what the " + o.Loss.Title + " keeps"
}

// About says what the report is about, in a sentence.
func (o Own) About() string {
	what := counted(len(o.Classes), "component")
	if o.Samples > 0 {
		what = counted(o.Samples, "sample") + " of " + strings.Replace(counted(len(o.Classes), "class"), "classs", "classes", 1)
	}
	where := " in " + counted(o.Dimension[0], "dimension")
	if len(o.Dimension) == 2 {
		where = fmt.Sprintf(", %d visual and %d text dimensions", o.Dimension[0], o.Dimension[1])
	}
	return fmt.Sprintf("%s%s, δ = %s, %s.", what, where, o.Delta, o.Loss.Title)
}

// Verdict is the meaning of each reading, a line each.
func (o Own) Verdict() string {
	var lines []string
	for _, r := range o.Readings {
		line := r.Lead()
		if len(o.Readings) > 1 {
			line = r.Title() + ": " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Lead is the meaning and, where a pair of classes loses what is to be seen of its distance, what becomes of the worst one.
func (r Reading) Lead() string {
	const seen = 0.95 // of which less is lost than a reader should know first
	if side := r.Sides[0]; len(r.Sides) == 1 && len(side.Pairs) > 0 && side.Pairs[0].MahalanobisKept < seen*side.Pairs[0].Mahalanobis {
		return r.Meaning + " " + side.Worst()
	}
	return r.Meaning
}

// Title is what people call the reading.
func (r Reading) Title() string {
	t := titles[r.Reading]
	return strings.ToUpper(t[:1]) + t[1:]
}

// Words are the same within a sentence.
func (r Reading) Words() string { return titles[r.Reading] }

// Anchor is the id of the reading's part of the page.
func (r Reading) Anchor() string { return "kept-" + r.Reading }

// Bound says what verdicts of the reading rest on.
func (r Reading) Bound() string {
	c := r.Certificate
	if !c.Epsilon.Known() {
		return c.Rule
	}
	return fmt.Sprintf("%s: the distance to the minimiser is at most %.3g, by the oracle’s own gradient, %s", c.Grade, float64(c.Epsilon), c.Rule)
}

// Shown are the pairs that a page shows; report.json has them all.
func (s OwnSide) Shown() []KeptPair { return s.Pairs[:min(len(s.Pairs), mostPairs)] }

// Worst says in words what becomes of the pair that keeps least; "" if there is none.
func (s OwnSide) Worst() string { return Kept{Pairs: s.Pairs}.Worst() }

// More says how many pairs a page does not show; "" for none.
func (s OwnSide) More() string {
	if more := len(s.Pairs) - mostPairs; more > 0 {
		return fmt.Sprintf("%s, of which each keeps as much or more, in report.json.", counted(more, "more pair"))
	}
	return ""
}

// Numbers of pairs and classes that a page shows.
const mostPairs, mostClasses = 10, 20

// Space is how the modality's Fisher subspace is written.
func (s OwnSide) Space(l OwnLoss) string {
	return cmp.Or(map[string]string{"visual": "S_V", "text": "S_T"}[s.Modality], l.Subspace)
}

// A is how the modality's representation is written.
func (s OwnSide) A() string {
	return cmp.Or(map[string]string{"visual": "A_V*", "text": "A_T*"}[s.Modality], "A*")
}

// Counted says how many directions are of each kind: "2 kept, 1 lost".
func (s OwnSide) Counted() string {
	if s.Directions == nil {
		return "not judged"
	}
	var parts []string
	d := *s.Directions
	for i, n := range []int{d.Kept, d.Lost, d.Undecided} {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, []string{"kept", "lost", "undecided"}[i]))
		}
	}
	return fmt.Sprintf("%s of %d", cmp.Or(strings.Join(parts, ", "), "none"), s.FisherDimension)
}

// ShownClasses are the classes that a page lists: the lightest ones of many, which are lost first.
func (o Own) ShownClasses() []Class {
	all := slices.Clone(o.Classes)
	if len(all) > mostClasses {
		slices.SortStableFunc(all, func(a, b Class) int { return cmp.Compare(a.Weight, b.Weight) })
		all = all[:mostClasses]
	}
	return all
}

// MoreClasses says how many classes a page does not list; "" for none.
func (o Own) MoreClasses() string {
	if more := len(o.Classes) - mostClasses; more > 0 {
		return fmt.Sprintf("The %d lightest; %d more are in report.json.", mostClasses, more)
	}
	return ""
}

// Summary counts the verdicts of a map.
func (m OwnMap) Summary() string {
	text := fmt.Sprintf("Equality holds at %d of %d points, and is refuted at %d", m.Holds, len(m.Points), m.Refuted)
	if m.Undecided > 0 {
		text += fmt.Sprintf("; %d are undecided", m.Undecided)
	}
	return text + "."
}

// MarginWords say what is proved of the smallest eigenvalue.
func (p OwnProof) MarginWords() string {
	switch {
	case p.Margin == "":
		return "decided exactly, without a margin"
	case p.Verdict == "refuted":
		return "λ_min(M_u) ≤ " + figures.Typeset(p.Margin)
	}
	return "λ_min(M_u) ≥ " + figures.Typeset(p.Margin)
}

// ownGlossary explains the words of the page.
func ownGlossary() [][2]string {
	return append([][2]string{
		{"A*, S_F, S_c", "A* is the representation x ↦ Aᵀx that minimises the loss. S_F is the Fisher subspace, the span of Σ⁻¹μ_k, with the classes' means μ_k and their covariance Σ; S_c is that of the means less their mean: the directions in which the classes differ. Raw, S_F has the direction of the mean beside them, unless it lies among them."},
		{"kept", "A direction of the subspace that A* has. Where all are kept, a classifier on top of A*ᵀx can do what one on x can."},
		{"J", "Fisher’s discriminant tr[(AᵀΣA)⁻¹AᵀBA] of the scatter B of the class means about their mean: how far the classes are apart."},
		{"standard deviations", "The distance of two class means by Mahalanobis, before and after the projection. Two classes that are t apart are told apart with an error of Φ(−t/2) at best: 16 % at t = 2, 2.3 % at t = 4. In the embedding it is the Euclidean distance, as a nearest-mean classifier uses it."},
		{"holds, refuted, undecided", "A verdict is given only where the errors, as sure as the grade says, allow no other."},
	}, glossary()[2:5]...)
}
