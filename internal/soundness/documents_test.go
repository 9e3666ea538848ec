package soundness

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/internal/cli"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the commands' output into README.md")

// root is the project's folder, from that of this package.
const root = "../.."

// shared is a file of the project's testdata.
func shared(file string) string { return filepath.Join(root, "testdata", file) }

var console = regexp.MustCompile("(?s)```console\n\\$ ([^\n]*)\n(.*?)```")

// durations differ from run to run, and last digits from machine to machine.
var durations = regexp.MustCompile(`(?m)^(  Time +).*$`)
var uncertainDigits = regexp.MustCompile(`-?\d(\.\d*)?e-(1[1-9]|2\d)`)

func stable(text string) string {
	return uncertainDigits.ReplaceAllString(durations.ReplaceAllString(text, "$1…"), "tiny")
}

// Every command of the README prints what the README shows.
func TestReadmeCommands(t *testing.T) {
	t.Chdir(root)
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	updated := console.ReplaceAllStringFunc(string(text), func(block string) string {
		parts := console.FindStringSubmatch(block)
		command, want := parts[1], parts[2]
		args, ours := strings.CutPrefix(command, "go run . ")
		if !ours {
			if command != "go test ./..." { // which is what runs this test
				t.Errorf("the README shows %q, which no test runs", command)
			}
			return block
		}
		ran++
		var stdout, stderr bytes.Buffer
		elsewhere := filepath.Join(t.TempDir(), "report") // instead of a folder within the project
		fields := strings.Fields(strings.ReplaceAll(args, "--out report", "--out "+elsewhere))
		if code := cli.Run(fields, strings.NewReader(""), &stdout, &stderr); code != 0 {
			t.Errorf("%s: exit code %d, %s", command, code, stderr.String())
		}
		shown := strings.ReplaceAll(stdout.String(), elsewhere, "report")
		if diff := cmp.Diff(stable(want), stable(shown)); diff != "" && !*update {
			t.Errorf("%s (−README +output; go test ./internal/soundness -run Readme -update mends it):\n%s", command, diff)
		}
		return "```console\n$ " + command + "\n" + shown + "```"
	})
	if ran < 5 {
		t.Errorf("only %d commands of the README ran", ran)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "go run . ") && !strings.Contains(string(text), "$ "+line+"\n") {
			t.Errorf("the README shows %q without its output", line)
		}
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var goCode = regexp.MustCompile("(?s)```go\n(.*?)```")

// The worked examples of CONTRIBUTING.md are parts of test files, which compile and run.
func TestContributingExamplesCompile(t *testing.T) {
	t.Chdir(root)
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"generators/example_family_test.go", "theorems/example_claim_test.go"}
	blocks := goCode.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != len(files) {
		t.Fatalf("CONTRIBUTING.md has %d examples, want %d", len(blocks), len(files))
	}
	for i, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(code), blocks[i][1]) {
			t.Errorf("example %d of CONTRIBUTING.md is not the code of %s", i+1, file)
		}
	}
}
