package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"

	"contrastcheck/atlas/mixtures"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/price"

	"github.com/jedib0t/go-pretty/v6/table"
)

// allMaps is the word for all maps beside each other.
const allMaps = "all"

// everyMap tells whether all maps are asked for, and refuses what does not go with that.
func (c *lossesCommand) everyMap() (bool, error) {
	if !strings.EqualFold(c.Map, allMaps) {
		return false, nil
	}
	rest := c.chosen
	rest.Map = losses.Linear
	if strings.EqualFold(rest.Loss, losses.InfoNCE.Settings.Loss) {
		rest.Loss = ""
	}
	switch {
	case c.File == "" && c.Data == "":
		return false, errors.New("--map all goes with a mixture file or --data, of which it compares maps")
	case !rest.standard():
		return false, errors.New("--map all compares maps by the InfoNCE loss with dot products and infinitely many negatives; leave other flags of the loss out")
	}
	return true, nil
}

// maps compares all maps on a mixture.
func (c *lossesCommand) maps(s *session, p gmm.Pairs) error {
	affine, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		return err
	}
	bar := s.progress(price.Steps, "comparing maps")
	found, err := price.Of(s.context(), p, price.Options{Seed: s.Seed, Limit: float64(c.Limit), Progress: func() { _ = bar.Add(1) }})
	_ = bar.Finish()
	switch {
	case s.context().Err() != nil:
		return errInterrupted
	case err != nil:
		return inFile(c.source(), err)
	}
	kept, err := mixtures.Of(s.context(), p, losses.Options{Limit: float64(c.Limit)}, runtime.GOMAXPROCS(0), []losses.Loss{losses.InfoNCE, affine})
	if err != nil {
		return errInterrupted
	}
	out := newLossesOf(p, kept)
	out.price = &found
	return s.print(out)
}

// mapOutput is what a kind of map achieves, with the keys of its JSON form.
type mapOutput struct {
	Map        string `json:"map"`
	Activation string `json:"activation,omitempty"` // of a network, as the next two
	Width      int    `json:"width,omitempty"`
	Rank       int    `json:"rank,omitempty"`
	Loss       number `json:"loss"`
	Share      number `json:"share"`
	ShareError number `json:"share_error"`
	Error      number `json:"error"`
	Grade      string `json:"grade"`
	Gap        number `json:"gap,omitempty"` // of the shared encoder
	Detail     string `json:"detail"`
}

func newMaps(x price.Price) (out []mapOutput) {
	for _, m := range x.Maps {
		o := mapOutput{Map: m.Map, Loss: number(m.Loss), Share: number(m.Share), ShareError: number(m.ShareError), Error: number(m.Error), Grade: m.Grade, Gap: number(m.Gap), Detail: m.Detail}
		if m.Map == price.Network {
			o.Activation, o.Width, o.Rank = price.Activation, m.Width, m.Outputs
		}
		out = append(out, o)
	}
	return out
}

// priceText writes what maps achieve for a person; a quiet text is the table alone.
func priceText(b *bytes.Buffer, name string, x price.Price, quiet bool) {
	if !quiet {
		fmt.Fprintf(b, "%s: the least InfoNCE loss of each kind of map, and the share of the information I(x; x̂) that it keeps\n\n", name)
	}
	t := plainTable()
	t.AppendRow(table.Row{"MAP", "LOSS", "KNOWN TO ±", "SHARE", "GRADE"})
	for _, m := range x.Maps {
		t.AppendRow(table.Row{m.Name(), fmt.Sprintf("%.*f", decimals(m.Error), m.Loss), fmt.Sprintf("%.1g", m.Error), m.Percent(2), m.Grade})
	}
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	fmt.Fprintln(b)
	for _, m := range x.Maps {
		fmt.Fprintf(b, "%s: %s\n", m.Name(), m.Detail)
	}
	for _, line := range x.LeftOut {
		fmt.Fprintln(b, line)
	}
	fmt.Fprintf(b, "\n%s\n", cmp.Or(x.Words(), "There is nothing to keep."))
}

// decimals are those of a number that is known to ±error, up to 12.
func decimals(error float64) int {
	if !(error > 0) {
		return 12
	}
	return max(1, min(12, int(math.Floor(-math.Log10(error)))))
}
