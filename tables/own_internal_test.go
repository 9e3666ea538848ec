package tables

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Own covariances and class means that float64 sums are within the bound of the exact ones, in the directions of the axes and their sum.
func TestOwnCovariancesOfFloatsWithinTheirBound(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		x, class, classes := dataset(t)
		d := len(x[0])
		table := &Table{Class: class, limit: 1, numbers: roundedOf(x)}
		for c := range d {
			table.Columns = append(table.Columns, "x"+strconv.Itoa(c))
		}
		for k := range classes {
			table.Classes = append(table.Classes, "c"+strconv.Itoa(k))
		}
		exactly, err := newExact(table.Columns, x)
		if err != nil {
			t.Fatal(err)
		}
		whole := *table
		whole.numbers = exactly
		got, err := table.EstimateOwn(table.All(), Shrinkage{})
		want, failure := whole.EstimateOwn(table.All(), Shrinkage{})
		if err != nil || failure != nil {
			return
		}
		compared++
		if want.Rounding != 0 || !(got.Rounding > 0) {
			t.Fatalf("bounds %g of floats and %g of rationals", got.Rounding, want.Rounding)
		}
		g, w := got.Mixture.Exact(), want.Mixture.Exact()
		for k := range classes {
			for place := range d + 1 {
				v := make([]*big.Rat, d)
				for i := range v {
					if v[i] = new(big.Rat); i == place || place == d {
						v[i].SetInt64(1)
					}
				}
				variance := quadratic(v, w.Covariances[k])
				off := new(big.Rat).Sub(quadratic(v, g.Covariances[k]), variance)
				if math.Abs(float(off)) > got.Rounding*float(variance) {
					t.Fatalf("class %d: a variance is off by %g of %g, bound %g", k, float(off), float(variance), got.Rounding)
				}
				mean := new(big.Rat)
				for i := range v {
					mean.Add(mean, new(big.Rat).Mul(v[i], new(big.Rat).Sub(g.Means[k][i], w.Means[k][i])))
				}
				if math.Abs(float(mean)) > got.Rounding*math.Sqrt(float(variance)) {
					t.Fatalf("class %d: a mean is off by %g, bound %g", k, float(mean), got.Rounding)
				}
			}
		}
	})
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// quadratic is vᵀSv.
func quadratic(v []*big.Rat, s [][]*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range v {
		for j := range v {
			term := new(big.Rat).Mul(v[i], s[i][j])
			sum.Add(sum, term.Mul(term, v[j]))
		}
	}
	return sum
}
