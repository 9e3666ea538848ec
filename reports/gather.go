package reports

import (
	"context"
	"fmt"
	"slices"
	"time"

	"contrastcheck/reports/figures"
	"contrastcheck/theorems"
)

// Options steer Gather.
type Options struct {
	// Claims are what the report is about, theorems.All() or some of them.
	Claims []theorems.Claim
	// Selected tells that they were chosen by the reader: what the report then says beside
	// them is only what belongs to them.
	Selected bool
	Effort   Effort
	Seed     uint64
	// Workers is the number of cases under way at once. Zero means one.
	Workers int
	// Verify is what verifies the claims, with the result of theorems.Verify, which it is if nil.
	Verify func(context.Context, []theorems.Claim, theorems.Options) ([]theorems.Result, error)
	// Stamp adds the date, the duration and the number of workers.
	Stamp bool
	// Progress, if not nil, is called after every step, from one goroutine.
	Progress func()
}

// Steps returns how many times Progress will be called at most.
func (o Options) Steps() int {
	steps := o.verification(nil).Checks(o.Claims)
	for _, c := range o.Claims {
		if p, ok := pictures[c.ID]; ok {
			steps += p.steps(o.Effort)
		}
	}
	return steps + len(o.datasets())*o.Effort.Seeds
}

// verification are the options of theorems.Verify.
func (o Options) verification(progress func()) theorems.Options {
	return theorems.Options{Cases: o.Effort.Cases, CasesOf: o.Effort.casesOf, Seed: o.Seed, Workers: o.Workers, Progress: progress}
}

// datasets are those that belong to the claims.
func (o Options) datasets() []dataset {
	return slices.DeleteFunc(slices.Clone(datasets), func(d dataset) bool {
		return !slices.ContainsFunc(o.Claims, func(c theorems.Claim) bool { return slices.Contains(d.claims, c.ID) })
	})
}

// Gather verifies the claims, compares projections on the data sets that belong to them, and
// draws. The results depend on the claims, the effort and the seed alone, but for the
// stamp and Results.Program.
//
// When ctx ends, so does Gather, at once: it then returns the error of ctx together with what
// was done until then, Results.Complete being false.
func Gather(ctx context.Context, o Options) (Results, error) {
	start := time.Now()
	progress := o.Progress
	if progress == nil {
		progress = func() {}
	}
	r := Results{Schema: Schema, Run: Run{Seed: o.Seed, Effort: o.Effort.Name, Cases: o.Effort.Cases}, Program: thisProgram(),
		Claims: []Claim{}, Comparisons: []Comparison{}}
	if o.Selected {
		for _, c := range o.Claims {
			r.Run.Selected = append(r.Run.Selected, c.ID)
		}
	}
	verify := theorems.Verify
	if o.Verify != nil {
		verify = o.Verify
	}
	verified, ended := verify(ctx, o.Claims, o.verification(progress))
	for _, v := range verified {
		r.Claims = append(r.Claims, newClaim(v, o))
	}
	if ended == nil {
		r.Opening, ended = opening(ctx, verified)
	}
	for i, v := range verified {
		p, ok := pictures[v.Claim.ID]
		if !ok || ended != nil {
			continue
		}
		var drawn []figures.Figure
		if drawn, ended = p.draw(ctx, picturing{o, v, progress}); ended == nil {
			r.Claims[i].Figures = append(r.Claims[i].Figures, drawn...)
		}
	}
	for _, d := range o.datasets() {
		if ended != nil {
			break
		}
		var c Comparison
		if c, ended = d.compare(ctx, o, progress); ended == nil {
			r.Comparisons = append(r.Comparisons, c)
		}
	}
	r.Complete = ended == nil
	if o.Stamp {
		r.Stamp = &Stamp{start.UTC().Format(time.RFC3339), Number(time.Since(start).Seconds()), max(o.Workers, 1)}
	}
	if ended != nil {
		ended = fmt.Errorf("reports: ended early: %w", ended)
	}
	return r, ended
}
