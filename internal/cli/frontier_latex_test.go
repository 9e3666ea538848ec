package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// The pictures are ones that LaTeX sets without a complaint, whatever the mixture is called.
func TestFrontierLaTeXCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("LaTeX is not run")
	}
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("there is no pdflatex (Debian: texlive-latex-base, texlive-pictures)")
	}
	if err := exec.Command("kpsewhich", "pgfplots.sty").Run(); err != nil {
		t.Skip("there is no pgfplots (Debian: texlive-pictures)")
	}
	const named = `{"name": "100 % of $x_1^2$ & \\foo{ #1 ~\n\\end{document} λ", "weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	var page strings.Builder
	page.WriteString("\\documentclass{article}\n\\usepackage{pgfplots}\n\\pgfplotsset{compat=1.16}\n\\begin{document}\n")
	for _, args := range []string{
		"--axis separation=1/2:2:4 --refine 1/10", "--axis covariance[1][2]=0:1/2:2 --axis mean[2][1]=0:1:2", "--axis separation=1/2:2:2 --axis negatives=1:4:3 --refine 1/2",
		"--axis delta=1/4:1:2 --claim svd-shared", "--axis separation=0:0:1",
	} {
		var out, failure bytes.Buffer
		if code := cli.Run(append([]string{"frontier", "--family", "-", "--format", "latex"}, strings.Fields(args)...), strings.NewReader(named), &out, &failure); code != 0 && code != 3 {
			t.Fatalf("%s: exit code %d: %s", args, code, failure.String())
		}
		page.Write(out.Bytes())
		page.WriteString("\n\n")
	}
	page.WriteString("\\end{document}\n")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "page.tex"), []byte(page.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	latex := exec.Command("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex")
	latex.Dir = folder
	said, err := latex.CombinedOutput()
	if err != nil || bytes.Contains(said, []byte("Missing character")) {
		t.Errorf("%v\n%s\n%s", err, said, page.String())
	}
}
