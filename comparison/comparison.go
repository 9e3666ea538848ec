package comparison

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"

	"contrastcheck/comparison/clustering"
	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle/subspace"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// ErrUninformative says that the pairs do not tell the components apart, so that
// neither LDA nor InfoNCE has anything to find.
var ErrUninformative = errors.New("comparison: expected δ > 0 and components whose means differ")

// ErrSamples says that there are too few samples to compare anything.
var ErrSamples = errors.New("comparison: expected more samples")

// Options steer a comparison. The zero value asks for the defaults.
type Options struct {
	// Seeds is how many random samples or splits are averaged: > 0. Zero means 10.
	Seeds int
	// Seed determines all of them.
	Seed uint64
	// Rank is the number of columns r asked of the projections, 1 ≤ r ≤ d. Random
	// projections and SVD have just so many; LDA and InfoNCE may have fewer. Zero means
	// the dimension of the Fisher subspace.
	Rank int
	// Shrinkage is that of the covariances pooled within the classes of a table; where it
	// is tables.LedoitWolf, every mixture fitted has its own λ. The zero value is none.
	Shrinkage tables.Shrinkage
	// Own has losses learn from the mixture of a table's classes with covariances of their own, too: in rows named Projection.Own. Shrinkage is then that of
	// each class.
	Own bool
	// Centred has losses learn from a table's mixture centred only; else they do so from the mixture as it is, too.
	Centred bool
	// Losses are compared with InfoNCE.
	Losses []losses.Loss
	// Trained asks for the encoder that minimises a loss on the training samples themselves, too: the first of Losses, or InfoNCE.
	Trained bool
	// Batch is the number of training samples in a batch of that training, of InfoNCE, whose negatives are the others: ≥ 2. Zero means that all other samples are negatives.
	Batch int
	// Limit multiplies the time and memory that a comparison may take. Zero means 1.
	Limit gmm.Limit
	// Workers is the number of seeds under way at once. Zero means one.
	Workers int
	// Progress, if not nil, is called after every seed, from one goroutine.
	Progress func()
}

// defaultSeeds is the number of seeds where Options does not say.
const defaultSeeds = 10

func (o Options) seeds() int { return cmp.Or(o.Seeds, defaultSeeds) }

// Result is what a comparison found.
type Result struct {
	// Name, Components, Dimension, FisherDimension and Delta describe the mixture that J and
	// angles refer to: for a table, the one fitted to all its rows, centred.
	Name                                   string
	Components, Dimension, FisherDimension int
	Delta                                  float64
	// Shrinkage is λ of a table's mixture; 0 for others.
	Shrinkage float64
	// Rank is the number of columns asked for; Training and Test count the samples of
	// each seed; Seeds counts the seeds averaged.
	Rank, Training, Test, Seeds int
	Rows                        []Row
	// Homogeneity tests whether the classes of a table have one covariance; 0 for mixtures, and where it cannot.
	Homogeneity Homogeneity
	// Trained says how far training is from theory; nil where it was not asked for.
	Trained *Distances
}

// Distances are the largest principal angles, in degrees, of the trained encoder's column space to Col(A*) of the mixture, that of the training samples for a table, and to LDA's subspace;
// ToOwn that to Col(A*) of own covariances, where Options.Own asks for it. Gradient is the largest relative gradient that training ended with, of all seeds.
type Distances struct {
	Loss             losses.Loss
	ToOptimum, ToLDA Estimate
	ToOwn            *Estimate // nil where it was not asked for
	Gradient         float64
	// ToBatchOptimum, of training in batches of Batch samples, is the angle to Col(A*) of InfoNCE with Batch − 1 negatives, which it aims at; NaN without, and of scores
	// that are distances but for Batch = 2, as that minimiser is not known.
	ToBatchOptimum Estimate
	Batch          int
}

// OfMixture compares projections learned from a mixture itself. For every seed it
// draws a number of samples to train the classifiers on, and as many to test. It fails
// with ErrUninformative, ErrSamples or ErrBatch, and with what the solver, whitening or sampling
// fail with.
//
// When ctx ends, so does it, at once: it then returns the error of ctx together with the
// average over the seeds that were done until then; seeds under way go on in the background and
// come to nothing.
func OfMixture(ctx context.Context, p gmm.Pairs, samples int, o Options) (Result, error) {
	if err := p.WantSingle(); err != nil {
		return Result{}, err
	}
	if samples < p.Components() {
		return Result{}, fmt.Errorf("%w: at least one for each of %d components, found %d", ErrSamples, p.Components(), samples)
	}
	if err := o.checkBatch(samples); err != nil {
		return Result{}, err
	}
	if err := o.affordable(samples, samples, p.Left.Dimension(), p.Components()); err != nil {
		return Result{}, err
	}
	return run(ctx, p, o, func(r int) (draw, error) { return fromMixture(p, r, samples, o) })
}

// OfTable compares projections learned from rows of a table. For every seed it puts
// a random two thirds of each class into training, fits a mixture to them, and learns from that
// as solve does: losses from the mixture as it is, and from the centred one, of which the rows are named
// Projection.Centred; the rest from the centred one. The other third is the test. J and angles refer to the mixture
// fitted to all rows, centred. It fails as OfMixture does, and with the
// gmm.InputError of a table to which no mixture can be fitted.
func OfTable(ctx context.Context, t *tables.Table, delta *big.Rat, o Options) (Result, error) {
	held := len(t.Class) / testShare
	if err := o.checkBatch(trainingRows(t)); err != nil {
		return Result{}, err
	}
	if err := o.affordable(len(t.Class)-held, held, len(t.Columns), len(t.Classes)); err != nil {
		return Result{}, err
	}
	whole, err := workers.Await(ctx, func() (fit, error) { return fitted(t, t.All(), delta, o.Shrinkage) })
	if err != nil {
		return Result{}, err
	}
	result, err := run(ctx, whole.pairs, o, func(r int) (draw, error) { return fromTable(t, delta, o, r) })
	result.Shrinkage, _ = whole.lambda.Float64()
	result.Homogeneity = homogeneity(labelled(t, t.All()), len(t.Classes))
	return result, err
}

// trial is what one seed offers: what was learned, and samples to score it on.
type trial struct {
	representations []representation
	training, test  clustering.Labelled
	trained         *trained   // nil where it was not asked for
	own             *mat.Dense // A* of the loss that is trained for own covariances, centred; nil where it was not asked for
}

// draw makes the trial of a seed.
type draw func(rng *rand.Rand) (trial, error)

// run averages over seeds.
func run(ctx context.Context, p gmm.Pairs, o Options, prepare func(rank int) (draw, error)) (Result, error) {
	if p.Uninformative() {
		return Result{}, ErrUninformative
	}
	result := Result{Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(),
		FisherDimension: p.Left.FisherDimension(), Delta: p.Delta(), Rank: cmp.Or(o.Rank, p.Left.FisherDimension())}
	if result.Rank < 1 || result.Rank > result.Dimension {
		return Result{}, fmt.Errorf("comparison: expected a rank from 1 to the dimension %d, found %d", result.Dimension, result.Rank)
	}
	draw, err := workers.Await(ctx, func() (draw, error) { return prepare(result.Rank) })
	if err != nil {
		return Result{}, err
	}
	reference := reference{p.Left, subspace.Fisher(p.Left).Basis}
	scores := make([][]score, o.seeds()) // nil where ctx ended first
	encoders := make([]*trained, o.seeds())
	failures := make([]error, o.seeds())
	err = workers.Run(ctx, o.Workers, o.seeds(), func(n int, keep func(func()) bool) {
		rng := rand.New(rand.NewPCG(o.Seed, uint64(n)))
		t, err := draw(rng)
		if err != nil {
			keep(func() { failures[n] = err })
			return
		}
		s := reference.score(t, rng)
		keep(func() {
			result.Training, result.Test = len(t.training.Labels), len(t.test.Labels) // the same of every seed
			scores[n], encoders[n] = s, t.trained
			if o.Progress != nil {
				o.Progress()
			}
		})
	})
	if err != nil {
		err = fmt.Errorf("comparison: ended early: %w", err)
	}
	if first := slices.IndexFunc(failures, func(failure error) bool { return failure != nil }); first >= 0 {
		err = failures[first] // whatever the number of workers
	}
	done := slices.DeleteFunc(scores, func(s []score) bool { return s == nil })
	result.Seeds, result.Rows = len(done), average(done)
	if o.Trained && len(done) > 0 {
		result.Trained = o.distances(encoders)
		result.Trained.Batch = o.Batch
	}
	return result, err
}
