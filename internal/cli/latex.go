package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/typeset"
	"contrastcheck/oracle/proof/plane"
)

// typesetter is a result with a form for papers.
type typesetter interface {
	latex(b *bytes.Buffer) error
}

var errNotTypeset = errors.New("--format latex: expected what has a mixture of one modality and a linear or affine map, and no --list, found another")

// formats are those besides text and json, each with the commands that write it.
var formats = map[string]string{"csv": "frontier", "coq": "prove and recheck", "latex": "check, frontier, prove, recheck, search and solve",
	notebook: "check, frontier, losses, project, prove, recheck, search and solve"}

// notebook is the format for the Python package.
const notebook = "notebook"

// assistant is a result with a form for a proof assistant.
type assistant interface {
	coq(b *bytes.Buffer) error
}

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

// coq writes a refutation for the theory in formal.
func (r proofReport) coq(b *bytes.Buffer) error {
	refutation, err := plane.Of(r.found.certificate, r.found.theorem)
	if err != nil {
		return fmt.Errorf("--format coq: %w", err)
	}
	c := r.found.certificate
	command := piped(gmm.Document{Pairs: c.Pairs}, append([]string{"prove", "-"}, proving(c)...)...)
	fmt.Fprintf(b, "(* Written by contrastcheck. This writes it anew:\n     %s --format coq\n*)\n", command)
	b.WriteString(typeset.Coq(refutation))
	return nil
}
