package losses

import (
	"fmt"
	"strings"
)

// Labelled returns the loss whose Label is a text, such as infonce, infonce-16, distance-triplet or affine-infonce, with standard parameters but for the number of negatives.
func Labelled(label string) (Loss, error) {
	s, rest := Settings{}, strings.ToLower(label)
	if after, ok := strings.CutPrefix(rest, Affine+"-"); ok {
		s.Map, rest = Affine, after
	}
	if after, ok := strings.CutPrefix(rest, Distance+"-"); ok {
		s.Score, rest = Distance, after
	}
	s.Loss, s.Negatives, _ = strings.Cut(rest, "-")
	l, err := Choose(s)
	if err != nil {
		return Loss{}, fmt.Errorf("expected a loss such as infonce, infonce-16 or distance-triplet, found %q (%s)", label, strings.TrimPrefix(err.Error(), "losses: "))
	}
	return l, nil
}
