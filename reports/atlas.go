package reports

import (
	"slices"
	"strings"

	"contrastcheck/losses"
)

// AtlasRow is what is known of one loss: a claim a column, nil where there is none.
type AtlasRow struct {
	Loss  string
	Cells []*Claim
}

// atlasColumns are the headings of an atlas, and the ends of the ids of the claims below them.
var atlasColumns = []struct{ heading, kind string }{
	{"keeps all, raw", "equality"}, {"keeps all, centred", "equality-centred"}, {"keeps all, δ < 1", "equality-biased"},
	{"nothing beside", "containment"}, {"convex", "convexity"}, {"stationary points inside", "stationarity"}, {"formula = definition", "definition"},
}

// elsewhere are the claims that say it under another id: of a loss, in a column.
var elsewhere = map[[2]string]string{
	{"infonce", "equality"}: "equality", {"infonce", "equality-centred"}: "equality-centred", {"infonce", "equality-biased"}: "equality-biased",
	{"infonce", "containment"}: "containment", {"infonce", "convexity"}: "convexity", {"infonce", "stationarity"}: "stationarity",
	{"spectral", "equality-centred"}: "spectral-equality", {"spectral", "equality-biased"}: "spectral-equality",
	{"agreement", "equality-centred"}: "agreement-equality", {"agreement", "equality-biased"}: "agreement-equality",
	{"dv", "equality"}: "", {"dv", "equality-centred"}: "dv-equality",
	{"distance", "equality-centred"}: "distance-equality",
	{"distance-sigmoid", "equality"}: "distance-equality", {"distance-sigmoid", "equality-centred"}: "distance-equality",
	{"distance-triplet", "equality"}: "distance-equality", {"distance-triplet", "equality-centred"}: "distance-equality",
}

// AtlasHeadings are those of the columns of Atlas.
func AtlasHeadings() (all []string) {
	for _, c := range atlasColumns {
		all = append(all, c.heading)
	}
	return all
}

// Atlas says what was found of every loss of which the report has claims, those that are refuted most first.
func (r Results) Atlas() []AtlasRow {
	var rows []AtlasRow
	for _, l := range losses.All() {
		row := AtlasRow{Loss: strings.TrimSuffix(l.Title, " loss")}
		found := false
		for _, column := range atlasColumns {
			id, other := elsewhere[[2]string{l.Name(), column.kind}]
			if !other {
				id = l.Name() + "-" + column.kind
			}
			i := slices.IndexFunc(r.Claims, func(c Claim) bool { return c.ID == id })
			if i < 0 {
				row.Cells = append(row.Cells, nil)
				continue
			}
			found = true
			row.Cells = append(row.Cells, &r.Claims[i])
		}
		if found {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b AtlasRow) int { return b.refuted() - a.refuted() })
	return rows
}

func (row AtlasRow) refuted() (n int) {
	for _, c := range row.Cells {
		if c != nil && c.Found == "refuted" {
			n++
		}
	}
	return n
}
