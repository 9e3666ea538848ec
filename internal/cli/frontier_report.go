package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math/big"
	"strconv"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// write writes what was found in a format, or as a figure of an ending.
func (f traced) write(w io.Writer, format string, quiet bool) error {
	switch format {
	case "text":
		return frontierText(w, f, quiet)
	case "json":
		return json.NewEncoder(w).Encode(newFrontierReport(f))
	case "csv":
		return frontierTable(w, f)
	case "latex":
		return frontierLaTeX(w, f)
	}
	return frontierFigure(f).Write(w, format)
}

// frontierReport is the output of frontier, in the order and with the keys of its JSON form.
type frontierReport struct {
	Name        string          `json:"name"`
	Components  int             `json:"components"`
	Dimension   int             `json:"dimension"`
	Axes        []frontierAxis  `json:"axes"`
	Points      []frontierPoint `json:"points"`
	*lossNames                  // of claims about them alone
	Claim       string          `json:"claim,omitempty"`       // another than equality
	Temperature string          `json:"temperature,omitempty"` // of cosines
	Measure     string          `json:"measure,omitempty"`     // what margins are, of another claim
	// Brackets of changes of sign are there where they are asked for.
	Brackets []frontierBracket `json:"brackets,omitzero"`
}

// frontierBracket is an interval of the last axis, with the verdicts at its ends.
type frontierBracket struct {
	Axis        string   `json:"axis"`
	At          []string `json:"at,omitempty"` // the values of the other axes
	Low         string   `json:"low"`
	High        string   `json:"high"`
	LowVerdict  string   `json:"low_verdict"`
	HighVerdict string   `json:"high_verdict"`
	LowBound    string   `json:"low_bound,omitempty"` // what is proved of the margin
	HighBound   string   `json:"high_bound,omitempty"`
	Proved      bool     `json:"proved"`
	Width       number   `json:"width"` // relative
	Reason      string   `json:"reason,omitempty"`
	// The proofs, each a mixture file that recheck verifies.
	LowCertificate  json.RawMessage `json:"low_certificate,omitempty"`
	HighCertificate json.RawMessage `json:"high_certificate,omitempty"`
}

type frontierAxis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type frontierPoint struct {
	At          []string `json:"at"` // one value for each axis
	Equality    string   `json:"verdict"`
	Margin      number   `json:"margin"`
	certificate          // grade, epsilon and rule
}

func newFrontierReport(f traced) frontierReport {
	base := f.Grid.Base
	r := frontierReport{Name: base.Name(), Components: base.Components(), Dimension: base.Left.Dimension(), Points: []frontierPoint{}}
	if f.Grid.Asked == nil { // a claim says itself what loss it is about
		names := answer.NamesOf(f.Grid.Loss)
		r.lossNames = &names
	}
	switch t, asked := f.Grid.Temperature, f.Grid.Asked; {
	case asked != nil:
		r.Claim, r.Measure = asked.ID, asked.Measure
		if asked.Temperature != nil {
			r.Temperature = gmm.FormatNumber(asked.Temperature)
		}
	case t != nil:
		r.Claim, r.Score, r.Temperature = frontier.CosineStable, proof.Cosines, gmm.FormatNumber(t)
	}
	for _, a := range f.Grid.Axes {
		switch a.Parameter {
		case frontier.Negatives:
			r.Negatives = ""
		case frontier.Temperature:
			r.Temperature = ""
		}
		axis := frontierAxis{Name: string(a.Parameter)}
		for i := range a.Count {
			axis.Values = append(axis.Values, gmm.FormatNumber(a.Value(i)))
		}
		r.Axes = append(r.Axes, axis)
	}
	for _, p := range f.Points {
		if p.Reached {
			r.Points = append(r.Points, newFrontierPoint(p))
		}
	}
	if f.refined {
		r.Brackets = []frontierBracket{}
	}
	for _, b := range f.brackets {
		r.Brackets = append(r.Brackets, newFrontierBracket(f.Grid, b))
	}
	return r
}

func newFrontierPoint(p frontier.Point) frontierPoint {
	margin, epsilon := p.Deciding()
	return frontierPoint{At: formatted(p.At), Equality: p.Verdict.String(), Margin: number(margin),
		certificate: certificate{Grade: p.Evidence.Grade.String(), Epsilon: number(epsilon), Rule: p.Evidence.Rule}}
}

func newFrontierBracket(g frontier.Grid, b frontier.Bracket) frontierBracket {
	low, high := formatted(b.Low.At), formatted(b.High.At)
	last := len(g.Axes) - 1
	return frontierBracket{Axis: string(g.Axes[last].Parameter), At: formatted(b.Row), Low: low[last], High: high[last],
		LowVerdict: b.Low.Verdict.String(), HighVerdict: b.High.Verdict.String(), LowBound: b.Low.Bound, HighBound: b.High.Bound,
		Proved: b.Proved(), Width: number(b.Width()), Reason: b.Reason, LowCertificate: certified(b.Low), HighCertificate: certified(b.High)}
}

// certified is the proof at an end as a mixture file; nil where there is none.
func certified(e frontier.End) json.RawMessage {
	if e.Certificate == nil {
		return nil
	}
	var text bytes.Buffer
	_ = e.Certificate.Write(&text) // a buffer takes everything
	return text.Bytes()
}

func formatted(numbers []*big.Rat) (texts []string) {
	for _, x := range numbers {
		texts = append(texts, gmm.FormatNumber(x))
	}
	return texts
}

// frontierTable writes CSV: the axes, then verdict, margin, epsilon and grade;
// what is not finite stays empty. The ends of brackets follow the points, of proved ones with the bound that is proved for a margin.
func frontierTable(w io.Writer, f traced) error {
	r := newFrontierReport(f)
	table := csv.NewWriter(w)
	var header []string
	for _, a := range r.Axes {
		header = append(header, a.Name)
	}
	_ = table.Write(append(header, "verdict", "margin", "epsilon", "grade"))
	for _, p := range r.Points {
		_ = table.Write(append(p.At, p.Equality, cell(p.Margin), cell(p.Epsilon), p.Grade))
	}
	for _, b := range f.brackets {
		for _, e := range []frontier.End{b.Low, b.High} {
			p := newFrontierPoint(e.Point)
			margin, epsilon := cell(p.Margin), cell(p.Epsilon)
			if e.Certificate != nil {
				margin, epsilon = e.Bound, ""
			}
			_ = table.Write(append(p.At, p.Equality, margin, epsilon, p.Grade))
		}
	}
	table.Flush()
	return table.Error()
}

// cell is a number in a table, empty where it is not finite.
func cell(x number) string {
	if !x.Finite() {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

var verdictMarks = map[oracle.Verdict]string{oracle.Holds: "+", oracle.Refuted: "-", oracle.Undecided: "?"}
