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
		var tree map[string]any
		if err := json.Unmarshal(out.Bytes(), &tree); err != nil {
			t.Fatal(err)
		}
		recheckEnds(t, out.Bytes())
		brackets, _ := tree["brackets"].([]any)
		for _, b := range brackets {
			delete(b.(map[string]any), "low_certificate") // whose keys are prove's
			delete(b.(map[string]any), "high_certificate")
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

// recheckEnds has recheck verify the certificates of the brackets of a grid.
func recheckEnds(t *testing.T, text []byte) {
	t.Helper()
	var grid struct {
		Brackets []struct {
			Proved bool            `json:"proved"`
			Low    string          `json:"low_verdict"`
			High   string          `json:"high_verdict"`
			OfLow  json.RawMessage `json:"low_certificate"`
			OfHigh json.RawMessage `json:"high_certificate"`
		} `json:"brackets"`
	}
	if err := json.Unmarshal(text, &grid); err != nil {
		t.Fatal(err)
	}
	for _, b := range grid.Brackets {
		for verdict, certificate := range map[string]json.RawMessage{b.Low: b.OfLow, b.High: b.OfHigh} {
			if (certificate != nil) != b.Proved {
				t.Errorf("%s: a certificate of %d bytes; proved: %t", verdict, len(certificate), b.Proved)
			}
			if certificate == nil {
				continue
			}
			var out, failure bytes.Buffer
			code := cli.Run([]string{"recheck", "-"}, bytes.NewReader(certificate), &out, &failure)
			if want := "proved: equality " + verdict; code != 0 || !strings.HasPrefix(out.String(), want) {
				t.Errorf("exit code %d: %s%s; expected %q", code, out.String(), failure.String(), want)
			}
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
