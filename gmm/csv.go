package gmm

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Data is a mixture fitted to labelled samples by their class means, class
// frequencies and pooled within-class covariance, with divisor n.
type Data struct {
	Mixture *Mixture
	Classes []string // the K labels, in order of appearance
	Columns []string // the d names of the coordinates
}

// ReadCSV fits a mixture to a table with a header. The column named label holds
// the classes, every other column a coordinate. All arithmetic is exact. What is
// wrong is an InputError that names the source and the line or column: ErrSyntax,
// ErrNumber, ErrShape, or ErrNotPositiveDefinite where the pooled covariance is
// singular (a constant or collinear column, too few samples).
func ReadCSV(source string, r io.Reader, label string) (Data, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return Data{}, unreadable(source, err)
	}
	data, err := fit(strings.TrimSuffix(filepath.Base(source), filepath.Ext(source)), text, label)
	return data, in(source, err)
}

func fit(name string, text []byte, label string) (Data, error) {
	t, err := readTable(text, label)
	if err != nil {
		return Data{}, err
	}
	e := t.moments()
	e.Name = name
	for i, column := range t.columns {
		if e.Covariance[i][i].Sign() == 0 {
			return Data{}, &InputError{Key: "column " + strconv.Quote(column),
				Expected: "values that vary within a class (leave the column out)", Found: "a constant in each class",
				Reason: ErrNotPositiveDefinite}
		}
	}
	m, err := NewExact(e)
	var refusal *InputError
	if errors.As(err, &refusal) && (refusal.Reason == ErrNotPositiveDefinite || refusal.Reason == ErrIllConditioned) {
		return Data{}, &InputError{Key: "columns", Expected: "columns that are linearly independent within the classes, and more samples than columns and classes together",
			Found: "a singular pooled covariance", Reason: refusal.Reason}
	}
	if err != nil {
		return Data{}, err
	}
	return Data{m, t.classes, t.columns}, nil
}

// table is a CSV file as integers: sample i's coordinate c is values[i][c] / denominators[c].
type table struct {
	columns, classes []string
	class            []int
	values           [][]*big.Int
	denominators     []*big.Int
}

func readTable(text []byte, label string) (*table, error) {
	if !utf8.Valid(text) {
		return nil, &InputError{Expected: "UTF-8 text", Reason: ErrSyntax}
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	header, err := reader.Read()
	if err != nil {
		return nil, csvError(err, "a header line")
	}
	at := slices.Index(header, label)
	if at < 0 {
		return nil, &InputError{Key: "header", Expected: "a column named " + strconv.Quote(label),
			Found: strings.Join(header, ", "), Reason: ErrShape}
	}
	t := &table{columns: slices.Delete(slices.Clone(header), at, at+1)}
	if len(t.columns) == 0 {
		return nil, &InputError{Key: "header", Expected: "a column of numbers beside the labels", Found: "none", Reason: ErrShape}
	}
	for i, name := range header {
		if slices.Contains(header[:i], name) {
			return nil, &InputError{Key: "header", Expected: "each column once", Found: "two named " + strconv.Quote(name), Reason: ErrSyntax}
		}
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
		return nil, &InputError{Key: "line 2", Expected: "at least one sample", Found: "the end of the file", Reason: ErrShape}
	}
	return t, t.toIntegers(samples)
}

func (t *table) label(name string, line int) error {
	if strings.TrimSpace(name) == "" {
		return &InputError{Key: fmt.Sprintf("line %d", line), Expected: "a class label", Found: "an empty field", Reason: ErrSyntax}
	}
	k := slices.Index(t.classes, name)
	if k < 0 {
		k = len(t.classes)
		if k == mostClasses {
			return &InputError{Key: fmt.Sprintf("line %d", line), Expected: fmt.Sprintf("at most %d different class labels", mostClasses),
				Found: "one more", Reason: ErrShape}
		}
		t.classes = append(t.classes, name)
	}
	t.class = append(t.class, k)
	return nil
}

// mostClasses is well beyond what a loss can be integrated for; a label column
// with more values is most likely the wrong column.
const mostClasses = 1000

func (t *table) numbers(record, header []string, at, line int) ([]*big.Rat, error) {
	var row []*big.Rat
	for c, field := range record {
		if c == at {
			continue
		}
		x, err := ParseNumber(strings.TrimSpace(field))
		if refusal, ok := err.(*InputError); ok {
			refusal.Key = fmt.Sprintf("line %d, column %q", line, header[c])
			return nil, refusal
		}
		row = append(row, x)
	}
	return row, nil
}

func (t *table) toIntegers(samples [][]*big.Rat) error {
	for c, column := range t.columns {
		common := big.NewInt(1)
		for _, sample := range samples {
			gcd := new(big.Int).GCD(nil, nil, common, sample[c].Denom())
			common.Mul(common, gcd.Quo(sample[c].Denom(), gcd))
			if common.BitLen() > longestDenominator {
				return &InputError{Key: "column " + strconv.Quote(column), Expected: "decimals, or fractions of a few denominators",
					Found: "a common denominator of thousands of digits", Reason: ErrNumber}
			}
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

// moments returns class frequencies, class means and the pooled covariance
// (1/n) (Σ_i x_i x_iᵀ − Σ_k n_k m_k m_kᵀ).
func (t *table) moments() Exact {
	k, d := len(t.classes), len(t.columns)
	counts := make([]int64, k)
	sums := zeros(k, d)
	squares := zeros(d, d)
	product := new(big.Int)
	for i, x := range t.values {
		counts[t.class[i]]++
		for a := range d {
			sums[t.class[i]][a].Add(sums[t.class[i]][a], x[a])
			for b := range a + 1 {
				squares[a][b].Add(squares[a][b], product.Mul(x[a], x[b]))
			}
		}
	}
	e := Exact{Weights: make([]*big.Rat, k), Means: make([][]*big.Rat, k), Covariance: make([][]*big.Rat, d)}
	for j := range k {
		e.Weights[j] = new(big.Rat).SetInt64(counts[j])
		e.Means[j] = make([]*big.Rat, d)
		for a := range d {
			e.Means[j][a] = new(big.Rat).SetFrac(sums[j][a], product.Mul(big.NewInt(counts[j]), t.denominators[a]))
		}
	}
	for a := range d {
		e.Covariance[a] = make([]*big.Rat, d)
		for b := range a + 1 {
			within := new(big.Rat).SetFrac(squares[a][b], product.Mul(t.denominators[a], t.denominators[b]))
			for j := range k {
				between := new(big.Rat).Mul(e.Means[j][a], e.Means[j][b])
				within.Sub(within, between.Mul(between, e.Weights[j]))
			}
			within.Quo(within, new(big.Rat).SetInt64(int64(len(t.values))))
			e.Covariance[a][b], e.Covariance[b][a] = within, within
		}
	}
	return e
}

func zeros(rows, columns int) [][]*big.Int {
	out := make([][]*big.Int, rows)
	for i := range out {
		out[i] = make([]*big.Int, columns)
		for j := range out[i] {
			out[i][j] = new(big.Int)
		}
	}
	return out
}

func csvError(err error, expected string) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &InputError{Expected: expected, Found: "an empty file", Reason: ErrSyntax}
	case errors.As(err, &parse):
		return &InputError{Key: fmt.Sprintf("line %d", parse.Line), Expected: expected, Found: parse.Err.Error(), Reason: ErrSyntax}
	}
	return &InputError{Expected: expected, Found: err.Error(), Reason: ErrSyntax}
}
