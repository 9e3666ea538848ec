package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/solver/cosine"

	"github.com/jedib0t/go-pretty/v6/table"
)

// cosines tells whether the flags choose cosine scores.
func (c chosen) cosines() bool { return strings.EqualFold(c.Score, losses.CosineScore) }

// cosine is the loss of cosines that the flags choose.
func (c chosen) cosine() (losses.Cosine, error) { return losses.ChooseCosine(c.settings()) }

// cosine solves for a loss of cosines.
func (c *solveCommand) cosine(s *session) error {
	loss, err := c.chosen.cosine()
	if err != nil {
		return err
	}
	if err := c.plainly("--score cosine"); err != nil {
		return err
	}
	d, err := c.document(s)
	if err != nil {
		return err
	}
	r, err := c.normalised(s, loss, d.Pairs)
	if err != nil {
		return err
	}
	if c.Data != "" && !c.Centre {
		centred, failure := d.Pairs.Centre()
		if failure == nil {
			var other stationarySolution
			if other, failure = c.normalised(s, loss, centred); failure == nil {
				r.beside(other)
			}
		}
		err = failure
	}
	if s.Format == "json" {
		return errors.Join(json.NewEncoder(s.stdout).Encode(r), err)
	}
	if s.Format == notebook {
		return errors.Join(s.both(r, "", func(w io.Writer) error { return r.text(w, s.Quiet) }), err)
	}
	return errors.Join(r.text(s.stdout, s.Quiet), err)
}

// plainly refuses flags that do not go together with another, the first of several.
func (c *solveCommand) plainly(with string) error {
	for _, other := range []struct {
		flag  string
		given bool
	}{{"--blind", c.Blind}, {"--digits", c.Digits != nil}, {"--bootstrap", c.Bootstrap != nil}, {"--tolerance", c.Tolerance != nil}} {
		if other.given {
			return fmt.Errorf("%s: expected none with %s", other.flag, with)
		}
	}
	return nil
}

// normalised decides a loss of cosines on pairs.
func (c *solveCommand) normalised(s *session, loss losses.Cosine, p gmm.Pairs) (stationarySolution, error) {
	most := loss.MostColumns()
	columns := loss.StandardColumns(p)
	if c.Rank != nil {
		columns = *c.Rank
	}
	if columns < 1 || columns > most {
		with := "--score cosine"
		if most < cosine.MostColumns {
			with = "--negatives " + loss.Settings.Negatives + " " + with
		}
		return stationarySolution{}, fmt.Errorf("--rank: expected a number of columns from 1 to %d with %s, found %d", most, with, columns)
	}
	start := time.Now()
	d, err := solving(s, func() (losses.Normalised, error) { return loss.Decide(p, columns, s.Seed) })
	if err != nil {
		return stationarySolution{}, inFile(c.source(), err)
	}
	r := newStationary(p, loss.Settings, fmt.Sprintf("%s, τ = %.6g", loss.Title, loss.Temperature()), d.Stationary, columns, d.Rank, d.Outside)
	r.Stationary, r.Made, r.Seconds = r.Stationary.OfCosines(loss, d), newMade(c.input), time.Since(start).Seconds()
	if c.preparation != nil {
		r.Data = c.preparation
	}
	r.more = func(t table.Writer) {
		t.AppendRow(table.Row{"Noise", fmt.Sprintf("%.3g %% of the embedding's energy E‖Aᵀx‖² is from outside S_F", 100*d.Effect.Noise)})
		t.AppendRow(table.Row{"Accuracy", fmt.Sprintf("the nearest class mean is right for %.2f %%, of the best found inside S_F for %.2f %%", 100*d.Effect.Accuracy, 100*d.Within.Accuracy)})
	}
	return r, nil
}
