package reports_test

import (
	"testing"

	"contrastcheck/reports"

	"github.com/google/go-cmp/cmp"
)

// Changes are told as people read them: outcomes first, a new claim in one sentence.
func TestChangesAreTold(t *testing.T) {
	c := reports.Changes{List: []reports.Change{
		{Where: "run", What: "seed", Old: "1", New: "2"},
		{Where: "containment", What: "found", Old: "undecided", New: "refuted"},
		{Where: "containment", What: "as recorded", Old: "true", New: "false"},
		{Where: "containment", What: "grade", Old: "", New: "proved"},
		{Where: "containment", What: "worst", Old: "defect 1", New: "defect 2"},
		{Where: "containment", What: "figure containment-defect", Old: "Scatter plot of 3", New: "Scatter plot of 4"},
		{Where: "containment", What: "counterexample x", New: "proved: λ < 0"},
		{Where: "fresh", What: "found", New: "holds"},
		{Where: "fresh", What: "cases", New: "10"},
		{Where: "stale", What: "found", Old: "holds"},
		{Where: "iris", What: "LDA", Old: "J 1", New: "J 2"},
	}}
	want := []reports.Told{
		{"Outcomes", []string{"containment: was undecided, is now refuted.", "containment: its grade is proved, was none."}},
		{"Claims", []string{"fresh is new: holds.", "stale is gone; it was found: holds."}},
		{"Counterexamples", []string{"containment: x is new (proved: λ < 0)."}},
		{"Numbers and figures", []string{"containment: worst defect 1 → defect 2; the figure containment-defect shows something else.", "iris: LDA J 1 → J 2."}},
		{"The run", []string{"seed: 2, before 1."}},
	}
	if diff := cmp.Diff(want, c.Told()); diff != "" {
		t.Errorf("−want +told:\n%s", diff)
	}
}
