package cli_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// --format notebook writes the bytes of --format json, and then those of --format text.
func TestNotebook(t *testing.T) {
	const data = "../../testdata/"
	seconds := regexp.MustCompile(`"seconds":[^,}]*|(?m)^  Time .*$`)
	run := func(line string, format string) string {
		var out, failure bytes.Buffer
		if code := cli.Run(append(strings.Fields(line), "--format", format), strings.NewReader(""), &out, &failure); code != 0 && code != 3 {
			t.Fatalf("%s: exit code %d: %s", line, code, failure.String())
		}
		return seconds.ReplaceAllString(out.String(), "")
	}
	for _, c := range []struct{ line, holds string }{
		{"solve " + data + "two-points.json", "REFUTED"},
		{"solve --data " + data + "parts.csv --label kind", "worn and broken"},
		{"solve --data " + data + "iris.csv --label species --centre --covariance own", "the covariances of the components turn it"},
		{"solve " + data + "captions.json --loss clip", ", visual"},
		{"solve " + data + "tilted.json", "envelope"},
		{"solve " + data + "two-points.json --rank 1", "not judged"},
		{"solve " + data + "line.json --score cosine", ""},
		{"project --data " + data + "iris.csv --label species --score distance --save-projection " + t.TempDir() + "/map.json", "virginica"},
		{"frontier --family two-points --axis separation=1/2:4:3", "separation, multiples"},
		{"losses " + data + "two-points.json --loss dv", ""},
		{"check " + data + "two-points.json equality", ""},
		{"prove " + data + "two-points.json", ""},
		{"search equality-line --evaluations 5", ""},
	} {
		first, second, _ := strings.Cut(run(c.line, "notebook"), "\n")
		if want := strings.TrimSuffix(run(c.line, "json"), "\n"); first != want {
			t.Errorf("%s: the first line is not that of --format json:\n%s\n%s", c.line, first, want)
		}
		var people struct {
			Schema, Version, Text, HTML string
			Notes                       []string
		}
		if err := json.Unmarshal([]byte(second), &people); err != nil || people.Schema != "contrastcheck-notebook/1" || people.Version == "" || people.Notes == nil {
			t.Errorf("%s: found the second line %.200s (%v)", c.line, second, err)
		}
		if text := run(c.line, "text"); !strings.HasPrefix(c.line, "search") && seconds.ReplaceAllString(people.Text, "") != text {
			t.Errorf("%s: found the text\n%s\nwant\n%s", c.line, people.Text, text)
		}
		if c.holds == "" && people.HTML != "" || !strings.Contains(people.HTML, c.holds) || c.holds != "" && !strings.Contains(people.HTML, "<svg") {
			t.Errorf("%s: expected a fragment with %q and a figure, found %.400s", c.line, c.holds, people.HTML[strings.Index(people.HTML, "</style>")+1:])
		}
	}
	var out, failure bytes.Buffer
	if code := cli.Run([]string{"claims", "--format", "notebook"}, strings.NewReader(""), &out, &failure); code != 2 || !strings.Contains(failure.String(), "a format of") {
		t.Errorf("claims: exit code %d: %s", code, failure.String())
	}
}
