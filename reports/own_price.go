package reports

import (
	"context"
	"fmt"
	"strings"

	"contrastcheck/losses"
	"contrastcheck/price"
	"contrastcheck/reports/figures"
)

// OwnPrice is what linearity costs: what maps of several kinds keep of the information of a pair.
type OwnPrice struct {
	// LeftOut says what is missing, and why; "" if nothing is.
	LeftOut     string          `json:"left_out,omitempty"`
	Information Number          `json:"information"` // I(x; x̂), nats
	Maps        []OwnPriced     `json:"maps"`
	Words       string          `json:"words"`
	Figure      *figures.Figure `json:"figure,omitempty"`
}

// OwnPriced is what one kind of map achieves.
type OwnPriced struct {
	Map   string `json:"map"`
	Name  string `json:"name"`
	Loss  Number `json:"loss"`
	Error Number `json:"error"`
	Share Number `json:"share"`
	// Percent is the share in percent, with the decimals that are known; "?" for none.
	Percent string `json:"-"`
	Grade   string `json:"grade"`
	Detail  string `json:"detail"`
}

// priced tells whether the subject has a price of linearity: of the InfoNCE loss with dot products and infinitely many negatives, one modality and a shared covariance.
func (s Subject) priced() bool {
	return s.Loss.Settings.Loss == losses.InfoNCE.Settings.Loss && s.Loss.Settings.Score == losses.Dot && s.Loss.Settings.Negatives == losses.InfoNCE.Settings.Negatives && s.Pairs.WantSingle() == nil
}

// price compares maps; the context's error is the only one.
func (s Subject) price(ctx context.Context, o OwnOptions) (*OwnPrice, error) {
	out := &OwnPrice{Maps: []OwnPriced{}}
	if o.Effort.Name == Quick.Name && s.Pairs.Left.DifferenceDimension() > 1 {
		out.LeftOut = "Left out of a quick report: nets and encoders of mixtures in the plane take longer."
		o.Progress(price.Steps)
		return out, nil
	}
	steps := 0
	found, err := price.Of(ctx, s.Pairs, price.Options{Seed: o.Seed, Limit: float64(o.Limit), Progress: func() { steps++; o.Progress(1) }})
	switch {
	case ctx.Err() != nil:
		out.LeftOut = endedEarly
		return out, ctx.Err()
	case err != nil:
		o.Progress(price.Steps - steps)
		out.LeftOut = "Maps are not compared: " + plainly(err) + "."
		return out, nil
	}
	out.LeftOut, out.Information, out.Words = strings.Join(found.LeftOut, " "), Number(found.Information.Value), found.Words()
	for _, m := range found.Maps {
		out.Maps = append(out.Maps, OwnPriced{m.Map, m.Name(), Number(m.Loss), Number(m.Error), Number(m.Share), m.Percent(1), m.Grade, m.Detail})
	}
	if found.Picture != nil {
		var classes []string
		for k := range s.Pairs.Components() {
			classes = append(classes, s.class(k))
		}
		figure := figures.Encoders("price", "The best shared encoder beside the linear map", classes, *found.Picture)
		out.Figure = &figure
	}
	return out, nil
}

// Written is the loss with the digits that are known, ten at most.
func (m OwnPriced) Written() string {
	digits := 1
	for scale := 0.1; digits < 10 && float64(m.Error) < scale/10; digits++ {
		scale /= 10
	}
	return figures.Typeset(fmt.Sprintf("%.*f", digits, float64(m.Loss)))
}
