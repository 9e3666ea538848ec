package cli

import (
	"errors"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// hidden prints the loss of the file's net, or of its two towers.
func (c *lossCommand) hidden(s *session) error {
	if c.Enclose {
		return errors.New("--enclose: expected none with --map network")
	}
	d, err := readFrom(c.File, s.stdin, c.reading().Read)
	if err != nil {
		return err
	}
	if c.Loss == "" {
		c.Loss = losses.For(d.Pairs).Settings.Loss
	}
	c.Width = max(c.Width, 1)
	if d.Net == nil {
		key := "net"
		if d.Pairs.Modalities() == 2 {
			key = "net_visual"
		}
		return &gmm.InputError{Source: sourceName(c.File), Key: key, Expected: "a net", Found: "nothing", Reason: gmm.ErrShape}
	}
	loss, err := c.network(c.chosen)
	if err != nil {
		return err
	}
	value, bound, err := loss.Evaluate(d)
	if err != nil {
		return inFile(sourceName(c.File), err)
	}
	return printLoss(s, value, bound)
}
