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
	return `Prints the InfoNCE loss of the representation x ↦ Aᵀx, A being the d×r matrix "a" of the file; of a paired file
the CLIP loss of its representations "a_visual" and "a_text".

Example:
  echo '{"weights": [3, 7], "means": [[2, 1], [-1, 0.5]], "covariance": "identity", "a": [[0.5], [0.25]]}' | contrastcheck loss -`
}

// Run executes the command.
func (c *lossCommand) Run(s *session) error {
	value, bound, err := c.evaluate(s)
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

// evaluate returns the loss of the file's representation, and an estimate of its error.
func (c *lossCommand) evaluate(s *session) (value, bound float64, err error) {
	name, r, done, err := open(c.File, s.stdin)
	if err != nil {
		return 0, 0, err
	}
	defer done()
	d, err := gmm.Read(name, r)
	if err != nil {
		return 0, 0, err
	}
	missing := func(key string, rows int) error {
		return &gmm.InputError{Source: name, Key: key, Expected: fmt.Sprintf("a representation of %d rows", rows),
			Found: "nothing", Reason: gmm.ErrShape}
	}
	switch {
	case d.Kind == gmm.OwnCovariances:
		return 0, 0, &gmm.InputError{Source: name, Key: "covariance", Expected: "one covariance shared by all components",
			Found: "one for each component", Reason: gmm.ErrOtherModel}
	case d.Kind == gmm.TwoModalities && d.AVisual == nil:
		return 0, 0, missing("a_visual", d.Paired.Visual.Dimension())
	case d.Kind == gmm.TwoModalities:
		return solver.ClipLoss(d.Paired, d.AVisual, d.AText)
	case d.A == nil:
		return 0, 0, missing("a", d.Pairs.Dimension())
	}
	return solver.Loss(d.Pairs, d.A)
}
