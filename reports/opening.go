package reports

import (
	"context"
	"fmt"
	"slices"

	"contrastcheck/theorems"
)

// Opening is the counterexample that a report begins with.
type Opening struct {
	// Claim is the id of the claim that it refutes, Counterexample its name.
	Claim          string `json:"claim"`
	Counterexample string `json:"counterexample"`
	// Kept is what InfoNCE keeps of it.
	Kept Kept `json:"kept"`
}

// openings are the claims whose simplest stored counterexample may open a report, the most surprising one first.
var openings = []string{"equality-centred", "equality-biased"}

// opening is nil where the report has no such claim, or nothing stored refutes it any more.
func opening(ctx context.Context, verified []theorems.Result) (*Opening, error) {
	for _, id := range openings {
		i := slices.IndexFunc(verified, func(v theorems.Result) bool { return v.Claim.ID == id })
		if i < 0 {
			continue
		}
		found := verified[i].Counterexample()
		if found == nil || found.Name == "" {
			continue
		}
		p := found.Case.Pairs
		var classes []string
		for k := range p.Components() {
			classes = append(classes, fmt.Sprintf("component %d", k+1))
		}
		kept, err := keptOf(ctx, "as it is", p, classes)
		return &Opening{id, found.Name, kept}, err
	}
	return nil, nil
}

// Worked is the counterexample that the report begins with, and the claim that it refutes.
type Worked struct {
	Opening
	Claim Claim
	Counterexample
}

// Opened is nil where the report begins with no counterexample.
func (r Results) Opened() *Worked {
	if r.Opening == nil {
		return nil
	}
	for _, c := range r.Claims {
		for _, found := range c.Counterexamples {
			if c.ID == r.Opening.Claim && found.Name == r.Opening.Counterexample {
				return &Worked{*r.Opening, c, found}
			}
		}
	}
	return nil
}

// Opens tells that a figure is that of the counterexample that the report begins with.
func (r Results) Opens(c Counterexample) bool {
	return r.Opening != nil && r.Opening.Counterexample == c.Name
}

// Costs says what becomes of each pair of components, the worst first.
func (k Kept) Costs() (all []string) {
	for _, p := range k.Pairs {
		all = append(all, fmt.Sprintf("%s and %s: %s → %s standard deviations apart", p.Names[0], p.Names[1], p.Mahalanobis.three(), p.MahalanobisKept.three()))
	}
	return all
}
