package cli

import "contrastcheck/reports"

// solveSchema names the keys of solve's JSON form and their meaning; its number changes where one changes its meaning or goes.
const solveSchema = "contrastcheck-solve/2"

// made says what wrote a solution, and what a table calls its numbers.
type made struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
	// Classes are names of components, Features of each modality's coordinates; without a table there are none.
	Classes  []string       `json:"classes,omitempty"`
	Features each[[]string] `json:"features,omitempty"`
}

func newMade(i input) made {
	return made{solveSchema, reports.Version(), i.classes, i.features}
}
