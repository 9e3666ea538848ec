package soundness

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"contrastcheck/losses"
)

// rooms are those of the house, from the top down, each with the rooms that it may import: none above it. The packages
// within a room import each other as they like. Some rooms are not built yet.
var rooms = []struct{ name, imports string }{
	{"main", "internal/cli"},
	{"internal/cli", "explore reports campaign search frontier atlas price theorems comparison losses solver oracle tables gmm internal/figure internal/typeset internal/answer internal/files internal/words internal/workers"},
	{"explore", "search frontier atlas theorems comparison losses oracle tables gmm internal/figure internal/typeset internal/answer internal/files internal/words internal/workers"},
	{"reports", "search frontier atlas price theorems comparison losses oracle tables gmm internal/figure internal/typeset internal/answer internal/files internal/words internal/workers"},
	{"campaign", "search frontier theorems losses oracle gmm internal/files internal/words internal/workers"},
	{"search", "theorems losses generators solver oracle gmm internal/files internal/words internal/workers"},
	{"internal/answer", "atlas losses solver oracle gmm"},
	{"atlas", "theorems losses generators oracle gmm internal/words internal/workers"},
	{"frontier", "theorems losses generators solver oracle gmm internal/figure internal/words internal/workers"},
	{"price", "losses solver oracle gmm internal/words internal/workers"},
	{"internal/typeset", "theorems oracle gmm"},
	{"internal/figure", "comparison gmm"},
	{"theorems", "losses generators solver oracle gmm internal/words internal/workers"},
	{"comparison", "losses solver oracle tables gmm internal/words internal/workers"},
	{"losses", "solver oracle gmm"},
	{"generators", "gmm"},
	{"solver", "gmm"},
	{"oracle", "gmm"},
	{"tables", "gmm"},
	{"internal/words", "gmm"},
	{"gmm", ""},
	{"internal/files", ""},
	{"internal/workers", ""},
	{"internal/shrink", ""},
	{"internal/enough", ""},
}

const (
	module = "contrastcheck"
	rapid  = "pgregory.net/rapid"
)

// drawing are the rooms that draw, by rapid, outside of tests.
var drawing = []string{"generators", "atlas", "theorems", "search", "internal/shrink"}

// listed is what go list says of a package.
type listed struct {
	Name, ImportPath string
	Imports, Deps    []string // directly, and all; those of tests not
}

// room is the one that the package of a path belongs to; none for one of another module.
func room(path string) string {
	inner, ours := strings.CutPrefix(path, module)
	if !ours || inner != "" && inner[0] != '/' {
		return ""
	}
	parts := strings.Split(inner, "/")
	switch {
	case len(parts) == 1:
		return "main"
	case parts[1] == "internal" && len(parts) > 2:
		return "internal/" + parts[2]
	}
	return parts[1]
}

// packages are those of the project.
func packages(t *testing.T) (all []listed) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to list packages")
	}
	list := exec.Command("go", "list", "-deps", "-json=Name,ImportPath,Imports,Deps", "./...")
	list.Dir = root
	var stderr bytes.Buffer
	list.Stderr = &stderr
	text, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", list, err, &stderr)
	}
	for packages := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		switch err := packages.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		case room(p.ImportPath) != "":
			all = append(all, p)
		}
	}
}

// Rooms import what lies below them, and what their line says.
func TestArrows(t *testing.T) {
	allowed := map[string][]string{}
	for i := len(rooms) - 1; i >= 0; i-- {
		allowed[rooms[i].name] = strings.Fields(rooms[i].imports)
		for _, below := range allowed[rooms[i].name] {
			if _, known := allowed[below]; !known || below == rooms[i].name {
				t.Errorf("the table lets %s import %s, which does not lie below it", rooms[i].name, below)
			}
		}
	}
	all := packages(t)
	for _, p := range all {
		from := room(p.ImportPath)
		if _, known := allowed[from]; !known && len(p.Imports) > 0 { // tests alone import nothing
			t.Errorf("%s lies in no room: give %s a line in the table of rooms, below those that use it, with the rooms that it may import", p.ImportPath, from)
			continue
		}
		for _, path := range p.Imports {
			if to := room(path); to != "" && to != from && !slices.Contains(allowed[from], to) {
				t.Errorf("%s imports %s, but the room %s may import only these: %s", p.ImportPath, path, from, strings.Join(allowed[from], ", "))
			}
			if path == rapid && !slices.Contains(drawing, from) {
				t.Errorf("%s imports %s outside of tests; of the rooms only these do: %s", p.ImportPath, rapid, strings.Join(drawing, ", "))
			}
		}
	}
	if !slices.ContainsFunc(all, func(p listed) bool { return room(p.ImportPath) == "gmm" }) {
		t.Errorf("no package of gmm is among the %d that were listed", len(all))
	}
}

// What finds a minimiser and what judges it share no code but gmm's, by no detour either.
func TestPillarsAreStrangers(t *testing.T) {
	other := map[string]string{"solver": "oracle", "oracle": "solver"}
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		for _, path := range p.Deps {
			if to := room(path); to != "" && other[from] != "" && to != from && to != "gmm" {
				t.Errorf("%s depends on %s", p.ImportPath, path)
			}
		}
	}
	for _, l := range losses.All() { // a loss is a file in either pillar, of its name or of the word for it and its kin
		for pillar := range other {
			_, ofName := os.Stat(filepath.Join(root, pillar, l.Name()+".go"))
			_, ofWord := os.Stat(filepath.Join(root, pillar, l.Settings.Loss+".go"))
			if ofName != nil && ofWord != nil {
				t.Errorf("the loss %s has no file in %s: %v, %v", l.Name(), pillar, ofName, ofWord)
			}
		}
	}
}

// Within the solver, too, what descends knows no mixture.
func TestDescentKnowsNoMixture(t *testing.T) {
	found := false
	for _, p := range packages(t) {
		if p.ImportPath != module+"/solver/descent" {
			continue
		}
		found = true
		for _, path := range p.Deps {
			if room(path) == "gmm" || path == module+"/solver/term" {
				t.Errorf("%s depends on %s", p.ImportPath, path)
			}
		}
	}
	if !found {
		t.Error("no package descends")
	}
}
