package reports_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/reports"

	"github.com/google/go-cmp/cmp"
)

func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		out[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWrittenFilesAreComplete(t *testing.T) {
	folder := t.TempDir()
	r := all(t)
	if err := reports.Write(folder, r); err != nil {
		t.Fatal(err)
	}
	files := contents(t, folder)
	referred := 0
	for _, part := range strings.Split(files["report.md"], "](")[1:] {
		target, _, _ := strings.Cut(part, ")")
		if strings.HasPrefix(target, "figures/") || strings.HasPrefix(target, "counterexamples/") {
			referred++
			if files[target] == "" {
				t.Errorf("report.md refers to %s, which is not there", target)
			}
		}
	}
	if referred < 50 {
		t.Errorf("report.md refers to %d files only", referred)
	}
	again, err := reports.Read(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(r.JSON()), string(again.JSON())); diff != "" {
		t.Errorf("report.json read and written is another (−written +read):\n%.2000s", diff)
	}
	if c := reports.Compare(r, again); len(c.List) > 0 {
		t.Errorf("a report differs from itself: %v", c.List)
	}
}

func TestWriteRemovesNothingForeign(t *testing.T) {
	folder := t.TempDir()
	r := gather(t, "svd-shared")
	if err := reports.Write(folder, r); err != nil {
		t.Fatal(err)
	}
	foreign := []string{"chapter.tex", "counterexamples/mine.tex", "figures/deep/x.svg"}
	for _, name := range foreign {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("mine"), 0o644)); err != nil {
			t.Fatal(err)
		}
		r.Claims[0].Counterexamples = append(r.Claims[0].Counterexamples, reports.Counterexample{File: name}, reports.Counterexample{File: "../" + filepath.Base(folder) + "/" + name})
	}
	hostile := r.JSON()
	if err := os.WriteFile(filepath.Join(folder, "report.json"), hostile, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := reports.Write(folder, gather(t, "svd-shared")); err != nil {
		t.Fatal(err)
	}
	files := contents(t, folder)
	for _, name := range foreign {
		if files[name] != "mine" {
			t.Errorf("%s is gone", name)
		}
	}
}

func TestWriteReplacesAnEarlierReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	for _, ids := range [][]string{{"equality", "svd-shared"}, {"svd-shared"}} {
		if err := reports.Prepare(folder); err != nil {
			t.Fatal(err)
		}
		if err := reports.Write(folder, gather(t, ids...)); err != nil {
			t.Fatal(err)
		}
	}
	for name := range contents(t, folder) {
		if strings.Contains(name, "equality") || strings.Contains(name, "frontier") {
			t.Errorf("%s is left of the earlier report", name)
		}
	}
}

func TestPrepareRefusesForeignFolders(t *testing.T) {
	for name, make := range map[string]func(folder string) error{
		"other files": func(f string) error { return os.WriteFile(filepath.Join(f, "thesis.tex"), nil, 0o644) },
		"another schema": func(f string) error {
			return os.WriteFile(filepath.Join(f, "report.json"), []byte(`{"schema": "x/1"}`), 0o644)
		},
		"a damaged report": func(f string) error { return os.WriteFile(filepath.Join(f, "report.json"), []byte(`{"schema`), 0o644) },
	} {
		folder := t.TempDir()
		if err := make(folder); err != nil {
			t.Fatal(err)
		}
		before := contents(t, folder)
		if err := reports.Prepare(folder); !errors.Is(err, reports.ErrFolder) {
			t.Errorf("%s: %v, want ErrFolder", name, err)
		}
		if diff := cmp.Diff(before, contents(t, folder)); diff != "" {
			t.Errorf("%s: Prepare changed the folder:\n%s", name, diff)
		}
	}
	taken := t.TempDir() // a report's folder, with something in the place of its page
	if err := errors.Join(reports.Write(taken, gather(t, "equality-line")), os.Remove(filepath.Join(taken, "index.html")), os.Mkdir(filepath.Join(taken, "index.html"), 0o755)); err != nil {
		t.Fatal(err)
	}
	if err := reports.Prepare(taken); !errors.Is(err, reports.ErrFolder) {
		t.Errorf("a folder in the place of index.html: %v, want ErrFolder", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := reports.Prepare(file); !errors.Is(err, reports.ErrFolder) {
		t.Errorf("a file: %v, want ErrFolder", err)
	}
}

func TestWriteKeepsWhatItCan(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "report.md"), 0o755); err != nil {
		t.Fatal(err)
	}
	var partly *reports.PartlyWritten
	if err := reports.Write(folder, gather(t, "svd-shared")); !errors.As(err, &partly) {
		t.Fatalf("%v, want a PartlyWritten", err)
	}
	if kept := strings.Join(partly.Kept, " "); !strings.Contains(kept, "index.html") || !strings.Contains(kept, "report.json") || strings.Contains(kept, "report.md") {
		t.Errorf("kept %s, want index.html and report.json, not report.md", kept)
	}
	if _, err := reports.Read(filepath.Join(folder, "report.json")); err != nil {
		t.Error(err)
	}
}
