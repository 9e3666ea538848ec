package cli

import (
	"fmt"
	"io"
	"math/big"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// preparation is what was done to a table before a mixture was fitted to it, in the
// order and with the keys of its JSON form.
type preparation struct {
	Dropped []string `json:"dropped_columns"`
	Lambda  number   `json:"shrinkage"`

	source       string
	shrunk, auto bool
}

// table reads the labelled samples that --data and --label name, without their
// constant columns, and --shrinkage.
func (i *input) table(stdin io.Reader) (*tables.Table, tables.Shrinkage, error) {
	if err := i.check(); err != nil {
		return nil, tables.Shrinkage{}, err
	}
	shrinkage, err := i.shrinkage()
	if err != nil {
		return nil, shrinkage, err
	}
	all, err := readFrom(i.Data, stdin, func(name string, r io.Reader) (*tables.Table, error) {
		return tables.Read(name, r, tables.Options{Label: i.Label, Limit: i.reading()})
	})
	if err != nil {
		return nil, shrinkage, err
	}
	t, dropped, err := all.Varying()
	if len(dropped) > 0 || i.Shrinkage != nil {
		i.preparation = &preparation{Dropped: append([]string{}, dropped...), source: sourceName(i.Data),
			shrunk: i.Shrinkage != nil, auto: shrinkage.Auto()}
	}
	return t, shrinkage, err
}

// shrinkage reads --shrinkage; none if it is not given.
func (i *input) shrinkage() (tables.Shrinkage, error) {
	if i.Shrinkage == nil {
		return tables.Shrinkage{}, nil
	}
	s, err := tables.ParseShrinkage(*i.Shrinkage)
	return s, inFlag("--shrinkage", err)
}

// fitted fits a mixture to the table.
func (i *input) fitted(stdin io.Reader) (gmm.Pairs, error) {
	t, shrinkage, err := i.table(stdin)
	if err != nil {
		return gmm.Pairs{}, err
	}
	i.classes = t.Classes
	m, lambda, err := t.Fit(t.All(), shrinkage)
	if err != nil {
		return gmm.Pairs{}, err
	}
	if i.preparation != nil {
		x, _ := lambda.Float64()
		i.preparation.Lambda = number(x)
	}
	return gmm.NewPairs(m, big.NewRat(1, 1))
}

// notes tells people what was done to the table, a line each.
func (i *input) notes() []string {
	p := i.preparation
	if p == nil {
		return nil
	}
	var lines []string
	if n := len(p.Dropped); n > 0 {
		const most = 8
		names := printable(strings.Join(p.Dropped[:min(n, most)], ", "))
		if n > most {
			names += fmt.Sprintf(" and %d more", n-most)
		}
		lines = append(lines, fmt.Sprintf("%s: left out %s: %s", p.source, count(n, "constant column"), names))
	}
	if p.shrunk {
		line := fmt.Sprintf("%s: shrunk the pooled covariance S to (1 − λ)S + λ(tr S/d)I, λ = %.4g", p.source, float64(p.Lambda))
		if p.auto {
			line += " (Ledoit and Wolf)"
		}
		lines = append(lines, line)
	}
	return lines
}
