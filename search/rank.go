package search

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// Ranked is a counterexample of a corpus, checked anew.
type Ranked struct {
	// File is its path, and ID the claim's id that its name begins with.
	File, ID string
	Case     theorems.Case
	// Measure names Outcome.Value; "" where the claim is not known.
	Measure string
	Outcome theorems.Outcome
	// Lightest is the smallest weight, as a share.
	Lightest *big.Rat
	// ByMargin and BySize are its ranks from 1: the widest margin first, what no longer refutes last; and the simplest first.
	ByMargin, BySize int

	conviction float64
	size       size
}

// Rank checks every mixture file of a corpus and ranks them, in the order of an objective. Grades are those of the checks: certificates in the files are not
// looked at. Conjectures are claims that no registry knows. It fails with ErrCorpus where the folder is none, and with ctx.
func Rank(ctx context.Context, folder string, by Objective, conjectures ...theorems.Claim) ([]Ranked, error) {
	paths, err := corpusFiles(folder)
	if err != nil {
		return nil, err
	}
	var all []Ranked
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := readMixture(path)
		if err != nil {
			return nil, err
		}
		all = append(all, judged(path, d, conjectures))
	}
	order(all, func(r, s Ranked) int {
		return cmp.Or(cmp.Compare(r.kind(), s.kind()), cmp.Compare(s.conviction, r.conviction), slices.Compare(r.size[:], s.size[:]))
	}, func(r *Ranked, rank int) { r.ByMargin = rank })
	order(all, func(r, s Ranked) int { return slices.Compare(r.size[:], s.size[:]) }, func(r *Ranked, rank int) { r.BySize = rank })
	switch by {
	case Convincing:
		slices.SortStableFunc(all, func(r, s Ranked) int { return cmp.Compare(r.ByMargin, s.ByMargin) })
	case Balanced:
		slices.SortStableFunc(all, func(r, s Ranked) int { return cmp.Or(s.Lightest.Cmp(r.Lightest), cmp.Compare(r.ByMargin, s.ByMargin)) })
	}
	return all, nil
}

// kind puts margins first, other measures, which do not compare with them, behind, and what does not refute last.
func (r Ranked) kind() int {
	switch {
	case math.IsInf(r.conviction, -1):
		return 2
	case r.Measure != "margin":
		return 1
	}
	return 0
}

// order sorts and numbers.
func order(all []Ranked, compare func(r, s Ranked) int, number func(r *Ranked, rank int)) {
	slices.SortStableFunc(all, compare)
	for i := range all {
		number(&all[i], i+1)
	}
}

// judged checks a file's mixture.
func judged(path string, d gmm.Document, conjectures []theorems.Claim) Ranked {
	id, _, _ := strings.Cut(filepath.Base(path), "_")
	c := theorems.Case{Pairs: d.Pairs, A: d.A, Other: d.ARight}
	of := newDraft(c)
	r := Ranked{File: path, ID: id, Case: c, Lightest: of.lightest(), conviction: math.Inf(-1)}
	claim, known := named(id, conjectures)
	r.size = measure(claim, of)
	if !known {
		r.Outcome.Detail = "of no searchable claim"
		return r
	}
	r.Measure, r.Outcome = claim.Measure, claim.Check(c)
	if r.Outcome.Verdict == oracle.Refuted {
		r.conviction = conviction(claim, refutation{on: c, outcome: r.Outcome})
	}
	return r
}

// named is the searchable claim of an id: one of the conjectures, of the registry, or one about another loss.
func named(id string, conjectures []theorems.Claim) (theorems.Claim, bool) {
	for _, c := range conjectures {
		if c.ID == id {
			return c, true
		}
	}
	claim, err := theorems.FindHunted(id)
	if err != nil {
		about, label, _ := strings.Cut(id, "-of-")
		l, unknown := losses.Labelled(label)
		if claim, err = theorems.FindHunted(about); err == nil && unknown == nil {
			claim, err = claim.Of(l)
		}
	}
	if err != nil || claim.Hunt == nil {
		return theorems.Claim{Hunt: &theorems.Hunt{}}, false
	}
	return claim, true
}

// corpusFiles are the mixture files of a folder.
func corpusFiles(folder string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorpus, err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasPrefix(name, ".") || filepath.Ext(name) != ".json" {
			continue
		}
		paths = append(paths, filepath.Join(folder, name))
	}
	return paths, nil
}

// readMixture reads one of them.
func readMixture(path string) (d gmm.Document, err error) {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() { // reading it might never end
		return d, fmt.Errorf("%w: %s: expected a mixture file, found %v", ErrCorpus, path, there.Mode().Type())
	}
	text, err := os.ReadFile(path)
	if err == nil {
		d, err = gmm.Read(path, bytes.NewReader(text))
	}
	if err != nil {
		return d, fmt.Errorf("%w: %w", ErrCorpus, err)
	}
	return d, nil
}
