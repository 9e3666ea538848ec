package tables

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"contrastcheck/gmm"

	"github.com/parquet-go/parquet-go"
)

// parquetMagic begins and ends Parquet files.
const parquetMagic = "PAR1"

// pandasIndex begins the names of the columns in which pandas keeps the numbers of rows; they are no coordinates.
const pandasIndex = "__index_level_"

// parquetTable is a Parquet file that is being read.
type parquetTable struct {
	*Table
	Options
	file   *parquet.File
	leaves []leaf
	layout layout // of the columns, each a leaf
	of     *labels
	// widths are the numbers that each coordinate's leaf has in a row: 1, or the length of its lists; nil before the first row.
	widths []int
	b      *builder
	all    layout // of the coordinates, lists spread
	row    []float64
}

// leaf is a column of values, one or a list of them in a row.
type leaf struct {
	name  string
	value func(parquet.Value) float64 // nil for what is no number
	kind  string
	list  bool
}

// readParquet reads a Parquet file. Its reader trusts what files say more than it should: where it panics, the file is malformed.
func (t *Table) readParquet(at io.ReaderAt, size int64, of *labels, o Options) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = &gmm.InputError{Expected: "a whole Parquet file", Found: fmt.Sprint(broken), Reason: gmm.ErrSyntax}
		}
	}()
	if err := footer(at, size); err != nil {
		return err
	}
	p := &parquetTable{Table: t, Options: o, of: of}
	if p.file, err = parquet.OpenFile(at, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)); err != nil {
		return malformedParquet(err)
	}
	if err := p.promised(); err != nil {
		return err
	}
	if err := p.arrange(); err != nil {
		return err
	}
	n := 0
	for _, group := range p.file.RowGroups() {
		if n, err = p.group(group, n); err != nil {
			return malformedParquet(err)
		}
	}
	if of != nil {
		if err := of.count(n); err != nil {
			return err
		}
	}
	if len(t.Class) == 0 {
		return &gmm.InputError{Key: "rows", Expected: "at least one sample" + t.unlessMissing(), Found: "none", Reason: gmm.ErrShape}
	}
	t.numbers, err = p.b.numbers()
	return err
}

// footer refuses a file whose end promises a longer footer than there is, for which the reader would take memory.
func footer(at io.ReaderAt, size int64) error {
	end := make([]byte, 4+len(parquetMagic))
	if size < int64(len(end)+len(parquetMagic)) {
		return malformedParquet(io.ErrUnexpectedEOF)
	}
	if _, err := at.ReadAt(end, size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if length := int64(binary.LittleEndian.Uint32(end)); length > size-int64(len(end)+len(parquetMagic)) {
		return &gmm.InputError{Expected: "a whole Parquet file", Found: fmt.Sprintf("a footer of %d bytes in %d", length, size), Reason: gmm.ErrSyntax}
	}
	return nil
}

// promised refuses columns that are longer than the limit allows, or than the file where they are compressed.
func (p *parquetTable) promised() error {
	var total float64
	for _, group := range p.file.Metadata().RowGroups {
		for _, column := range group.Columns {
			of := column.MetaData
			if of.TotalCompressedSize < 0 || of.TotalUncompressedSize < 0 || of.NumValues < 0 || of.TotalCompressedSize > p.file.Size() {
				return &gmm.InputError{Key: "footer", Expected: "sizes of columns within the file", Found: fmt.Sprint(of.TotalCompressedSize), Reason: gmm.ErrSyntax}
			}
			total += float64(of.TotalUncompressedSize)
		}
	}
	return p.limit.Allows("", fmt.Sprintf("reading %.0f bytes", total), gmm.Cost{Bytes: 8 * total})
}

// malformedParquet is the refusal of a file that the reader cannot read.
func malformedParquet(err error) error {
	if refusal := (*gmm.InputError)(nil); errors.As(err, &refusal) {
		return err
	}
	return &gmm.InputError{Expected: "a whole Parquet file", Found: strings.TrimPrefix(err.Error(), "parquet: "), Reason: gmm.ErrSyntax}
}

// arrange finds out which columns are what.
func (p *parquetTable) arrange() error {
	var names []string
	for _, path := range p.file.Schema().Columns() {
		found, _ := p.file.Schema().Lookup(path...)
		l := leaf{name: path[0], list: found.Node.Repeated() || len(path) > 1, kind: found.Node.Type().String()}
		if slices.Contains(names, path[0]) {
			return &gmm.InputError{Key: "column " + strconv.Quote(path[0]), Expected: "one value, or a list of them, in each row", Found: "a record of several", Reason: gmm.ErrShape}
		}
		l.value = numberOf(found.Node.Type())
		names, p.leaves = append(names, path[0]), append(p.leaves, l)
		if strings.HasPrefix(path[0], pandasIndex) && !slices.Contains(p.Drop, path[0]) {
			p.Drop = append(slices.Clone(p.Drop), path[0])
		}
	}
	var err error
	p.of = p.unlabelled(p.of, names)
	if p.layout, err = p.Options.layout(names, p.of == nil); err != nil {
		return err
	}
	for _, c := range p.layout.columns {
		if l := p.leaves[c]; l.value == nil {
			return &gmm.InputError{Key: "column " + strconv.Quote(l.name), Expected: fmt.Sprintf("numbers (--drop %s leaves the column out)", flagged(l.name)),
				Found: "values of type " + l.kind, Reason: gmm.ErrNumber}
		}
	}
	if p.layout.label >= 0 && p.leaves[p.layout.label].list {
		return &gmm.InputError{Key: "column " + strconv.Quote(p.Label), Expected: "one label in each row", Found: "a list of them", Reason: gmm.ErrShape}
	}
	return nil
}

// group reads the rows of a group, of which n are before.
func (p *parquetTable) group(group parquet.RowGroup, n int) (int, error) {
	rows := group.Rows()
	defer rows.Close()
	const atOnce = 64
	buffer := make([]parquet.Row, atOnce)
	values := make([][]parquet.Value, len(p.leaves))
	for {
		found, err := rows.ReadRows(buffer)
		for _, row := range buffer[:found] {
			for c := range values {
				values[c] = values[c][:0]
			}
			for _, v := range row {
				values[v.Column()] = append(values[v.Column()], v)
			}
			n++
			if p.of != nil {
				if _, there := p.of.at(n - 1); !there {
					continue // they are counted
				}
			}
			if err := p.sample(values, n); err != nil {
				return n, err
			}
		}
		if errors.Is(err, io.EOF) || err == nil && found == 0 {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// sample keeps row n, from 1.
func (p *parquetTable) sample(values [][]parquet.Value, n int) error {
	place := fmt.Sprintf("row %d", n)
	if p.widths == nil {
		if err := p.spread(values); err != nil {
			return err
		}
	}
	at := 0
	for i, c := range p.layout.columns {
		l := p.leaves[c]
		if len(values[c]) != p.widths[i] {
			return &gmm.InputError{Key: fmt.Sprintf("%s, column %q", place, l.name), Expected: fmt.Sprintf("%d numbers, as in the first row", p.widths[i]), Found: fmt.Sprint(len(values[c])), Reason: gmm.ErrShape}
		}
		for _, v := range values[c] {
			p.row[at] = math.NaN()
			if !v.IsNull() {
				p.row[at] = l.value(v)
			}
			at++
		}
	}
	label, err := p.labelOf(values, n)
	if err != nil {
		return err
	}
	if label == "" {
		if p.DropMissing {
			p.Missing++
			return nil
		}
		return &gmm.InputError{Key: place, Expected: "a class label (--missing drop leaves the row out)", Found: "none", Reason: gmm.ErrSyntax}
	}
	return p.values(p.b, p.all, p.row, label, place, p.Options)
}

// labelOf is the label of row n; empty where it is missing.
func (p *parquetTable) labelOf(values [][]parquet.Value, n int) (string, error) {
	if p.of != nil {
		label, _ := p.of.at(n - 1)
		return label, nil
	}
	if len(values[p.layout.label]) != 1 || values[p.layout.label][0].IsNull() {
		return "", nil
	}
	v := values[p.layout.label][0]
	label := v.String()
	if v.Kind() == parquet.ByteArray {
		label = string(v.ByteArray())
	}
	if !utf8.ValidString(label) {
		return "", &gmm.InputError{Key: fmt.Sprintf("row %d, column %q", n, p.Label), Expected: "a label in UTF-8", Found: strconv.Quote(label), Reason: gmm.ErrSyntax}
	}
	return strings.TrimSpace(label), nil
}

// spread names the coordinates by the first row, a list's by name and number.
func (p *parquetTable) spread(values [][]parquet.Value) error {
	single := true
	for _, c := range p.layout.columns {
		l, width := p.leaves[c], len(values[c])
		p.widths = append(p.widths, width)
		if !l.list {
			p.Columns = append(p.Columns, l.name)
		} else {
			for i := range width {
				p.Columns = append(p.Columns, fmt.Sprintf("%s[%d]", l.name, i+1))
			}
		}
		single = single && l.kind == parquet.FloatType.String()
	}
	if len(p.Columns) > mostColumns || len(p.Columns) == 0 {
		return malformed(fmt.Sprintf("from 1 to %d columns", mostColumns), fmt.Sprint(len(p.Columns)))
	}
	all := layout{names: p.Columns}
	for c := range p.Columns {
		all.columns = append(all.columns, c)
	}
	var err error
	if p.all, err = p.matched(all); err != nil {
		return err
	}
	p.Columns = p.all.ordered()
	p.b, p.row = newBuilder(p.Table, p.Options), make([]float64, len(p.Columns))
	p.b.single = single
	return nil
}
