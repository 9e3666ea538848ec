package reports

import (
	"context"
	"errors"
	"fmt"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/reports/figures"
)

// compare scores projections learned from two thirds of a table on the rest; the context's error is the only one.
func (s Subject) compare(ctx context.Context, o OwnOptions) (*Compared, error) {
	out := &Compared{Rows: []Projected{}}
	leave := func(why string) (*Compared, error) {
		o.Progress(o.Effort.Seeds)
		out.LeftOut = why
		return out, nil
	}
	if s.Text != nil {
		return leave("Projections of one modality are compared, and these are two.")
	}
	options := comparison.Options{Seeds: o.Effort.Seeds, Seed: o.Seed, Workers: o.Workers, Centred: s.Centred, Own: !s.Pairs.Shared(), Shrinkage: s.Shrinkage, Limit: o.Limit, Progress: func() { o.Progress(1) }}
	if s.Loss.Settings != losses.InfoNCE.Settings {
		options.Losses = []losses.Loss{s.Loss}
	}
	found, err := comparison.OfTable(ctx, s.Table, s.Pairs.ExactDelta(), options)
	switch {
	case ctx.Err() != nil && found.Seeds == 0:
		out.LeftOut = endedEarly
		return out, ctx.Err()
	case ctx.Err() != nil: // the seeds that were done are kept
	case errors.Is(err, gmm.ErrCost):
		return leave("Projections are not compared. " + tooLong(err))
	case err != nil:
		return leave("Projections are not compared: " + plainly(err) + ".")
	}
	out.Seeds, out.Training, out.Test, out.Homogeneity = found.Seeds, found.Training, found.Test, found.Homogeneity.Words()
	for _, row := range found.Rows {
		out.Rows = append(out.Rows, newProjected(row))
	}
	figure := figures.ScoresPerProjection("scores", fmt.Sprintf("Scores on the third of %s that nothing learned from", s.Pairs.Name()), found.Rows)
	out.Figure = &figure
	return out, ctx.Err()
}

// newProjected writes the scores of a projection.
func newProjected(row comparison.Row) Projected {
	of := func(e comparison.Estimate) Estimate { return Estimate{Number(e.Mean), Number(e.StandardError)} }
	return Projected{row.Projection.Name(), comparison.Converted(row.Scores, of)}
}
