package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"

	"contrastcheck/comparison/bootstrap"
	"contrastcheck/gmm"
	"contrastcheck/internal/files"
	"contrastcheck/tables"
)

// input names a mixture: a mixture file, or a table of labelled samples.
type input struct {
	limited   `embed:""`
	sampled   `embed:""`
	File      string  `arg:"" optional:"" help:"Mixture file (JSON); - reads standard input."`
	Data      string  `placeholder:"FILE" help:"Fit the mixture to a table of labelled samples instead: text parted by commas, semicolons or tabs, NumPy's .npy and .npz, or Parquet; gzip may have compressed it; - reads standard input."`
	Label     string  `placeholder:"COLUMN" help:"The table's column of class labels."`
	Shrinkage *string `placeholder:"NUMBER|auto" help:"With --data, draw the pooled covariance S towards a multiple of the identity, (1 − λ)S + λ(tr S/d)I: λ in [0, 1], or auto, which estimates the best (Ledoit and Wolf 2004). Default: 0, so that a singular S is refused."`
	Centre    bool    `aliases:"center" help:"Subtract the mixture's mean first."`
	Delta     *string `placeholder:"NUMBER" help:"Probability that a pair shares its component: a decimal or a fraction in [0, 1]; overrides the file."`

	preparation *preparation    // what was done to the table; nil if nothing
	classes     []string        // the table's, in the order of the components; nil for a file
	features    each[[]string]  // names of each modality's coordinates; nil for a file
	rows        *bootstrap.Rows // if not nil, keeps what the mixture is fitted to
	looked      looked          // of --format notebook
	ownRows     *tables.Table   // with --covariance own, as fitted; nil elsewhere
}

// source is the name of the file that the flags name, for messages.
func (i input) source() string { return sourceName(cmp.Or(i.File, i.Data)) }

// pairs reads what the flags name, which must be a mixture with a shared covariance.
func (i *input) pairs(s *session) (gmm.Pairs, error) {
	d, err := i.read(s)
	if err == nil {
		err = gmm.InSource(i.source(), d.Pairs.WantSingle())
	}
	if err != nil {
		return gmm.Pairs{}, err
	}
	return i.adjusted(d.Pairs)
}

// adjusted applies --delta and --centre.
func (i input) adjusted(p gmm.Pairs) (gmm.Pairs, error) {
	if delta, err := i.delta(); err != nil {
		return p, err
	} else if delta != nil {
		if p.Modalities() == 2 {
			return p, fmt.Errorf("--delta: expected none with a paired file, whose pairs always share their component; found %s", *i.Delta)
		}
		if p, err = p.WithDelta(delta); err != nil {
			return p, err
		}
	}
	if i.Centre {
		return p.Centre()
	}
	return p, nil
}

// document reads what the flags name, of any kind.
func (i *input) document(s *session) (gmm.Document, error) {
	d, err := i.read(s)
	if err == nil {
		d.Pairs, err = i.adjusted(d.Pairs)
	}
	return d, err
}

// delta reads --delta; nil if it is not given.
func (i input) delta() (*big.Rat, error) {
	if i.Delta == nil {
		return nil, nil
	}
	delta, err := gmm.ParseNumber(*i.Delta)
	if err == nil && (delta.Sign() < 0 || delta.Cmp(big.NewRat(1, 1)) > 0) {
		err = &gmm.InputError{Expected: "a number in [0, 1]", Found: gmm.FormatNumber(delta), Reason: gmm.ErrDelta}
	}
	return delta, inFlag("--delta", err)
}

// check refuses flags that do not go together.
func (i input) check() error {
	switch {
	case i.File != "" && i.Data != "":
		return errors.New("expected a mixture file or --data, found both; leave one out")
	case i.File == "" && i.Data == "":
		return errors.New("expected a mixture file, or --data CSV --label COLUMN; see contrastcheck --help")
	case i.File != "" && i.Label != "":
		return errors.New("--label goes with --data; a mixture file has no labels")
	case i.File != "" && i.sampled.given() != "":
		return fmt.Errorf("%s goes with --data; a mixture file has no samples", i.sampled.given())
	case i.File != "" && i.Shrinkage != nil:
		return errors.New("--shrinkage goes with --data; a mixture file has its covariance")
	case i.Data != "" && i.Label == "" && i.Labels == "":
		return errors.New("--data needs --label COLUMN, the column of class labels, or --labels FILE where they stand apart, as with .npy")
	case i.Text != "" && (i.Missing != "" || len(i.Drop) > 0):
		return errors.New("--text: expected two tables of the same rows, without --missing and --drop")
	case i.Text == "-" && i.Data == "-":
		return errors.New("expected --data or --text from standard input, found both")
	case i.Label != "" && i.Labels != "":
		return errors.New("expected --label COLUMN or --labels FILE, found both; leave one out")
	}
	return nil
}

// read reads what the flags name, as it is.
func (i *input) read(s *session) (d gmm.Document, err error) {
	if err = i.check(); err != nil {
		return d, err
	}
	if i.File != "" {
		return readFrom(i.File, s.stdin, i.reading().Read)
	}
	d.Pairs, err = i.fitted(s)
	return d, err
}

// sourceName is what messages call a file.
func sourceName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// readFrom reads a file, or standard input for "-".
func readFrom[T any](path string, stdin io.Reader, read func(name string, r io.Reader) (T, error)) (T, error) {
	name, r, done, err := open(path, stdin)
	if err != nil {
		var none T
		return none, err
	}
	defer done()
	return read(name, r)
}

// open opens a file, or standard input for "-".
func open(path string, stdin io.Reader) (name string, r io.Reader, done func(), err error) {
	if path == "-" {
		return sourceName(path), stdin, func() {}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", nil, nil, fmt.Errorf("%s: expected a readable file, found: %w", path, files.Reason(err))
	}
	return path, f, func() { f.Close() }, nil
}
