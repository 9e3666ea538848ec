package search

import (
	"math/big"
	"slices"
)

// size tells how simple a draft is: what comes first counts most. Numbers of equal
// count are compared by the size of their fractions, |numerator|·denominator.
type size [9]float64

// newSize measures: components; dimension; how far the covariances are from the
// identity; the sum of the whole weights; the means, but for the one that centring
// fixes; δ; pairs of components and of coordinates out of order;
// coordinates whose first mean that is not 0 is negative.
func newSize(d draft, fixed int) size {
	s := size{float64(d.components()), float64(d.dimension())}
	for _, rows := range d.covariances {
		for i, row := range rows {
			for j, x := range row[:i+1] {
				if i != j || !isOne(x) {
					s[2] += fraction(x)
				}
			}
		}
	}
	for _, w := range d.weights {
		s[3] += fraction(w)
	}
	for k, row := range d.means {
		for _, x := range row {
			if k != fixed {
				s[4] += fraction(x)
			}
		}
	}
	if !isOne(d.delta) {
		s[5] = fraction(d.delta)
	}
	for l := range d.weights {
		for k := range l {
			if d.disordered(k, l) {
				s[6]++
			}
		}
	}
	for j := range d.dimension() {
		for i := range j {
			if d.disorderedCoordinates(i, j) {
				s[7]++
			}
		}
		if firstSign(d.means, j) < 0 {
			s[8]++
		}
	}
	return s
}

// disordered tells whether component l > k has the smaller weight or, of equal ones,
// the mean that is greater in the first coordinate in which they differ.
func (d draft) disordered(k, l int) bool {
	if order := d.weights[k].Cmp(d.weights[l]); order != 0 {
		return order > 0
	}
	return slices.CompareFunc(d.means[k], d.means[l], (*big.Rat).Cmp) < 0
}

// disorderedCoordinates tells whether, in the first mean in which they differ in size,
// coordinate j > i is the greater.
func (d draft) disorderedCoordinates(i, j int) bool {
	for _, row := range d.means {
		if order := new(big.Rat).Abs(row[i]).Cmp(new(big.Rat).Abs(row[j])); order != 0 {
			return order < 0
		}
	}
	return false
}

// simpler tells whether s is simpler than t.
func (s size) simpler(t size) bool { return slices.Compare(s[:], t[:]) < 0 }

// fraction is the size |numerator|·denominator of a number.
func fraction(x *big.Rat) float64 {
	n, _ := new(big.Float).SetInt(x.Num()).Float64()
	d, _ := new(big.Float).SetInt(x.Denom()).Float64()
	return max(n, -n) * d
}

func isOne(x *big.Rat) bool { return x.Cmp(one) == 0 }

// firstSign is the sign of the first mean's coordinate i that is not 0.
func firstSign(means [][]*big.Rat, i int) int {
	for _, row := range means {
		if sign := row[i].Sign(); sign != 0 {
			return sign
		}
	}
	return 0
}
