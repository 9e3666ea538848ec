package tables

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"contrastcheck/gmm"
)

// readText reads delimited text.
func (t *Table) readText(r *bufio.Reader, o Options) error {
	rs, err := newRecords(r)
	if errors.Is(err, io.EOF) {
		return &gmm.InputError{Expected: "a header line", Found: "an empty file", Reason: gmm.ErrSyntax}
	}
	if err != nil {
		return err
	}
	names := numbered(len(rs.fields))
	if !o.NoHeader {
		for i, field := range rs.fields {
			names[i] = string(field)
		}
	}
	l, err := o.layout(names, true)
	if err != nil {
		return err
	}
	for _, c := range l.columns {
		t.Columns = append(t.Columns, names[c])
	}
	b := newBuilder(t, o)
	if !o.NoHeader {
		err = rs.next()
	}
	for ; err == nil; err = rs.next() {
		if err := t.sample(rs, l, b, o); err != nil {
			return err
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if len(t.Class) == 0 {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", rs.lines+1), Expected: "at least one sample" + t.unlessMissing(), Found: "the end of the file", Reason: gmm.ErrShape}
	}
	t.numbers, err = b.numbers()
	return err
}

// unlessMissing says how many samples were left out, if any.
func (t *Table) unlessMissing() string {
	if t.Missing == 0 {
		return ""
	}
	return fmt.Sprintf(" without a missing value, beside %d with one", t.Missing)
}

// sample keeps a record.
func (t *Table) sample(rs *records, l layout, b *builder, o Options) error {
	if len(rs.fields) != len(l.names) {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", rs.line), Expected: fmt.Sprintf("%d fields, as in the first line", len(l.names)),
			Found: fmt.Sprint(len(rs.fields)), Reason: gmm.ErrSyntax}
	}
	label := rs.fields[l.label]
	if o.DropMissing && (isMissing(string(bytes.TrimSpace(label))) || l.misses(rs.fields)) {
		t.Missing++
		return nil
	}
	if len(bytes.TrimSpace(label)) == 0 {
		return &gmm.InputError{Key: fmt.Sprintf("line %d, column %q", rs.line, l.names[l.label]), Expected: "a class label (--missing drop leaves the line out)",
			Found: "an empty field", Reason: gmm.ErrSyntax}
	}
	if err := t.label(label, fmt.Sprintf("line %d", rs.line)); err != nil {
		return err
	}
	c, err := b.texts(rs.fields, l.columns)
	var refusal *gmm.InputError
	if errors.As(err, &refusal) && refusal.Key == "" {
		refusal.Key = fmt.Sprintf("line %d, column %q", rs.line, l.names[c])
		switch text := string(bytes.TrimSpace(rs.fields[c])); {
		case isMissing(text):
			refusal.Expected += " (--missing drop leaves the line out)"
		case rs.comma != ',' && isNumber(strings.Replace(text, ",", ".", 1)):
			refusal.Expected += " with a decimal point"
		case refusal.Expected == notNumber:
			refusal.Expected += fmt.Sprintf(" (--drop %s leaves the column out)", flagged(l.names[c]))
		}
	}
	return err
}

// notNumber is what gmm.ParseNumber expects of what looks like no number.
const notNumber = "a decimal or a fraction"

// flagged is a value of a flag as a shell takes it.
func flagged(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !(r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') }) {
		return fmt.Sprintf("%q", name)
	}
	return name
}

// misses tells whether a coordinate is missing.
func (l layout) misses(fields [][]byte) bool {
	for _, c := range l.columns {
		if field := fields[c]; (len(field) == 0 || field[len(field)-1] > '9' || field[len(field)-1] < '0') && isMissing(string(bytes.TrimSpace(field))) {
			return true
		}
	}
	return false
}

// label adds the class of a sample.
func (t *Table) label(name []byte, place string) error {
	k, known := t.places[string(name)]
	if !known {
		k = len(t.Classes)
		if k == mostClasses {
			return &gmm.InputError{Key: place, Expected: fmt.Sprintf("at most %d different class labels; is --label the right column?", mostClasses),
				Found: "one more", Reason: gmm.ErrShape}
		}
		t.places[string(name)] = k
		t.Classes = append(t.Classes, string(name))
	}
	t.Class = append(t.Class, k)
	return nil
}

// mostClasses is well beyond what a loss can be integrated for; a label column
// with more values is most likely the wrong column.
const mostClasses = 1000

// builder keeps the numbers of samples as they come: exactly, until there are so many that float64 takes over.
type builder struct {
	t     *Table
	exact bool // whatever their number
	rats  [][]*big.Rat
	big   *rounded[float64] // nil while the table is small
	row   []float64
}

func newBuilder(t *Table, o Options) *builder { return &builder{t: t, exact: o.Exact} }

// Where exact arithmetic would take about a second: products cost some 50 ns each.
const mostExactNumbers, mostExactProducts = 1 << 20, 1 << 24

// isBig tells whether n samples of d columns are too many for exact arithmetic.
func isBig(n, d int) bool {
	return float64(n)*float64(d) > mostExactNumbers || float64(n)*float64(d)*float64(d+1)/2 > mostExactProducts
}

// affordable refuses, from time to time, what the limit does not allow.
func (b *builder) affordable() error {
	n := len(b.t.Class)
	const often = 256
	if n%often != 0 {
		return nil
	}
	entries := float64(n) * float64(len(b.t.Columns))
	cost := gmm.Cost{Seconds: 1e-6 * entries, Bytes: 300 * entries}
	if b.big != nil {
		cost = gmm.Cost{Seconds: 50e-9 * entries, Bytes: 8 * entries}
	}
	return b.t.limit.Allows("", fmt.Sprintf("reading %.0f numbers", entries), cost)
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
	row := b.big.next()
	for i, c := range columns {
		x, exact, err := parseFloat(fields[c])
		if err != nil {
			return c, err
		}
		row[i] = x
		b.big.inexact = b.big.inexact || !exact
	}
	return 0, nil
}

// rationals keeps a sample.
func (b *builder) rationals(row []*big.Rat) {
	b.rats = append(b.rats, row)
	if b.exact || !isBig(len(b.rats), len(row)) {
		return
	}
	b.big = newRounded[float64](len(row))
	for _, row := range b.rats {
		into := b.big.next()
		for i, x := range row {
			var exact bool
			into[i], exact = x.Float64()
			b.big.inexact = b.big.inexact || !exact
		}
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
