package cli

import (
	"bytes"
	"errors"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/typeset"
)

// typesetter is a result with a form for papers.
type typesetter interface {
	latex(b *bytes.Buffer) error
}

var errNotTypeset = errors.New("--format latex: expected what has a mixture of one modality and a linear or affine map, and no --list, found another")

// formats are those besides text and json, each with the commands that write it.
var formats = map[string]string{"csv": "frontier", "latex": "check, frontier, prove, recheck, search and solve",
	notebook: "check, frontier, losses, project, prove, recheck, search and solve"}

// notebook is the format for the Python package.
const notebook = "notebook"

// writes tells whether a command writes a format.
func writes(command, format string) bool {
	of, special := formats[format]
	name, _, _ := strings.Cut(command, " ")
	return !special || strings.Contains(" "+strings.NewReplacer(",", "", " and ", " ").Replace(of)+" ", " "+name+" ")
}

// latex writes what is proved as a proposition with its proof.
func (r proofReport) latex(b *bytes.Buffer) error {
	c := r.found.certificate
	b.WriteString("% Written by contrastcheck. " + strings.TrimPrefix(typeset.Preamble(typeset.Environment), "% "))
	b.WriteString(typeset.Comment("This proves it anew:\n  " + piped(gmm.Document{Pairs: c.Pairs}, append([]string{"prove", "-"}, proving(c)...)...)))
	b.WriteString(typeset.Theorem(c, r.found.theorem))
	return nil
}
