package explore

import (
	"context"
	"runtime"

	"contrastcheck/atlas/mixtures"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"
)

// everyLoss is the answer of contrastcheck losses --format json for the mixture: what every loss keeps of it.
func everyLoss(ctx context.Context, body []byte, _ func(any)) (any, error) {
	a, err := read(body)
	if err != nil {
		return nil, err
	}
	kept, err := mixtures.Of(ctx, a.Pairs, losses.Options{Limit: limit}, runtime.GOMAXPROCS(0), mixtures.Usual())
	if err != nil {
		return nil, err
	}
	out := []answer.Kept{}
	for _, k := range kept {
		out = append(out, answer.NewKept(k))
	}
	return out, nil
}
