package soundness

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	judge "contrastcheck/oracle/network"
	"contrastcheck/solver/network"
)

// Both pillars give networks the same loss, by rules and code of their own: of every activation that both have, of one tower or two.
func TestPillarsAgreeOnNetworks(t *testing.T) {
	d, err := gmm.Read("pillars", strings.NewReader(`{"weights": [3, 1, 2], "means": [[-1, 0.5], [2, 0], [0, 1]], "covariance": [[1, 0.25], [0.25, 1]], "delta": 0.75}`))
	if err != nil {
		t.Fatal(err)
	}
	p := d.Pairs
	rng := rand.New(rand.NewPCG(11, 12))
	draw := func(h int) network.Net {
		f := network.Net{C: []float64{rng.NormFloat64() / 4}}
		for range h {
			f.W = append(f.W, []float64{rng.NormFloat64() / 2, rng.NormFloat64() / 2})
			f.B, f.V = append(f.B, rng.NormFloat64()), append(f.V, []float64{rng.NormFloat64() / 6})
		}
		return f
	}
	for i, a := range judge.Activations() {
		ours, err := network.Named(a.Name)
		if err != nil {
			t.Fatal(err)
		}
		towers, f := 1+i%2, draw(2)
		g := f
		if towers == 2 {
			g = draw(1)
		}
		theirs := func(f network.Net) judge.Net { return judge.Net{W: f.W, B: f.B, V: f.V, C: f.C, Activation: a} }
		x, err := network.Evaluate(network.InfoNCE, ours, p, f, g)
		if err != nil {
			t.Fatal(err)
		}
		y, err := judge.Loss(p, theirs(f), theirs(g))
		if err != nil {
			t.Fatal(err)
		}
		if off := math.Abs(x.Value - y.Value); !(off <= 2*(x.Error+y.Error)) || y.Error > 1e-3 {
			t.Errorf("%s, %d towers: %.10g ± %.1g and %.10g ± %.1g", a.Name, towers, x.Value, x.Error, y.Value, y.Error)
		}
	}
}
