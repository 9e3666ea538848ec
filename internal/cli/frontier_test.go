package cli

import (
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/search"
)

// A frontier that ended before its first point leaves an earlier result alone; one with a
// point replaces it.
func TestFrontierKeepsAnEarlierResult(t *testing.T) {
	base, err := search.FamilyNamed("two-points")
	if err != nil {
		t.Fatal(err)
	}
	axis, err := search.ParseAxis("delta=0:1:2")
	if err != nil {
		t.Fatal(err)
	}
	grid, err := search.NewGrid(base, axis)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	out, link := filepath.Join(folder, "grid.csv"), filepath.Join(folder, "link.csv")
	if err := errors.Join(os.WriteFile(out, []byte("earlier"), 0o644), os.Symlink(out, link)); err != nil {
		t.Fatal(err)
	}
	f := search.Frontier{Grid: grid, Points: []search.FrontierPoint{{Values: nil}, {Values: nil}}}
	for _, reached := range []bool{false, true} {
		f.Points[0].Values, f.Points[0].Reached = []*big.Rat{big.NewRat(0, 1)}, reached
		if err := (&frontierCommand{Out: link}).output(&session{commands: &commands{Format: "csv"}}, f); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if kept := string(text) == "earlier"; kept == reached {
			t.Errorf("reached = %v: the file holds %q", reached, text)
		}
		if reached && !strings.HasPrefix(string(text), "delta,verdict") {
			t.Errorf("the file holds %q", text)
		}
	}
}
