package network

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// Every inequality holds at random networks, and mistakes that are planted in it are refuted by some of them.
func TestPlantedErrorsAreCaught(t *testing.T) {
	variance := func(wrong func(float64) float64) func(gmm.Pairs, Net) (Margin, error) {
		return func(p gmm.Pairs, f Net) (Margin, error) {
			return averaging(p, f, func(j int, noise *mat.SymDense) float64 { return wrong(noise.At(j, j)) })
		}
	}
	// Mistakes of what is frozen: the noise is left out, has the wrong deviation, or the wrong mean.
	noise := func(factor, shift float64) func(rule, Net, law) []frozen {
		return func(r rule, f Net, l law) []frozen {
			scaled := mat.NewSymDense(len(f.W), nil)
			scaled.ScaleSym(factor*factor, l.noise)
			l.noise = scaled
			l.means = slices.Clone(l.means)
			for k, m := range l.means {
				l.means[k] = []float64{m[0] + shift}
			}
			return f.frozen(r, l)
		}
	}
	towers := func(factor, shift float64) func(gmm.Pairs, Net) (Margin, error) {
		return func(p gmm.Pairs, f Net) (Margin, error) { return freezing(p, f, f, noise(factor, shift)) }
	}
	layers := func(factor, shift float64) func(gmm.Pairs, Net) (Margin, error) {
		return func(p gmm.Pairs, f Net) (Margin, error) { return spectral(p, f, 1, noise(factor, shift)) }
	}
	shifted := func(shift func(law, []float64, float64, float64) float64) func(gmm.Pairs, Net) (Margin, error) {
		return func(p gmm.Pairs, f Net) (Margin, error) { return threshold(p, f, shift) }
	}
	for _, c := range []struct {
		name   string
		margin func(gmm.Pairs, Net) (Margin, error)
		wrong  bool
	}{
		{"averaging", Averaging, false},
		{"averaging: the noise is left out, not averaged", variance(func(float64) float64 { return 0 }), true},
		{"averaging: twice the deviation", variance(func(v float64) float64 { return 4 * v }), true},
		{"averaging: the deviation in place of the variance", variance(math.Sqrt), true},
		{"freezing", func(p gmm.Pairs, f Net) (Margin, error) { return Freezing(p, f, f) }, false},
		{"freezing: at the mean alone", towers(0, 0), true},
		{"freezing: twice the noise", towers(2, 0), true},
		{"freezing: about a wrong mean", towers(1, 1), true},
		{"spectral", func(p gmm.Pairs, f Net) (Margin, error) { return Spectral(p, f, 1) }, false},
		{"spectral: twice the noise", layers(2, 0), true},
		{"spectral: about a wrong mean", layers(1, 1), true},
		{"threshold", Threshold, false},
		{"threshold: the bias is not moved", shifted(func(law, []float64, float64, float64) float64 { return 0 }), true},
		{"threshold: moved half the way", shifted(func(l law, centres []float64, variance, often float64) float64 {
			return asOften(l, centres, variance, often) / 2
		}), true},
	} {
		nets := enough.Cases(160)
		if strings.HasPrefix(c.name, "freezing") { // some tenths of a second each
			nets = enough.Cases(60)
		}
		caught, held := false, 0
		for i := 0; i < nets && !caught; i++ {
			p, f := example(t, uint64(i))
			m, err := c.margin(p, f)
			if err != nil {
				t.Fatal(err)
			}
			switch m.Verdict() {
			case oracle.Refuted:
				if caught = true; !c.wrong {
					t.Errorf("%s: refuted by %#v %#v: %+v", c.name, p, f, m)
				}
			case oracle.Holds:
				held++
			}
		}
		if c.wrong && !caught && !testing.Short() {
			t.Errorf("%s: not caught by %d nets", c.name, nets)
		}
		if !c.wrong && held < nets*4/5 {
			t.Errorf("%s: of %d nets %d hold", c.name, nets, held)
		}
	}
}

// example is a net of one closed neuron on a line of means and a coordinate of noise.
func example(t *testing.T, seed uint64) (gmm.Pairs, Net) {
	rng := rand.New(rand.NewPCG(seed, 24))
	all := []Activation{named("erf"), named("sin"), named("gaussian")}
	f := random(rng, all[rng.IntN(len(all))], 2, 1, 1, 1)
	means := mat.NewDense(3, 2, []float64{2 * rng.NormFloat64(), 1, 2 * rng.NormFloat64(), 1, 2 * rng.NormFloat64(), 1})
	m, err := gmm.New([]float64{1, 2, 3}, means, mat.NewDiagDense(2, []float64{1, 1}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return p, f
}
