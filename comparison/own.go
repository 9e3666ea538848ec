package comparison

import (
	"cmp"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// ofOwn is what losses learn of classes that have covariances of their own, raw before centred, and the centred minimiser of the loss that is trained, if one is.
type ofOwn struct {
	learned []representation
	centred *mat.Dense
}

// learnOwn learns from training rows; nothing where it was not asked for. A minimiser has as many columns as the loss gives it, also more than S_F has dimensions.
func (o Options) learnOwn(t *tables.Table, training []int, delta *big.Rat, rank int, seed uint64) (out ofOwn, err error) {
	if !o.Own {
		return out, nil
	}
	f, err := t.EstimateOwn(training, o.Shrinkage)
	if err != nil {
		return out, ofTraining(err)
	}
	raw, err := gmm.NewPairs(f.Mixture, delta)
	if err != nil {
		return out, err
	}
	centred, err := raw.Centre()
	if err != nil {
		return out, err
	}
	if !o.Centred {
		if err := out.learn(raw, cmp.Or(o.Rank, raw.Left.FisherDimension()), seed, o.Losses, Projection.Own); err != nil {
			return out, err
		}
	}
	name := func(p Projection) Projection {
		if o.Centred {
			return p.Own()
		}
		return p.Own().Centred()
	}
	if err := out.learn(centred, rank, seed, o.Losses, name); err != nil || !o.Trained {
		return out, err
	}
	out.centred, err = minimise(o.toTrain(), centred, rank, seed)
	return out, err
}

// learn adds what losses that admit the law learn of it.
func (out *ofOwn) learn(p gmm.Pairs, rank int, seed uint64, others []losses.Loss, name func(Projection) Projection) error {
	learned, err := learnContrastively(p, rank, seed, others)
	for _, r := range learned {
		r.projection = name(r.projection)
		out.learned = append(out.learned, r)
	}
	return err
}
