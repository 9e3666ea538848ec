package tables

import (
	"math/big"
	"slices"
	"strconv"

	"contrastcheck/gmm"
)

// exact are numbers as they were written: sample i's coordinate c is values[i][c] / denominators[c].
type exact struct {
	values       [][]*big.Int
	denominators []*big.Int
}

// newExact keeps samples of d named columns.
func newExact(columns []string, samples [][]*big.Rat) (*exact, error) {
	e := new(exact)
	for c, name := range columns {
		column := make([]*big.Rat, len(samples))
		for i, sample := range samples {
			column[i] = sample[c]
		}
		common, err := gmm.CommonDenominator("column "+strconv.Quote(name), column)
		if err != nil {
			return nil, err
		}
		e.denominators = append(e.denominators, common)
	}
	for _, sample := range samples {
		row := make([]*big.Int, len(sample))
		for c, x := range sample {
			row[c] = new(big.Int).Quo(e.denominators[c], x.Denom())
			row[c].Mul(row[c], x.Num())
		}
		e.values = append(e.values, row)
	}
	return e, nil
}

func (e *exact) floating() bool { return false }

func (e *exact) row(i int, into []float64) {
	ratio := new(big.Rat)
	for c, value := range e.values[i] {
		into[c], _ = ratio.SetFrac(value, e.denominators[c]).Float64()
	}
}

func (e *exact) varying() []bool {
	varies := make([]bool, len(e.denominators))
	for c := range varies {
		varies[c] = slices.ContainsFunc(e.values, func(x []*big.Int) bool { return x[c].Cmp(e.values[0][c]) != 0 })
	}
	return varies
}

func (e *exact) only(columns []int) numbers {
	out := &exact{values: make([][]*big.Int, len(e.values))}
	for _, c := range columns {
		out.denominators = append(out.denominators, e.denominators[c])
		for i, x := range e.values {
			out.values[i] = append(out.values[i], x[c])
		}
	}
	return out
}

func (e *exact) cost(n, d, classes int) gmm.Cost {
	const perProduct, perFraction, perEntry, bytes = 50e-9, 1e-6, 3e-6, 500
	entries := float64(d) * float64(d)
	return gmm.Cost{Seconds: entries * (perProduct*float64(n)/2 + perFraction*float64(classes)/2 + perEntry), Bytes: bytes * entries}
}

func (e *exact) moments(of classed) moments {
	k, d := of.classes, len(e.denominators)
	counts := of.counts()
	sums := integers(k, d)
	squares := integers(d, d)
	product := new(big.Int)
	for _, i := range of.samples {
		x, class := e.values[i], of.class[i]
		for a := range d {
			sums[class][a].Add(sums[class][a], x[a])
			for b := range a + 1 {
				squares[a][b].Add(squares[a][b], product.Mul(x[a], x[b]))
			}
		}
	}
	m := newMoments(counts, d)
	for j := range k {
		for a := range d {
			m.Means[j][a].SetFrac(sums[j][a], product.Mul(big.NewInt(int64(counts[j])), e.denominators[a]))
		}
	}
	for a := range d {
		for b := range a + 1 {
			within := new(big.Rat).SetFrac(squares[a][b], product.Mul(e.denominators[a], e.denominators[b]))
			for j := range k {
				between := new(big.Rat).Mul(m.Means[j][a], m.Means[j][b])
				within.Sub(within, between.Mul(between, m.Weights[j]))
			}
			within.Quo(within, new(big.Rat).SetInt64(int64(len(of.samples))))
			m.Covariance[a][b], m.Covariance[b][a] = within, within
		}
	}
	return m
}

func (e *exact) residuals(of classed, means [][]*big.Rat) func(i int) []float64 {
	x := make([]float64, len(e.denominators))
	difference := new(big.Rat)
	return func(i int) []float64 {
		for c, value := range e.values[i] {
			difference.SetFrac(value, e.denominators[c])
			x[c], _ = difference.Sub(difference, means[of.class[i]][c]).Float64()
		}
		return x
	}
}

func integers(rows, columns int) [][]*big.Int {
	out := make([][]*big.Int, rows)
	for i := range out {
		out[i] = make([]*big.Int, columns)
		for j := range out[i] {
			out[i][j] = new(big.Int)
		}
	}
	return out
}
