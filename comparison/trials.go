package comparison

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"

	"contrastcheck/comparison/clustering"
	"contrastcheck/gmm"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// fromMixture learns once, and draws training and test samples for every seed.
func fromMixture(p gmm.Pairs, rank, samples int, o Options) (draw, error) {
	learned, err := learn(p, rank, o.Seed, o.Losses...)
	if err != nil {
		return nil, err
	}
	return func(rng *rand.Rand) (trial, error) {
		sampler, err := p.NewSampler(rng)
		if err != nil {
			return trial{}, err
		}
		sample := func() clustering.Labelled {
			s := clustering.Labelled{X: mat.NewDense(samples, p.Left.Dimension(), nil), Labels: make([]int, samples)}
			for i := range samples {
				s.Labels[i] = sampler.Component()
				s.X.SetRow(i, sampler.Left(s.Labels[i]))
			}
			return s
		}
		t := trial{training: sample(), test: sample()}
		t.representations = withRandom(learned, rank, rng)
		return o.train(t, p, rank, rng)
	}, nil
}

// fromTable learns from random training rows for every seed.
func fromTable(t *tables.Table, delta *big.Rat, o Options, rank int) (draw, error) {
	classes := make([][]int, len(t.Classes))
	for i, class := range t.Class {
		classes[class] = append(classes[class], i)
	}
	for k, members := range classes {
		if len(members) < testShare {
			return nil, fmt.Errorf("%w: at least %d in each class, found %d in %q", ErrSamples, testShare, len(members), t.Classes[k])
		}
	}
	return func(rng *rand.Rand) (trial, error) {
		var training, test []int
		for _, members := range classes {
			held := len(members) / testShare
			for place, i := range rng.Perm(len(members)) {
				if place < held {
					test = append(test, members[i])
				} else {
					training = append(training, members[i])
				}
			}
		}
		f, err := fitted(t, training, delta, o.Shrinkage)
		if err != nil {
			return trial{}, ofTraining(err)
		}
		seed := rng.Uint64()
		learned, err := learn(f.pairs, rank, seed, o.Losses...)
		if err != nil {
			return trial{}, err
		}
		if !o.Centred {
			raw, err := learnContrastively(f.raw, cmp.Or(o.Rank, f.raw.Left.FisherDimension()), seed, o.Losses)
			if err != nil {
				return trial{}, err
			}
			learned = both(learned, raw)
		}
		of, err := o.learnOwn(t, training, delta, rank, seed)
		if err != nil {
			return trial{}, err
		}
		return o.train(trial{representations: withRandom(append(learned, of.learned...), rank, rng), training: labelled(t, training), test: labelled(t, test), own: of.centred}, f.pairs, rank, rng)
	}, nil
}

// ofTraining says that a refusal is about training rows.
func ofTraining(err error) error {
	var refusal *gmm.InputError
	if errors.As(err, &refusal) {
		refusal.Key += ", in a random two thirds of each class"
	}
	return err
}

// testShare is the divisor of a class's size that gives the number of its test samples.
const testShare = 3

// trainingRows is the number of a table's rows that are trained on.
func trainingRows(t *tables.Table) int {
	counts := make([]int, len(t.Classes))
	for _, k := range t.Class {
		counts[k]++
	}
	training := len(t.Class)
	for _, n := range counts {
		training -= n / testShare
	}
	return training
}

// labelled returns rows of a table. Their centre does not matter: scores compare
// distances.
func labelled(t *tables.Table, rows []int) clustering.Labelled {
	labels := make([]int, len(rows))
	for place, i := range rows {
		labels[place] = t.Class[i]
	}
	return clustering.Labelled{X: t.Rows(rows), Labels: labels}
}

// fit is a mixture fitted to rows of a table, centred and as it is, and λ of its covariance.
type fit struct {
	pairs, raw gmm.Pairs
	lambda     *big.Rat
}

// fitted fits a mixture to some rows of a table.
func fitted(t *tables.Table, rows []int, delta *big.Rat, shrinkage tables.Shrinkage) (fit, error) {
	m, lambda, err := t.Fit(rows, shrinkage)
	if err != nil {
		return fit{}, err
	}
	raw, err := gmm.NewPairs(m, delta)
	if err != nil {
		return fit{}, err
	}
	p, err := raw.Centre()
	return fit{p, raw, lambda}, err
}
