package tables

import (
	"bytes"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
)

// builder keeps the numbers of samples as they come: exactly, until there are so many that floating point takes over.
type builder struct {
	t      *Table
	exact  bool // whatever their number
	single bool // the numbers are float32
	rats   [][]*big.Rat
	big    growing // nil while the table is small
	floats []float64
}

// growing are numbers to which samples are added.
type growing interface {
	numbers
	// add adds a sample, whose numbers are exactly what the source says or not.
	add(row []float64, exact bool)
}

func newBuilder(t *Table, o Options) *builder {
	return &builder{t: t, exact: o.Exact, floats: make([]float64, len(t.Columns))}
}

// Where exact arithmetic would take about a second: products cost some 50 ns each.
const mostExactNumbers, mostExactProducts = 1 << 20, 1 << 24

// isBig tells whether n samples of d columns are too many for exact arithmetic.
func isBig(n, d int) bool {
	return float64(n)*float64(d) > mostExactNumbers || float64(n)*float64(d)*float64(d+1)/2 > mostExactProducts
}

// affordable refuses, from time to time, what the limit does not allow.
func (b *builder) affordable() error {
	const often = 256
	if n := len(b.t.Class); n%often == 0 {
		return b.t.readable(n, len(b.t.Columns), b.big == nil)
	}
	return nil
}

// readable refuses n samples of d columns that are more than the limit allows.
func (t *Table) readable(n, d int, exact bool) error {
	entries := float64(n) * float64(d)
	cost := gmm.Cost{Seconds: 50e-9 * entries, Bytes: 8 * entries}
	if exact {
		cost = gmm.Cost{Seconds: 1e-6 * entries, Bytes: 300 * entries}
	}
	return t.limit.Allows("", fmt.Sprintf("reading %.0f numbers", entries), cost)
}

// texts keeps the numbers that are written in some of the fields, and returns the one at fault.
func (b *builder) texts(fields [][]byte, columns []int) (field int, err error) {
	if err := b.affordable(); err != nil {
		return 0, err
	}
	if b.big == nil {
		row := make([]*big.Rat, len(columns))
		for i, c := range columns {
			if row[i], err = gmm.ParseNumber(string(bytes.TrimSpace(fields[c]))); err != nil {
				return c, err
			}
		}
		b.rationals(row)
		return 0, nil
	}
	all := true
	for i, c := range columns {
		x, exact, err := parseFloat(fields[c])
		if err != nil {
			return c, err
		}
		b.floats[i] = x
		all = all && exact
	}
	b.big.add(b.floats, all)
	return 0, nil
}

// values keeps a sample of numbers, and returns the place of the one at fault.
func (b *builder) values(row []float64) (place int, err error) {
	if err := b.affordable(); err != nil {
		return 0, err
	}
	for i, x := range row {
		if size := math.Abs(x); x != 0 && !(leastSize < size && size < mostSize) {
			return i, &gmm.InputError{Expected: "a number between 1e-199 and 1e29 in size, or 0", Found: fmt.Sprint(x), Reason: gmm.ErrNumber}
		}
	}
	if b.big != nil {
		b.big.add(row, true)
	} else {
		b.rationals(gmm.Rationals(row...))
	}
	return 0, nil
}

// rationals keeps a sample.
func (b *builder) rationals(row []*big.Rat) {
	b.rats = append(b.rats, row)
	if !b.exact && isBig(len(b.rats), len(row)) {
		b.round()
	}
}

// round goes on in floating point.
func (b *builder) round() {
	if b.single {
		b.big = newRounded[float32](len(b.floats))
	} else {
		b.big = newRounded[float64](len(b.floats))
	}
	for _, row := range b.rats {
		all := true
		for i, x := range row {
			var exact bool
			b.floats[i], exact = x.Float64()
			all = all && exact
		}
		b.big.add(b.floats, all)
	}
	b.rats = nil
}

// numbers returns what was kept.
func (b *builder) numbers() (numbers, error) {
	if b.big != nil {
		return b.big, nil
	}
	return newExact(b.t.Columns, b.rats)
}
