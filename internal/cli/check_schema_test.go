package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// docs/check-schema.md names every key that check writes, and every word of a verdict and a grade.
func TestCheckSchemaIsDocumented(t *testing.T) {
	words, err := os.ReadFile("../../docs/check-schema.md")
	if err != nil {
		t.Fatal(err)
	}
	keys, said := map[string]bool{}, map[string]bool{}
	for _, args := range []string{"check ../../testdata/swap.json equality containment small-delta infonce-definition", "check ../../testdata/two-points.json equality --as-stated"} {
		var out, failure bytes.Buffer
		cli.Run(append(strings.Fields(args), "--format", "json"), nil, &out, &failure)
		var claims []map[string]any
		if err := json.Unmarshal(out.Bytes(), &claims); err != nil {
			t.Fatalf("%s: %v: %s", args, err, failure.String())
		}
		for _, c := range claims {
			collect(c, keys)
			for _, key := range []string{"verdict", "grade"} {
				if word := c[key].(string); word != "" {
					said[word] = true
				}
			}
		}
	}
	for word := range said {
		keys[word] = true
	}
	for key := range keys {
		if !strings.Contains(string(words), "`"+key+"`") {
			t.Errorf("docs/check-schema.md does not tell of %q", key)
		}
	}
	for _, key := range []string{"theorem", "as_stated", "value", "not applicable", "by theorem", "proved", "bounded", "estimated", "refuted", "holds"} {
		if !keys[key] {
			t.Errorf("check writes no %q", key)
		}
	}
}
