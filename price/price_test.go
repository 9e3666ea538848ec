package price

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

func pairs(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// The losses of a mixture of two components are those of independent programs, and in the order of what maps may do.
func TestTwoPoints(t *testing.T) {
	steps := 0
	x, err := Of(t.Context(), pairs(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`), Options{Progress: func() { steps++ }})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{-.1146854905180, -.1167348856944, -.145325122432, -.162581939835, -.1682062227806, -.1743552968959}
	if len(x.Maps) != len(want) || steps != Steps {
		t.Fatalf("%d maps, %d steps of %d", len(x.Maps), steps, Steps)
	}
	const printed = 1e-12
	for i, m := range x.Maps {
		if math.Abs(m.Loss-want[i]) > m.Error+printed || m.Error > 1e-8 {
			t.Errorf("%s: %.13f ± %.2g, want %.13f", m.Name(), m.Loss, m.Error, want[i])
		}
		if i > 0 && m.Share <= x.Maps[i-1].Share {
			t.Errorf("%s keeps %v, no more than %s", m.Name(), m.Share, x.Maps[i-1].Name())
		}
	}
	if x.Maps[5].Share != 1 || x.LeftOut != nil || !strings.Contains(x.Words(), "a linear map keeps 65.8 % of it, and a bias adds 1.2 points") {
		t.Errorf("share %v, left out %q, words %q", x.Maps[5].Share, x.LeftOut, x.Words())
	}
	p := x.Picture
	if p.Dimension != 1 || len(p.Encoders) != 3 || len(p.Axes) != 1 {
		t.Fatalf("the picture has %d dimensions, %d encoders", p.Dimension, len(p.Encoders))
	}
	line := p.Encoders[0].Outputs[0]
	for i := 2; i < len(line); i++ {
		if off := line[i] - 2*line[i-1] + line[i-2]; math.Abs(off) > 1e-12 {
			t.Fatalf("the linear map bends by %g", off)
		}
	}
	best := p.Encoders[2].Outputs[0]
	for i := 1; i < len(best); i++ { // of two components it rises with the posterior
		if best[i] <= best[i-1] {
			t.Fatalf("the best encoder falls at %v", p.Axes[0][i])
		}
	}
}

// What is left out is said, in every law that is served; others are refused.
func TestLaws(t *testing.T) {
	for _, c := range []struct {
		text, says string
		maps       int
	}{
		{`{"weights": [1, 2], "means": [[1], [1]], "covariance": "identity"}`, "tell nothing", 3},
		{`{"weights": [1, 2], "means": [[1], [3]], "covariance": "identity", "delta": 0}`, "tell nothing", 3},
		{`{"weights": [1], "means": [[1]], "covariance": "identity"}`, "tell nothing", 3},
		{`{"weights": [1, 1, 1, 1], "means": [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], "covariance": "identity"}`, "here they span 3", 3},
		{`{"weights": [1, 1, 1], "means": [[0, 0], [40, 0], [0, 30]], "covariance": "identity"}`, "too many nodes", 3},
		{`{"weights": [2, 1], "means": [[1], [3]], "covariance": "identity", "delta": "1/16"}`, "", 6},
		{`{"weights": [1, 2], "means": [[0], [30]], "covariance": "identity"}`, "", 6},
	} {
		x, err := Of(t.Context(), pairs(t, c.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if said := strings.Join(x.LeftOut, " "); len(x.Maps) != c.maps || !strings.Contains(said, c.says) || (said == "") != (c.says == "") {
			t.Errorf("%s: %d maps, left out: %q", c.text, len(x.Maps), said)
		}
		for _, m := range x.Maps {
			if m.Share > 1+1e-9 || m.Loss > 0 || math.IsNaN(m.Share) != (x.Information.Value == 0) {
				t.Errorf("%s: %+v", c.text, m)
			}
		}
	}
	if _, err := Of(t.Context(), pairs(t, `{"weights": [1, 2], "means": [[1], [3]], "covariance": [[[1]], [[2]]]}`), Options{}); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("own covariances: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Of(ctx, pairs(t, `{"weights": [1, 2], "means": [[1], [3]], "covariance": "identity"}`), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

// Of nearly no information no shares are known.
func TestLittleInformation(t *testing.T) {
	x, err := Of(t.Context(), pairs(t, `{"weights": [1, 1], "means": [[0], ["1/1000"]], "covariance": "identity"}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range x.Maps {
		if !math.IsNaN(m.Share) {
			t.Errorf("%s keeps %v of %v ± %v", m.Name(), m.Share, x.Information.Value, x.Information.Error)
		}
	}
	if !strings.Contains(x.Words(), "too little") {
		t.Error(x.Words())
	}
}

// Where no affine minimiser exists, that is said.
func TestNoAffineMinimiser(t *testing.T) {
	text, err := os.ReadFile("../testdata/rare-outlier.json")
	if err != nil {
		t.Fatal(err)
	}
	x, err := Of(t.Context(), pairs(t, string(text)), Options{Limit: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	if m := x.Maps[1]; m.Map != Affine || !strings.Contains(m.Detail, "no affine minimiser exists") || math.Abs(m.Loss+.0710714166128) > 1e-12+m.Error {
		t.Errorf("%+v", m)
	}
}
