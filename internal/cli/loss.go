package cli

import (
	"encoding/json"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/solver"
)

type lossCommand struct {
	File string `arg:"" help:"Mixture file (JSON) with a representation \"a\"; - reads standard input."`
}

// Help is shown by contrastcheck loss --help.
func (lossCommand) Help() string {
	return `Prints the InfoNCE loss of the representation x ↦ Aᵀx, A being the d×r matrix "a" of the file.

Example:
  echo '{"weights": [3, 7], "means": [[2, 1], [-1, 0.5]], "covariance": "identity", "a": [[0.5], [0.25]]}' | contrastcheck loss -`
}

// Run executes the command.
func (c *lossCommand) Run(s *session) error {
	file, err := readFile(c.File, s.stdin)
	if err != nil {
		return err
	}
	if file.A == nil {
		return &gmm.InputError{Source: sourceName(c.File), Key: "a", Expected: fmt.Sprintf("a representation of %d rows", file.Pairs.Dimension()),
			Found: "nothing", Reason: gmm.ErrShape}
	}
	value, bound, err := solver.Loss(file.Pairs, file.A)
	if err != nil {
		return err
	}
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(struct {
			Loss float64 `json:"loss"`
		}{value})
	}
	if s.Quiet {
		_, err = fmt.Fprintf(s.stdout, "%.15g\n", value)
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%.15g  (error at most about %.1g)\n", value, bound)
	return err
}
