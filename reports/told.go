package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Told are changes of one kind, in sentences.
type Told struct {
	Title     string
	Sentences []string
}

// Told says what has changed as people read it: outcomes first, each claim in one sentence; what a program compares of figures and numbers is counted.
func (c Changes) Told() []Told {
	var outcomes, claims, counterexamples, numbers, run Told
	outcomes.Title, claims.Title, counterexamples.Title, numbers.Title, run.Title = "Outcomes", "Claims", "Counterexamples", "Numbers and figures", "The run"
	var places []string
	at := map[string][]Change{}
	for _, change := range c.List {
		if at[change.Where] == nil {
			places = append(places, change.Where)
		}
		at[change.Where] = append(at[change.Where], change)
	}
	say := func(into *Told, format string, values ...any) {
		into.Sentences = append(into.Sentences, fmt.Sprintf(format, values...))
	}
	for _, where := range places {
		all := at[where]
		if where == "run" || where == "program" {
			for _, x := range all {
				if x.What == "selected" {
					say(&run, "it is about %s; before about %s.", cmp.Or(x.New, "all claims"), cmp.Or(x.Old, "all claims"))
					continue
				}
				say(&run, "%s: %s, before %s.", x.What, orNone(x.New), orNone(x.Old))
			}
			continue
		}
		changed := func(what string) *Change {
			if i := slices.IndexFunc(all, func(x Change) bool { return x.What == what }); i >= 0 {
				return &all[i]
			}
			return nil
		}
		found, statement := changed("found"), changed("statement")
		switch {
		case found != nil && found.Old == "":
			say(&claims, "%s is new: %s.", where, found.New)
			continue
		case found != nil && found.New == "":
			say(&claims, "%s is gone; it was found: %s.", where, found.Old)
			continue
		case found != nil:
			say(&outcomes, "%s: was %s, is now %s.", where, found.Old, found.New)
		}
		if recorded := changed("recorded"); recorded != nil {
			say(&outcomes, "%s is now recorded as %s, before as %s.", where, recorded.New, recorded.Old)
		}
		switch grade := changed("grade"); {
		case grade == nil:
		case grade.Old == "" || grade.New == "":
			say(&outcomes, "%s: its grade is %s, was %s.", where, orNone(grade.New), orNone(grade.Old))
		default:
			say(&outcomes, "%s is %s now, was %s.", where, grade.New, grade.Old)
		}
		if statement != nil {
			say(&claims, "%s now states: %s. Before: %s.", where, statement.New, statement.Old)
		}
		var rest []string
		for _, x := range all {
			name, isCounterexample := strings.CutPrefix(x.What, "counterexample ")
			switch {
			case slices.Contains([]string{"found", "recorded", "grade", "statement", "as recorded"}, x.What):
			case isCounterexample && x.Old == "":
				say(&counterexamples, "%s: %s is new (%s).", where, name, x.New)
			case isCounterexample && x.New == "":
				say(&counterexamples, "%s: %s is gone.", where, name)
			case isCounterexample:
				say(&counterexamples, "%s: %s now %s; before %s.", where, name, x.New, x.Old)
			case strings.HasPrefix(x.What, "figure "):
				rest = append(rest, "the "+x.What+" shows something else")
			case x.Old == "" || x.New == "":
				rest = append(rest, fmt.Sprintf("%s %s, before %s", x.What, orNone(x.New), orNone(x.Old)))
			default:
				rest = append(rest, fmt.Sprintf("%s %s → %s", x.What, x.Old, x.New))
			}
		}
		if rest != nil {
			say(&numbers, "%s: %s.", where, strings.Join(rest, "; "))
		}
	}
	return slices.DeleteFunc([]Told{outcomes, claims, counterexamples, numbers, run}, func(t Told) bool { return t.Sentences == nil })
}

func orNone(text string) string { return cmp.Or(text, "none") }
