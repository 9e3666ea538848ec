package network_test

import (
	"strings"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/solver/network"
)

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func TestReferences(t *testing.T) {
	const line = `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`
	const raw = `{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`
	for _, c := range []struct {
		mixture, activation string
		net                 network.Net
		want                float64
	}{
		{line, "sign", network.Net{W: [][]float64{{1, 1}, {1, -1}}, B: []float64{0, 0}, V: [][]float64{{.5}, {.5}}, C: []float64{0}}, -0.186865082368679038598894328781},
		{line, "relu", network.Net{W: [][]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}, B: make([]float64, 4), V: [][]float64{{.48}, {-.375}, {-.15}, {-.15}}, C: []float64{0}}, -0.28399068286694},
		{line, "relu", network.Net{W: [][]float64{{1, 0}, {-1, 0}, {1, 1}, {1, -1}}, B: make([]float64, 4), V: [][]float64{{-1.6}, {.4}, {.575}, {.575}}, C: []float64{0}}, -0.303723595553497},
		{raw, "relu", network.Net{W: [][]float64{{1, 0}, {0, 1}, {0, -1}}, B: make([]float64, 3), V: [][]float64{{-1. / 3}, {4. / 9}, {4. / 9}}, C: []float64{0}}, -0.10889588350666},
		{raw, "relu", network.Net{W: [][]float64{{1, 0}, {-1, 3}, {-1, -3}}, B: make([]float64, 3), V: [][]float64{{-4. / 15}, {2. / 9}, {2. / 9}}, C: []float64{0}}, -0.133954666121489},
	} {
		a, err := network.Named(c.activation)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		got, err := network.Evaluate(network.InfoNCE, a, read(t, c.mixture), c.net, c.net)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.15f ± %.1e, off by %.1e, %v", c.activation, got.Value, got.Error, got.Value-c.want, time.Since(start))
	}
}
