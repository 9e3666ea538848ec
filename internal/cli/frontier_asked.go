package cli

import (
	"fmt"
	"math/big"

	"contrastcheck/frontier"
	"contrastcheck/theorems"
)

// asked is the grid of a claim other than equality.
func (c *frontierCommand) asked(s *session, g frontier.Grid) (frontier.Grid, error) {
	claim, err := theorems.FindHunted(c.Claim)
	if err != nil {
		return g, fmt.Errorf("--claim: %w; beside these there is %s", err, frontier.CosineStable)
	}
	var temperature *big.Rat
	if c.Temperature != "" {
		if temperature, err = positive("--temperature", c.Temperature, ""); err != nil {
			return g, err
		}
	}
	of := c.chosen
	of.Temperature = "" // the claim's
	if !of.standard() {
		loss, err := of.loss()
		if err != nil {
			return g, err
		}
		if claim, err = claim.Of(loss); err != nil {
			return g, fmt.Errorf("--loss: %w", err)
		}
	}
	g, err = g.Ask(frontier.Asked{Claim: claim, Temperature: temperature, Seed: s.Seed})
	if err != nil {
		return g, fmt.Errorf("--axis: %w", err)
	}
	return g, nil
}
