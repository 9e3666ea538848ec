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

var update = flag.Bool("update", false, "write the commands' output into the documents")

// root is the project's folder, from that of this package.
const root = "../.."

// shared is a file of the project's testdata.
func shared(file string) string { return filepath.Join(root, "testdata", file) }

var console = regexp.MustCompile("(?s)```console\n\\$ ([^\n]*)\n(.*?)```")

// written precedes the names of files that a command writes.
var written = regexp.MustCompile(`--(out|save-projection) `)

// durations differ from run to run, and last digits from machine to machine.
var durations = regexp.MustCompile(`(?m)^(  Time +).*$`)
var uncertainDigits = regexp.MustCompile(`-?\d(\.\d*)?e-(1[1-9]|2\d)`)

func stable(text string) string {
	return uncertainDigits.ReplaceAllString(durations.ReplaceAllString(text, "$1…"), "tiny")
}

// documents show commands with their output, as run in the project's folder.
var documents = []string{"README.md", "docs/guide.md", "docs/theory.md", "docs/losses.md"}

// Every command of a document prints what the document shows.
func TestGoldenDocuments(t *testing.T) {
	t.Chdir(root)
	texts := ""
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		texts += string(text)
		t.Run(document, func(t *testing.T) {
			updated := console.ReplaceAllStringFunc(string(text), func(block string) string { return shown(t, block) })
			if *update && updated != string(text) {
				if err := os.WriteFile(document, []byte(updated), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for line := range strings.Lines(texts) {
		if strings.HasPrefix(line, "go run . ") && !strings.Contains(texts, "$ "+line) {
			t.Errorf("%q is nowhere shown with its output", line)
		}
	}
	const few = 20
	if n := strings.Count(texts, "\n$ go run . "); n < few {
		t.Errorf("only %d commands are shown", n)
	}
}

// shown runs the command of a console block, and returns the block as it is now: as it was, but for what matters.
func shown(t *testing.T, block string) string {
	parts := console.FindStringSubmatch(block)
	command, want := parts[1], parts[2]
	args, ours := strings.CutPrefix(command, "go run . ")
	if !ours {
		if command != "go test ./..." { // which is what runs this test
			t.Errorf("%q is shown, which no test runs", command)
		}
		return block
	}
	var stdout, stderr bytes.Buffer
	elsewhere := t.TempDir() + string(filepath.Separator) // instead of a folder within the project
	fields := words(written.ReplaceAllString(args, "${0}"+elsewhere))
	if code := cli.Run(fields, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Errorf("%s: exit code %d, %s", command, code, stderr.String())
	}
	found := strings.ReplaceAll(stdout.String(), elsewhere, "")
	diff := cmp.Diff(stable(want), stable(found))
	if diff == "" {
		return block
	}
	if !*update {
		t.Errorf("%s (−shown +found; go generate ./... mends it):\n%s", command, diff)
	}
	return "```console\n$ " + command + "\n" + found + "```"
}

// The README is a front door: what does not fit belongs into the guide.
func TestReadmeIsShort(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	const most = 150
	if n := bytes.Count(text, []byte("\n")); n > most {
		t.Errorf("the README has %d lines, at most %d are wanted", n, most)
	}
}
