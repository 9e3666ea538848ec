package campaign

import (
	"cmp"
	"errors"

	"contrastcheck/frontier"
	"contrastcheck/losses"
	"contrastcheck/theorems"
)

// grid is the request of a sweep.
type grid struct {
	Claim       string          `json:"claim"`
	Loss        losses.Settings `json:"loss"`
	Base        pairs           `json:"base"`
	Axes        []axis          `json:"axes"`
	Temperature *rational       `json:"temperature,omitempty"`
	Seed        uint64          `json:"seed"`
	Limit       float64         `json:"limit"`
}

// axis is a frontier.Axis.
type axis struct {
	Parameter string   `json:"parameter"`
	Low       rational `json:"low"`
	High      rational `json:"high"`
	Count     int      `json:"count"`
}

// ID is the claim's.
func (q Question) ID() string { return cmp.Or(q.Claim, frontier.Equality) }

func gridOf(m Mapping, o frontier.Options) grid {
	g := m.Grid
	loss := m.Loss
	if m.Question.ID() == frontier.CosineStable { // which has its own
		loss = losses.Settings{}
	}
	loss.Temperature = "" // that of a claim, below
	out := grid{Claim: m.Question.ID(), Loss: loss, Base: newPairs(g.Base), Temperature: exactly(g.Temperature), Limit: cmp.Or(o.Limit, 1)}
	if g.Asked != nil {
		out.Temperature, out.Seed = exactly(g.Asked.Temperature), g.Asked.Seed
	}
	for _, a := range g.Axes {
		out.Axes = append(out.Axes, axis{string(a.Parameter), rational{a.Low}, rational{a.High}, a.Count})
	}
	return out
}

func (g grid) options() frontier.Options { return frontier.Options{Limit: g.Limit} }

// mapping is what the request stands for.
func (g grid) mapping() (Mapping, error) {
	m := Mapping{Question: Question{g.Claim, g.Loss}}
	base, err := g.Base.gmm()
	if err != nil {
		return m, err
	}
	var axes []frontier.Axis
	for _, a := range g.Axes {
		if a.Low.Rat == nil || a.High.Rat == nil {
			return m, errors.New("expected axes with two ends, found none")
		}
		axes = append(axes, frontier.Axis{Parameter: frontier.Parameter(a.Parameter), Low: a.Low.Rat, High: a.High.Rat, Count: a.Count})
	}
	if !(g.Limit > 0) {
		return m, errors.New("expected a positive limit")
	}
	if m.Grid, err = frontier.NewGrid(base, axes...); err != nil {
		return m, err
	}
	loss, err := losses.Choose(g.Loss)
	if err != nil {
		return m, err
	}
	switch g.Claim {
	case frontier.Equality:
		m.Grid, err = m.Grid.Of(loss)
	case frontier.CosineStable:
		if g.Temperature == nil {
			return m, errors.New("expected a temperature, found none")
		}
		m.Grid, err = m.Grid.Stable(g.Temperature.Rat)
	default:
		claim, unknown := theorems.FindHunted(g.Claim)
		if unknown == nil {
			claim, unknown = claim.Of(loss)
		}
		if unknown != nil {
			return m, unknown
		}
		m.Grid, err = m.Grid.Ask(frontier.Asked{Claim: claim, Temperature: g.Temperature.number(), Seed: g.Seed})
	}
	return m, err
}
