// Package atlas says what is true of every loss, each cell computed: on stored counterexamples and random mixtures, and for a mixture of one's own.
package atlas

import (
	"context"
	"fmt"
	"slices"
	"time"

	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// Entry is what is true of one loss.
type Entry struct {
	Loss losses.Loss
	// Convexity is that in M, and Containment Col(A*) ⊆ S_F (S_c of differences), of shared covariances.
	Convexity, Containment Cell
	// Raw, Centred and Biased are equality for shared covariances: at δ = 1 for any mean, at δ = 1 for the mean 0, and for the mean 0 and 0 < δ < 1. Own is
	// equality for own covariances, 0 < δ ≤ 1.
	Raw, Centred, Biased, Own Cell
	// Seconds is what a solve with its verdict took of the stored counterexample to equality-centred, three components in the plane.
	Seconds float64
}

// Cell is a verdict on all mixtures of a law, with its evidence.
type Cell struct {
	// Served is false where the loss is not judged for the law; the rest is then empty.
	Served bool
	// Verdict is Refuted by a certified counterexample; Holds where a theorem says so, and no mixture that was tried disagrees; else Undecided.
	Verdict oracle.Verdict
	// Grade is the weakest of the verdicts that it rests on; of no meaning where there are none.
	Grade oracle.Grade
	// Evidence says how it came about. Tried counts the mixtures that were judged, and Kept those for which the statement holds.
	Evidence    string
	Tried, Kept int
}

// Options steer an atlas. The zero value asks for the defaults.
type Options struct {
	// Cases is the number of random mixtures a cell, besides stored ones. Zero means 5.
	Cases int
	// Seed determines them.
	Seed uint64
	// Workers is the number of cells under way at once. Zero means one.
	Workers int
	// Progress, if not nil, is called after every cell, from one goroutine.
	Progress func()
}

const defaultCases = 5

// columns are the cells of an entry.
var columns = []struct {
	name  string
	into  func(*Entry) *Cell
	judge func(losses.Loss, Options) Cell
}{
	{"convexity", func(e *Entry) *Cell { return &e.Convexity }, claimed("convexity")},
	{"containment", func(e *Entry) *Cell { return &e.Containment }, claimed("containment")},
	{"raw", func(e *Entry) *Cell { return &e.Raw }, raw.equality},
	{"centred", func(e *Entry) *Cell { return &e.Centred }, centred.equality},
	{"biased", func(e *Entry) *Cell { return &e.Biased }, biased.equality},
	{"own", func(e *Entry) *Cell { return &e.Own }, own.equality},
}

// Cells is the number of times that Progress is called.
func Cells(of []losses.Loss) int { return len(of) * len(columns) }

// Of judges losses, in their order. When ctx ends, so does it, at once, with the error of ctx.
func Of(ctx context.Context, of []losses.Loss, o Options) ([]Entry, error) {
	if o.Cases == 0 {
		o.Cases = defaultCases
	}
	entries := make([]Entry, len(of))
	for i, l := range of {
		entries[i].Loss = l
	}
	err := workers.Run(ctx, o.Workers, Cells(of), func(job int, keep func(func()) bool) {
		e, column := &entries[job/len(columns)], columns[job%len(columns)]
		cell := column.judge(e.Loss, o)
		keep(func() {
			*column.into(e) = cell
			if o.Progress != nil {
				o.Progress()
			}
		})
	})
	if err != nil {
		return nil, fmt.Errorf("atlas: ended early: %w", err)
	}
	for i := range entries { // one at a time, so that they do not disturb each other
		entries[i].Seconds = seconds(entries[i].Loss)
	}
	return entries, nil
}

// seconds times a decision; 0 where the loss is not of that law.
func seconds(l losses.Loss) float64 {
	p := theorems.Stored("equality-centred")[0].Case.Pairs
	if l.Admit(p) != nil {
		return 0
	}
	start := time.Now()
	if _, err := losses.Decide(context.Background(), l, p, losses.Options{}); err != nil {
		return 0
	}
	return time.Since(start).Seconds()
}

// claimed verifies a claim that every loss has.
func claimed(kind string) func(losses.Loss, Options) Cell {
	return func(l losses.Loss, o Options) Cell {
		claims := theorems.OfEvery(l)
		id := l.Name() + "-" + kind
		if l.Name() == losses.InfoNCE.Name() {
			id, claims = kind, theorems.All()
		}
		claims = slices.DeleteFunc(claims, func(c theorems.Claim) bool { return c.ID != id })
		if len(claims) == 0 {
			return Cell{}
		}
		results, _ := theorems.Verify(context.Background(), claims, theorems.Options{Cases: o.Cases, Seed: o.Seed})
		r := results[0]
		cell := Cell{Served: true, Verdict: r.Found(), Grade: r.Grade, Tried: r.Cases, Kept: r.Holds}
		cell.Evidence = fmt.Sprintf("by theorem; claim %s, %s", id, cell.count())
		if c := r.Counterexample(); c != nil {
			cell.Evidence = fmt.Sprintf("claim %s: %v", id, c.Outcome)
		}
		return cell
	}
}

// Named is a cell with its name.
type Named struct {
	Name string
	Cell Cell
}

// Cells are those of the entry, in their order.
func (e Entry) Cells() []Named {
	var all []Named
	for _, c := range columns {
		all = append(all, Named{c.name, *c.into(&e)})
	}
	return all
}

// count says for how many mixtures the statement holds, and of which grade that is.
func (c Cell) count() string {
	switch c.Kept {
	case 0:
		return fmt.Sprintf("all of %d mixtures are undecided", c.Tried)
	case c.Tried:
		return fmt.Sprintf("all of %d mixtures agree (%v)", c.Tried, c.Grade)
	}
	return fmt.Sprintf("%d of %d mixtures agree (%v), %d are undecided", c.Kept, c.Tried, c.Grade, c.Tried-c.Kept)
}
