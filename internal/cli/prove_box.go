package cli

import (
	"errors"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/theorems/proofs"
)

// boxed is the flag of proofs about all mixtures of a box.
type boxed struct {
	Box string `placeholder:"BOX" help:"Prove it of every mixture in which numbers are from intervals, such as 'weight[1] in [1/500, 1/432], delta in [9/10, 1]', or 'all within 1/1000' of what they are."`
}

// proveBox proves a verdict of all mixtures of the box, each with its mean subtracted where --centre says so.
func (c *proveCommand) proveBox(loss proof.Loss) (func(gmm.Pairs) (proof.Certificate, error), error) {
	if c.Map == networks || c.ofCosines() || loss.Words() != proof.InfoNCE.Words() {
		return nil, errors.New("--box goes with the InfoNCE loss of dot products, linear maps and infinitely many negatives, of which there are proofs about boxes")
	}
	centred := c.Centre
	c.Centre = false // which is done to each mixture of the box
	return func(p gmm.Pairs) (proof.Certificate, error) {
		sides, err := box.Parse(c.Box, p)
		if err != nil {
			return proof.Certificate{}, fmt.Errorf("--box: %w", err)
		}
		return proofs.ProveBox(box.Box{Pairs: p, Sides: sides, Centred: centred}, c.proving())
	}, nil
}
