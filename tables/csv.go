package tables

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
)

// parse reads the text of a CSV file.
func parse(text []byte, label string) (*Table, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	header, err := reader.Read()
	if err != nil {
		return nil, csvError(err, "a header line")
	}
	at := slices.Index(header, label)
	if at < 0 {
		return nil, &gmm.InputError{Key: "header", Expected: "a column named " + strconv.Quote(label),
			Found: strings.Join(header, ", "), Reason: gmm.ErrShape}
	}
	t := &Table{Columns: slices.Delete(slices.Clone(header), at, at+1)}
	if len(t.Columns) == 0 {
		return nil, &gmm.InputError{Key: "header", Expected: "a column of numbers beside the labels", Found: "none", Reason: gmm.ErrShape}
	}
	seen := make(map[string]bool, len(header))
	for _, name := range header {
		if seen[name] {
			return nil, &gmm.InputError{Key: "header", Expected: "each column once", Found: "two named " + strconv.Quote(name), Reason: gmm.ErrSyntax}
		}
		seen[name] = true
	}
	var samples [][]*big.Rat
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(err, fmt.Sprintf("%d fields a line", len(header)))
		}
		line, _ := reader.FieldPos(0)
		sample, err := t.numbers(record, header, at, line)
		if err != nil {
			return nil, err
		}
		samples = append(samples, sample)
		if err := t.label(record[at], line); err != nil {
			return nil, err
		}
	}
	if len(samples) == 0 {
		return nil, &gmm.InputError{Key: "line 2", Expected: "at least one sample", Found: "the end of the file", Reason: gmm.ErrShape}
	}
	return t, t.toIntegers(samples)
}

func (t *Table) label(name string, line int) error {
	if strings.TrimSpace(name) == "" {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", line), Expected: "a class label", Found: "an empty field", Reason: gmm.ErrSyntax}
	}
	k := slices.Index(t.Classes, name)
	if k < 0 {
		k = len(t.Classes)
		if k == mostClasses {
			return &gmm.InputError{Key: fmt.Sprintf("line %d", line), Expected: fmt.Sprintf("at most %d different class labels", mostClasses),
				Found: "one more", Reason: gmm.ErrShape}
		}
		t.Classes = append(t.Classes, name)
	}
	t.Class = append(t.Class, k)
	return nil
}

// mostClasses is well beyond what a loss can be integrated for; a label column
// with more values is most likely the wrong column.
const mostClasses = 1000

func (t *Table) numbers(record, header []string, at, line int) ([]*big.Rat, error) {
	var row []*big.Rat
	for c, field := range record {
		if c == at {
			continue
		}
		x, err := gmm.ParseNumber(strings.TrimSpace(field))
		if refusal, ok := err.(*gmm.InputError); ok {
			refusal.Key = fmt.Sprintf("line %d, column %q", line, header[c])
			return nil, refusal
		}
		row = append(row, x)
	}
	return row, nil
}

func (t *Table) toIntegers(samples [][]*big.Rat) error {
	for c, name := range t.Columns {
		column := make([]*big.Rat, len(samples))
		for i, sample := range samples {
			column[i] = sample[c]
		}
		common, err := gmm.CommonDenominator("column "+strconv.Quote(name), column)
		if err != nil {
			return err
		}
		t.denominators = append(t.denominators, common)
	}
	for _, sample := range samples {
		row := make([]*big.Int, len(sample))
		for c, x := range sample {
			row[c] = new(big.Int).Quo(t.denominators[c], x.Denom())
			row[c].Mul(row[c], x.Num())
		}
		t.values = append(t.values, row)
	}
	return nil
}

func csvError(err error, expected string) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &gmm.InputError{Expected: expected, Found: "an empty file", Reason: gmm.ErrSyntax}
	case errors.As(err, &parse):
		return &gmm.InputError{Key: fmt.Sprintf("line %d", parse.Line), Expected: expected, Found: parse.Err.Error(), Reason: gmm.ErrSyntax}
	}
	return &gmm.InputError{Expected: expected, Found: err.Error(), Reason: gmm.ErrSyntax}
}
