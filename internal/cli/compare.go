package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"runtime"

	"contrastcheck/comparison"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"
)

type compareCommand struct {
	input   `embed:""`
	chosen  `embed:""`
	Seeds   int  `default:"10" help:"Random samples, or splits of the data, to average over."`
	Samples *int `placeholder:"N" help:"With a mixture file: training samples, and as many test samples, for each seed. Default: 500."`
	Rank    *int `placeholder:"R" help:"Columns of the projections. Default: the dimension of the Fisher subspace."`
	Trained bool `help:"Train an encoder on the training samples themselves, too, and say how far it is from theory."`
	Batch   *int `placeholder:"N" help:"With --trained, train in batches of N samples, of which the others are an anchor's negatives. Default: all other samples are."`
}

// Help is shown by contrastcheck compare --help.
func (compareCommand) Help() string {
	return `Compares the data as they are and their orthogonal projections on a random subspace, on those of SVD and LDA, and on
Col(A*), which InfoNCE finds.

  J         Fisher discriminant tr[(AᵀΣA)⁻¹(AᵀCA)]; largest where Col(A) ⊇ S_F
  angle     largest principal angle between Col(A) and the Fisher subspace S_F, in degrees
  ARI, AMI  adjusted Rand index and adjusted mutual information of the test samples' labels and k-means clusters
  1-NN      share of test samples whose nearest training sample has their label
  centroid  share of test samples whose nearest class mean, of training samples, is their own

With --loss and its like, the projection of another loss is compared, too.

Each is a mean ± its standard error over seeds.

With a mixture FILE the projections are those of the mixture itself, as it is or, with --centre, centred; training and
test samples are drawn from it. With --data, a random two thirds of each class are training rows, and the projections are
those of the mixture fitted to them. As solve does, InfoNCE and other losses learn from it as it is and, in rows named
"centred", with its mean subtracted, as they can lose directions to a mean that is not 0; with --centre from the centred
one alone. The other rows are the test. J and angle refer to the mixture fitted to all rows, centred, of which the mean is
no direction.

It is subspaces that are scored: the lengths that a loss gives to the columns of its minimiser play no part.

With --covariance own, rows named "own covariances" are what losses learn of the mixture in which each class has its own covariance; J and angles refer to the pooled one
all the same.

With --trained, an encoder minimises the loss that --loss and --score choose (infonce or sigmoid) on the training samples themselves: pairs of one class,
all other samples as negatives, no mixture. Its angles to Col(A*) and to LDA say how near training comes to theory; "scaled" rows map samples by
A as it is, with the lengths of its columns. With --batch N it is trained in batches of N samples, each with a positive: the N − 1 positives of the others are
its negatives, as in InfoNCE with N − 1 negatives, to whose Col(A*) the angle is given, too, but with distances for N = 2 alone.

Examples:
  contrastcheck compare --data testdata/iris.csv --label species --trained
  contrastcheck compare --data testdata/iris.csv --label species --trained --batch 32
  contrastcheck compare testdata/pancakes.json
  contrastcheck compare --data testdata/iris.csv --label species --seeds 20
  contrastcheck compare testdata/pancakes.json --loss spectral`
}

// Run executes the command.
func (c *compareCommand) Run(s *session) error {
	o, err := c.options(s)
	if err != nil {
		return err
	}
	compare, err := c.prepare(s)
	if err != nil {
		return err
	}
	bar := s.progress(o.Seeds, "comparing")
	o.Progress = func() { _ = bar.Add(1) }
	result, ended := compare(s.context(), o)
	_ = bar.Finish()
	switch interrupted := errors.Is(ended, context.Canceled); {
	case interrupted && result.Seeds == 0:
		return fmt.Errorf("%w before the first seed was done", errInterrupted)
	case interrupted:
		ended = errPartly
	case errors.Is(ended, comparison.ErrBatch):
		return fmt.Errorf("--batch: %w", ended)
	case ended != nil:
		return inFile(c.source(), ended)
	}
	report := newCompared(result, c.Centre || c.Data != "")
	if report.Data = c.preparation; report.Data != nil {
		report.Data.Lambda = number(result.Shrinkage)
	}
	return errors.Join(s.print(report), ended)
}

// Bounds of --seeds and --samples: hours of work, or more memory than there is.
const mostSeeds, mostSamples = 1_000_000, 100_000

// defaultSamples is --samples where it is not given.
const defaultSamples = 500

func (c *compareCommand) options(s *session) (comparison.Options, error) {
	o := comparison.Options{Seeds: c.Seeds, Limit: c.reading(), Seed: s.Seed, Workers: runtime.GOMAXPROCS(0), Centred: c.Centre}
	if c.Seeds < 1 || c.Seeds > mostSeeds {
		return o, fmt.Errorf("--seeds: expected a number from 1 to %d, found %d", mostSeeds, c.Seeds)
	}
	if c.cosines() {
		return o, errors.New("--score: expected dot or distance, found \"cosine\"; subspaces are compared here, in which a column of a little noise counts for as much as the signal; solve --score cosine tells how much noise embeddings of length 1 read, and what it costs")
	}
	loss, err := c.loss()
	if err != nil {
		return o, err
	}
	if loss.Settings != losses.InfoNCE.Settings {
		o.Losses = []losses.Loss{loss}
	}
	if o.Trained = c.Trained; o.Trained {
		if err := comparison.Trainable(loss); err != nil {
			return o, fmt.Errorf("--trained: %w", err)
		}
	}
	if c.Batch != nil {
		if o.Batch = *c.Batch; !c.Trained {
			return o, errors.New("--batch goes with --trained, which trains in batches of so many samples")
		} else if o.Batch < 2 {
			return o, fmt.Errorf("--batch: expected a number of samples from 2, found %d", o.Batch)
		}
	}
	if c.Rank != nil {
		if o.Rank = *c.Rank; o.Rank < 1 {
			return o, fmt.Errorf("--rank: expected a number of columns from 1 to the dimension, found %d", o.Rank)
		}
	}
	return o, nil
}

// prepare reads the input and returns what compares it.
func (c *compareCommand) prepare(s *session) (func(context.Context, comparison.Options) (comparison.Result, error), error) {
	if c.Data != "" {
		if c.Samples != nil {
			return nil, errors.New("--samples goes with a mixture file; --data has its own samples")
		}
		if c.Text != "" {
			return nil, errors.New("--text: expected none, as projections of one modality are compared")
		}
		delta, err := c.delta()
		if err != nil {
			return nil, err
		}
		if delta == nil {
			delta = big.NewRat(1, 1)
		}
		table, shrinkage, err := c.table(s)
		return func(ctx context.Context, o comparison.Options) (comparison.Result, error) {
			o.Shrinkage, o.Own = shrinkage, c.ownCovariances()
			r, err := comparison.OfTable(ctx, table, delta, o)
			return r, advised(err)
		}, err
	}
	samples := defaultSamples
	if c.Samples != nil {
		if samples = *c.Samples; samples < 1 || samples > mostSamples {
			return nil, fmt.Errorf("--samples: expected a number from 1 to %d, found %d", mostSamples, samples)
		}
	}
	p, err := c.pairs(s)
	return func(ctx context.Context, o comparison.Options) (comparison.Result, error) {
		return comparison.OfMixture(ctx, p, samples, o)
	}, err
}

// compared is the output of compare, in the order and with the keys of its JSON form.
type compared struct {
	Name            string       `json:"name"`
	Components      int          `json:"components"`
	Dimension       int          `json:"dimension"`
	FisherDimension int          `json:"fisher_dimension"`
	Delta           float64      `json:"delta"`
	Centred         bool         `json:"centred"`
	Rank            int          `json:"rank"`
	Seeds           int          `json:"seeds"`
	Training        int          `json:"training_samples"`
	Test            int          `json:"test_samples"`
	Projections     []projected  `json:"projections"`
	Data            *preparation `json:"data,omitempty"`
	Trained         *trained     `json:"trained,omitempty"`
	BoxM            *boxM        `json:"box_m,omitempty"`
}

// boxM is the test of one covariance for all classes.
type boxM struct {
	Statistic number `json:"statistic"`
	Freedom   int    `json:"degrees_of_freedom"`
	P         number `json:"p"`

	words string // that it is no description; "" if it may be one
}

// trained says how far a trained encoder is from theory.
type trained struct {
	lossNames
	ToOptimum estimate `json:"angle_to_optimum"` // in degrees
	ToLDA     estimate `json:"angle_to_lda"`
	Gradient  number   `json:"gradient"`
	Batch     int      `json:"batch,omitempty"`
	// ToBatchOptimum is the angle to A* of Batch − 1 negatives, where that is known.
	ToBatchOptimum *estimate `json:"angle_to_batch_optimum,omitempty"`
	ToOwn          *estimate `json:"angle_to_own_optimum,omitempty"`

	title string
}

type projected struct {
	Projection string `json:"projection"`
	comparison.Scores[estimate]
}

type estimate struct {
	Mean          number `json:"mean"`
	StandardError number `json:"standard_error"`
}

func newCompared(r comparison.Result, centred bool) compared {
	c := compared{Name: r.Name, Components: r.Components, Dimension: r.Dimension, FisherDimension: r.FisherDimension, Delta: r.Delta,
		Centred: centred, Rank: r.Rank, Seeds: r.Seeds, Training: r.Training, Test: r.Test, Projections: []projected{}}
	of := func(e comparison.Estimate) estimate { return estimate{number(e.Mean), number(e.StandardError)} }
	for _, row := range r.Rows {
		c.Projections = append(c.Projections, projected{string(row.Projection), comparison.Converted(row.Scores, of)})
	}
	if h := r.Homogeneity; h.Freedom > 0 {
		c.BoxM = &boxM{number(h.Statistic), h.Freedom, number(h.P), h.Words()}
	}
	if t := r.Trained; t != nil {
		c.Trained = &trained{lossNames: answer.NamesOf(t.Loss), ToOptimum: of(t.ToOptimum), ToLDA: of(t.ToLDA), Gradient: number(t.Gradient), Batch: t.Batch, title: t.Loss.Title}
		if t.ToOwn != nil {
			toOwn := of(*t.ToOwn)
			c.Trained.ToOwn = &toOwn
		}
		if to := of(t.ToBatchOptimum); !math.IsNaN(t.ToBatchOptimum.Mean) {
			c.Trained.ToBatchOptimum = &to
		}
	}
	return c
}
