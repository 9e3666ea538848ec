package cli

import (
	"fmt"
	"time"

	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// runClip solves for the CLIP loss of two modalities.
func (c *solveCommand) runClip(s *session) error {
	d, err := c.document(s.stdin)
	if err != nil {
		return err
	}
	if d.Pairs.Modalities() == 1 {
		return fmt.Errorf("%s: expected a paired file, with the keys \"visual\" and \"text\", for --loss clip; found a single mixture", c.source())
	}
	rank, options, err := c.limits(d.Pairs.Components(), s.Seed)
	if err != nil {
		return err
	}
	if err := fits(d.Pairs, rank); err != nil {
		return fmt.Errorf("%s: %w", c.source(), err)
	}
	start := time.Now()
	find := solver.Clip
	if c.Blind {
		find = solver.ClipBlind
		if err := c.blindly(max(d.Pairs.Left.Dimension(), d.Pairs.Right.Dimension())); err != nil {
			return inFile(c.source(), err)
		}
	}
	r, err := solving(s, func() (pairedSolution, error) {
		candidate, err := find(d.Pairs, options)
		if err != nil {
			return pairedSolution{}, err
		}
		findings := oracle.Limit(c.Limit).JudgeClip(d.Pairs, candidate.Form, candidate.DistanceBound)
		seconds := time.Since(start).Seconds()
		r := newPairedSolution("CLIP loss", d.Pairs, rank, candidate, findings)
		r.Seconds = seconds
		return r, nil
	})
	if err != nil {
		return inFile(c.source(), err)
	}
	return r.print(s)
}
