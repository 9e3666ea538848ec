package reports

import (
	"context"

	"contrastcheck/comparison"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/reports/figures"
)

// Found is what a loss was found to make of a reading of a mixture.
type Found struct {
	Decision losses.Decision
	Effects  []oracle.Effect              // of each modality
	Against  *comparison.CovarianceEffect // the shared-covariance answer, of a table with own covariances; else nil
}

// Glance is the report of a mixture in little, as a fragment of a page: what its readings keep, their verdicts and pairs of classes, and the points. It has its style with it, and is light or
// dark as what it stands in. Found are those of the subject's readings, the first as it is, which it solves and judges no further.
func (s Subject) Glance(found []Found) []byte {
	own := s.introduced(OwnOptions{})
	for i, f := range found {
		own.Readings = append(own.Readings, s.read(s.readings()[i], decided{Decision: f.Decision, effects: f.Effects, against: f.Against}))
		if f.Decision.Findings.Evidence.Stationary() { // of which equality is not judged
			own.Readings[i].Sides[0].Equality, own.Readings[i].Sides[0].Directions = nil, nil
		}
	}
	if len(found) > 1 {
		own.Differ = found[0].Effects[0].WhyCentred()
	}
	own.Scatter, _ = s.scatter(context.Background(), decided{Decision: found[0].Decision, effects: found[0].Effects}, glanced) // no context ends it
	return executed(glance(), own)
}

// GlanceAt is a figure alone, as a fragment of a page.
func GlanceAt(f figures.Figure) []byte { return executed(glance().Lookup("glance-figure"), f) }
