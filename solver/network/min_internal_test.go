package network

import (
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	for _, c := range []struct {
		text, a string
		h, r    int
		biases  bool
	}{
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, "erf", 2, 2, true},
		{`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`, "relu", 3, 1, false},
		{`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`, "sign", 2, 1, false},
		{`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`, "relu", 2, 1, true},
		{`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`, "tanh", 2, 1, true},
	} {
		a, _ := Named(c.a)
		start := time.Now()
		r, err := Minimise(InfoNCE, pairsOf(t, c.text), Shape{a, c.h, c.r, c.biases}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s %v: %v noise %.3g±%.1g", c.a, c.h, time.Since(start), r.Noise, r.NoiseError)
		for _, m := range []Minimum{r.Inside, r.Best} {
			t.Logf("  %.12f ± %.1e g %.1e curv %.3g±%.1g outside %.3g reached %d/%d pts %d %v", m.Value, m.Error, m.GradientNorm, m.LeastCurvature, m.CurvatureError, m.Outside, m.Reached, m.Starts, m.Points, m.Net)
		}
	}
}
