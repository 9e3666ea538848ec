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
	// Measure names Outcome.Value; "" where the claim is not known or not about the mixture, as Outcome.Detail then says.
	Measure string
	Outcome theorems.Outcome
	// Lightest is the smallest weight, as a share.
	Lightest *big.Rat
	// ByMargin and BySize are its ranks from 1 among what refutes: the widest margin first; and the simplest first. What does not refute comes last, without ranks, which are 0.
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
	order(all, byMargin, func(r *Ranked, rank int) { r.ByMargin = rank })
	order(all, bySize, func(r *Ranked, rank int) { r.BySize = rank })
	switch by {
	case Convincing:
		slices.SortStableFunc(all, byMargin)
	case Balanced:
		slices.SortStableFunc(all, func(r, s Ranked) int { return cmp.Or(refutingFirst(r, s), s.Lightest.Cmp(r.Lightest), byMargin(r, s)) })
	}
	return all, nil
}

// Refutes tells that the mixture still refutes the claim that its name begins with.
func (r Ranked) Refutes() bool { return r.Outcome.Verdict == oracle.Refuted }

func refutingFirst(r, s Ranked) int {
	switch {
	case r.Refutes() == s.Refutes():
		return 0
	case r.Refutes():
		return -1
	}
	return 1
}

// byMargin puts margins first, and other measures, which do not compare with them, behind.
func byMargin(r, s Ranked) int {
	other := func(r Ranked) int {
		if r.Measure == "margin" {
			return 0
		}
		return 1
	}
	return cmp.Or(refutingFirst(r, s), cmp.Compare(other(r), other(s)), cmp.Compare(s.conviction, r.conviction), slices.Compare(r.size[:], s.size[:]))
}

func bySize(r, s Ranked) int {
	return cmp.Or(refutingFirst(r, s), slices.Compare(r.size[:], s.size[:]))
}

// order sorts, and numbers what refutes.
func order(all []Ranked, compare func(r, s Ranked) int, number func(r *Ranked, rank int)) {
	slices.SortStableFunc(all, compare)
	for i := range all {
		if all[i].Refutes() {
			number(&all[i], i+1)
		}
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
	on, err := about(claim, d)
	if err != nil {
		r.Outcome.Detail = strings.TrimPrefix(err.Error(), "theorems: ")
		return r
	}
	r.Case, r.Measure, r.Outcome = on, claim.Measure, claim.Check(on)
	if r.Refutes() {
		r.conviction = conviction(claim, refutation{on: on, outcome: r.Outcome})
	}
	return r
}

// about is the case on which a searchable claim is checked; an error where neither the claim nor what is hunted for it is about the mixture.
func about(claim theorems.Claim, d gmm.Document) (theorems.Case, error) {
	on, err := claim.CaseOf(d, nil, 0)
	if err != nil {
		return on, err
	}
	return on, claim.Hunt.Hypotheses.Check(on)
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
