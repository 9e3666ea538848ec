package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"contrastcheck/comparison/bootstrap"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/tables"
)

// mostResamples bounds --bootstrap: hours of work for the quickest solves.
const mostResamples = 1_000_000

// checkBootstrap refuses what --bootstrap does not go with, and has rows kept for it.
func (c *solveCommand) checkBootstrap() error {
	if c.Bootstrap == nil {
		return nil
	}
	switch n := *c.Bootstrap; {
	case n < 1 || n > mostResamples:
		return fmt.Errorf("--bootstrap: expected a number of resamples from 1 to %d, found %d", mostResamples, n)
	case c.Data == "" && c.File != "":
		return errors.New("--bootstrap goes with --data; a mixture file has no rows to resample")
	case c.ownCovariances():
		return errors.New("--bootstrap: expected --covariance shared, as it counts verdicts on equality; found own")
	case c.Blind:
		return errors.New("--bootstrap: expected no --blind, as resamples are solved inside the Fisher subspace")
	}
	c.rows = new(bootstrap.Rows)
	return nil
}

// keep keeps the tables that a mixture is fitted to, where they are wanted; text is nil if there is none.
func (i *input) keep(shrinkage tables.Shrinkage, t, text *tables.Table) {
	if i.rows == nil {
		return
	}
	i.rows.Tables, i.rows.Shrinkage = []*tables.Table{t}, shrinkage
	if text != nil {
		i.rows.Tables = append(i.rows.Tables, text)
	}
}

// resample adds to each reading of a table what becomes of it when rows are resampled.
func (c *solveCommand) resample(s *session, loss losses.Loss, p gmm.Pairs, to *solution) error {
	if to.Equality == nil && to.Visual == nil {
		return fmt.Errorf("--bootstrap: expected --rank of at least the Fisher dimension %d, as equality is not judged below it; found %d", to.FisherDimension[0], *c.Rank)
	}
	readings := []bootstrap.Reading{bootstrap.Raw}
	switch {
	case c.Centre || loss.Differences(): // of which both are one
		readings[0] = bootstrap.Centred
	case to.Centred != nil:
		readings = append(readings, bootstrap.Centred)
	}
	c.rows.Delta = p.ExactDelta()
	o := bootstrap.Options{Resamples: *c.Bootstrap, Seed: s.Seed, Readings: readings, Workers: runtime.GOMAXPROCS(0), Limit: c.reading()}
	if c.Tolerance != nil {
		o.Tolerance = *c.Tolerance
	}
	bar := s.progress(o.Resamples, "resampling")
	o.Progress = func() { _ = bar.Add(1) }
	found, err := bootstrap.Run(s.context(), loss, *c.rows, o)
	_ = bar.Finish()
	switch {
	case errors.Is(err, context.Canceled) && found.Resamples == 0:
		return fmt.Errorf("%w before the first resample was done; the output shows what was done until then", errInterrupted)
	case errors.Is(err, context.Canceled):
		err = errPartly
	case errors.Is(err, gmm.ErrCost):
		return inFlag("--bootstrap", err)
	case err != nil:
		return inFile(c.source(), err)
	}
	to.Bootstrap = newResampled(found, 0, c.classes)
	switch {
	case to.Centred == nil:
	case loss.Differences():
		to.Centred.Bootstrap = to.Bootstrap
	default:
		to.Centred.Bootstrap = newResampled(found, 1, c.classes)
	}
	return err
}
