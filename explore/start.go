package explore

import (
	"encoding/json"

	"contrastcheck/losses"
)

// Start is what a page begins with.
type Start struct {
	// Mixture is a mixture file, Names those of its components, nil if they have none.
	Mixture json.RawMessage `json:"mixture"`
	Names   []string        `json:"names,omitempty"`
	Options chosen          `json:"options"`
}

// chosen are options, every one written out.
type chosen struct {
	Loss        string `json:"loss"`
	Score       string `json:"score"`
	Map         string `json:"map"`
	Negatives   string `json:"negatives,omitempty"`
	Bias        string `json:"bias,omitempty"`
	Margin      string `json:"margin,omitempty"`
	Temperature string `json:"temperature,omitempty"`
}

// NewStart begins with a mixture file and a loss.
func NewStart(mixture []byte, names []string, l losses.Loss) Start {
	s := l.Settings
	return Start{mixture, names, chosen{s.Loss, s.Score, s.Map, s.Negatives, s.Bias, s.Margin, s.Temperature}}
}
