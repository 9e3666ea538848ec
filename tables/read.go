package tables

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"contrastcheck/gmm"
)

// Options say how a table is read.
type Options struct {
	// Label is the name of the column of class labels; with NoHeader its number, from 1.
	Label string
	// NoHeader says that a text has samples from its first line on. The columns are then named by their numbers, from 1.
	NoHeader bool
	// Labels is a file of class labels that stand apart from the numbers: .npy, or text of one label a line; of an .npz it may
	// be the name of one of its arrays. With it there is no Label.
	Labels string
	// LabelsOf is a table whose labels are those of this one, row by row: the other modality of the same samples. With it there is no Labels.
	LabelsOf *Table
	// Like is a table of which this one has more samples: its columns, in whatever order, and no others; labels are optional. Columns are matched by name, and those
	// of Drop need not be there. The table read has the columns in the order of Like.
	Like *Table
	// Open opens it; nil stands for os.Open.
	Open func(name string) (io.ReadCloser, error)
	// Drop are the names of columns that are left out.
	Drop []string
	// DropMissing leaves out samples that miss a number or the label; else they are refused.
	DropMissing bool
	// Exact keeps all numbers of a big table, too, as they are written, so that mixtures are fitted in exact arithmetic. A table is big that has
	// more than 2²⁰ numbers, or whose covariance is a sum of more than 2²⁴ products.
	Exact bool
	// Limit is on the work of reading the table and of fitting mixtures to it; 0 is 1.
	Limit gmm.Limit
}

// Read reads a table of numbers and class labels, in a format that its first bytes tell; each may be compressed by gzip.
//
//   - Delimited text, its fields parted by commas, semicolons or tabs, whichever the first line
//     has most of, with a header that names the columns. The column named Label holds the
//     classes and every other column a coordinate.
//   - NumPy's .npy, a matrix of a row for each sample, and .npz, whose only matrix that is, or the one named X, with Labels. The columns are named by
//     their numbers, from 1. Numbers that are NaN are missing.
//   - Parquet, its columns numbers or, as embeddings often are, lists of as many numbers in each row, with a column named Label
//     or Labels. The columns in which pandas keeps the numbers of rows are left out.
//
// What is wrong is a gmm.InputError that
// names the source and the line or column: ErrSyntax, ErrNumber or ErrShape; or ErrCost
// for a table that would take more than the limit allows to read, or to fit a mixture to.
func Read(source string, r io.Reader, o Options) (*Table, error) {
	if o.Limit == 0 {
		o.Limit = 1
	}
	t := &Table{source: source, limit: o.Limit, places: make(map[string]int)}
	t.Name = nameOf(source)
	if err := t.read(r, o); err != nil {
		return nil, gmm.InSource(source, unreadable(err))
	}
	return t, nil
}

// nameOf is a file's name without folder and extension, that of gzip included.
func nameOf(source string) string {
	name := strings.TrimSuffix(filepath.Base(source), ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// bufferSize is what is read at once.
const bufferSize = 1 << 18

func (t *Table) read(r io.Reader, o Options) error {
	plain := bufio.NewReaderSize(metered(r, o.Limit), bufferSize)
	buffered, err := inflated(plain, o.Limit)
	if err != nil {
		return err
	}
	if buffered != plain {
		r = buffered // of which the size is not known
	}
	if begins(buffered, zipMagic) {
		at, size, err := anywhere(r, buffered)
		if err != nil {
			return err
		}
		return t.readNPZ(at, size, o)
	}
	of, err := o.readLabels()
	if err != nil {
		return err
	}
	if begins(buffered, npyMagic) {
		a, err := readNPY(buffered)
		if err != nil {
			return err
		}
		return t.readMatrix(a, of, size(r), o)
	}
	if begins(buffered, parquetMagic) {
		at, size, err := anywhere(r, buffered)
		if err != nil {
			return err
		}
		return t.readParquet(at, size, of, o)
	}
	return t.readText(buffered, of, o)
}

// gzipMagic begins what gzip compressed.
const gzipMagic = "\x1f\x8b"

// inflated returns what is to be read, without gzip's compression.
func inflated(r *bufio.Reader, limit gmm.Limit) (*bufio.Reader, error) {
	if !begins(r, gzipMagic) {
		return r, nil
	}
	inflating, err := gzip.NewReader(r)
	return bufio.NewReaderSize(metered(inflating, limit), bufferSize), err
}

// open opens a file.
func (o Options) open(name string) (io.ReadCloser, error) {
	if o.Open == nil {
		return os.Open(name)
	}
	return o.Open(name)
}

// begins tells whether what is to be read begins so.
func begins(r *bufio.Reader, magic string) bool {
	start, _ := r.Peek(len(magic))
	return bytes.Equal(start, []byte(magic))
}

// unreadable makes a refusal of the errors of readers.
func unreadable(err error) error {
	var refusal *gmm.InputError
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return &gmm.InputError{Expected: "a readable file", Found: unreadableReason(err).Error(), Reason: err}
}

// unreadableReason is why a file cannot be read, without its name.
func unreadableReason(err error) error {
	var path *fs.PathError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("a truncated one")
	}
	return err
}

// meter refuses to read more than a limit allows.
type meter struct {
	r    io.Reader
	left int64
	most float64
}

// metered allows half a gigabyte for a limit of 1.
func metered(r io.Reader, limit gmm.Limit) *meter {
	const mostBytes = 5e8
	most := math.Min(mostBytes*float64(limit), math.MaxInt64/2)
	return &meter{r: r, left: int64(most), most: most}
}

func (m *meter) Read(into []byte) (int, error) {
	n, err := m.r.Read(into)
	if m.left -= int64(n); m.left < 0 {
		return 0, &gmm.InputError{Reason: gmm.ErrCost, Expected: fmt.Sprintf("a file of at most %.3g MB; --limit N allows N times as much", m.most/1e6), Found: "a longer one"}
	}
	return n, err
}
