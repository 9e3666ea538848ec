package cli

import (
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/frontier"
)

// An interrupted frontier leaves an earlier result alone: what was judged goes beside it, and
// nothing where nothing was. A complete one replaces it.
func TestFrontierKeepsAnEarlierResult(t *testing.T) {
	base, err := frontier.FamilyNamed("two-points")
	if err != nil {
		t.Fatal(err)
	}
	axis, err := frontier.ParseAxis("delta=0:1:2")
	if err != nil {
		t.Fatal(err)
	}
	grid, err := frontier.NewGrid(base, axis)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                           string
		reached, interrupted           bool
		replaced, beside, namesPartial bool
	}{
		{"nothing reached", false, true, false, false, false},
		{"a point reached", true, true, false, true, true},
		{"complete", true, false, true, false, false},
	} {
		folder := t.TempDir()
		out, link := filepath.Join(folder, "grid.csv"), filepath.Join(folder, "link.csv")
		if err := errors.Join(os.WriteFile(out, []byte("earlier"), 0o644), os.Symlink(out, link)); err != nil {
			t.Fatal(err)
		}
		f := traced{Map: frontier.Map{Grid: grid, Points: []frontier.Point{{At: []*big.Rat{new(big.Rat)}, Reached: c.reached}, {}}}}
		err := (&frontierCommand{Out: link}).output(&session{commands: &commands{Format: "csv"}}, f, c.interrupted)
		if errors.Is(err, errInterrupted) != c.interrupted || !c.interrupted && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if named := err != nil && strings.Contains(err.Error(), "grid.partial.csv"); named != c.namesPartial {
			t.Errorf("%s: the error is %q", c.name, err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if replaced := strings.HasPrefix(string(text), "delta,verdict"); replaced != c.replaced || !replaced && string(text) != "earlier" {
			t.Errorf("%s: the file holds %q", c.name, text)
		}
		partial, err := os.ReadFile(filepath.Join(folder, "grid.partial.csv"))
		if beside := err == nil && strings.HasPrefix(string(partial), "delta,verdict"); beside != c.beside {
			t.Errorf("%s: beside it stands %q, %v", c.name, partial, err)
		}
	}
}
