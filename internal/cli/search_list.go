package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"strconv"

	"contrastcheck/gmm"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"

	"github.com/jedib0t/go-pretty/v6/table"
)

// ranking is the output of search --list.
type ranking struct {
	Folder string        `json:"folder"`
	By     string        `json:"by"`
	Files  []rankedEntry `json:"files"`

	refuting int // of the files
}

type rankedEntry struct {
	File       string `json:"file"`
	Claim      string `json:"claim"`
	Components int    `json:"components"`
	Dimension  int    `json:"dimension"`
	Delta      string `json:"delta"`
	Lightest   string `json:"lightest"`
	Verdict    string `json:"verdict"`
	Measure    string `json:"measure"`
	Value      number `json:"value"`
	Grade      string `json:"grade"`
	Detail     string `json:"detail"`
	ByMargin   int    `json:"by_margin"`
	BySize     int    `json:"by_size"`
}

// list ranks a corpus.
func (c *searchCommand) list(s *session) error {
	if c.Claim != "" {
		return fmt.Errorf("--list: expected no claim beside it, as files name theirs; found %s", c.Claim)
	}
	if flag := c.hunting(); flag != "" {
		return fmt.Errorf("--list: expected no %s beside it, as nothing is hunted", flag)
	}
	by, err := search.ParseObjective(cmp.Or(c.Objective, search.Convincing.String()))
	if err != nil {
		return fmt.Errorf("--objective: %w", err)
	}
	var conjectures []theorems.Claim
	if c.Refute != "" {
		p, err := predicate.Parse(c.Refute)
		if err != nil {
			return fmt.Errorf("--refute: %w", err)
		}
		conjectures = append(conjectures, search.Conjecture(p))
	}
	all, err := search.Rank(s.context(), c.List, by, conjectures...)
	if err != nil {
		return err
	}
	out := ranking{Folder: c.List, By: by.String(), Files: []rankedEntry{}}
	for _, r := range all {
		p := r.Case.Pairs
		if r.Refutes() {
			out.refuting++
		}
		out.Files = append(out.Files, rankedEntry{
			File: r.File, Claim: r.ID, Components: p.Components(), Dimension: p.Left.Dimension(), Delta: gmm.FormatNumber(p.ExactDelta()), Lightest: r.Lightest.RatString(),
			Verdict: r.Outcome.Verdict.String(), Measure: r.Measure, Value: number(r.Outcome.Value), Grade: r.Outcome.Grade.String(), Detail: r.Outcome.Detail,
			ByMargin: r.ByMargin, BySize: r.BySize,
		})
	}
	return s.print(out)
}

// hunting is the first flag given of those that steer a hunt; "" where there is none.
func (c *searchCommand) hunting() string {
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"--out", c.Out != ""}, {"--where", c.Where != ""}, {"--delta", c.Delta != nil},
		{"--components", c.Components != ""}, {"--dimension", c.Dimension != ""}, {"--separation", c.Separation != nil},
		{"--weights", c.Weights != ""}, {"--lightest", c.Lightest != nil}, {"--near", c.Near != ""}, {"--radius", c.Radius != nil},
		{"--spherical", c.Spherical}, {"--centred", c.Centred}, {"--integers", c.Integers != nil},
		{"--budget", c.Budget != nil}, {"--evaluations", c.Evaluations != nil}, {"--loss and its like", !c.standard()},
	} {
		if f.given {
			return f.name
		}
	}
	return ""
}

// text is a table, the best first.
func (r ranking) text(b *bytes.Buffer, quiet bool) {
	if len(r.Files) == 0 {
		fmt.Fprintf(b, "%s holds no counterexample.\n", r.Folder)
		return
	}
	t := plainTable()
	t.AppendRow(table.Row{"BY MARGIN", "BY SIZE", "CLAIM", "K", "D", "δ", "LIGHTEST", "VERDICT", "VALUE", "FILE"})
	for _, e := range r.Files {
		value := fmt.Sprintf("%s %.3g", e.Measure, float64(e.Value))
		if e.Measure == "" {
			value = e.Detail
		}
		t.AppendRow(table.Row{rank(e.ByMargin), rank(e.BySize), e.Claim, e.Components, e.Dimension, e.Delta, e.Lightest, e.Verdict, value, filepath.Base(e.File)})
	}
	fmt.Fprintln(b, t.Render())
	if !quiet {
		fmt.Fprintf(b, "%s holds %s, each checked anew, of which %d refute.\n", r.Folder, count(len(r.Files), "file"), r.refuting)
	}
}

// rank writes that of a file that refutes, and – of another.
func rank(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}
