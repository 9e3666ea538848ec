package cli

import (
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"

	"github.com/jedib0t/go-pretty/v6/table"
)

// checkDigits refuses --digits that cannot be met, whatever the mixture.
func (c *solveCommand) checkDigits(loss losses.Loss) error {
	switch {
	case c.Digits == nil:
		return nil
	case *c.Digits < 1 || *c.Digits > proof.MostDigits:
		return fmt.Errorf("--digits: expected a number from 1 to %d, found %d", proof.MostDigits, *c.Digits)
	case !loss.Oracle.Proves():
		return errDigits("the " + loss.Title)
	}
	return nil
}

// errDigits says what --digits does not serve.
func errDigits(found string) error {
	return fmt.Errorf("--digits: expected the InfoNCE loss of a mixture with a shared covariance and at least dim S_F columns, found %s", found)
}

// refined is M_u, its loss and its whitened eigenvalues in significant decimal digits, every one
// of which is right.
type refined struct {
	Digits      int         `json:"digits"`
	M           [][]string  `json:"m"`
	Loss        string      `json:"loss"`
	Eigenvalues []string    `json:"whitened_eigenvalues"`
	Unreached   []unreached `json:"unreached,omitempty"`

	exact proof.Refined
}

// unreached is a number that has fewer digits.
type unreached struct {
	Number string `json:"number"`          // its place in the block, counted from 1
	Digits int    `json:"digits"`          // that are right
	Below  string `json:"below,omitempty"` // a bound of its size, where there are none
}

func (c *solveCommand) refine(p gmm.Pairs, candidate gmm.Form) (*refined, error) {
	digits := *c.Digits
	exact, err := c.proving().Refine(p, candidate, digits)
	if err != nil {
		return nil, fmt.Errorf("--digits: %w", err)
	}
	r := &refined{Digits: digits, Eigenvalues: []string{}, exact: exact}
	add := func(x proof.Number, place string, at ...any) string {
		if x.Digits < digits {
			r.Unreached = append(r.Unreached, unreached{fmt.Sprintf(place, at...), x.Digits, x.Below})
		}
		return x.Text
	}
	for i, row := range exact.M {
		texts := make([]string, len(row))
		for j, x := range row {
			texts[j] = add(x, "m[%d][%d]", i+1, j+1)
		}
		r.M = append(r.M, texts)
	}
	r.Loss = add(exact.Loss, "loss")
	for i, x := range exact.Eigenvalues {
		r.Eigenvalues = append(r.Eigenvalues, add(x, "whitened_eigenvalues[%d]", i+1))
	}
	return r, nil
}

// text writes the digits for a person.
func (r refined) text(b *strings.Builder) {
	fmt.Fprintf(b, "\nM_u to %s, every one proved:\n", count(r.Digits, "significant digit"))
	t := plainTable()
	for i, row := range r.exact.M {
		texts := make([]string, len(row))
		for j, x := range row {
			texts[j] = shown(x)
		}
		t.AppendRow(table.Row{label("M_u", i), strings.Join(texts, "  ")})
	}
	t.AppendRow(table.Row{"loss", shown(r.exact.Loss)})
	for i, x := range r.exact.Eigenvalues {
		t.AppendRow(table.Row{label("eigenvalues on S_F", i), shown(x)})
	}
	b.WriteString(t.Render())
	b.WriteString("\n")
	for _, u := range r.Unreached {
		if u.Digits > 0 {
			fmt.Fprintf(b, "  %s has %s: more are out of reach\n", u.Number, count(u.Digits, "digit"))
		}
	}
}

// shown is a number, or what is known of its size.
func shown(x proof.Number) string {
	if x.Below != "" {
		return "|x| < " + x.Below
	}
	return x.Text
}

// label is the name of a block's first row, and blank for the others.
func label(name string, row int) string {
	if row > 0 {
		return ""
	}
	return name
}
