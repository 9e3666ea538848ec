package cli

import (
	"bytes"

	"contrastcheck/internal/answer"
	"contrastcheck/reports"
)

type citeCommand struct{}

// Help is shown by contrastcheck cite --help.
func (citeCommand) Help() string {
	return `Prints BibTeX entries of contrastcheck, in the version that runs, and of the paper whose theorems it examines. Texts that --format latex writes cite the first.

Examples:
  contrastcheck cite > contrastcheck.bib`
}

// Run executes the command.
func (citeCommand) Run(s *session) error {
	return s.print(citation{answer.Version(), reports.Bibliography(answer.Version(), "")})
}

// citation is the output of cite.
type citation struct {
	Version string `json:"version"`
	BibTeX  string `json:"bibtex"`
}

func (c citation) text(b *bytes.Buffer, _ bool) { b.WriteString(c.BibTeX + "\n") }
