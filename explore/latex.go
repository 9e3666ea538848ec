package explore

import (
	"context"

	"contrastcheck/internal/typeset"
)

// typesetting is a mixture in LaTeX.
type typesetting struct {
	LaTeX string `json:"latex"`
}

func latex(_ context.Context, body []byte, _ func(any)) (any, error) {
	a, err := read(body)
	if err == nil {
		err = a.Pairs.WantOneModality()
	}
	if err != nil {
		return nil, err
	}
	return typesetting{typeset.Mixture(a.Pairs)}, nil
}
