package search

import (
	"iter"
	"math/big"
	"slices"
)

// simplifications yields every draft that is one step simpler, in the order of
// Shrink's comment; some may be invalid, or no simpler after all.
func simplifications(d draft) iter.Seq[draft] {
	steps := []func(draft) iter.Seq[draft]{fewerComponents, fewerCoordinates, plainerCovariances, smallerWeights, smallerMeans, simplerDelta, symmetries}
	return func(yield func(draft) bool) {
		for _, step := range steps {
			for s := range step(d) {
				if !yield(s) {
					return
				}
			}
		}
	}
}

func fewerComponents(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		for k := range d.components() {
			if d.components() == 1 {
				return
			}
			s := d
			s.means, s.weights = without(d.means, k), whole(without(d.weights, k))
			if d.own {
				s.covariances = without(d.covariances, k)
			}
			if !yield(s) {
				return
			}
		}
	}
}

func fewerCoordinates(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		for i := range d.dimension() {
			if d.dimension() == 1 {
				return
			}
			s := d
			s.means = withoutColumn(d.means, i)
			s.covariances = make([][][]*big.Rat, len(d.covariances))
			for n, rows := range d.covariances {
				s.covariances[n] = withoutColumn(without(rows, i), i)
			}
			if !yield(s) {
				return
			}
		}
	}
}

func withoutColumn(rows [][]*big.Rat, i int) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for k, row := range rows {
		out[k] = without(row, i)
	}
	return out
}

func plainerCovariances(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		all, diagonal := d, d
		for n := range d.covariances {
			for i := range d.dimension() {
				all = all.withCovariance(n, i, i, big.NewRat(1, 1))
				for j := range i {
					all, diagonal = all.withCovariance(n, i, j, new(big.Rat)), diagonal.withCovariance(n, i, j, new(big.Rat))
				}
			}
		}
		if !yield(all) || !yield(diagonal) {
			return
		}
		for n, rows := range d.covariances {
			for i, row := range rows {
				for j := range i + 1 {
					candidates := simplerNumbers(row[j])
					if i == j {
						candidates = append([]*big.Rat{big.NewRat(1, 1)}, candidates...)
					}
					for _, x := range candidates {
						if !yield(d.withCovariance(n, i, j, x)) {
							return
						}
					}
				}
			}
		}
	}
}

func smallerWeights(d draft) iter.Seq[draft] {
	one := big.NewRat(1, 1)
	return func(yield func(draft) bool) {
		equal, halved := slices.Clone(d.weights), slices.Clone(d.weights)
		for k, w := range d.weights {
			equal[k] = one
			halved[k] = atLeastOne(truncated(new(big.Rat).Quo(w, big.NewRat(2, 1))))
		}
		if !yield(d.withWeights(equal)) || !yield(d.withWeights(halved)) {
			return
		}
		for k, w := range d.weights {
			for _, x := range simplerNumbers(w) {
				if !yield(d.withWeights(replaced(d.weights, k, atLeastOne(x)))) {
					return
				}
			}
		}
	}
}

func atLeastOne(x *big.Rat) *big.Rat {
	if one := big.NewRat(1, 1); x.Cmp(one) < 0 {
		return one
	}
	return x
}

func smallerMeans(d draft) iter.Seq[draft] {
	half := big.NewRat(1, 2)
	return func(yield func(draft) bool) {
		if !yield(d.withMeans(truncated)) || !yield(d.withMeans(nearest)) ||
			!yield(d.withMeans(func(x *big.Rat) *big.Rat { return truncated(new(big.Rat).Mul(x, half)) })) {
			return
		}
		for k, row := range d.means {
			for i, x := range row {
				for _, y := range simplerNumbers(x) {
					if !yield(d.withMean(k, i, y)) {
						return
					}
				}
			}
		}
		// Two at once, where neither alone keeps the verdict.
		for k, row := range d.means {
			for i := range row {
				for l := range k + 1 {
					for j := range row {
						if (l == k && j >= i) || d.means[k][i].Sign() == 0 || d.means[l][j].Sign() == 0 {
							continue
						}
						if !yield(d.withMean(k, i, towardsZero(d.means[k][i])).withMean(l, j, towardsZero(d.means[l][j]))) {
							return
						}
					}
				}
			}
		}
	}
}

func simplerDelta(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		for denominator := int64(1); denominator <= 10; denominator++ {
			for numerator := int64(1); numerator <= denominator; numerator++ {
				s := d
				s.delta = big.NewRat(numerator, denominator)
				if !yield(s) {
					return
				}
			}
		}
	}
}

// symmetries puts components and coordinates in order and reflects coordinates.
func symmetries(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		for l := range d.components() {
			for k := range l {
				if d.disordered(k, l) && !yield(d.swapped(k, l)) {
					return
				}
			}
		}
		for j := range d.dimension() {
			if firstSign(d.means, j) < 0 && !yield(d.reflected(j)) {
				return
			}
			for i := range j {
				if d.disorderedCoordinates(i, j) && !yield(d.swappedCoordinates(i, j)) {
					return
				}
			}
		}
	}
}

func (d draft) swapped(k, l int) draft {
	d.weights, d.means = exchanged(d.weights, k, l), exchanged(d.means, k, l)
	if d.own {
		d.covariances = exchanged(d.covariances, k, l)
	}
	return d
}

func (d draft) swappedCoordinates(i, j int) draft {
	exchange := func(rows [][]*big.Rat) [][]*big.Rat {
		out := make([][]*big.Rat, len(rows))
		for k, row := range rows {
			out[k] = exchanged(row, i, j)
		}
		return out
	}
	d.means = exchange(d.means)
	covariances := make([][][]*big.Rat, len(d.covariances))
	for n, rows := range d.covariances {
		covariances[n] = exchanged(exchange(rows), i, j)
	}
	d.covariances = covariances
	return d
}

func exchanged[X any](xs []X, i, j int) []X {
	out := slices.Clone(xs)
	out[i], out[j] = out[j], out[i]
	return out
}

// reflected turns the sign of coordinate i.
func (d draft) reflected(i int) draft {
	for k, row := range d.means {
		d = d.withMean(k, i, new(big.Rat).Neg(row[i]))
	}
	for n, rows := range d.covariances {
		for j, x := range rows[i] {
			if j != i {
				d = d.withCovariance(n, i, j, new(big.Rat).Neg(x))
			}
		}
	}
	return d
}

// simplerNumbers returns numbers simpler than x, the simplest first: 0, its whole
// part, a half and three quarters of it rounded, one nearer to 0, and a coarser
// dyadic.
func simplerNumbers(x *big.Rat) []*big.Rat {
	if x.Sign() == 0 {
		return nil
	}
	out := []*big.Rat{new(big.Rat)}
	for _, share := range []*big.Rat{big.NewRat(1, 4), big.NewRat(1, 2), big.NewRat(3, 4), big.NewRat(7, 8)} {
		out = append(out, truncated(new(big.Rat).Mul(x, share)))
	}
	out = append(out, towardsZero(x), nearest(x))
	if !x.IsInt() {
		for scale := int64(2); scale <= 1<<10; scale *= 2 {
			s := big.NewRat(scale, 1)
			coarse := nearest(new(big.Rat).Mul(x, s))
			out = append(out, coarse.Quo(coarse, s))
		}
	}
	return out
}

// towardsZero returns the next whole number towards 0.
func towardsZero(x *big.Rat) *big.Rat {
	if !x.IsInt() {
		return truncated(x)
	}
	return new(big.Rat).Sub(x, big.NewRat(int64(x.Sign()), 1))
}

// truncated drops what follows the point.
func truncated(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
}

// nearest rounds, halves away from 0.
func nearest(x *big.Rat) *big.Rat {
	half := big.NewRat(int64(x.Sign()), 2)
	return truncated(half.Add(half, x))
}
