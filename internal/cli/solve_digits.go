package cli

import (
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"

	"github.com/jedib0t/go-pretty/v6/table"
)

// checkDigits refuses --digits that cannot be met, whatever the mixture.
func (c *solveCommand) checkDigits() error {
	switch {
	case c.Digits == nil:
		return nil
	case *c.Digits < 1 || *c.Digits > proof.MostDigits:
		return fmt.Errorf("--digits: expected a number from 1 to %d, found %d", proof.MostDigits, *c.Digits)
	case c.Loss != "infonce":
		return errDigits("--loss " + c.Loss)
	}
	return nil
}

// errDigits says what --digits does not serve.
func errDigits(found string) error {
	return fmt.Errorf("--digits: expected the InfoNCE loss of a mixture with a shared covariance and at least dim S_F columns, found %s", found)
}

// refined is M_u, its loss and its whitened eigenvalues in decimals of which every digit
// is right.
type refined struct {
	Digits      int        `json:"digits"`
	M           [][]string `json:"m"`
	Loss        string     `json:"loss"`
	Eigenvalues []string   `json:"whitened_eigenvalues"`
}

func (c *solveCommand) refine(p gmm.Pairs, candidate gmm.Form) (*refined, error) {
	r, err := c.proving().Refine(p, candidate, *c.Digits)
	if err != nil {
		return nil, fmt.Errorf("--digits: %w", err)
	}
	return &refined{*c.Digits, r.M, r.Loss, r.Eigenvalues}, nil
}

// text writes the digits for a person.
func (r refined) text(b *strings.Builder) {
	fmt.Fprintf(b, "\nM_u to %s, every one proved:\n", count(r.Digits, "digit"))
	t := plainTable()
	for i, row := range r.M {
		t.AppendRow(table.Row{label("M_u", i), strings.Join(row, "  ")})
	}
	t.AppendRow(table.Row{"loss", r.Loss})
	for i, x := range r.Eigenvalues {
		t.AppendRow(table.Row{label("eigenvalues on S_F", i), x})
	}
	b.WriteString(t.Render())
	b.WriteString("\n")
}

// label is the name of a block's first row, and blank for the others.
func label(name string, row int) string {
	if row > 0 {
		return ""
	}
	return name
}
