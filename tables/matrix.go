package tables

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
)

// readMatrix reads an array of n samples in d columns, which are named by their numbers. promised is the
// number of bytes that the source has, 0 where it is not known.
func (t *Table) readMatrix(a *array, of *labels, available int64, o Options) error {
	if !a.matrix() || a.shape[0] == 0 || a.shape[1] == 0 {
		return malformed("a matrix of numbers, a row for each sample", fmt.Sprintf("shape %v of type %c%d", a.shape, a.kind, a.size))
	}
	n, d := a.shape[0], a.shape[1]
	if d > mostColumns {
		return malformed(fmt.Sprintf("at most %d columns", mostColumns), fmt.Sprint(d))
	}
	if available > 0 && a.bytes() > float64(available) {
		return malformed(fmt.Sprintf("as many numbers as the header promises, %d×%d", n, d), fmt.Sprintf("%d bytes", available))
	}
	if of = o.unlabelled(of, nil); of == nil {
		return &gmm.InputError{Key: "--labels", Expected: "a file of class labels, .npy or one a line, or of an .npz the name of their array", Found: "none", Reason: gmm.ErrShape}
	}
	if err := of.count(n); err != nil {
		return err
	}
	big := isBig(n, d) && !o.Exact
	if err := t.readable(n, d, !big); err != nil {
		return err
	}
	o.NoHeader = true
	l, err := o.layout(numbered(d), false)
	if err == nil {
		l, err = o.matched(l)
	}
	if err != nil {
		return err
	}
	t.Columns = l.ordered()
	b := newBuilder(t, o)
	if b.single = a.single(); big {
		b.round()
	}
	err = a.eachRow(func(i int, row []float64) error {
		label, _ := of.at(i)
		return t.values(b, l, row, label, fmt.Sprintf("row %d", i+1), o)
	})
	if err != nil {
		return err
	}
	if len(t.Class) == 0 {
		return &gmm.InputError{Key: "rows", Expected: "at least one sample" + t.unlessMissing(), Found: "none", Reason: gmm.ErrShape}
	}
	t.numbers, err = b.numbers()
	return err
}

// values keeps a sample of numbers, of which NaN are missing.
func (t *Table) values(b *builder, l layout, row []float64, label, place string, o Options) error {
	kept := b.floats
	for i, c := range l.columns {
		kept[i] = row[c]
	}
	for i, x := range kept {
		if !math.IsNaN(x) {
			continue
		}
		if o.DropMissing {
			t.Missing++
			return nil
		}
		return &gmm.InputError{Key: fmt.Sprintf("%s, column %q", place, l.names[l.columns[i]]), Expected: "a number, of whole ones at most 2⁵³ (--missing drop leaves the row out)",
			Found: "NaN", Reason: gmm.ErrNumber}
	}
	if err := t.label([]byte(label), place); err != nil {
		return err
	}
	i, err := b.values(kept)
	if refusal, ok := err.(*gmm.InputError); ok && refusal.Key == "" && refusal.Reason != gmm.ErrCost {
		refusal.Key = fmt.Sprintf("%s, column %q", place, l.names[l.columns[i]])
	}
	return err
}

// eachRow hands the rows of a matrix to keep, in order; each is lost at the next. A matrix whose columns follow each other
// is kept twice meanwhile, as it is and in rows.
func (a *array) eachRow(keep func(i int, row []float64) error) error {
	n, d := a.shape[0], a.shape[1]
	if a.fortran {
		if a.single() {
			return turned[float32](a, keep)
		}
		return turned[float64](a, keep)
	}
	row, buffer := make([]float64, d), make([]byte, d*a.size)
	for i := range n {
		if err := a.read(row, buffer); err != nil {
			return err
		}
		if err := keep(i, row); err != nil {
			return err
		}
	}
	return nil
}

// turned is eachRow for columns that follow each other.
func turned[T float32 | float64](a *array, keep func(i int, row []float64) error) error {
	n, d := a.shape[0], a.shape[1]
	const atOnce = 1 << 12
	all, part, buffer := newRounded[T](1), make([]float64, atOnce), make([]byte, atOnce*a.size)
	for left := n * d; left > 0; left -= len(part) {
		part = part[:min(left, atOnce)]
		if err := a.read(part, buffer); err != nil {
			return err
		}
		for i := range part {
			all.add(part[i:i+1], true)
		}
	}
	row := make([]float64, d)
	for i := range n {
		for c := range row {
			row[c] = float64(all.at(c*n + i)[0])
		}
		if err := keep(i, row); err != nil {
			return err
		}
	}
	return nil
}
