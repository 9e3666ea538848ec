package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// Whatever --format latex writes is text that LaTeX sets without a complaint, in lines that fit.
func TestLaTeXCompiles(t *testing.T) {
	const data, stored = "../../testdata/", "../../theorems/testdata/counterexamples/"
	typeset(t, `\usepackage{amsmath, amsthm}\newtheorem{proposition}{Proposition}\newtheorem{observation}{Observation}`,
		"prove "+data+"two-points.json", "prove "+data+"two-points.json --loss dv", "prove "+data+"two-points.json --score distance", "prove "+data+"two-points.json --loss spectral", "prove "+data+"two-points.json --loss agreement --map linear",
		"prove "+data+"rare-outlier.json --map affine", "prove "+data+"line.json --map network --activation sign --no-biases", "prove "+data+"line.json --score cosine --temperature 1/2", "prove "+data+"tilted.json", "prove "+data+"swap.json", "prove "+data+"line.json",
		"recheck "+stored+"equality-centred_1-rare-outlier.json", "recheck "+stored+"affine-equality_1-mirrored-rare-classes.json", "prove "+stored+"sigmoid-equality-centred_1-mild-outlier.json --loss sigmoid",
		"prove --centre "+data+"rare-outlier.json --box weight[1].in.[1/440,1/432]",
		"prove --data "+data+"iris.csv --label species --centre", "solve "+data+"two-points.json", "solve "+data+"tilted.json", "solve --data "+data+"iris.csv --label species", "solve "+data+"two-points.json --loss sigmoid",
		"search equality --evaluations 300", "search svd-shared --evaluations 50", "check "+data+"two-points.json equality containment equality-biased svd-shared")
}

// typeset runs commands with --format latex and has pdflatex set what they print on one page.
func typeset(t *testing.T, preamble string, commands ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("LaTeX is not run")
	}
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("there is no pdflatex (Debian: texlive-latex-base, texlive-pictures)")
	}
	const named = `{"name": "100 % of $x_1^2$ & \\foo{ #1 ~\n\\end{document} λ", "weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	page := bytes.NewBufferString("\\documentclass{article}" + preamble + "\n\\begin{document}\n")
	for _, command := range commands {
		args := strings.Fields(command)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], ".in.", " in ")
		}
		var out, failure bytes.Buffer
		if code := cli.Run(append(args, "--format", "latex"), strings.NewReader(named), &out, &failure); code != 0 && code != 3 || out.Len() == 0 {
			t.Fatalf("%s: exit code %d: %s", command, code, failure.String())
		}
		page.Write(out.Bytes())
		page.WriteString("\n\n")
	}
	page.WriteString("\\end{document}\n")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "page.tex"), page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	latex := exec.Command("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex")
	latex.Dir = folder
	said, err := latex.CombinedOutput()
	if err != nil || bytes.Contains(said, []byte("Missing character")) || bytes.Contains(said, []byte("Overfull \\hbox")) {
		t.Errorf("%v\n%s\n%s", err, said, page)
	}
}

// What search prints of a counterexample can be pasted: the command line proves it.
func TestCounterexampleCanBePasted(t *testing.T) {
	run := func(stdin string, args ...string) string {
		var out, failure bytes.Buffer
		if code := cli.Run(args, strings.NewReader(stdin), &out, &failure); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, failure.String())
		}
		return out.String()
	}
	for command, want := range map[string]string{"search equality --evaluations 300": "proved: equality refuted", "search svd-shared --evaluations 50": "svd-shared  REFUTED", "search equality --loss dv --evaluations 60 --components 2 --dimension 2": "equality-of-dv  REFUTED"} {
		found := regexp.MustCompile(`(?m)^  run +echo '([^']*)' \| contrastcheck (.*)$`).FindStringSubmatch(run("", strings.Fields(command)...))
		if found == nil {
			t.Fatalf("%s prints no command line", command)
		}
		if again := run(found[1], strings.Fields(found[2])...); !strings.Contains(again, want) {
			t.Errorf("%s: %s of %s prints\n%s", command, found[2], found[1], again)
		}
	}
}
