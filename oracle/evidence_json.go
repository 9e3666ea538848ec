package oracle

import (
	"encoding/json"

	"contrastcheck/gmm"
)

// evidenceJSON are the fields of Evidence.
type evidenceJSON struct {
	Grade           int       `json:"grade"`
	Epsilon         gmm.Float `json:"epsilon"`
	Exact           bool      `json:"exact,omitempty"`
	Weighted        bool      `json:"weighted,omitempty"`
	WeightedMargin  gmm.Float `json:"weighted_margin"`
	WeightedEpsilon gmm.Float `json:"weighted_epsilon"`
	Short           int       `json:"short,omitempty"`
	ShortLength     gmm.Float `json:"short_length"`
	ShortMargin     gmm.Float `json:"short_margin"`
	ShortEpsilon    gmm.Float `json:"short_epsilon"`
	Rule            string    `json:"rule"`
	Modalities      int       `json:"modalities,omitempty"`
	Counted         bool      `json:"counted,omitempty"`
	Own             bool      `json:"own,omitempty"`
	Stationary      bool      `json:"stationary,omitempty"`
	Power           gmm.Float `json:"power"`
	Ranked          bool      `json:"ranked,omitempty"`
	Distances       bool      `json:"distances,omitempty"`
	Affine          bool      `json:"affine,omitempty"`
}

// MarshalJSON writes all that the evidence is, so that UnmarshalJSON reads it back exactly. It is for processes of one version of this program.
func (e Evidence) MarshalJSON() ([]byte, error) {
	return json.Marshal(evidenceJSON{int(e.Grade), gmm.Float(e.Epsilon), e.Exact, e.Weighted, gmm.Float(e.WeightedMargin), gmm.Float(e.WeightedEpsilon),
		e.Short, gmm.Float(e.ShortLength), gmm.Float(e.ShortMargin), gmm.Float(e.ShortEpsilon), e.Rule, e.modalities, e.counted, e.own, e.stationary, gmm.Float(e.power),
		e.ranked, e.distances, e.affine})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Evidence) UnmarshalJSON(text []byte) error {
	var f evidenceJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*e = Evidence{Grade(f.Grade), float64(f.Epsilon), f.Exact, f.Weighted, float64(f.WeightedMargin), float64(f.WeightedEpsilon),
		f.Short, float64(f.ShortLength), float64(f.ShortMargin), float64(f.ShortEpsilon), f.Rule, f.Modalities, f.Counted, f.Own, f.Stationary, float64(f.Power),
		f.Ranked, f.Distances, f.Affine}
	return nil
}
