package cli

import (
	"fmt"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"
)

// decide solves and judges one reading of the input: raw, or centred.
func (c *solveCommand) decide(s *session, loss losses.Loss, given gmm.Pairs) (solution, error) {
	if err := loss.Admit(given); err != nil {
		return solution{}, inFile(c.source(), c.advised(err))
	}
	p, err := loss.Sees(given)
	if err != nil {
		return solution{}, inFile(c.source(), err)
	}
	if c.Digits != nil && loss.Oracle.Own(p) {
		return solution{}, errDigits(p.Model())
	}
	rank, options, err := c.options(p, s.Seed)
	if err != nil {
		return solution{}, err
	}
	if err := c.choose(loss, p, rank, &options); err != nil {
		return solution{}, inFile(c.source(), err)
	}
	c.foretell(s, loss, p, options)
	found, err := solving(s, func() (answer.Decided, error) { return answer.Decide(s.context(), loss, given, p, options) })
	if err != nil {
		return solution{}, inFile(c.source(), err)
	}
	start := time.Now()
	against, err := c.against(s, loss, p, found.Decision, found.Effects, options)
	if err != nil {
		return solution{}, inFile(c.source(), err)
	}
	found.Seconds += time.Since(start).Seconds()
	if needs := found.Candidate.Constrained.Rank; c.Rank == nil {
		rank = max(rank, needs)
	} else if rank < needs && loss.Oracle.Own(p) {
		return solution{}, fmt.Errorf("%s: expected --rank of at least %d, the rank of the minimiser, found %d", c.source(), needs, rank)
	}
	r := solution{found.Solution(rank, newMade(c.input))}
	if against != nil {
		r.Against = against
	}
	if c.preparation != nil {
		r.Data = c.preparation
	}
	if c.Digits != nil {
		if r.Refined, err = solving(s, func() (*refined, error) { return c.refine(p, found.Candidate.Free.Form) }); err != nil {
			return solution{}, inFile(c.source(), err)
		}
	}
	return r, nil
}

// centred is the other reading of a table, beside the raw one: of a loss that sees differences only they are one.
func (c *solveCommand) centred(s *session, loss losses.Loss, raw gmm.Pairs, is solution) (*answer.Solution, error) {
	if loss.Affine() {
		return is.Recentred(), nil
	}
	if loss.Differences() {
		return &is.Solution, nil
	}
	p, err := raw.Centre()
	if err != nil {
		return nil, inFile(c.source(), err)
	}
	other, err := c.decide(s, loss, p)
	if err != nil {
		return nil, fmt.Errorf("centred: %w", err)
	}
	return &other.Solution, nil
}
