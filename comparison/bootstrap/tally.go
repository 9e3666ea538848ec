package bootstrap

import (
	"cmp"
	"math"
	"slices"

	"contrastcheck/oracle"

	"gonum.org/v1/gonum/stat"
)

// Tally counts what came out of the resamples that have a verdict.
type Tally struct {
	// Holds, Refuted and Undecided are the verdicts of equality, Col(A*) = S_F, of all modalities together.
	Holds, Refuted, Undecided int
	// OnlyTheMean counts those that certainly lose nothing but the mean.
	OnlyTheMean int
	// Sides has one for each modality.
	Sides []Side
}

// Decided is the number of resamples that it counts.
func (t Tally) Decided() int { return t.Holds + t.Refuted + t.Undecided }

// Side is what is counted of a modality.
type Side struct {
	// Directions has each outcome that came up, the most frequent first.
	Directions []Directions
	// Worst pairs are those that each resample has first in its effect: which keep the least part of their distance.
	Worst Worst
}

// Directions are so many kept, lost and undecided, and in how many resamples.
type Directions struct {
	oracle.Directions
	Resamples int
}

// Worst tells of the pairs of components that keep the least part of their Mahalanobis distance.
type Worst struct {
	// Pairs has each that was the worst, the most frequent first.
	Pairs []Pair
	// Mahalanobis is its distance, and Kept what remains of it, in standard deviations; NaN where there is none.
	Mahalanobis, Kept Quantiles
}

// Pair is two components, First < Second counted from 0, and in how many resamples.
type Pair struct{ First, Second, Resamples int }

// Quantiles of what resamples have: 2.5 %, the median and 97.5 %, each a number that one of them has.
type Quantiles struct{ Low, Median, High float64 }

func quantiles(values []float64) Quantiles {
	if len(values) == 0 {
		return Quantiles{math.NaN(), math.NaN(), math.NaN()}
	}
	slices.Sort(values)
	at := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, values, nil) }
	return Quantiles{at(0.025), at(0.5), at(0.975)}
}

// tally counts outcomes, in their order; those that are nil were not reached.
func (b *bootstrap) tally(outcomes []*outcome) Result {
	out := Result{Readings: make([]Tally, len(b.options.Readings))}
	var decided []*outcome
	for _, o := range outcomes {
		if o == nil {
			continue
		}
		out.Resamples++
		out.Redrawn += o.redrawn
		if o.singular {
			out.Singular++
		} else {
			decided = append(decided, o)
		}
	}
	for i := range out.Readings {
		out.Readings[i] = tallied(decided, i, len(b.rows.Tables))
	}
	return out
}

// tallied counts one reading, of so many modalities.
func tallied(decided []*outcome, i, modalities int) Tally {
	var out Tally
	for _, o := range decided {
		switch o.readings[i].equality {
		case oracle.Holds:
			out.Holds++
		case oracle.Refuted:
			out.Refuted++
		default:
			out.Undecided++
		}
		if o.readings[i].onlyTheMean {
			out.OnlyTheMean++
		}
	}
	for k := range modalities {
		var one Side
		var whole, kept []float64
		for _, o := range decided {
			of := o.readings[i].sides[k]
			one.Directions = counted(one.Directions, Directions{Directions: of.directions}, func(d *Directions) *int { return &d.Resamples })
			if pair := of.worst; pair != nil {
				one.Worst.Pairs = counted(one.Worst.Pairs, Pair{First: pair.First, Second: pair.Second}, func(p *Pair) *int { return &p.Resamples })
				whole, kept = append(whole, pair.Mahalanobis), append(kept, pair.Kept)
			}
		}
		slices.SortStableFunc(one.Directions, func(a, b Directions) int {
			return cmp.Or(cmp.Compare(b.Resamples, a.Resamples), cmp.Compare(b.Kept, a.Kept), cmp.Compare(b.Lost, a.Lost))
		})
		slices.SortStableFunc(one.Worst.Pairs, func(a, b Pair) int {
			return cmp.Or(cmp.Compare(b.Resamples, a.Resamples), cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
		})
		one.Worst.Mahalanobis, one.Worst.Kept = quantiles(whole), quantiles(kept)
		out.Sides = append(out.Sides, one)
	}
	return out
}

// counted adds one to the number of what equals the value but for it, which it appends if there is none.
func counted[T comparable](all []T, value T, number func(*T) *int) []T {
	for i := range all {
		same := all[i]
		*number(&same) = 0
		if same == value {
			*number(&all[i])++
			return all
		}
	}
	*number(&value) = 1
	return append(all, value)
}
