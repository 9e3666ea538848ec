package comparison

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"

	"contrastcheck/comparison/training"
	"contrastcheck/gmm"
	"contrastcheck/losses"

	"gonum.org/v1/gonum/mat"
)

// ErrBatch says that there is no training in such batches.
var ErrBatch = errors.New("comparison: no such batches")

// checkBatch refuses batches of rows, of which so many are trained on, with ErrBatch.
func (o Options) checkBatch(rows int) error {
	if o.Batch == 0 {
		return nil
	}
	l := o.toTrain()
	switch {
	case !o.Trained:
		return fmt.Errorf("%w: expected an encoder to be trained in them", ErrBatch)
	case l.Settings.Loss != losses.InfoNCE.Settings.Loss:
		return fmt.Errorf("%w: expected none of the %s, whose expectation does not depend on their size", ErrBatch, l.Title)
	case o.Batch < 2 || o.Batch > rows:
		return fmt.Errorf("%w: expected 2 to %d rows in each, the number of training samples; found %d", ErrBatch, rows, o.Batch)
	}
	return nil
}

// asBatches is the loss that training in batches minimises where rows are many: the other rows of a batch are the negatives. It is not ok where there are no batches, or that
// loss is not served: of distances, but for one negative.
func (o Options) asBatches() (l losses.Loss, ok bool) {
	if o.Batch == 0 {
		return l, false
	}
	of := o.toTrain().Settings
	of.Negatives = strconv.Itoa(o.Batch - 1)
	l, err := losses.Choose(of)
	return l, err == nil
}

// minimiseAsBatches returns the minimiser of that loss; nil where there is none.
func (o Options) minimiseAsBatches(p gmm.Pairs, rank int, rng *rand.Rand) (*mat.Dense, error) {
	l, ok := o.asBatches()
	if !ok {
		return nil, nil
	}
	return minimise(l, p, rank, rng.Uint64())
}

// lowest trains from each start, and returns what has the lowest loss, the first of equal ones.
func lowest(rows training.Rows, starts []*mat.Dense, o training.Options) (best training.Encoder, err error) {
	for i, start := range starts {
		e, err := training.Minimise(rows, start, o)
		if err != nil {
			return best, err
		}
		if i == 0 || e.Loss < best.Loss {
			best = e
		}
	}
	return best, nil
}

// trainingPairs is how many pairs of rows an evaluation of the trained loss has, of so many rows, or two of them where training may begin twice.
func (o Options) trainingPairs(rows int) float64 {
	if o.Batch == 0 {
		return float64(rows) * float64(rows)
	}
	const starts = 2
	return starts * float64(training.Anchors(rows)) * float64(o.Batch)
}
