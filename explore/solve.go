package explore

import (
	"context"
	"runtime"

	"contrastcheck/internal/answer"
	"contrastcheck/losses"
)

// solve is the answer of contrastcheck solve --format json.
func solve(ctx context.Context, body []byte, _ func(any)) (any, error) {
	a, err := read(body)
	if err != nil {
		return nil, err
	}
	return a.solution(ctx)
}

// solution decides the loss of the mixture.
func (a asked) solution(ctx context.Context) (answer.Solution, error) {
	if err := a.loss.Admit(a.Pairs); err != nil {
		return answer.Solution{}, err
	}
	seen, err := a.loss.Sees(a.Pairs)
	if err != nil {
		return answer.Solution{}, err
	}
	d, err := answer.Decide(ctx, a.loss, a.Pairs, seen, steer())
	if err != nil {
		return answer.Solution{}, err
	}
	rank := max(seen.Components(), d.Candidate.Constrained.Rank)
	return d.Solution(rank, answer.NewMade(nil, nil)), nil
}

// steer are the options of a decision.
func steer() losses.Options {
	const seed = 1 // the command line's
	return losses.Options{Seed: seed, Cores: runtime.GOMAXPROCS(0), Limit: limit}
}
