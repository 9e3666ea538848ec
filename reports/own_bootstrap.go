package reports

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"contrastcheck/comparison/bootstrap"
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// OwnBootstrap counts what came out of resamples of a table's rows (package bootstrap).
type OwnBootstrap struct {
	Resamples int `json:"resamples"`
	// Singular counts those whose covariance is singular: they have no verdict.
	Singular  int `json:"singular"`
	Holds     int `json:"holds"`
	Refuted   int `json:"refuted"`
	Undecided int `json:"undecided"`
}

// Resamples for each seed of the comparison.
const resamplesPerSeed = 10

// resamples is their number.
func (o OwnOptions) resamples() int { return resamplesPerSeed * o.Effort.Seeds }

// resamplable tells whether rows of the subject can be resampled: those of one table, whose classes share their covariance.
func (s Subject) resamplable() bool { return s.Table != nil && s.Text == nil && s.Pairs.Shared() }

// resample adds to each reading how often its verdict comes out when rows are resampled; it is left out, with a sentence, where that would take too long. The context's
// error is the only one.
func (s Subject) resample(ctx context.Context, readings []Reading, found []decided, o OwnOptions) error {
	leave := func(why string) error {
		o.Progress(o.resamples())
		for i := range readings {
			readings[i].Remarks = append(readings[i].Remarks, why)
		}
		return nil
	}
	var cost gmm.Cost
	for _, d := range found {
		cost = cost.Plus(d.Cost(s.Loss))
	}
	const perProduct = 2e-9 // seconds, of the sums that a covariance is made of
	n, d := float64(len(s.Table.Class)), float64(len(s.Table.Columns))
	cost.Seconds = (cost.Seconds + perProduct*n*d*d) * float64(o.resamples())
	if err := o.Limit.Allows("", fmt.Sprintf("%d resamples of the rows", o.resamples()), cost); err != nil {
		return leave("How often other rows would say so is left out. " + tooLong(err))
	}
	of := []bootstrap.Reading{bootstrap.Raw, bootstrap.Centred}[:len(found)]
	if s.Centred {
		of = []bootstrap.Reading{bootstrap.Centred}
	}
	const unlimited = 1e6 // what it takes is known
	r, err := bootstrap.Run(ctx, s.Loss, bootstrap.Rows{Tables: []*tables.Table{s.Table}, Shrinkage: s.Shrinkage, Delta: s.Pairs.ExactDelta()},
		bootstrap.Options{Resamples: o.resamples(), Seed: o.Seed, Readings: of, Workers: o.Workers, Limit: unlimited, Progress: func() { o.Progress(1) }})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, gmm.ErrCost):
		return leave("How often other rows would say so is left out. " + tooLong(err))
	case err != nil:
		return leave("How often other rows would say so is not known: " + plainly(err) + ".")
	}
	for i, t := range r.Readings {
		b := OwnBootstrap{r.Resamples, r.Singular, t.Holds, t.Refuted, t.Undecided}
		readings[i].Bootstrap = &b
		readings[i].Remarks = append(readings[i].Remarks, b.words(t))
	}
	return nil
}

// words say it in a sentence or two.
func (b OwnBootstrap) words(t bootstrap.Tally) string {
	if t.Decided() == 0 {
		return fmt.Sprintf("None of %d resamples of the rows has a covariance that is not singular.", b.Resamples)
	}
	share := func(n int) string { return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(t.Decided())) }
	var parts []string
	for _, v := range []struct {
		word  string
		times int
	}{{"holds", b.Holds}, {"is refuted", b.Refuted}, {"is undecided", b.Undecided}} {
		if v.times > 0 {
			parts = append(parts, v.word+" in "+share(v.times))
		}
	}
	line := fmt.Sprintf("Bootstrap: of %d resamples of the rows with a verdict equality %s: about so often would other rows of the same kind say so, which the bound above does not tell.",
		t.Decided(), strings.Join(parts, ", "))
	if b.Singular > 0 {
		line += fmt.Sprintf(" %d more have a singular covariance.", b.Singular)
	}
	return line
}
