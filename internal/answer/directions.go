package answer

import (
	"fmt"
	"strings"

	"contrastcheck/oracle"
)

// Directions count those of a Fisher subspace, with the keys of their JSON form.
type Directions struct {
	Kept      int `json:"kept"`
	Lost      int `json:"lost"`
	Undecided int `json:"undecided"`
}

// newDirections are those of each modality; nil where equality is not judged.
func newDirections(f oracle.Findings) Each[Directions] {
	if f.Evidence.Own() || f.Evidence.Stationary() {
		return nil
	}
	var all Each[Directions]
	for _, s := range f.Sides {
		all = append(all, Directions(s.Directions))
	}
	return all
}

// String says how many there are of each kind: "2 kept, 1 lost"; "none" of {0}.
func (d Directions) String() string {
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
