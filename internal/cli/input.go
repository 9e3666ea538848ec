package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"

	"contrastcheck/gmm"
)

// input names a mixture: a mixture file, or a table of labelled samples.
type input struct {
	limited   `embed:""`
	File      string  `arg:"" optional:"" help:"Mixture file (JSON); - reads standard input."`
	Data      string  `placeholder:"CSV" help:"Fit the mixture to a table of labelled samples instead; - reads standard input."`
	Label     string  `placeholder:"COLUMN" help:"The table's column of class labels."`
	Shrinkage *string `placeholder:"NUMBER|auto" help:"With --data, draw the pooled covariance S towards a multiple of the identity, (1 − λ)S + λ(tr S/d)I: λ in [0, 1], or auto, which estimates the best (Ledoit and Wolf 2004). Default: 0, so that a singular S is refused."`
	Centre    bool    `aliases:"center" help:"Subtract the mixture's mean first."`
	Delta     *string `placeholder:"NUMBER" help:"Probability that a pair shares its component: a decimal or a fraction in [0, 1]; overrides the file."`

	preparation *preparation // what was done to the table; nil if nothing
}

// source is the name of the file that the flags name, for messages.
func (i input) source() string {
	if i.File != "" {
		return sourceName(i.File)
	}
	return sourceName(i.Data)
}

// pairs reads what the flags name, which must be a mixture with a shared covariance.
func (i *input) pairs(stdin io.Reader) (gmm.Pairs, error) {
	p, err := i.read(stdin)
	if err != nil {
		return p, err
	}
	return i.adjusted(p)
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
func (i *input) document(stdin io.Reader) (gmm.Document, error) {
	if err := i.check(); err != nil {
		return gmm.Document{}, err
	}
	if i.File == "" {
		p, err := i.pairs(stdin)
		if err != nil {
			return gmm.Document{}, err
		}
		return gmm.Document{Pairs: p}, nil
	}
	name, r, done, err := open(i.File, stdin)
	if err != nil {
		return gmm.Document{}, err
	}
	defer done()
	d, err := i.reading().Read(name, r)
	if err != nil {
		return d, err
	}
	d.Pairs, err = i.adjusted(d.Pairs)
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
	var refusal *gmm.InputError
	if errors.As(err, &refusal) {
		refusal.Key = "--delta"
	}
	return delta, err
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
	case i.File != "" && i.Shrinkage != nil:
		return errors.New("--shrinkage goes with --data; a mixture file has its covariance")
	case i.Data != "" && i.Label == "":
		return errors.New("--data needs --label COLUMN, the column of class labels")
	}
	return nil
}

func (i *input) read(stdin io.Reader) (gmm.Pairs, error) {
	if i.File == "" {
		return i.fitted(stdin)
	}
	if err := i.check(); err != nil {
		return gmm.Pairs{}, err
	}
	return i.readFile(i.File, stdin)
}

// readFile reads a file of one modality whose components share a covariance.
func (l limited) readFile(path string, stdin io.Reader) (gmm.Pairs, error) {
	name, r, done, err := open(path, stdin)
	if err != nil {
		return gmm.Pairs{}, err
	}
	defer done()
	d, err := l.reading().Read(name, r)
	if err != nil {
		return gmm.Pairs{}, err
	}
	return d.Pairs, gmm.InSource(name, d.Pairs.WantSingle())
}

// sourceName is what messages call a file.
func sourceName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// open opens a file, or standard input for "-".
func open(path string, stdin io.Reader) (name string, r io.Reader, done func(), err error) {
	if path == "-" {
		return sourceName(path), stdin, func() {}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return "", nil, nil, fmt.Errorf("%s: expected a readable file, found: %w", path, err)
	}
	return path, f, func() { f.Close() }, nil
}
