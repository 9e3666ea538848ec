package soundness

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/internal/cli"
	"contrastcheck/theorems"
)

var (
	invoked     = regexp.MustCompile(`(?m)(?:^|[\s|])(?:go run \. |contrastcheck )([^\n|;]*)`)
	flagInProse = regexp.MustCompile("`(--[a-z][a-z-]*)[^`\n]*`")
	flagInHelp  = regexp.MustCompile(`--(?:\[no-\])?([a-z][a-z-]*)`)
	fileInCode  = regexp.MustCompile(`[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+\.(?:json|csv|npy|gz|go|md|svg)\b`)
	commandName = regexp.MustCompile(`(?m)^  ([a-z]+)  `)
	placeholder = regexp.MustCompile(`^[A-Z]+$`)
)

// prose are the documents whose commands are there to be typed, whether a test runs them or not.
func prose(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, path := range append(paths, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

// Commands, flags, ids of claims and files that a document names are there. That figures are is tested with the links.
func TestDocumentedIsReal(t *testing.T) {
	known := documentedFlags(t)
	commands := 0
	for path, text := range prose(t) {
		for _, block := range code.FindAllString(text, -1) {
			block = strings.ReplaceAll(strings.Trim(block, "`"), "\\\n", " ")
			for _, command := range invoked.FindAllStringSubmatch(block, -1) {
				commands++
				if complaint := wrong(command[1]); complaint != "" {
					t.Errorf("%s: %q: %s", path, command[0], complaint)
				}
			}
			for _, file := range fileInCode.FindAllString(block, -1) {
				folder, _, _ := strings.Cut(file, "/")
				if _, err := os.Stat(filepath.Join(root, folder)); err != nil {
					continue // of what a command writes
				}
				if _, err := os.Stat(filepath.Join(root, file)); err != nil {
					t.Errorf("%s names %s, which is not there", path, file)
				}
			}
		}
		for _, flag := range flagInProse.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(known, flag[1]) {
				t.Errorf("%s names %s, a flag of no command", path, flag[1])
			}
		}
	}
	const few = 100
	if commands < few {
		t.Errorf("only %d commands were found", commands)
	}
}

// wrong says what a command line names that does not exist; "" for nothing. Asked for help, a command reads its flags and does no work.
func wrong(line string) string {
	var args []string
	for _, word := range words(line) {
		if word == ">" || strings.HasPrefix(word, "#") {
			break
		}
		switch {
		case strings.Contains(word, "…"):
			continue
		case strings.Contains(word, "$"), placeholder.MatchString(word):
			word = "1"
		}
		args = append(args, word)
	}
	if len(args) == 0 || args[0] == "1" {
		return ""
	}
	var stdout, stderr bytes.Buffer
	if code := cli.Run(append(slices.Clone(args), "--help"), strings.NewReader(""), &stdout, &stderr); code != 0 {
		return stderr.String()
	}
	for i, arg := range args {
		if strings.HasPrefix(arg, "--") || arg == "1" || i == 0 {
			continue
		}
		for id := range strings.SplitSeq(arg, ",") {
			var err error
			switch {
			case args[0] == "verify" && !strings.HasPrefix(args[i-1], "--"), args[i-1] == "--claims", args[i-1] == "--claim" && id != frontier.CosineStable:
				_, err = theorems.Find(id)
			case args[0] == "search" && i == 1:
				_, err = theorems.FindHunted(id)
			}
			if err != nil {
				return "there is no claim " + id
			}
		}
	}
	return ""
}

// documentedFlags are those that the help of some command lists.
func documentedFlags(t *testing.T) []string {
	t.Helper()
	help := func(args ...string) string {
		var stdout, stderr bytes.Buffer
		if code := cli.Run(append(args, "--help"), strings.NewReader(""), &stdout, &stderr); code != 0 {
			t.Fatalf("%v --help: %s", args, stderr.String())
		}
		return stdout.String()
	}
	all := help()
	texts := all
	for _, command := range commandName.FindAllStringSubmatch(all[strings.Index(all, "Commands:"):], -1) {
		texts += help(command[1])
	}
	flags := []string{"--version"}
	for _, flag := range flagInHelp.FindAllStringSubmatch(texts, -1) {
		flags = append(flags, "--"+flag[1])
	}
	return flags
}
