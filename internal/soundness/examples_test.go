//go:build attack

package soundness

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// example is a block of Go code with the file that the text before it names last.
var example = regexp.MustCompile("(?s)`([a-z_/]+\\.go)`[^`]*:\n\n```go\n(.*?)```")

// The worked examples of CONTRIBUTING.md are complete: whoever writes each block to the file that it is for, a new one or
// the list in an old one, has a family, a claim and a loss that the tests of their packages find, and that pass them.
func TestContributingExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("packages are compiled")
	}
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}} // which go test takes for what is there
	blocks := example.FindAllStringSubmatch(string(text), -1)
	if shown := strings.Count(string(text), "```go\n"); len(blocks) != shown {
		t.Errorf("%d of %d blocks of code say which file they are for", len(blocks), shown)
	}
	for _, block := range blocks {
		path, content := filepath.Join(root, block[1]), block[2]
		if !strings.HasPrefix(content, "package ") {
			old, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content = extended(t, string(old), content)
		}
		copied := filepath.Join(folder, strings.ReplaceAll(block[1], "/", "_"))
		if err := os.WriteFile(copied, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if path, err = filepath.Abs(path); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[path] = copied
	}
	description, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	replaced := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(replaced, description, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to compile them")
	}
	tests := exec.Command("go", "test", "-short", "-v", "-overlay", replaced, "./generators", "./theorems", "./losses", "./oracle",
		"-run", "HardCases|Shrinking|Deterministic|Find|SayWhat|Registry|PlantedErrors|ThatHold/(equality-of-two|both-views)")
	tests.Dir = root
	output, err := tests.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %v\n%s", tests, err, output)
	}
	for _, ran := range []string{": more than three components", "--- PASS: TestClaimsThatHold/equality-of-two", "--- PASS: TestClaimsThatHold/both-views-containment",
		"--- PASS: TestPlantedErrorsAreCaught"} {
		if !strings.Contains(string(output), ran) {
			t.Errorf("nothing shows that the examples ran: %q is not in\n%s", ran, output)
		}
	}
}

// extended adds a line at the end of the list that a file's text returns, unless somebody has done so.
func extended(t *testing.T, text, line string) string {
	t.Helper()
	if strings.Contains(text, line) {
		return text
	}
	list := regexp.MustCompile(`(?m)^(?:(\t)return|var \w+ =) \[\]\w+\{$`).FindStringSubmatchIndex(text)
	if list == nil {
		t.Fatalf("there is no list for %q", line)
	}
	closing := "\n}"
	if list[2] >= 0 {
		closing = "\n\t}"
	}
	end := list[1] + strings.Index(text[list[1]:], closing) + 1
	return text[:end] + line + text[end:]
}
