package soundness

import (
	"slices"
	"testing"
)

// What answers in a browser is downloaded: it imports nothing that makes that long.
func TestExploreStaysSmall(t *testing.T) {
	heavy := []string{"contrastcheck/theorems", "contrastcheck/search", "contrastcheck/tables", "contrastcheck/internal/cli", "contrastcheck/generators", rapid,
		"net/http", "testing", "text/template", "github.com/expr-lang/expr", "github.com/alecthomas/kong", "github.com/jedib0t/go-pretty/v6/table", "gonum.org/v1/plot", "github.com/parquet-go/parquet-go"}
	found := false
	for _, p := range packages(t) {
		if p.ImportPath != module+"/explore" {
			continue
		}
		found = true
		for _, path := range p.Deps {
			if slices.Contains(heavy, path) {
				t.Errorf("explore depends on %s", path)
			}
		}
	}
	if !found {
		t.Error("there is no package explore")
	}
}
