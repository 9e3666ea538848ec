package cli

import (
	"fmt"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/oracle/proof"
)

// stable is the grid of the claim cosine-stable; the error says which flags do not go together with it.
func (c *frontierCommand) stable(g frontier.Grid) (frontier.Grid, error) {
	words := proof.Words{Loss: c.Loss, Negatives: c.Negatives, Bias: c.Bias}
	loss, err := proof.Named(words)
	if !strings.EqualFold(c.Score, proof.Cosines) || err != nil || loss.Words() != proof.InfoNCE.Words() || c.Margin != "" || !strings.EqualFold(c.Map, "linear") {
		return g, fmt.Errorf("--claim %s goes with --score cosine, --loss infonce and infinitely many negatives", frontier.CosineStable)
	}
	temperature, err := positive("--temperature", c.Temperature, "1")
	if err != nil {
		return g, err
	}
	return g.Stable(temperature)
}
