package cli

import (
	"fmt"
	"strings"

	"contrastcheck/oracle"

	"github.com/jedib0t/go-pretty/v6/table"
)

// directions count those of a Fisher subspace, with the keys of their JSON form.
type directions struct {
	Kept      int `json:"kept"`
	Lost      int `json:"lost"`
	Undecided int `json:"undecided"`
}

// newDirections are those of each modality; nil where equality is not judged.
func newDirections(f oracle.Findings) each[directions] {
	if f.Evidence.Own() || f.Evidence.Stationary() {
		return nil
	}
	var all each[directions]
	for _, s := range f.Sides {
		all = append(all, directions(s.Directions))
	}
	return all
}

// String says how many there are of each kind: "2 kept, 1 lost"; "none" of {0}.
func (d directions) String() string {
	var parts []string
	for _, part := range []struct {
		number int
		what   string
	}{{d.Kept, "kept"}, {d.Lost, "lost"}, {d.Undecided, "undecided"}} {
		if part.number > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.number, part.what))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// directionsRow is the row of the verdicts of one modality; empty where equality is not judged, or there is no direction.
func (s solution) directionsRow() table.Row {
	if len(s.Directions) != 1 || s.FisherDimension[0] == 0 {
		return nil
	}
	return table.Row{"Directions", "of " + s.loss.Subspace(), "", s.Directions[0].String()}
}
