package tables

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
)

// layout says which fields of a record are what.
type layout struct {
	names   []string // of all fields
	label   int      // the field of the label; -1 where labels stand elsewhere
	columns []int    // the fields that are coordinates
}

// ordered are the names of the coordinates, in their order.
func (l layout) ordered() []string {
	var names []string
	for _, c := range l.columns {
		names = append(names, l.names[c])
	}
	return names
}

// numbered names n columns by their numbers, from 1.
func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return names
}

// layout finds the label, if there is one among named fields, and what is dropped.
func (o Options) layout(names []string, labelled bool) (layout, error) {
	if o.Like != nil {
		labelled = o.labelled(names)
	}
	l := layout{names: names, label: -1}
	if labelled {
		if l.label = slices.Index(names, o.Label); l.label < 0 {
			return l, o.noSuchColumn("--label", o.Label, names)
		}
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			refusal := &gmm.InputError{Key: "header", Expected: "each column once", Found: "two named " + strconv.Quote(name), Reason: gmm.ErrSyntax}
			if isNumber(name) {
				refusal.Expected += headless
			}
			return l, refusal
		}
		seen[name] = true
	}
	for _, name := range o.Drop {
		switch {
		case !seen[name] && o.Like == nil:
			return l, o.noSuchColumn("--drop", name, names)
		case labelled && name == o.Label:
			return l, &gmm.InputError{Key: "--drop", Expected: "a column beside that of the labels", Found: strconv.Quote(name), Reason: gmm.ErrShape}
		}
	}
	for i, name := range names {
		if i != l.label && !slices.Contains(o.Drop, name) {
			l.columns = append(l.columns, i)
		}
	}
	if len(l.columns) == 0 {
		return l, &gmm.InputError{Key: "header", Expected: "a column of numbers beside the labels", Found: "none", Reason: gmm.ErrShape}
	}
	return l, nil
}

// noSuchColumn refuses the name of a column that there is not.
func (o Options) noSuchColumn(flag, name string, names []string) error {
	if o.NoHeader {
		return &gmm.InputError{Key: flag, Expected: fmt.Sprintf("the number of a column, from 1 to %d", len(names)), Found: strconv.Quote(name), Reason: gmm.ErrShape}
	}
	refusal := &gmm.InputError{Key: "header", Expected: "a column named " + strconv.Quote(name), Found: strings.Join(names, ", "), Reason: gmm.ErrShape}
	if slices.ContainsFunc(names, isNumber) {
		refusal.Expected += headless
	}
	return refusal
}

// headless is what helps where the first line is no header.
const headless = " (--no-header, with --label N, is for a table whose first line is a sample)"

func isNumber(text string) bool {
	_, err := gmm.ParseNumber(strings.TrimSpace(text))
	return err == nil
}

// isMissing tells of the text of a field whether programs write it for a value that is missing.
func isMissing(text string) bool {
	switch strings.ToLower(text) {
	case "", "na", "nan", "n/a", "<na>", "#n/a", "null", "none", "?":
		return true
	}
	return false
}
