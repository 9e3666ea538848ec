package tables

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
)

// Fitted is a mixture fitted to samples.
type Fitted struct {
	Mixture *gmm.Mixture
	Lambda  *big.Rat   // λ of its shared covariance; nil of own ones
	Lambdas []*big.Rat // λ of each own covariance, K; nil of a shared one
	// Rounding bounds how far exact arithmetic would move the mixture: in every direction, the variance by that share of itself and each
	// class mean by that many standard deviations, of own covariances those of the class. It is 0 for tables that are kept exactly; sampling errors are another matter.
	Rounding float64
}

// Fit fits a mixture of K components to the chosen samples: class means, class
// frequencies and pooled within-class covariance, divisor n, which is shrunk, by a λ that it
// returns, too; as Estimate does.
func (t *Table) Fit(samples []int, s Shrinkage) (m *gmm.Mixture, lambda *big.Rat, err error) {
	f, err := t.Estimate(samples, s)
	return f.Mixture, f.Lambda, err
}

// Estimate fits a mixture to the chosen samples: exactly where the table is kept so, else (Rounded) with a bound of what float64 rounded.
// It refuses with a gmm.InputError that names the source
// samples that miss a class (ErrShape), whose covariance is singular (ErrNotPositiveDefinite or
// ErrIllConditioned), or too much work (ErrCost). It panics if an index is out of range.
func (t *Table) Estimate(samples []int, s Shrinkage) (Fitted, error) {
	f, err := t.estimate(samples, s, pooled)
	return f, gmm.InSource(t.source, err)
}

func (t *Table) estimate(samples []int, s Shrinkage, w wording) (f Fitted, err error) {
	of := classed{samples, t.Class, len(t.Classes)}
	for k, n := range of.counts() {
		if n == 0 {
			return f, t.missing(k)
		}
	}
	if err := t.fittable(len(samples), s); err != nil {
		return f, err
	}
	e := t.numbers.moments(of)
	e.Name = t.Name
	f.Lambda = s.of(t, of, e)
	if f.Lambda.Sign() > 0 {
		shrink(e.Covariance, f.Lambda)
	}
	if err := t.checkVariances(e.Covariance, w); err != nil {
		return f, err
	}
	f.Mixture, err = gmm.NewExact(e.Exact)
	var refusal *gmm.InputError
	switch {
	case errors.As(err, &refusal) && (refusal.Reason == gmm.ErrNotPositiveDefinite || refusal.Reason == gmm.ErrIllConditioned):
		return f, t.singular(e, refusal.Reason, w)
	case err != nil:
		return f, err
	}
	if f.Rounding = e.rounding(f.Mixture); !(f.Rounding < mostRounding) {
		return f, t.singular(e, gmm.ErrIllConditioned, w)
	}
	return f, nil
}

// missing is the refusal of samples without one of a class.
func (t *Table) missing(k int) error {
	return &gmm.InputError{Key: fmt.Sprintf("class %q", t.Classes[k]), Expected: "at least one sample of each class", Found: "none", Reason: gmm.ErrShape}
}

// fractionBits is the length of the numbers of fitted means, as far as costs go.
const fractionBits = 64

// fittable refuses, before any memory of d×d is taken, what is too much work and samples that are too few: the
// pooled covariance of n samples of K classes has rank n − K at most.
func (t *Table) fittable(n int, s Shrinkage) error {
	k, d := len(t.Classes), len(t.Columns)
	if n-k < d && s.none() && d > fewColumns {
		return &gmm.InputError{Key: "columns", Reason: gmm.ErrNotPositiveDefinite,
			Expected: "more samples than columns and classes together, as the pooled covariance is singular otherwise; or a shrunk covariance (--shrinkage auto)",
			Found:    fmt.Sprintf("%d samples, %d columns and %d classes", n, d, k)}
	}
	return t.limit.Allows("", fmt.Sprintf("the covariance of %d columns of %d samples", d, n), t.numbers.cost(n, d, k).Plus(gmm.MixtureCost(k, d, fractionBits)))
}

// fewColumns is where a refusal can afford to tell which columns depend on which.
const fewColumns = 200
