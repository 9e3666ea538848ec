package tables

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
)

// EstimateOwn fits a mixture of K components to the chosen samples as Estimate does, but of components that each have the covariance of their class, divisor n_k, which is shrunk
// on its own: λ is one for all classes, or that of LedoitWolf of each. Their weighted mean Σ̄ is the pooled covariance where nothing is shrunk, so that the Fisher
// subspace of both mixtures is the same.
//
// It refuses what Estimate refuses, and by its name a class that has no more samples than columns (ErrNotPositiveDefinite) if nothing is shrunk.
func (t *Table) EstimateOwn(samples []int, s Shrinkage) (Fitted, error) {
	f, err := t.estimateOwn(samples, s)
	return f, gmm.InSource(t.source, err)
}

func (t *Table) estimateOwn(samples []int, s Shrinkage) (f Fitted, err error) {
	members, err := t.members(samples)
	if err != nil {
		return f, err
	}
	for k, rows := range members {
		if err := t.ownFittable(k, len(rows), s); err != nil {
			return f, err
		}
	}
	if err := t.ownAffordable(members); err != nil {
		return f, err
	}
	e := gmm.Exact{Name: t.Name}
	for k, rows := range members {
		class, err := t.alone(k).estimate(rows, s, ofClass.shrunk(s))
		if err != nil {
			return f, t.inClass(k, err)
		}
		own := class.Mixture.Exact()
		e.Weights = append(e.Weights, big.NewRat(int64(len(rows)), int64(len(samples))))
		e.Means, e.Covariances = append(e.Means, own.Means[0]), append(e.Covariances, own.Covariance)
		f.Lambdas = append(f.Lambdas, class.Lambda)
		f.Rounding = max(f.Rounding, class.Rounding)
	}
	f.Mixture, err = gmm.NewExact(e)
	return f, err
}

// members returns the chosen samples of each class, of which none may be empty.
func (t *Table) members(samples []int) ([][]int, error) {
	out := make([][]int, len(t.Classes))
	for _, i := range samples {
		out[t.Class[i]] = append(out[t.Class[i]], i)
	}
	for k, rows := range out {
		if len(rows) == 0 {
			return nil, t.missing(k)
		}
	}
	return out, nil
}

// alone is the table with all its samples in class k.
func (t *Table) alone(k int) *Table {
	one := *t
	one.Classes, one.Class = t.Classes[k:k+1], make([]int, len(t.Class))
	return &one
}

// ownFittable refuses a class of n samples whose covariance must be singular, as it has rank n − 1 at most.
func (t *Table) ownFittable(k, n int, s Shrinkage) error {
	if d := len(t.Columns); s.none() && n <= d {
		return &gmm.InputError{Key: fmt.Sprintf("class %q", t.Classes[k]), Reason: gmm.ErrNotPositiveDefinite,
			Expected: fmt.Sprintf("more rows than the %d columns, as its own covariance is singular otherwise; or shrunk ones (--shrinkage auto), or one for all classes (--covariance shared)", d),
			Found:    fmt.Sprint(n)}
	}
	return nil
}

// ownAffordable refuses what is too much work.
func (t *Table) ownAffordable(members [][]int) error {
	d, n := len(t.Columns), 0
	var cost gmm.Cost
	for _, rows := range members {
		n += len(rows)
		cost = cost.Plus(t.numbers.cost(len(rows), d, 1)).Plus(gmm.MixtureCost(2, d, fractionBits)) // a matrix is checked alone, and in the mixture
	}
	return t.limit.Allows("", fmt.Sprintf("%d covariances of %d columns of %d samples", len(members), d, n), cost.Plus(gmm.MixtureCost(len(members), d, fractionBits)))
}

// inClass names the class of a refusal.
func (t *Table) inClass(k int, err error) error {
	var refusal *gmm.InputError
	if !errors.As(err, &refusal) {
		return err
	}
	named := *refusal
	named.Key = fmt.Sprintf("class %q, %s", t.Classes[k], refusal.Key)
	return &named
}
