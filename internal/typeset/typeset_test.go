package typeset

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(200)
	os.Exit(m.Run())
}

// Numbers are rounded to the side that is asked for, by less than a unit of the last digit.
func TestRounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := big.NewRat(rapid.Int64Range(1, 1<<40).Draw(t, "above"), rapid.Int64Range(1, 1<<40).Draw(t, "below"))
		digits := rapid.IntRange(1, 12).Draw(t, "digits")
		up, _ := above(x, digits)
		down, _ := below(x, digits)
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits-1)), nil))
		if up.Cmp(x) < 0 || down.Cmp(x) > 0 || new(big.Rat).Sub(up, down).Cmp(unit.Mul(unit, x)) > 0 {
			t.Fatalf("%v is between %v and %v in %d digits", x.RatString(), down.RatString(), up.RatString(), digits)
		}
	})
	for _, c := range []struct {
		x          *big.Rat
		up, down   string
		digits     int
		whole, out string
	}{{x: big.NewRat(999951, 1000000), digits: 4, up: "1", down: `9.999\cdot 10^{-1}`}, {x: big.NewRat(1, 3), digits: 3, up: `3.34\cdot 10^{-1}`, down: `3.33\cdot 10^{-1}`}, {x: big.NewRat(1500, 1), digits: 2, up: `1.5\cdot 10^{3}`, down: `1.5\cdot 10^{3}`}} {
		_, up := above(c.x, c.digits)
		_, down := below(c.x, c.digits)
		if up != c.up || down != c.down {
			t.Errorf("%v in %d digits: %s and %s, want %s and %s", c.x, c.digits, up, down, c.up, c.down)
		}
	}
}

// What is printed of a proof is proved: ε is no less than the radius, and m no more than what is left of the margin with the ε that is printed.
func TestPrintedBoundsAreProved(t *testing.T) {
	for _, name := range []string{"equality-centred_1-rare-outlier", "equality_1-two-points", "equality-biased_1-milder-weights"} {
		c := stored(t, name)
		theorem, err := proofs.Check(c, 1)
		if err != nil {
			t.Fatal(err)
		}
		radius, margin := bounds(c, theorem)
		r, m := parsed(t, radius), parsed(t, margin)
		if r.Cmp(theorem.Radius) < 0 || m.Sign() <= 0 || new(big.Rat).Add(m, r).Cmp(new(big.Rat).Add(theorem.Margin, theorem.Radius)) > 0 {
			t.Errorf("%s: ε = %s and m = %s, where the theorem has %v and %v", name, radius, margin, theorem.Radius.RatString(), theorem.Margin.RatString())
		}
		text := Theorem(c, theorem)
		for _, needed := range []string{radius, margin, "fails", `\begin{` + Environment + "}", `\cite[`} {
			if !strings.Contains(text, needed) {
				t.Errorf("%s lacks %q:\n%s", name, needed, text)
			}
		}
	}
}

// Of M̂ and the witness every digit is printed.
func TestMatrixIsExact(t *testing.T) {
	c := stored(t, "equality-centred_1-rare-outlier")
	text := dyadicMatrix("N", c.Minimiser)
	entries := regexp.MustCompile(`-?\d{5,}`).FindAllString(text, -1)
	_, power, _ := strings.Cut(text, "2^{-")
	power, _, _ = strings.Cut(power, "}")
	bits, _ := new(big.Int).SetString(power, 10)
	scale := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(bits.Uint64())))
	for i, entry := range entries {
		x, _ := new(big.Rat).SetString(entry)
		if x.Quo(x, scale).Cmp(c.Minimiser[i/2][i%2]) != 0 {
			t.Errorf("N has %v, printed as %s/2^%s", c.Minimiser[i/2][i%2], entry, power)
		}
	}
	if len(entries) != 4 {
		t.Errorf("%d entries in %s", len(entries), text)
	}
}

// Sections and theorems that proofs cite are in the documentation.
func TestPlacesExist(t *testing.T) {
	headings := map[string]string{}
	for _, name := range []string{"certificates", "theory"} {
		text, err := os.ReadFile("../../docs/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		headings[name] = string(text)
	}
	for _, title := range []string{chain, otherLosses, affineMaps, ownCovar, noBiases, cosines, boxes} {
		if !strings.Contains(headings["certificates"], "\n## "+title+"\n") {
			t.Errorf("docs/certificates.md has no section %q", title)
		}
	}
	files, _ := filepath.Glob("*.go")
	number := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range regexp.MustCompile(`theorem\("([^"]*)"\)`).FindAllStringSubmatch(string(source), -1) {
			for _, n := range regexp.MustCompile(`\d+`).FindAllString(of[1], -1) {
				if number++; !strings.Contains(headings["theory"], "\n### Theorem "+n+". ") {
					t.Errorf("docs/theory.md has no theorem %s", n)
				}
			}
		}
	}
	const few = 8
	if number < few {
		t.Errorf("only %d theorems are cited", number)
	}
}

// Of what claims say every symbol has a form in LaTeX.
func TestProse(t *testing.T) {
	for _, c := range theorems.All() {
		for _, text := range []string{c.Statement, c.Source} {
			out := Prose(text)
			if strings.ContainsFunc(out, func(r rune) bool { return r > 0x7e }) || strings.Contains(out, "?") && !strings.Contains(text, "?") {
				t.Errorf("%q becomes %q", text, out)
			}
		}
	}
	const given, want = "Col(A*) ⊆ S_F, x̂ 50 % --blind {-2} 7e-14", `Col($A^*$) $\subseteq $ $S_F$, $\hat{x}$ 50 \% -{}-{}blind \{$-2$\} $7\cdot 10^{-14}$`
	if got := Prose(given); got != want {
		t.Errorf("%q becomes %q, want %q", given, got, want)
	}
}

func stored(t *testing.T, name string) proof.Certificate {
	t.Helper()
	file, err := os.Open("../../theorems/testdata/counterexamples/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c, err := proof.Read(name, file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Verdict != oracle.Refuted {
		t.Fatalf("%s: %v", name, c.Verdict)
	}
	return c
}

// parsed reads what scientific wrote.
func parsed(t *testing.T, text string) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(strings.NewReplacer(`\cdot 10^{`, "e", "}", "").Replace(text))
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return x
}
