package cli

import (
	"encoding/json"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/solver"
)

type lossCommand struct {
	limited   `embed:""`
	chosen    `embed:""`
	networked `embed:""`
	File      string `arg:"" help:"Mixture file (JSON) with a representation \"a\"; - reads standard input."`
	Enclose   bool   `help:"Print an interval that contains the loss, by interval arithmetic: nothing in it rests on floating point."`
}

// Help is shown by contrastcheck loss --help.
func (lossCommand) Help() string {
	return `Prints the loss of the representation x ↦ Aᵀx, A being the d×r matrix "a" of the file, or with --map affine of x ↦ Aᵀx + b, "b" being r numbers (0 where there are none): that of InfoNCE or what --loss names; of a paired file
the CLIP loss of its representations "a_visual" and "a_text". A bias that is free is the best one. Files in which each component has its own
covariance are taken with --loss dv, agreement and spectral.

With --map network it is that of x ↦ Vᵀσ(Wx + b) + c, of the file's "net": {"w": h×d, "b": [h], "v": h×r, "c": [r]}, b and c 0 where they are absent, or
of two towers "net_visual" and "net_text", of one modality or of a paired file: infonce, clip or spectral, by quadrature over at most 3 directions that the hidden weights see.

With --enclose it prints a lower and an upper bound of the InfoNCE loss. They are proved: weights, means, covariance,
δ and "a" are taken exactly as the file writes them, and every operation is rounded outward. With --format json the
bounds are decimal strings: {"lower": "…", "upper": "…"}.

Examples:
  echo '{"weights": [3, 7], "means": [[2, 1], [-1, 0.5]], "covariance": "identity", "a": [[0.5], [0.25]]}' | contrastcheck loss -
  contrastcheck loss testdata/representation.json --enclose
  contrastcheck loss testdata/network.json --map network --activation relu`
}

// Run executes the command.
func (c *lossCommand) Run(s *session) error {
	if c.cosines() {
		return c.ofCosines(s)
	}
	if c.ofNetworks() {
		return c.hidden(s)
	}
	if err := c.misplaced(); err != nil {
		return err
	}
	name, d, loss, err := c.document(s)
	if err != nil {
		return err
	}
	if c.Enclose {
		return c.enclose(s, name, d, loss)
	}
	if err := c.affordable(name, d); err != nil {
		return err
	}
	if err := loss.Admit(d.Pairs); err != nil {
		return inFile(name, err)
	}
	value, bound, err := evaluate(loss, d)
	if err != nil {
		return inFile(name, err)
	}
	return printLoss(s, value, bound)
}

// printLoss prints a loss with its error.
func printLoss(s *session, value, bound float64) (err error) {
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

// evaluate is the loss of the file's representation, of an affine map with its bias, which is 0 where the file has none.
func evaluate(loss losses.Loss, d gmm.Document) (value, bound float64, err error) {
	if !loss.Affine() {
		return solver.Evaluate(loss.Solver, d.Pairs, d.A, d.ARight)
	}
	b := d.B
	if b == nil {
		_, columns := d.A.Dims()
		b = make([]float64, columns)
	}
	return solver.EvaluateAffine(loss.Solver, d.Pairs, d.A, b)
}

// of is the loss that the flags choose, by default the first one of the pairs.
func (c *lossCommand) of(p gmm.Pairs) (losses.Loss, error) {
	if c.Loss == "" {
		c.Loss = losses.For(p).Settings.Loss
	}
	return c.loss()
}

// document reads the file, which must hold a model that the loss is evaluated of, and a representation.
func (c *lossCommand) document(s *session) (name string, d gmm.Document, loss losses.Loss, err error) {
	name, r, done, err := open(c.File, s.stdin)
	if err != nil {
		return name, d, loss, err
	}
	defer done()
	if d, err = c.reading().Read(name, r); err != nil {
		return name, d, loss, err
	}
	if loss, err = c.of(d.Pairs); err != nil {
		return name, d, loss, err
	}
	missing := func(key string, rows int) error {
		return &gmm.InputError{Source: name, Key: key, Expected: fmt.Sprintf("a representation of %d rows", rows),
			Found: "nothing", Reason: gmm.ErrShape}
	}
	switch err = gmm.InSource(name, loss.Solver.Evaluates(d.Pairs)); {
	case err == nil && d.B != nil && !loss.Affine():
		err = &gmm.InputError{Source: name, Key: "b", Expected: "none without --map affine", Found: "a bias", Reason: gmm.ErrOtherModel}
	case err != nil || d.A != nil:
	case d.Pairs.Modalities() == 2:
		err = missing("a_visual", d.Pairs.Left.Dimension())
	default:
		err = missing("a", d.Pairs.Left.Dimension())
	}
	return name, d, loss, err
}

// affordable refuses a loss that would take more than the limit.
func (c *lossCommand) affordable(name string, d gmm.Document) error {
	mixture := d.Pairs.Left
	if d.Pairs.Right.Dimension() > mixture.Dimension() {
		mixture = d.Pairs.Right
	}
	_, columns := d.A.Dims()
	work := fmt.Sprintf("%s and a representation of %s", count(mixture.Components(), "component"), count(columns, "column"))
	cost := solver.LossCost
	if !d.Pairs.Shared() {
		cost = solver.OwnLossCost
	}
	return c.reading().Allows(name, work, cost(mixture.Components(), mixture.Dimension(), columns))
}

// The precision of an enclosure in bits, and the decimal digits that it fills.
const enclosureBits, enclosureDigits = 128, 39

// enclose prints a rigorous interval that contains the loss.
func (c *lossCommand) enclose(s *session, name string, d gmm.Document, loss losses.Loss) error {
	if d.Pairs.Modalities() == 1 && loss.Settings != losses.InfoNCE.Settings {
		return fmt.Errorf("--enclose: expected the InfoNCE loss of dot products and infinitely many negatives, found the %s", loss.Title)
	}
	if d.Pairs.Modalities() == 2 {
		return &gmm.InputError{Source: name, Key: "visual", Expected: "a single mixture with --enclose", Found: "a paired file", Reason: gmm.ErrOtherModel}
	}
	value, err := c.proving().EncloseLoss(d.Pairs, d.ExactA, enclosureBits)
	if err != nil {
		return inFile(name, err)
	}
	lower, upper := value.Decimal(enclosureDigits)
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(struct {
			Lower string `json:"lower"`
			Upper string `json:"upper"`
		}{lower, upper})
	}
	if s.Quiet {
		_, err = fmt.Fprintf(s.stdout, "%s %s\n", lower, upper)
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "lower  %s\nupper  %s\n", lower, upper)
	return err
}
