package reports_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"contrastcheck/reports"
	"contrastcheck/theorems"
)

// docs/report-schema.md names every key of report.json.
func TestSchemaIsDocumented(t *testing.T) {
	words, err := os.ReadFile("../docs/report-schema.md")
	if err != nil {
		t.Fatal(err)
	}
	r := all(t)
	changes := reports.Compare(reports.Results{}, r)
	r.Changes, r.Stamp, r.Run.Selected = &changes, &reports.Stamp{}, []string{"equality"}
	var tree any
	if err := json.Unmarshal(r.JSON(), &tree); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	collect(tree, keys)
	for key := range keys {
		if !strings.Contains(string(words), "`"+key+"`") {
			t.Errorf("docs/report-schema.md does not tell of %q", key)
		}
	}
	if len(keys) < 60 {
		t.Errorf("only %d keys", len(keys))
	}
	if !strings.Contains(string(words), reports.Schema) {
		t.Errorf("docs/report-schema.md is not about %s", reports.Schema)
	}
}

// Its section about a report of a mixture names every key of one.
func TestOwnSchemaIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/report-schema.md")
	if err != nil {
		t.Fatal(err)
	}
	before, words, found := strings.Cut(string(text), "\n## A report of a mixture\n")
	if !found || !strings.Contains(words, reports.OwnSchema) {
		t.Fatalf("docs/report-schema.md has no section about %s", reports.OwnSchema)
	}
	keys := map[string]bool{}
	for _, own := range []reports.Own{irisReport(t), ownReport(t, captions(t)), ownReport(t, mixture(t, `{"weights": [1], "means": [[0, 1]], "covariance": "identity"}`))} {
		own.Stamp = &reports.Stamp{}
		var tree any
		if err := json.Unmarshal(own.JSON(), &tree); err != nil {
			t.Fatal(err)
		}
		collect(tree, keys)
	}
	shared := []string{"version", "go", "platform", "dependencies", "path", "date", "seconds", "cores", "id", "title", "caption", "alt", "mean", "standard_error", "projection",
		"discriminant", "largest_angle", "adjusted_rand", "adjusted_mutual_information", "nearest_neighbour_accuracy", "nearest_centroid_accuracy"}
	for key := range keys {
		told := strings.Contains(words, "`"+key+"`") || slices.Contains(shared, key) && strings.Contains(before, "`"+key+"`")
		if !told {
			t.Errorf("docs/report-schema.md does not tell of %q in a report of a mixture", key)
		}
	}
	if len(keys) < 60 {
		t.Errorf("only %d keys", len(keys))
	}
}

// collect gathers keys, but for those within a certificate.
func collect(tree any, keys map[string]bool) {
	switch node := tree.(type) {
	case map[string]any:
		for key, value := range node {
			keys[key] = true
			if key != "certificate" {
				collect(value, keys)
			}
		}
	case []any:
		for _, value := range node {
			collect(value, keys)
		}
	}
}

// The sample report is a complete quick one, which readers make themselves in two minutes: what it says of claims is what they say today, in their order.
func TestSampleReport(t *testing.T) {
	const folder = "../docs/sample-report/"
	sample, err := reports.Read(folder + "report.json")
	if err != nil {
		t.Fatal(err)
	}
	if !sample.Complete || sample.Run.Effort != reports.Quick.Name || sample.Stamp != nil {
		t.Errorf("the sample is no complete quick report without a stamp: %+v", sample.Run)
	}
	if len(sample.Claims) == 0 || sample.AsRecorded() != len(sample.Claims) {
		t.Errorf("the sample has %d claims, %d as recorded", len(sample.Claims), sample.AsRecorded())
	}
	later := theorems.All() // than those met
	for _, c := range sample.Claims {
		i := slices.IndexFunc(later, func(known theorems.Claim) bool { return known.ID == c.ID })
		if i < 0 {
			t.Fatalf("the sample has a claim %s, which is unknown or out of order", c.ID)
		}
		if known := later[i]; c.Statement != known.Statement || c.Recorded != known.Recorded.String() {
			t.Errorf("%s: the sample states %q, recorded %s, not %q, %v", c.ID, c.Statement, c.Recorded, known.Statement, known.Recorded)
		}
		later = later[i+1:]
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, linked := range []string{"docs/sample-report/report.md", "docs/sample-report/figures/"} {
		if !strings.Contains(string(readme), linked) {
			t.Errorf("the README does not link to %s", linked)
		}
	}
}
