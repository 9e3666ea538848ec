package answer

import (
	"math"
	"strconv"

	"contrastcheck/atlas/mixtures"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// LossNames say which loss it is.
type LossNames struct {
	Loss      string  `json:"loss"`
	Score     string  `json:"score"`
	Map       string  `json:"map"`
	Negatives Setting `json:"negatives,omitempty"`
	Bias      Setting `json:"bias,omitempty"` // as given, or of a mixture the best one
}

// NamesOf are those of a loss, as it is chosen.
func NamesOf(l losses.Loss) LossNames {
	return LossNames{l.Settings.Loss, l.Settings.Score, l.Settings.Map, Setting(l.Settings.Negatives), Setting(l.Settings.Bias)}
}

// String names a loss in a table: "infonce, 16 negatives", "sigmoid, 1 negative, bias -2".
func (n LossNames) String() string {
	name := n.Loss
	if n.Map != losses.Linear {
		name += ", " + n.Map
	}
	if n.Negatives != "" && n.Negatives != "inf" && (n.Loss == "infonce" || n.Loss == "sigmoid") {
		name += ", " + string(n.Negatives) + " negative"
		if n.Negatives != "1" {
			name += "s"
		}
	}
	if n.Bias != "" && n.Bias != "free" {
		name += ", bias " + string(n.Bias)
	}
	return name
}

// Kept is what a loss keeps of a mixture, with the keys of its JSON form.
type Kept struct {
	LossNames
	Kept      int    `json:"kept"`
	Lost      int    `json:"lost"`
	Undecided int    `json:"undecided"`
	Margin    Number `json:"margin"`
	Epsilon   Number `json:"epsilon"`
	Equality  string `json:"equality"`
	Grade     string `json:"grade"`
	Reason    string `json:"reason,omitempty"`

	Containment string  `json:"containment,omitempty"` // of own covariances, as the next
	Departure   *Number `json:"departure,omitempty"`
	Envelope    int     `json:"envelope_dimension,omitempty"`

	Maps    any      `json:"maps,omitempty"` // with --map all, of the first loss, as the next
	LeftOut []string `json:"left_out,omitempty"`
}

// NewKept writes what a loss keeps.
func NewKept(k mixtures.Kept) Kept {
	names := NamesOf(k.Loss)
	if !math.IsNaN(k.Bias) {
		names.Bias = Setting(strconv.FormatFloat(k.Bias, 'g', -1, 64))
	}
	out := Kept{LossNames: names, Kept: k.Kept, Lost: k.Lost, Undecided: k.Undecided, Margin: Number(k.Margin), Epsilon: Number(k.Epsilon),
		Equality: k.Equality.String(), Grade: k.Grade.String(), Reason: k.Reason}
	if own := k.Own; own != nil {
		out.Containment, out.Envelope = own.Containment.String(), own.Envelope
		if !math.IsNaN(own.Departure) {
			departure := Number(own.Departure)
			out.Departure = &departure
		}
	}
	if k.Equality == oracle.Undecided && (k.Own == nil || k.Own.Containment == oracle.Undecided) {
		out.Grade = ""
	}
	return out
}
