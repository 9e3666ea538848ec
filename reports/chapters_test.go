package reports_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"contrastcheck/reports"
	"contrastcheck/theorems"

	"golang.org/x/net/html"
)

// Every claim answers one question, or is a tool; nothing special is left over.
func TestEveryClaimHasAChapter(t *testing.T) {
	r := reports.Results{}
	for _, c := range theorems.All() {
		r.Claims = append(r.Claims, reports.Claim{ID: c.ID, Complete: true, Found: c.Recorded.String(), AsRecorded: true})
	}
	seen := map[string]int{}
	for _, chapter := range append(r.Chapters(), r.Tools()) {
		for i, c := range chapter.Claims {
			seen[c.ID]++
			if i > 0 && c.Found == "refuted" && chapter.Claims[i-1].Found != "refuted" {
				t.Errorf("%s: %s, which is refuted, comes after %s", chapter.Question, c.ID, chapter.Claims[i-1].ID)
			}
			if chapter.ID == "chapter-tools" && c.Found == "refuted" {
				t.Errorf("%s is refuted, and folded away", c.ID)
			}
		}
		if chapter.ID == "chapter-further" {
			t.Errorf("claims without a question: %v", chapter.Claims)
		}
	}
	for _, c := range theorems.All() {
		if seen[c.ID] != 1 {
			t.Errorf("%s is in %d chapters", c.ID, seen[c.ID])
		}
	}
	rows := r.Rows()
	if len(rows)+len(r.Tools().Claims) != len(r.Claims) {
		t.Errorf("%d rows and %d tools of %d claims", len(rows), len(r.Tools().Claims), len(r.Claims))
	}
	byName := slices.Clone(rows)
	slices.SortFunc(byName, func(a, b reports.Row) int { return a.ByName - b.ByName })
	for i := range rows {
		if rows[i].ByOutcome != i || i > 0 && rows[i].Found == "refuted" && rows[i-1].Found != "refuted" || i > 0 && byName[i-1].ID >= byName[i].ID {
			t.Errorf("row %d: %s, place %d; by name %s", i, rows[i].ID, rows[i].ByOutcome, byName[i].ID)
		}
	}
}

// A loss has a mark for each of its claims, and those refuted most come first.
func TestAtlas(t *testing.T) {
	r := all(t)
	rows := r.Atlas()
	refuted := func(row reports.AtlasRow) (n int) {
		for _, c := range row.Cells {
			if c != nil && c.Found == "refuted" {
				n++
			}
		}
		return n
	}
	for i, row := range rows {
		if len(row.Cells) != len(reports.AtlasHeadings()) || i > 0 && refuted(row) > refuted(rows[i-1]) {
			t.Errorf("row %d, %s: %d cells, %d refuted", i, row.Loss, len(row.Cells), refuted(row))
		}
	}
	if len(rows) < 10 || rows[0].Loss != "InfoNCE" || refuted(rows[0]) != 3 {
		t.Errorf("%d rows, the first %+v", len(rows), rows[0])
	}
}

// The page shows before it lists: a counterexample with its figure, exact numbers, cost and proof, then the claims, none of them more than twice.
func TestPageShowsBeforeItLists(t *testing.T) {
	r := all(t)
	page := string(r.Page())
	opened := r.Opened()
	if opened == nil || opened.Grade != "proved" || opened.Figure == nil || len(opened.Equations) < 4 || len(opened.Kept.Costs()) != 3 {
		t.Fatalf("the report opens with %+v", opened)
	}
	if figure, table := strings.Index(page, "<svg"), strings.Index(page, "<table"); figure < 0 || figure > table {
		t.Errorf("the first figure is at %d, the first table at %d", figure, table)
	}
	root, err := html.Parse(bytes.NewReader(r.Page()))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(text(find(root, "main"))), " ")
	for _, c := range r.Claims {
		plain := strings.Join(strings.Fields(strings.ReplaceAll(c.Statement, "_", "")), " ")
		most := 2
		if c.ID == opened.Claim.ID {
			most = 3 // it opens the report
		}
		if n := strings.Count(strings.ReplaceAll(words, "_", ""), plain); n < 1 || n > most {
			t.Errorf("%s is stated %d times", c.ID, n)
		}
	}
	for _, needed := range []string{"component 1 and component 2: 10.8 → ", "contrastcheck recheck counterexamples/equality-centred_1-rare-outlier.json"} {
		if !strings.Contains(words, needed) {
			t.Errorf("the page lacks %q", needed)
		}
	}
}

// Bars, hats and indices are set; the letters under them stay in the text.
func TestFormulasOnThePage(t *testing.T) {
	page := string(all(t).Page())
	for _, needed := range []string{`<span class="bar">Σ<span class="mark">` + "\u0304", `<span class="bar small">μ<span class="mark">`, "S<sub>F</sub>", "M<sub>in</sub>", "QΣ<sub>k</sub>P", `class="matrix"`} {
		if !strings.Contains(page, needed) {
			t.Errorf("the page lacks %q", needed)
		}
	}
	root := parse(t)
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "code" && n.Parent.Data != "style" && strings.Contains(n.Data, "S_F") {
			t.Errorf("not set: %q", n.Data)
		}
	}
}
