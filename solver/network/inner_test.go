package network

import (
	"strings"
	"testing"
	"time"

	"contrastcheck/gmm"
)

func TestCount(t *testing.T) {
	d, _ := gmm.Read("x", strings.NewReader(`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`))
	f := Net{W: [][]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}, B: make([]float64, 4), V: [][]float64{{.48}, {-.375}, {-.15}, {-.15}}, C: []float64{0}}
	g := Net{W: [][]float64{{1, .2}, {-1, 0.3}, {0.7, 1}, {-.2, -.6}}, B: []float64{.1, -.3, .2, .4}, V: [][]float64{{.48, .3}, {-.375, -.2}, {-.4, .1}, {-.3, .2}}, C: []float64{0, 0}}
	for _, f := range []Net{f, g} {
		for _, name := range []string{"relu", "tanh"} {
			a, _ := Named(name)
			s, _ := seenBy(d.Pairs.Left, f)
			for _, l := range []level{rough, good, fine} {
				start := time.Now()
				n := l.nodes(s.net(f, a), s.view)
				t1 := time.Since(start)
				x, _, _ := s.net(f, a).see(n, d.Pairs.Weights())
				t2 := time.Since(start)
				v, _, _ := InfoNCE.of(1, d.Pairs.Weights(), x, x)
				t.Log(name, len(f.C), len(n.given), t1, t2, time.Since(start), v)
			}
		}
	}
}
