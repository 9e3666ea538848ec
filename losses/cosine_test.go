package losses_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

func cosineOf(t *testing.T, s losses.Settings) losses.Cosine {
	t.Helper()
	l, err := losses.ChooseCosine(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// On random mixtures on a line the pillars agree on the loss inside, and at the best A where that stretches S_F and one direction of noise; none is lower than what the search found.
func TestCosinePillarsAgree(t *testing.T) {
	refuted, compared := 0, 0
	for seed := range enough.Cases(12) {
		rng := rand.New(rand.NewPCG(uint64(seed), 24))
		var means, weights []string
		for range 2 + rng.IntN(2) {
			x := math.Round(64*rng.NormFloat64()) / 32
			means, weights = append(means, fmt.Sprintf("[%g, %g]", x, x/2)), append(weights, fmt.Sprint(1+rng.IntN(3)))
		}
		p := pairsIn(t, fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": [[1, "1/4"], ["1/4", 2]], "delta": "3/4"}`, strings.Join(weights, ","), strings.Join(means, ",")))
		if p.Left.FisherDimension() != 1 {
			continue
		}
		for _, s := range []losses.Settings{{Temperature: []string{"1/4", "1/2", "1"}[seed%3], Negatives: []string{"inf", "1", "inf"}[seed%3]}, {Loss: "sigmoid", Negatives: "2", Temperature: "1/2"}} {
			d, err := cosineOf(t, s).Decide(p, 2, 0)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if math.IsNaN(d.AtLeast) || math.Abs(d.AtLeast-d.Inside.Loss) > 1e-6 || d.AtLeast > d.Inside.Loss+d.Inside.LossError {
				t.Errorf("seed %d, %+v: inside %.15g, bounded by %.15g (%s)", seed, s, d.Inside.Loss, d.AtLeast, d.By)
			}
			if d.AtMost < d.Best.Loss-d.Best.LossError-1e-12 {
				t.Errorf("seed %d, %+v: a loss of at most %.15g is below the best that was found, %.15g", seed, s, d.AtMost, d.Best.Loss)
			}
			if d.AtMost < d.Best.Loss+1e-8 {
				compared++
			}
			if d.Containment() == oracle.Refuted {
				refuted++
			}
		}
	}
	if least := enough.Cases(12); refuted < least || compared < least {
		t.Errorf("%d refuted, %d values agree, want %d", refuted, compared, least)
	}
}

func TestCosineRefused(t *testing.T) {
	for settings, want := range map[losses.Settings]string{
		{Score: "cosine"}:                        `losses: --score: expected dot or distance here, found "cosine", which solve, loss and losses of a mixture serve`,
		{Score: "cosine", Loss: "dv"}:            `losses: --score: expected dot with --loss dv, found "cosine"`,
		{Temperature: "1/2"}:                     "losses: --temperature: expected none without --score cosine, found 1/2",
		{Score: "cosine", Bias: "1"}:             "losses: --bias: expected none with --loss infonce --score cosine, found 1",
		{Score: "cosine", Negatives: "0"}:        "losses: --negatives: expected inf or a whole number from 1 to 1000000000 with --loss infonce --score cosine, found 0",
		{Score: "cosine", Margin: "1"}:           "losses: --margin: expected none with --loss infonce --score cosine, found 1",
		{Score: "cosine", Temperature: "-1"}:     "losses: --temperature: expected a number > 0, found -1",
		{Score: "cosine", Temperature: "1e-300"}: "losses: --temperature: expected a number > 0 between 1e-200 and 1e30 in size, found 1e-300",
		{Score: "cosine", Map: "affine"}:         `losses: --map: expected linear with --score cosine, found "affine"`,
	} {
		if _, err := losses.Choose(settings); err == nil || err.Error() != want {
			t.Errorf("%+v: expected %q, found %v", settings, want, err)
		}
	}
}
