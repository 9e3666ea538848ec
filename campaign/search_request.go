package campaign

import (
	"errors"

	"contrastcheck/losses"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// hunt is the request of a hunt.
type hunt struct {
	Claim       string          `json:"claim,omitempty"`
	Loss        losses.Settings `json:"loss"`
	Conjecture  string          `json:"conjecture,omitempty"`
	Where       string          `json:"where,omitempty"`
	Delta       *rational       `json:"delta,omitempty"`
	Components  [2]int          `json:"components"`
	Dimension   [2]int          `json:"dimension"`
	Separation  *rational       `json:"separation,omitempty"`
	Centred     bool            `json:"centred"`
	Weights     string          `json:"weights,omitempty"`
	Lightest    *rational       `json:"lightest,omitempty"`
	Near        *near           `json:"near,omitempty"`
	Spherical   bool            `json:"spherical"`
	Integers    int             `json:"integers"`
	Objective   string          `json:"objective"`
	Unshrunk    bool            `json:"unshrunk"`
	Evaluations int             `json:"evaluations"`
	Seed        uint64          `json:"seed"`
	Finds       int             `json:"finds,omitempty"` // that are enough; 0 if all are wanted
}

// near is a search.Near.
type near struct {
	Pairs  pairs    `json:"pairs"`
	Radius rational `json:"radius"`
}

func huntOf(q Question, o search.Options) hunt {
	h := hunt{Claim: q.Claim, Loss: q.Loss, Conjecture: o.Conjecture.String(), Where: o.Where.String(), Delta: exactly(o.Delta),
		Components: [2]int{o.Components.Least, o.Components.Most}, Dimension: [2]int{o.Dimension.Least, o.Dimension.Most}, Separation: exactly(o.Separation),
		Centred: o.Centred, Weights: o.Weights.String(), Lightest: exactly(o.Lightest), Spherical: o.Spherical, Integers: o.Integers,
		Objective: o.Objective.String(), Unshrunk: o.Unshrunk, Evaluations: o.Evaluations, Seed: o.Seed}
	if o.Near != nil {
		h.Near = &near{newPairs(o.Near.Centre()), rational{o.Near.Radius()}}
	}
	return h
}

// options are the question and the options that the request stands for.
func (h hunt) options() (q Question, o search.Options, err error) {
	q = Question{h.Claim, h.Loss}
	o = search.Options{Unshrunk: h.Unshrunk, Evaluations: h.Evaluations, Seed: h.Seed, Limits: search.Limits{
		Delta: h.Delta.number(), Components: theorems.Range{Least: h.Components[0], Most: h.Components[1]}, Dimension: theorems.Range{Least: h.Dimension[0], Most: h.Dimension[1]},
		Separation: h.Separation.number(), Centred: h.Centred,
		Constraints: search.Constraints{Lightest: h.Lightest.number(), Spherical: h.Spherical, Integers: h.Integers},
	}}
	if o.Objective, err = search.ParseObjective(h.Objective); err != nil {
		return q, o, err
	}
	if h.Weights != "" {
		if o.Weights, err = search.ParseWeights(h.Weights); err != nil {
			return q, o, err
		}
	}
	if h.Where != "" {
		if o.Where, err = predicate.Parse(h.Where); err != nil {
			return q, o, err
		}
	}
	if h.Conjecture != "" {
		if o.Conjecture, err = predicate.Parse(h.Conjecture); err != nil {
			return q, o, err
		}
	}
	if h.Near == nil {
		return q, o, nil
	}
	centre, err := h.Near.Pairs.gmm()
	if err == nil && h.Near.Radius.Rat == nil {
		err = errors.New("expected a radius, found none")
	}
	if err == nil {
		o.Near, err = search.NewNear(centre, h.Near.Radius.Rat)
	}
	return q, o, err
}
