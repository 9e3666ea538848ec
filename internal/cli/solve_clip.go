package cli

import (
	"fmt"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// runClip solves for the CLIP loss of two modalities.
func (c *solveCommand) runClip(s *session) error {
	d, err := c.document(s.stdin)
	if err != nil {
		return err
	}
	if d.Kind != gmm.TwoModalities {
		return fmt.Errorf("%s: expected a paired file, with the keys \"visual\" and \"text\", for --loss clip; found a single mixture", c.source())
	}
	rank, options, err := c.limits(d.Paired.Components(), s.Seed)
	if err != nil {
		return err
	}
	start := time.Now()
	find := solver.Clip
	if c.Blind {
		find = solver.ClipBlind
	}
	candidate, err := find(d.Paired, options)
	if err == nil {
		err = fits(candidate, rank)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.source(), err)
	}
	r := newPairedSolution("CLIP loss", d.Paired, rank, candidate, oracle.JudgeClip(d.Paired, candidate.Form, candidate.DistanceBound))
	r.Seconds = time.Since(start).Seconds()
	return r.print(s)
}
