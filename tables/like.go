package tables

import (
	"fmt"
	"slices"

	"contrastcheck/gmm"
)

// Unlabelled is the one class of samples without labels (Options.Like).
const Unlabelled = "unlabelled"

// unlabelled are labels of a table that needs none; nil if it has or needs some.
func (o Options) unlabelled(of *labels, names []string) *labels {
	if of == nil && o.Like != nil && !o.labelled(names) {
		return &labels{none: true}
	}
	return of
}

// labelled tells whether the column of labels is among those named.
func (o Options) labelled(names []string) bool {
	return o.Label != "" && slices.Contains(names, o.Label)
}

// matched puts the coordinates in the order of the table that this one is like, and refuses others.
func (o Options) matched(l layout) (layout, error) {
	if o.Like == nil {
		return l, nil
	}
	places := make(map[string]int, len(l.columns))
	for _, c := range l.columns {
		places[l.names[c]] = c
	}
	ordered := make([]int, 0, len(o.Like.Columns))
	var missing []string
	for _, name := range o.Like.Columns {
		c, there := places[name]
		if !there {
			missing = append(missing, name)
			continue
		}
		delete(places, name)
		ordered = append(ordered, c)
	}
	if len(missing) == 0 && len(places) == 0 {
		l.columns = ordered
		return l, nil
	}
	var extra []string
	for _, c := range l.columns {
		if _, left := places[l.names[c]]; left {
			extra = append(extra, l.names[c])
		}
	}
	refusal := &gmm.InputError{Key: "columns", Expected: "those of " + o.Like.source, Reason: gmm.ErrShape}
	switch {
	case len(extra) == 0:
		refusal.Found = "none named " + listed(missing)
	case len(missing) == 0:
		refusal.Expected += fmt.Sprintf(" alone (--drop %s leaves one out)", flagged(extra[0]))
		refusal.Found = "also " + listed(extra)
	default:
		refusal.Expected += ", among them " + listed(missing)
		refusal.Found = listed(extra) + " instead"
	}
	return l, refusal
}
