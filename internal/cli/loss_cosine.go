package cli

import (
	"errors"
	"fmt"

	"contrastcheck/gmm"
)

// ofCosines prints the loss of cosines of the file's representation.
func (c *lossCommand) ofCosines(s *session) error {
	loss, err := c.cosine()
	if err != nil {
		return err
	}
	if c.Enclose {
		return errors.New("--enclose: expected none with --score cosine")
	}
	d, err := readFrom(c.File, s.stdin, c.reading().Read)
	if err != nil {
		return err
	}
	name := sourceName(c.File)
	if err := gmm.InSource(name, d.Pairs.WantSingle()); err != nil {
		return err
	}
	if d.A == nil {
		return &gmm.InputError{Source: name, Key: "a", Expected: fmt.Sprintf("a representation of %d rows", d.Pairs.Left.Dimension()), Found: "nothing", Reason: gmm.ErrShape}
	}
	if d.B != nil {
		return &gmm.InputError{Source: name, Key: "b", Expected: "none without --map affine", Found: "a bias", Reason: gmm.ErrOtherModel}
	}
	value, bound, err := loss.Evaluate(d)
	if err != nil {
		return inFile(name, err)
	}
	return printLoss(s, value, bound)
}
