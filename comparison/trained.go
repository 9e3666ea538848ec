package comparison

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"contrastcheck/comparison/training"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// ErrUntrained says that a loss is not one to train on samples.
var ErrUntrained = errors.New("comparison: expected a loss that can be trained: infonce of all other samples, or sigmoid with a free bias")

// trained is what training ended with: angles to what theory says, in degrees.
type trained struct {
	toOptimum, toLDA, gradient float64
	toOwn                      float64 // 0 where it was not asked for
	// toBatchOptimum is that to A* of as many negatives as a batch has; NaN where that is not known.
	toBatchOptimum float64
}

// toTrain is the loss that is trained.
func (o Options) toTrain() losses.Loss {
	if len(o.Losses) > 0 {
		return o.Losses[0]
	}
	return losses.InfoNCE
}

// Trainable refuses losses that are not trained on samples with ErrUntrained.
func Trainable(l losses.Loss) error {
	_, err := onSamples(l)
	return err
}

// onSamples is a loss as training knows it.
func onSamples(l losses.Loss) (training.Loss, error) {
	out := training.Loss{Distances: l.Settings.Score == losses.Distance}
	switch s := l.Settings; {
	case s.Loss == "infonce" && s.Negatives == losses.InfoNCE.Settings.Negatives:
		return out, nil
	case s.Loss == "sigmoid" && s.Bias == "free":
		negatives, err := strconv.ParseFloat(s.Negatives, 64)
		out.Sigmoid, out.Negatives = true, negatives
		if err == nil {
			return out, nil
		}
	}
	return out, fmt.Errorf("%w, found the %s", ErrUntrained, l.Title)
}

// train adds the encoder that is trained on a trial's training samples, beside what its mixture determines, and both with the lengths of their columns. Training begins at A*
// of the mixture, that in batches of few columns also at their own optimum, of which the lower end counts, and is in units in which the mixture's covariance is I.
func (o Options) train(t trial, p gmm.Pairs, rank int, rng *rand.Rand) (trial, error) {
	if !o.Trained {
		return t, nil
	}
	l := o.toTrain()
	loss, err := onSamples(l)
	if err != nil {
		return t, err
	}
	best, err := minimise(l, p, rank, rng.Uint64())
	if err != nil {
		return t, err
	}
	var factor mat.Cholesky
	if !factor.Factorize(p.Left.Covariance()) {
		return t, fmt.Errorf("comparison: expected a covariance that float64 can factor")
	}
	var upper mat.TriDense
	factor.UTo(&upper)
	var x, a mat.Dense
	if err := x.Solve(upper.T(), centred(t.training.X, p).T()); err != nil {
		return t, fmt.Errorf("comparison: whitening the training samples: %w", err)
	}
	inBatches, err := o.minimiseAsBatches(p, rank, rng)
	if err != nil {
		return t, err
	}
	starts := []*mat.Dense{best}
	if inBatches != nil && rank < p.Left.FisherDimension() { // the loss has several minima
		starts = append(starts, inBatches)
	}
	for i, start := range starts {
		whitened := new(mat.Dense)
		whitened.Mul(&upper, start)
		starts[i] = whitened
	}
	rows := mat.DenseCopyOf(x.T())
	if l.Affine() {
		rows, starts = withOnes(rows, starts)
	}
	e, err := lowest(training.Rows{X: rows, Class: t.training.Labels}, starts,
		training.Options{Loss: loss, Delta: p.Delta(), Columns: rank, Seed: rng.Uint64(), Batch: o.Batch})
	if err != nil {
		return t, err
	}
	if l.Affine() {
		e.A = mat.DenseCopyOf(e.A.Slice(0, p.Left.Dimension(), 0, rank))
	}
	if err := a.Solve(&upper, e.A); err != nil {
		return t, fmt.Errorf("comparison: the trained encoder in the samples' units: %w", err)
	}
	name := Projection(l.Label())
	if slices.ContainsFunc(t.representations, func(r representation) bool { return r.projection == name.Centred() }) {
		name = name.Centred() // p is
	}
	own := spanned(Trained, &a)
	lda := t.representations[slices.IndexFunc(t.representations, func(r representation) bool { return r.projection == LDA })]
	t.representations = append(t.representations, lengths(name, best), own, lengths(Trained, &a))
	t.trained = &trained{toOptimum: largestAngle(own.basis, subspace.Orthonormal(best)), toLDA: largestAngle(own.basis, lda.basis), toBatchOptimum: math.NaN(), gradient: e.Gradient}
	if t.own != nil {
		t.trained.toOwn = largestAngle(own.basis, subspace.Orthonormal(t.own))
	}
	if inBatches != nil {
		t.trained.toBatchOptimum = largestAngle(own.basis, subspace.Orthonormal(inBatches))
	}
	return t, nil
}

// withOnes gives rows one more coordinate, which is 1, and encoders to begin with 0 there: the bias of Aᵀx + b.
func withOnes(x *mat.Dense, starts []*mat.Dense) (*mat.Dense, []*mat.Dense) {
	n, d := x.Dims()
	rows := mat.NewDense(n, d+1, nil)
	rows.Slice(0, n, 0, d).(*mat.Dense).Copy(x)
	for i := range n {
		rows.Set(i, d, 1)
	}
	var out []*mat.Dense
	for _, a := range starts {
		_, r := a.Dims()
		wider := mat.NewDense(d+1, r, nil)
		wider.Slice(0, d, 0, r).(*mat.Dense).Copy(a)
		out = append(out, wider)
	}
	return rows, out
}

// centred moves samples by the mean of the classes where the mixture is centred: their own mean then is 0, as the mixture's is.
func centred(x *mat.Dense, p gmm.Pairs) *mat.Dense {
	out := mat.DenseCopyOf(x)
	if !p.Left.Centred() {
		return out
	}
	n, d := x.Dims()
	for c := range d {
		mean := mat.Sum(x.ColView(c)) / float64(n)
		for i := range n {
			out.Set(i, c, out.At(i, c)-mean)
		}
	}
	return out
}

// distances averages what seeds found.
func (o Options) distances(seeds []*trained) *Distances {
	out := &Distances{Loss: o.toTrain()}
	var optimum, lda, own, batch []float64
	for _, t := range seeds {
		if t == nil {
			continue
		}
		optimum, lda = append(optimum, t.toOptimum), append(lda, t.toLDA)
		own, batch = append(own, t.toOwn), append(batch, t.toBatchOptimum)
		out.Gradient = math.Max(out.Gradient, t.gradient)
	}
	out.ToOptimum, out.ToLDA, out.ToBatchOptimum = estimate(optimum), estimate(lda), estimate(batch)
	if o.Own {
		toOwn := estimate(own)
		out.ToOwn = &toOwn
	}
	return out
}
