package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"contrastcheck/comparison"
	"contrastcheck/oracle"
	"contrastcheck/reports/figures"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/stat"
)

// newClaim is what the report says of a result.
func newClaim(r theorems.Result, o Options) Claim {
	c := Claim{
		ID: r.Claim.ID, Statement: r.Claim.Statement, Source: r.Claim.Source, Stance: r.Claim.Stance.String(),
		Hypotheses: r.Claim.Hypotheses, Drawn: r.Claim.Drawn,
		Recorded: r.Claim.Recorded.String(), Found: r.Found().String(), AsRecorded: r.AsRecorded(), Complete: r.Complete,
		Cases: r.Cases, Holds: r.Holds, Refuted: r.Refuted, Undecided: r.Undecided, Stored: r.Stored, Replayed: r.Replayed,
		Measure: r.Claim.Measure, Worst: Number(r.Worst), Distribution: newDistribution(r),
		Command:         fmt.Sprintf("contrastcheck verify %s --cases %d --seed %d", r.Claim.ID, cmp.Or(o.Effort.casesOf(r.Claim.ID), o.Effort.Cases), o.Seed),
		Counterexamples: []Counterexample{}, Figures: []figures.Figure{},
	}
	if r.Holds+r.Refuted+len(r.Counterexamples) > 0 {
		c.Grade = r.Grade.String()
	}
	for _, found := range r.Counterexamples {
		c.Counterexamples = append(c.Counterexamples, newCounterexample(r.Claim, found, c.Command))
	}
	return c
}

// newDistribution is nil if no random case was decided.
func newDistribution(r theorems.Result) *Distribution {
	var values []float64
	without := 0
	for _, o := range r.Outcomes {
		switch {
		case o.Verdict == oracle.Undecided:
		case Number(o.Value).Known():
			values = append(values, o.Value)
		default:
			without++
		}
	}
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	at := func(p float64) Number { return Number(stat.Quantile(p, stat.Empirical, values, nil)) }
	return &Distribution{len(values), without, Number(values[0]), at(0.25), at(0.5), at(0.75), Number(values[len(values)-1]),
		figures.Distribution("distribution-"+r.Claim.ID, r.Claim.Measure, values)}
}

func newCounterexample(claim theorems.Claim, found theorems.Counterexample, verify string) Counterexample {
	var mixture bytes.Buffer
	if err := found.Outcome.Write(&mixture, found.Case); err != nil {
		panic("reports: " + err.Error()) // a buffer takes everything
	}
	c := Counterexample{Name: found.Name, Stored: found.Name != "", Grade: found.Outcome.Grade.String(),
		Evidence: strings.TrimSuffix(found.Outcome.Detail, fmt.Sprintf(" (%v)", found.Outcome.Grade)),
		Mixture:  bytes.TrimSpace(mixture.Bytes()), Equations: append([]Equation{}, equationsOf(found.Case.Document())...)}
	if claim.Recorded == oracle.Holds { // news, or a defect: shown whole
		c.Case = found.Case.GoString()
	}
	if !c.Stored {
		c.Name = claim.ID + "_drawn"
	}
	c.File = "counterexamples/" + c.Name + ".json"
	switch document := found.Case.Document(); {
	case found.Outcome.Certificate != nil:
		c.Command = "contrastcheck recheck " + c.File
	case claim.ID == "svd-shared":
		c.Command = "contrastcheck compare " + c.File
	case document.Pairs.Modalities() == 2, claim.Recorded == oracle.Holds:
		c.Command = verify
	default:
		c.Command = "contrastcheck solve " + c.File
	}
	if plane, err := planeOf(claim.ID, found.Case); err == nil {
		f := figures.Plane(c.Name, plane)
		c.Figure = &f
	}
	return c
}

// planeOf shows a counterexample in a plane, where there is one that shows what the claim
// is about.
func planeOf(id string, c theorems.Case) (comparison.Plane, error) {
	switch {
	case id == "equality", id == "equality-centred", id == "equality-biased":
		return comparison.FisherPlane(c.Pairs)
	case id == "svd-shared":
		return comparison.SVDPlane(c.Pairs.Left)
	case id == "containment-own-covariance":
		return comparison.OwnCovariancePlane(c.Pairs)
	case id == "clip-containment-every-pair" && c.A != nil:
		return comparison.ClipPlane(c.Pairs, c.A)
	}
	return comparison.Plane{}, comparison.ErrNoPlane
}
