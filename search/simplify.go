package search

import (
	"iter"
	"math/big"
	"slices"
)

// simplifications yields every draft that is one step simpler, in the order of
// shrink's comment; some may be invalid, or no simpler after all.
func simplifications(d draft) iter.Seq[draft] {
	steps := []func(draft) []draft{fewerComponents, fewerCoordinates, plainerCovariances, smallerWeights, smallerMeans, simplerDelta, symmetries}
	return func(yield func(draft) bool) {
		for _, step := range steps {
			for _, s := range step(d) {
				if !yield(s) {
					return
				}
			}
		}
	}
}

func fewerComponents(d draft) (out []draft) {
	if d.components() == 1 {
		return nil
	}
	for k := range d.components() {
		s := d
		s.means, s.weights = without(d.means, k), whole(without(d.weights, k))
		if d.own {
			s.covariances = without(d.covariances, k)
		}
		out = append(out, s)
	}
	return out
}

func fewerCoordinates(d draft) (out []draft) {
	if d.dimension() == 1 {
		return nil
	}
	for i := range d.dimension() {
		shorter := func(row []*big.Rat) []*big.Rat { return without(row, i) }
		s := d
		s.means = each(d.means, shorter)
		s.covariances = each(d.covariances, func(rows [][]*big.Rat) [][]*big.Rat { return each(without(rows, i), shorter) })
		out = append(out, s)
	}
	return out
}

func plainerCovariances(d draft) []draft {
	plain, diagonal := d, d
	var out []draft
	for n, rows := range d.covariances {
		for i, row := range rows {
			for j, x := range row[:i+1] {
				if i == j {
					plain = plain.withCovariance(n, i, i, one)
					out = append(out, d.withCovariance(n, i, i, one))
				} else {
					plain, diagonal = plain.withCovariance(n, i, j, zero), diagonal.withCovariance(n, i, j, zero)
				}
				for _, y := range simplerNumbers(x) {
					out = append(out, d.withCovariance(n, i, j, y))
				}
			}
		}
	}
	return append([]draft{plain, diagonal}, out...)
}

func smallerWeights(d draft) []draft {
	out := []draft{
		d.withWeights(each(d.weights, func(*big.Rat) *big.Rat { return one })),
		d.withWeights(each(d.weights, func(w *big.Rat) *big.Rat { return atLeastOne(share(w, 1, 2)) })),
	}
	for k, w := range d.weights {
		for _, x := range simplerNumbers(w) {
			out = append(out, d.withWeights(replaced(d.weights, k, atLeastOne(x))))
		}
	}
	return out
}

func atLeastOne(x *big.Rat) *big.Rat {
	if x.Cmp(one) < 0 {
		return one
	}
	return x
}

func smallerMeans(d draft) []draft {
	out := []draft{d.withMeans(truncated), d.withMeans(nearest), d.withMeans(func(x *big.Rat) *big.Rat { return share(x, 1, 2) })}
	var pairs []draft // two coordinates at once, where neither alone keeps the verdict
	for k, row := range d.means {
		for i, x := range row {
			for _, y := range simplerNumbers(x) {
				out = append(out, d.withMean(k, i, y))
			}
			for l := range k + 1 {
				for j, y := range d.means[l] {
					if (l < k || j < i) && x.Sign() != 0 && y.Sign() != 0 {
						pairs = append(pairs, d.withMean(k, i, towardsZero(x)).withMean(l, j, towardsZero(y)))
					}
				}
			}
		}
	}
	return append(out, pairs...)
}

func simplerDelta(d draft) (out []draft) {
	for denominator := int64(1); denominator <= 10; denominator++ {
		for numerator := int64(1); numerator <= denominator; numerator++ {
			d.delta = big.NewRat(numerator, denominator)
			out = append(out, d)
		}
	}
	return out
}

// symmetries puts components and coordinates in order and reflects coordinates.
func symmetries(d draft) (out []draft) {
	for l := range d.components() {
		for k := range l {
			if d.disordered(k, l) {
				out = append(out, d.swapped(k, l))
			}
		}
	}
	for j := range d.dimension() {
		if firstSign(d.means, j) < 0 {
			out = append(out, d.reflected(j))
		}
		for i := range j {
			if d.disorderedCoordinates(i, j) {
				out = append(out, d.swappedCoordinates(i, j))
			}
		}
	}
	return out
}

func (d draft) swapped(k, l int) draft {
	d.weights, d.means = exchanged(d.weights, k, l), exchanged(d.means, k, l)
	if d.own {
		d.covariances = exchanged(d.covariances, k, l)
	}
	return d
}

func (d draft) swappedCoordinates(i, j int) draft {
	exchange := func(row []*big.Rat) []*big.Rat { return exchanged(row, i, j) }
	d.means = each(d.means, exchange)
	d.covariances = each(d.covariances, func(rows [][]*big.Rat) [][]*big.Rat { return exchanged(each(rows, exchange), i, j) })
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

// simplerNumbers returns numbers simpler than x, the simplest first: 0, parts of it without
// what follows the point, one nearer to 0, it rounded, and coarser dyadics.
func simplerNumbers(x *big.Rat) []*big.Rat {
	if x.Sign() == 0 {
		return nil
	}
	out := []*big.Rat{zero, share(x, 1, 4), share(x, 1, 2), share(x, 3, 4), share(x, 7, 8), towardsZero(x), nearest(x)}
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

// share is a part of a number, without what follows the point.
func share(x *big.Rat, numerator, denominator int64) *big.Rat {
	return truncated(new(big.Rat).Mul(x, big.NewRat(numerator, denominator)))
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
