package reports_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"contrastcheck/reports"
)

// The page is printed by the browser that is there; without one, or where it fails, an error says so, and no file is left.
func TestPrint(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the browser of the test is a shell script")
	}
	for name, c := range map[string]struct {
		script string
		want   error
	}{
		"no browser":     {"", reports.ErrBrowser},
		"prints":         {`for a; do case $a in --print-to-pdf=*) echo "%PDF of $a" > "${a#*=}";; esac; done; for a; do :; done; echo "$a" > "$(dirname "$0")/opened"`, nil},
		"fails":          {"exit 1", reports.ErrPrint},
		"writes nowhere": {"exit 0", reports.ErrPrint},
	} {
		folder, commands := filepath.Join(t.TempDir(), "a report#1"), t.TempDir()
		t.Setenv("PATH", commands+string(os.PathListSeparator)+"/bin"+string(os.PathListSeparator)+"/usr/bin")
		if c.script == "" {
			t.Setenv("PATH", commands)
		} else if err := os.WriteFile(filepath.Join(commands, "chromium"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, reports.PageName), nil, 0o644)); err != nil {
			t.Fatal(err)
		}
		if err := reports.Print(t.Context(), folder); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		text, err := os.ReadFile(filepath.Join(folder, reports.PDFName))
		if printed := err == nil && strings.HasPrefix(string(text), "%PDF"); printed != (c.want == nil) {
			t.Errorf("%s: printed %v", name, printed)
		}
		if c.want == nil {
			if opened, err := os.ReadFile(filepath.Join(commands, "opened")); err != nil || !strings.HasSuffix(strings.TrimSpace(string(opened)), "/a%20report%231/index.html") {
				t.Errorf("%s: opened %s, %v", name, opened, err)
			}
			ended, stop := context.WithCancel(t.Context())
			stop()
			if err := reports.Print(ended, folder); !errors.Is(err, context.Canceled) {
				t.Errorf("interrupted: %v", err)
			}
		}
	}
}

// An earlier report's PDF files go with it.
func TestEarlierPDFsAreRemoved(t *testing.T) {
	folder := t.TempDir()
	r := gather(t, "svd-shared")
	if err := reports.Write(folder, reports.WithPDF(r)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, reports.PDFName), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		for name, text := range contents(t, folder) {
			if strings.HasSuffix(name, ".pdf") {
				n++
				if name != reports.PDFName && !strings.HasPrefix(text, "%PDF-") {
					t.Errorf("%s is no PDF", name)
				}
			}
		}
		return n
	}
	if n := count(); n != len(r.Figures())+1 {
		t.Errorf("%d PDF files of %d figures and the page", n, len(r.Figures()))
	}
	if err := reports.Write(folder, r); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d PDF files are left", n)
	}
}
