package cli

import (
	"fmt"
	"io"
	"math/big"
	"runtime"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// preparation is what was done to a table before a mixture was fitted to it, in the
// order and with the keys of its JSON form.
type preparation struct {
	Dropped []string `json:"dropped_columns"`
	Lambda  number   `json:"shrinkage"`
	// Covariance is "own" where each class has its own, and Lambdas are then those of the classes; Lambda is the largest.
	Covariance string   `json:"covariance,omitempty"`
	Lambdas    []number `json:"class_shrinkage,omitempty"`
	// Missing counts the lines left out; Rounding is that of tables.Fitted, of a big table whose mixture is fitted in float64.
	Missing  int    `json:"missing_rows,omitempty"`
	Rounding number `json:"rounding,omitempty"`
	// Text is of the table of the other modality, if anything was done to it.
	Text *preparation `json:"text,omitempty"`

	source       string
	shrunk, auto bool
	rounded      bool
}

// sampled are the flags of a table of labelled samples.
type sampled struct {
	Labels     string   `placeholder:"FILE|KEY" help:"With --data FILE.npy or FILE.npz, or a text without labels: a file of class labels, .npy or one a line; of an .npz also the name of one of its arrays."`
	NoHeader   bool     `help:"With --data, the first line is a sample; columns are named by their numbers, from 1: --label 5."`
	Drop       []string `placeholder:"COLUMN,…" help:"With --data, columns to leave out, such as numbers of rows."`
	Missing    string   `enum:",drop" default:"" placeholder:"drop" help:"With --data, drop leaves out rows with a missing value, which are refused otherwise."`
	Text       string   `placeholder:"FILE" help:"With --data, a table of the other modality of the same samples, in the same order, with the same --label or --labels: a law of pairs for clip."`
	Covariance string   `enum:"shared,own" default:"shared" placeholder:"shared|own" help:"With --data, one covariance for all classes, pooled, or own: that of each class as it is, divisor n_k. Default: shared."`
	Exact      bool     `help:"With --data, fit in exact arithmetic, however big the table. Default: beyond 2²⁰ numbers or 2²⁴ products covariances are sums of float64, with a bound of their error."`
}

// ownCovariances tells whether each class is to have its own covariance.
func (f sampled) ownCovariances() bool { return f.Covariance == "own" }

// estimate fits the mixture that the flags ask for.
func (f sampled) estimate(t *tables.Table, samples []int, shrinkage tables.Shrinkage) (tables.Fitted, error) {
	if f.ownCovariances() {
		return t.EstimateOwn(samples, shrinkage)
	}
	return t.Estimate(samples, shrinkage)
}

// given names one of the flags that was given, if any.
func (f sampled) given() string {
	switch {
	case f.Text != "":
		return "--text"
	case f.Labels != "":
		return "--labels"
	case f.NoHeader:
		return "--no-header"
	case len(f.Drop) > 0:
		return "--drop"
	case f.Missing != "":
		return "--missing"
	case f.ownCovariances():
		return "--covariance own"
	}
	return ""
}

// table reads the labelled samples that --data and --label name, without their
// constant columns, and --shrinkage.
func (i *input) table(s *session) (*tables.Table, tables.Shrinkage, error) {
	if err := i.check(); err != nil {
		return nil, tables.Shrinkage{}, err
	}
	shrinkage, err := i.shrinkage()
	if err != nil {
		return nil, shrinkage, err
	}
	t, done, err := i.samples(s, i.Data, nil)
	if done != nil && (done.changed() || i.Shrinkage != nil || i.ownCovariances()) {
		done.shrunk, done.auto = i.Shrinkage != nil, shrinkage.Auto()
		i.preparation = done
	}
	return t, shrinkage, err
}

// samples reads a table, without its constant columns; labels are those of another, if it is not nil.
func (i *input) samples(s *session, path string, labels *tables.Table) (*tables.Table, *preparation, error) {
	o := tables.Options{Label: i.Label, Labels: i.Labels, NoHeader: i.NoHeader, Drop: i.Drop, DropMissing: i.Missing != "", Exact: i.Exact, Limit: i.reading()}
	if labels != nil && i.Labels != "" {
		o.Labels, o.LabelsOf = "", labels
	}
	all, err := readFrom(path, s.stdin, func(name string, r io.Reader) (*tables.Table, error) {
		r, done := s.watched(r)
		defer done()
		return tables.Read(name, r, o)
	})
	if err != nil {
		return nil, nil, err
	}
	t, dropped, err := all.Varying()
	return t, &preparation{Dropped: append([]string{}, dropped...), Missing: all.Missing, source: sourceName(path), rounded: all.Rounded()}, err
}

// changed tells whether anything is to be told.
func (p *preparation) changed() bool { return len(p.Dropped) > 0 || p.Missing > 0 || p.rounded }

// shrinkage reads --shrinkage; none if it is not given.
func (i *input) shrinkage() (tables.Shrinkage, error) {
	if i.Shrinkage == nil {
		return tables.Shrinkage{}, nil
	}
	s, err := tables.ParseShrinkage(*i.Shrinkage)
	return s, inFlag("--shrinkage", err)
}

// fitted fits a mixture to the table.
func (i *input) fitted(s *session) (gmm.Pairs, error) {
	t, shrinkage, err := i.table(s)
	if err != nil {
		return gmm.Pairs{}, err
	}
	p, text, err := i.fittedTo(s, t, shrinkage)
	i.keep(shrinkage, t, text)
	i.look(s, t, text)
	if t.Rounded() {
		t = nil
		runtime.GC() // half a gigabyte that is not needed any more should not count twice
	}
	return p, err
}

// fittedTo fits a mixture to a table, and to that of --text, which it returns, too; nil if there is none.
func (i *input) fittedTo(s *session, t *tables.Table, shrinkage tables.Shrinkage) (p gmm.Pairs, text *tables.Table, err error) {
	i.classes, i.features = t.Classes, each[[]string]{t.Columns}
	if i.ownCovariances() {
		i.ownRows = t
	}
	left, err := fitting(s, func() (*gmm.Mixture, error) { return i.preparation.fit(t, shrinkage, i.sampled) })
	if err != nil {
		return p, nil, err
	}
	right := left
	if i.Text != "" {
		if text, right, err = i.second(s, t, shrinkage); err != nil {
			return p, nil, err
		}
	}
	p, err = gmm.NewPaired(left, right, big.NewRat(1, 1))
	return p, text, err
}

// fit fits a mixture to all samples, and keeps what is told of it; of nil nothing is.
func (p *preparation) fit(t *tables.Table, shrinkage tables.Shrinkage, by sampled) (*gmm.Mixture, error) {
	f, err := by.estimate(t, t.All(), shrinkage)
	if err != nil || p == nil {
		return f.Mixture, err
	}
	p.Rounding = number(f.Rounding)
	if f.Lambda != nil {
		p.Lambda = toNumber(f.Lambda)
	}
	if by.ownCovariances() {
		p.Covariance = by.Covariance
	}
	for _, lambda := range f.Lambdas {
		p.Lambdas = append(p.Lambdas, toNumber(lambda))
		p.Lambda = max(p.Lambda, toNumber(lambda))
	}
	return f.Mixture, nil
}

func toNumber(x *big.Rat) number {
	value, _ := x.Float64()
	return number(value)
}

// notes tells people what was done to the table, a line each.
func (i *input) notes() []string { return i.preparation.notes() }

// lambdas lists the λ of classes, the first of them where there are many.
func (p *preparation) lambdas() string {
	const most = 8
	var shown []string
	for _, x := range p.Lambdas[:min(most, len(p.Lambdas))] {
		shown = append(shown, fmt.Sprintf("%.4g", float64(x)))
	}
	list := "λ = " + strings.Join(shown, ", ")
	if more := len(p.Lambdas) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

func (p *preparation) notes() (lines []string) {
	if p == nil {
		return nil
	}
	defer func() { lines = append(lines, p.Text.notes()...) }()
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
		if p.Lambdas != nil {
			line = fmt.Sprintf("%s: shrunk each class's covariance S to (1 − λ)S + λ(tr S/d)I, %s", p.source, p.lambdas())
		}
		if p.auto {
			line += " (Ledoit and Wolf)"
		}
		lines = append(lines, line)
	}
	if p.Missing > 0 {
		lines = append(lines, fmt.Sprintf("%s: left out %s with a missing value", p.source, count(p.Missing, "row")))
	}
	if p.rounded {
		line := p.source + ": a big table, fitted in float64"
		if p.Rounding > 0 {
			line += fmt.Sprintf(", which moves variances by less than %.1g of themselves and means by less than %.1g standard deviations", float64(p.Rounding), float64(p.Rounding))
		}
		lines = append(lines, line+"; --exact fits it in exact arithmetic")
	}
	return lines
}
