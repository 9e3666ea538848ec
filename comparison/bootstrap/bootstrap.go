// Package bootstrap tells how much a verdict owes to the rows of a table that happened to be sampled: it draws rows again, with replacement, fits, solves and
// judges anew, and counts what comes out.
//
// It is the ordinary nonparametric bootstrap of rows (Efron, Annals of Statistics 7 (1979) 1–26): class frequencies vary from resample to resample, as they
// are estimated, too. What misses a class is drawn again (tables.Table.Resample). A resample has 63 % of the rows, two in five of them more than once, so that its covariance is that of fewer rows: where
// rows are few for their columns, Mahalanobis distances come out larger than the table's own, and covariances may be singular; such resamples are counted.
package bootstrap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"sync"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/tables"
)

// Rows are the samples of one table, or of two with the same rows (tables.Table.Matches), and how a mixture is fitted to them.
type Rows struct {
	Tables []*tables.Table // one, or the left and the right one
	// Shrinkage is that of every resample, with a λ of its own where that is estimated.
	Shrinkage tables.Shrinkage
	// Delta is δ, in [0, 1], 1 of two tables.
	Delta *big.Rat
}

// Reading is how a fitted mixture is taken.
type Reading int

// The readings.
const (
	Raw     Reading = iota // as it is
	Centred                // with its mean subtracted
)

// Options steer a bootstrap. The zero value asks for the defaults.
type Options struct {
	// Resamples is their number: > 0. Zero means 200.
	Resamples int
	// Seed determines all of them.
	Seed uint64
	// Tolerance is that of their solves, as solver.Options has it. Zero means 1e-8, coarser than that of a single solve, or that solve's where it is coarser still: verdicts
	// carry a bound of their own and rarely need more; what they then leave undecided is counted as that.
	Tolerance float64
	// Readings are decided each. None means Raw.
	Readings []Reading
	// Workers is the number of resamples under way at once. Zero means one. The result does not depend on it.
	Workers int
	// Limit multiplies the time and memory that a bootstrap may take. Zero means 1.
	Limit gmm.Limit
	// Progress, if not nil, is called after every resample, from one goroutine.
	Progress func()
}

// defaultResamples tell shares of 5 % to ±1.5 %.
const defaultResamples = 200

// coarse is the tolerance of resamples' solves, and mostFine the number of components beyond which solver.Options has a coarser one.
// At 1e-6 directions of Iris become undecided under the sigmoid loss, and judging takes longer than solving saves.
const coarse, mostFine = 1e-8, 8

// Result is what a bootstrap found.
type Result struct {
	// Resamples counts those that are done, Singular those of them whose covariance is singular: they have no verdict. Redrawn counts draws that missed a class.
	Resamples, Singular, Redrawn int
	// Readings has a tally for each one of Options.
	Readings []Tally
}

// outcome is that of one resample.
type outcome struct {
	redrawn  int
	singular bool
	readings []reading
}

// reading is what was decided of one.
type reading struct {
	equality    oracle.Verdict
	onlyTheMean bool
	sides       []side
}

type side struct {
	directions oracle.Directions
	worst      *oracle.PairEffect // nil where there are no pairs, or none that can be told
}

// Run resamples rows. It first decides the rows themselves, which tells what a resample takes, and refuses what would take longer than the limit with gmm.ErrCost. It
// fails with what fitting, solving and resampling fail with, but for singular covariances of resamples.
//
// When ctx ends, so does it, at once: it then returns the error of ctx together with the tally of the resamples that were done until then.
func Run(ctx context.Context, l losses.Loss, rows Rows, o Options) (Result, error) {
	if len(o.Readings) == 0 {
		o.Readings = []Reading{Raw}
	}
	b := &bootstrap{loss: l, rows: rows, options: o, starts: make([]solver.Options, len(o.Readings))}
	solve := solver.Options{Seed: o.Seed, Tolerance: o.Tolerance, Limit: float64(o.Limit)}
	if solve.Tolerance == 0 && len(rows.Tables[0].Classes) <= mostFine {
		solve.Tolerance = coarse
	}
	for i := range b.starts {
		b.starts[i] = solve
	}
	resamples := cmp.Or(o.Resamples, defaultResamples)
	if err := b.affordable(ctx, resamples); err != nil {
		return Result{}, err
	}
	outcomes, failures := make([]*outcome, resamples), make([]error, resamples)
	err := workers.Run(ctx, o.Workers, resamples, func(n int, keep func(func()) bool) {
		found, err := b.resample(ctx, rand.New(rand.NewPCG(o.Seed, uint64(n))))
		keep(func() {
			if failures[n] = err; err != nil {
				return
			}
			outcomes[n] = &found
			if o.Progress != nil {
				o.Progress()
			}
		})
	})
	if err != nil {
		return b.tally(outcomes), fmt.Errorf("comparison: ended early: %w", err)
	}
	for n, failure := range failures {
		if failure != nil { // the first, whatever the number of workers
			return Result{}, fmt.Errorf("comparison: resample %d: %w", n+1, failure)
		}
	}
	return b.tally(outcomes), nil
}

type bootstrap struct {
	loss    losses.Loss
	rows    Rows
	options Options
	// starts are the options of each reading's solves, which begin at the minimum of the rows themselves.
	starts     []solver.Options
	workspaces sync.Pool
}

// affordable decides the rows themselves, and refuses so many resamples if each takes as long.
func (b *bootstrap) affordable(ctx context.Context, resamples int) error {
	began := time.Now()
	_, err := workers.Await(ctx, func() (outcome, error) {
		return b.decide(ctx, b.rows.Tables[0].All(), func(i int, d losses.Decision) {
			if d.Pairs.Modalities() == 1 && d.Pairs.Left.Shared() && d.Candidate.Free.Form.N != nil {
				b.starts[i].Start = d.Candidate.Free.Form.Matrix(d.Pairs)
			}
		})
	})
	if err != nil {
		return err
	}
	const perEntry = 500 // bytes of a covariance, in rationals
	cost := gmm.Cost{Seconds: float64(resamples) * time.Since(began).Seconds()}
	for _, t := range b.rows.Tables {
		d := float64(len(t.Columns))
		cost.Bytes += float64(max(1, b.options.Workers)) * perEntry * d * d
	}
	return cmp.Or(b.options.Limit, 1).Allows("", fmt.Sprintf("%d resamples of %d rows", resamples, len(b.rows.Tables[0].Class)), cost)
}

// resample decides rows drawn again.
func (b *bootstrap) resample(ctx context.Context, rng *rand.Rand) (outcome, error) {
	samples, redrawn, err := b.rows.Tables[0].Resample(rng)
	if err != nil {
		return outcome{}, err
	}
	found, err := b.decide(ctx, samples, nil)
	if singular(err) {
		found, err = outcome{singular: true}, nil
	}
	found.redrawn = redrawn
	return found, err
}

// singular tells whether an error is that of a covariance that is, at least to double precision.
func singular(err error) bool {
	return errors.Is(err, gmm.ErrNotPositiveDefinite) || errors.Is(err, gmm.ErrIllConditioned)
}

// decide fits a mixture to the chosen rows, and decides each reading, of which seen, if it is not nil, is shown the decision.
func (b *bootstrap) decide(ctx context.Context, samples []int, seen func(reading int, d losses.Decision)) (outcome, error) {
	raw, err := b.rows.fit(samples)
	if err != nil {
		return outcome{}, err
	}
	workspace, _ := b.workspaces.Get().(*losses.Workspace)
	if workspace == nil {
		workspace = new(losses.Workspace)
	}
	defer b.workspaces.Put(workspace)
	var out outcome
	for i, as := range b.options.Readings {
		p := raw
		if as == Centred {
			if p, err = raw.Centre(); err != nil {
				return outcome{}, err
			}
		}
		o := b.starts[i]
		d, err := workspace.Decide(ctx, b.loss, p, o)
		if err != nil {
			return outcome{}, err
		}
		if seen != nil {
			seen(i, d)
		}
		one := reading{equality: d.Findings.Equality()}
		for k, e := range d.Effects(b.loss, o) {
			at := side{directions: d.Findings.Sides[k].Directions}
			if len(e.Pairs) > 0 {
				worst := e.Pairs[0]
				at.worst = &worst
			}
			one.sides, one.onlyTheMean = append(one.sides, at), one.onlyTheMean || e.OnlyTheMean
		}
		out.readings = append(out.readings, one)
	}
	return out, nil
}

// fit fits the law of pairs to the chosen rows.
func (r Rows) fit(samples []int) (gmm.Pairs, error) {
	var sides []*gmm.Mixture
	for _, t := range r.Tables {
		f, err := t.Estimate(samples, r.Shrinkage)
		if err != nil {
			return gmm.Pairs{}, err
		}
		sides = append(sides, f.Mixture)
	}
	return gmm.NewPaired(sides[0], sides[len(sides)-1], r.Delta)
}
