package cli

import (
	"bytes"
	"errors"
	"fmt"

	"contrastcheck/losses"

	"github.com/jedib0t/go-pretty/v6/table"
)

// ofCosines tells of losses of cosines on the mixture that the flags name: of the one that they choose, or of both.
func (c *lossesCommand) ofCosines(s *session) error {
	if c.File == "" && c.Data == "" {
		return errors.New("--score: expected a mixture file or --data with cosine, as the atlas is of losses that are convex in M")
	}
	words := []string{"infonce", "sigmoid"}
	if c.Loss != "" {
		words = []string{c.Loss}
	}
	var of []losses.Cosine
	for _, word := range words {
		settings := c.settings()
		settings.Loss = word
		l, err := losses.ChooseCosine(settings)
		if err != nil {
			return err
		}
		of = append(of, l)
	}
	d, err := c.document(s)
	if err != nil {
		return err
	}
	var out cosineLosses
	for _, l := range of {
		found, err := solving(s, func() (losses.Normalised, error) {
			return l.Decide(d.Pairs, l.StandardColumns(d.Pairs), s.Seed)
		})
		if err != nil {
			return inFile(c.source(), err)
		}
		out = append(out, newCosineLoss(l, found))
	}
	return s.print(out)
}

// cosineLoss is what a loss of cosines makes of a mixture, with the keys of its JSON form.
type cosineLoss struct {
	lossNames
	Temperature number `json:"temperature"`
	Containment string `json:"containment"`
	Rank        int    `json:"rank"`
	Value       number `json:"value"`
	Inside      number `json:"inside"`
	Gain        number `json:"gain"`
	Noise       number `json:"noise"`
	Grade       string `json:"grade,omitempty"`
	Reason      string `json:"reason"`
}

func newCosineLoss(l losses.Cosine, d losses.Normalised) cosineLoss {
	x := l.Settings
	out := cosineLoss{lossNames: lossNames{Loss: x.Loss, Score: x.Score, Map: x.Map, Negatives: setting(x.Negatives), Bias: setting(x.Bias)}, Temperature: number(l.Temperature()), Containment: d.Containment().String(),
		Rank: d.Rank, Value: number(d.Best.Loss), Inside: number(d.Inside.Loss), Gain: number(d.Inside.Loss - d.Best.Loss), Noise: number(d.Effect.Noise), Reason: d.Reason("S_F")}
	if out.Containment == "refuted" {
		out.Grade = d.Grade.String()
	}
	return out
}

type cosineLosses []cosineLoss

// text writes them for a person; a quiet text is the table alone.
func (l cosineLosses) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	t.AppendRow(table.Row{"LOSS", "SCORE", "TEMPERATURE", "LOSS AT BEST", "INSIDE S_F", "LOWER BY", "NOISE", "CONTAINED", "GRADE"})
	for _, x := range l {
		t.AppendRow(table.Row{x.lossNames, x.Score, fmt.Sprintf("%.6g", float64(x.Temperature)), fmt.Sprintf("%.9g", float64(x.Value)), fmt.Sprintf("%.9g", float64(x.Inside)), fmt.Sprintf("%.3g", float64(x.Gain)),
			fmt.Sprintf("%.3g %%", 100*float64(x.Noise)), x.Containment, x.Grade})
	}
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	fmt.Fprint(b, "\nOf embeddings of length 1, at the best stationary points that were found. Noise is the share of E‖Aᵀx‖² from outside S_F.\n")
	for _, x := range l {
		fmt.Fprintf(b, "%s: %s\n", x.lossNames, x.Reason)
	}
}
