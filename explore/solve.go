package explore

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"
)

// solve is the answer of contrastcheck solve --format json.
func solve(ctx context.Context, body []byte, _ func(any)) (any, error) {
	file, o, err := taken(body)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(o.Score, losses.CosineScore) {
		return cosines(file, o)
	}
	a, err := readWith(file, o)
	if err != nil {
		return nil, err
	}
	return a.solution(ctx)
}

// cosines is the answer of a loss of cosines.
func cosines(file []byte, o options) (any, error) {
	loss, err := losses.ChooseCosine(o.settings())
	if err != nil {
		return nil, err
	}
	if _, err := small(file); err != nil {
		return nil, err
	}
	given, err := gmm.Limit(limit).Read("", bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	start, columns := time.Now(), loss.StandardColumns(given.Pairs)
	d, err := loss.Decide(given.Pairs, columns, steer().Seed)
	if err != nil {
		return nil, err
	}
	s := answer.NewStationary(given.Pairs, loss.Settings, d.Stationary, columns, d.Rank, d.Outside).OfCosines(loss, d)
	s.Made, s.Seconds = answer.NewMade(nil, nil), time.Since(start).Seconds()
	return s, nil
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
