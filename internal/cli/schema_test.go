package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// docs/solve-schema.md names every key that solve and project write.
func TestSolveSchemaIsDocumented(t *testing.T) {
	words, err := os.ReadFile("../../docs/solve-schema.md")
	if err != nil {
		t.Fatal(err)
	}
	const data = "../../testdata/"
	const level = `{"weights": [1, 1, 1], "means": [[1, 1], [1, -1], [1, 0]], "covariance": "identity"}`
	keys := map[string]bool{}
	for _, args := range []string{
		"solve --data " + data + "iris.csv --label species --shrinkage auto --bootstrap 5", "solve " + data + "two-points.json --digits 12", "solve " + data + "two-points.json --loss sigmoid",
		"solve --data " + data + "penguins.csv --label species --drop island,sex,year --missing drop",
		"solve --data " + data + "iris.csv --label species --centre --covariance own", "solve " + data + "captions.json --loss clip", "solve " + data + "tilted.json", "solve - --digits 3", "solve " + data + "two-points.json --rank 1",
		"solve " + data + "two-points.json --map affine", "solve " + data + "line.json --score cosine", "solve " + data + "two-points.json --map network --activation erf --width 1",
		"project --data " + data + "iris.csv --label species --centre --out " + t.TempDir() + "/z.csv --save-projection " + t.TempDir() + "/map.json",
	} {
		var out, failure bytes.Buffer
		if code := cli.Run(append(strings.Fields(args), "--format", "json"), strings.NewReader(level), &out, &failure); code != 0 {
			t.Fatalf("%s: exit code %d: %s", args, code, failure.String())
		}
		var tree any
		if err := json.Unmarshal(out.Bytes(), &tree); err != nil {
			t.Fatal(err)
		}
		collect(tree, keys)
	}
	for key := range keys {
		if !strings.Contains(string(words), "`"+key+"`") {
			t.Errorf("docs/solve-schema.md does not tell of %q", key)
		}
	}
	for _, key := range []string{"schema", "version", "classes", "bootstrap", "redrawn", "low", "effect", "centred", "names", "discriminant_kept", "only_the_mean", "separation", "unreached", "bias", "inside", "attained", "map", "a_text", "dropped_columns", "missing_rows", "features", "projection", "second_order", "at_least", "temperature", "noise"} {
		if !keys[key] {
			t.Errorf("no command writes %q", key)
		}
	}
}

// docs/frontier-schema.md names every key that frontier writes.
func TestFrontierSchemaIsDocumented(t *testing.T) {
	words, err := os.ReadFile("../../docs/frontier-schema.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, args := range []string{
		"--family two-points --axis delta=1/4:1:2 --axis separation=1/2:2:2 --refine 1/2", "--family two-points --axis separation=1/2:1:2 --loss hinge --refine 1/2", "--family two-points --axis separation=1/2:1:2 --loss sigmoid",
		"--family octahedron --claim cosine-stable --score cosine --temperature 1/2 --axis separation=1:2:2", "--family two-points --axis delta=1/4:1:2 --claim svd-shared",
	} {
		var out, failure bytes.Buffer
		if code := cli.Run(append(strings.Fields("frontier "+args), "--format", "json"), strings.NewReader(""), &out, &failure); code != 0 && code != 3 {
			t.Fatalf("%s: exit code %d: %s", args, code, failure.String())
		}
		var tree any
		if err := json.Unmarshal(out.Bytes(), &tree); err != nil {
			t.Fatal(err)
		}
		collect(tree, keys)
	}
	for key := range keys {
		if !strings.Contains(string(words), "`"+key+"`") {
			t.Errorf("docs/frontier-schema.md does not tell of %q", key)
		}
	}
	for _, key := range []string{"brackets", "low_bound", "width", "at", "measure", "claim", "temperature", "reason", "rule", "bias"} {
		if !keys[key] {
			t.Errorf("no grid writes %q", key)
		}
	}
}

// collect gathers the keys of a tree.
func collect(tree any, keys map[string]bool) {
	switch node := tree.(type) {
	case map[string]any:
		for key, value := range node {
			keys[key] = true
			collect(value, keys)
		}
	case []any:
		for _, value := range node {
			collect(value, keys)
		}
	}
}
