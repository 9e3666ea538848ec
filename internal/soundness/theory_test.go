package soundness

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

var (
	chapter  = regexp.MustCompile(`(?m)^## `)
	result   = regexp.MustCompile(`(?m)^### ((?:Theorem|Proposition) .*)$`)
	evidence = regexp.MustCompile("\\[`([a-z-]+)`\\]\\(\\.\\./(theorems/[a-z_]+\\.go)\\) \\(([a-z]+)\\)")
	inline   = regexp.MustCompile(`(?s)\$[^$]+\$`)
	decimals = regexp.MustCompile(`[-−+]?\d*\.\d+(?:e[-−+]?\d+)?`)
	unsafe   = regexp.MustCompile(`\\[^A-Za-z ]|[)}\]]_|\*|<\S|\\operatorname|\n\n`)
)

// theory is the page with the proofs.
func theory(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "theory.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every claim stands on the page with the proofs, with what is recorded of it, and leads to the file that states it; each result has a proof, and each chapter with results its claims.
func TestTheoryIsTested(t *testing.T) {
	text := theory(t)
	stated := map[string]string{}
	for _, found := range evidence.FindAllStringSubmatch(text, -1) {
		id, file, outcome := found[1], found[2], found[3]
		if stated[id] != "" {
			t.Errorf("%s stands twice", id)
		}
		stated[id] = outcome
		declared, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
		kind := id[strings.LastIndex(id, "-")+1:]
		if file == "theorems/every_loss.go" && strings.Contains(string(declared), `"`+kind+`"`) || file == "theorems/"+strings.ReplaceAll(id, "-", "_")+".go" {
			continue
		}
		if !strings.Contains(string(declared), `"`+id+`"`) {
			t.Errorf("%s does not state %s", file, id)
		}
	}
	for _, claim := range theorems.All() {
		want := map[oracle.Verdict]string{oracle.Holds: "holds", oracle.Refuted: "refuted"}[claim.Recorded]
		if stated[claim.ID] != want {
			t.Errorf("%s, recorded as %q, stands as %q", claim.ID, want, stated[claim.ID])
		}
		delete(stated, claim.ID)
	}
	for id := range stated {
		t.Errorf("%s is no claim", id)
	}
	for _, c := range chapter.Split(text, -1)[1:] {
		name, _, _ := strings.Cut(c, "\n")
		if result.MatchString(c) && !evidence.MatchString(c) {
			t.Errorf("chapter %q: nothing tests its results", name)
		}
		heads := result.FindAllStringSubmatchIndex(c, -1)
		for i, head := range heads {
			end := len(c)
			if i+1 < len(heads) {
				end = heads[i+1][0]
			}
			if body := c[head[1]:end]; !strings.Contains(body, "**Proof.**") || !strings.Contains(body, "∎") {
				t.Errorf("%s has no proof", c[head[2]:head[3]])
			}
		}
	}
}

// Every decimal number of the text is that of a command of the same chapter, rounded: the commands are run by TestGoldenDocuments.
func TestTheoryNumbers(t *testing.T) {
	checked := 0
	for _, c := range chapter.Split(theory(t), -1) {
		name, _, _ := strings.Cut(c, "\n")
		var printed []float64
		for _, block := range console.FindAllStringSubmatch(c, -1) {
			for _, found := range decimals.FindAllString(block[2], -1) {
				printed = append(printed, decimal(t, found))
			}
		}
		for _, found := range decimals.FindAllString(linked.ReplaceAllString(code.ReplaceAllString(c, ""), ""), -1) {
			if strings.HasPrefix(found, "2411.") { // the paper's
				continue
			}
			checked++
			mantissa, exponent, _ := strings.Cut(found, "e")
			unit := math.Pow(10, -float64(len(mantissa)-1-strings.Index(mantissa, ".")))
			if exponent != "" {
				unit *= math.Pow(10, decimal(t, exponent))
			}
			value := decimal(t, found)
			if !slices.ContainsFunc(printed, func(p float64) bool { return math.Abs(p-value) <= unit/2 }) {
				t.Errorf("chapter %q: %s is printed by none of its commands", name, found)
			}
		}
	}
	if checked == 0 {
		t.Error("no number was found")
	}
}

// decimal reads a number as documents print them.
func decimal(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(strings.ReplaceAll(text, "−", "-"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Formulas within lines keep to what both Markdown and its mathematics read alike: no escaped signs, no underscore that may begin an emphasis, no stars; delimiters beside spaces or stops.
func TestTheoryFormulas(t *testing.T) {
	for _, name := range []string{"theory.md", "losses.md"} {
		text, err := os.ReadFile(filepath.Join(root, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		plain := code.ReplaceAllString(string(text), "")
		for paragraph := range strings.SplitSeq(plain, "\n\n") {
			if strings.Count(paragraph, "$")%2 != 0 {
				t.Errorf("%s: a formula does not end in %q", name, paragraph)
			}
		}
		for _, at := range inline.FindAllStringIndex(plain, -1) {
			formula := plain[at[0]:at[1]]
			switch before, after := plain[max(0, at[0]-1):at[0]], plain[at[1]:min(len(plain), at[1]+1)]; {
			case unsafe.MatchString(formula), strings.Count(formula, "{") != strings.Count(formula, "}"):
				t.Errorf("%s: Markdown may read %s in another way", name, formula)
			case !strings.Contains("\n (*|", before), !strings.Contains("\n ),.;:*|?", after), strings.ContainsAny(formula[1:2]+formula[len(formula)-2:len(formula)-1], " \n"):
				t.Errorf("%s: %q between %q and %q may be no formula", name, formula, before, after)
			}
		}
	}
}

// What one document says another leads to: no sentence of prose stands twice.
func TestNoSentenceTwice(t *testing.T) {
	const short = 60 // bytes: phrases recur
	said := map[string]string{}
	for path, text := range prose(t) {
		for paragraph := range strings.SplitSeq(code.ReplaceAllString(text, ""), "\n\n") {
			for sentence := range strings.SplitSeq(strings.Join(strings.Fields(paragraph), " "), ". ") {
				if len(sentence) < short {
					continue
				}
				if said[sentence] != "" {
					t.Errorf("%s and %s both say %q", said[sentence], path, sentence)
				}
				said[sentence] = path
			}
		}
	}
}

// From the README it is one click to the corrected theorems, whose proofs are there, and one more to what tests them.
func TestThreeClicks(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := theory(t)
	for head, id := range map[string]string{
		"Theorem 11. Pairs that are rarely alike keep everything": "small-delta",
		"Theorem 12. Distances keep every direction":              "distance-equality",
		"Theorem 14. The envelope contains":                       "containment-envelope",
	} {
		_, after, found := strings.Cut(text, "\n### "+head+"\n")
		if !found {
			t.Fatalf("there is no %s", head)
		}
		anchor := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(head), ".", ""), " ", "-")
		if !strings.Contains(string(readme), "](docs/theory.md#"+anchor+")") {
			t.Errorf("the README does not lead to %s", anchor)
		}
		here, _, _ := strings.Cut(after, "\n## ")
		proof, tested := strings.Index(here, "**Proof.**"), strings.Index(here, "[`"+id+"`](../theorems/")
		if proof < 0 || tested < proof {
			t.Errorf("%s: the proof and then the claim %s are expected, found at %d and %d", head, id, proof, tested)
		}
	}
}
