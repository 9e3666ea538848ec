package reports_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/reports"
)

func TestCompareFindsChanges(t *testing.T) {
	old := gather(t, "containment", "svd-shared")
	for name, alter := range map[string]func(*reports.Results){
		"found":          func(r *reports.Results) { r.Claims[0].Found = "refuted" },
		"grade":          func(r *reports.Results) { r.Claims[0].Grade = "proved" },
		"cases":          func(r *reports.Results) { r.Claims[0].Holds-- },
		"worst":          func(r *reports.Results) { r.Claims[0].Worst *= 2 },
		"stored":         func(r *reports.Results) { r.Claims[1].Replayed-- },
		"figure":         func(r *reports.Results) { r.Claims[0].Figures[0].Alt += "!" },
		"counterexample": func(r *reports.Results) { r.Claims[1].Counterexamples[0].Evidence = "none" },
		"comparison":     func(r *reports.Results) { r.Comparisons[0].Rows[1].Discriminant.Mean++ },
		"platform":       func(r *reports.Results) { r.Program.Platform = "elsewhere" },
		"library": func(r *reports.Results) {
			r.Program.Dependencies = append(r.Program.Dependencies, reports.Dependency{Path: "another"})
		},
	} {
		latest := gather(t, "containment", "svd-shared")
		alter(&latest)
		if c := reports.Compare(old, latest); len(c.List) != 1 {
			t.Errorf("%s: %d changes, want 1: %v", name, len(c.List), c.List)
		}
	}
	if c := reports.Compare(old, gather(t, "containment")); len(c.List) != 1 || c.List[0].What != "selected" {
		t.Errorf("a claim that was not selected: %v", c.List)
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"schema": "contrastcheck-report/2"}`, `{"schema": "contrastcheck-report/1", "claims": 3}`} {
		path := filepath.Join(t.TempDir(), "old.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := reports.Read(path); !errors.Is(err, reports.ErrSchema) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v, want ErrSchema with the path", text, err)
		}
	}
	if _, err := reports.Read(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// A byte order mark, which some editors write, is passed over.
func TestReadAfterAByteOrderMark(t *testing.T) {
	r := gather(t, "svd-shared")
	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path, append([]byte("\ufeff"), r.JSON()...), 0o644); err != nil {
		t.Fatal(err)
	}
	if again, err := reports.Read(path); err != nil || string(again.JSON()) != string(r.JSON()) {
		t.Errorf("read another report, %v", err)
	}
}
