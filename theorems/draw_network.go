package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/network"

	"pgregory.net/rapid"
)

// net draws a network on mixtures of generators.BesideNoise, on a dyadic grid: its first neuron reads the noise, and every neuron enters some output. Where σ is unbounded its outputs are small, so that e^{f(x)·f(y)} has light tails.
func net(t *rapid.T, activations []network.Activation, d, h, r int) network.Net {
	f := network.Net{Activation: activations[rapid.IntRange(0, len(activations)-1).Draw(t, "activation")]}
	quarters := func(n, most int, label string) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = float64(rapid.IntRange(-most, most).Draw(t, label)) / 4
		}
		return out
	}
	away := func(label string) float64 { // ¼ to 1 on either side
		x := float64(rapid.IntRange(1, 4).Draw(t, label)) / 4
		if rapid.Bool().Draw(t, "negative") {
			return -x
		}
		return x
	}
	f.B, f.C = quarters(h, 8, "b"), quarters(r, 2, "c")
	for j := range h {
		w, v := quarters(d, 4, "w"), quarters(r, 4, "v")
		if j == 0 {
			w[d-1] = away("w of the noise")
		}
		v[0] = away("v")
		if f.Activation.Unbounded {
			for i := range v {
				v[i] /= 4
			}
		}
		f.W, f.V = append(f.W, w), append(f.V, v)
	}
	return f
}

// networks draws n networks of the same number of outputs, 1 or 2, of one or two neurons, and pairs. If frozen, two neurons see a line of means only: a frozen loss is cheap there.
func networks(n int, frozen bool, activations []network.Activation) *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		h, s, r := rapid.IntRange(1, 2).Draw(t, "neurons"), rapid.IntRange(1, 2).Draw(t, "signal"), rapid.IntRange(1, 2).Draw(t, "outputs")
		if frozen && h == 2 {
			s = 1
		}
		c := Case{Pairs: besideNoise(t, s), Columns: r}
		for range n {
			c.Nets = append(c.Nets, net(t, activations, s+1, h, r))
		}
		return c
	})
}

// thresholds draws one threshold neuron and pairs.
func thresholds() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		s, r := rapid.IntRange(1, 2).Draw(t, "signal"), rapid.IntRange(1, 2).Draw(t, "outputs")
		return Case{Pairs: besideNoise(t, s), Nets: []network.Net{net(t, activationsNamed("sign"), s+1, 1, r)}}
	})
}

func besideNoise(t *rapid.T, s int) gmm.Pairs {
	return pairsOf(generators.BesideNoise(s), generators.Informative()).Draw(t, "pairs")
}

// activationsNamed are those of the names, all for none.
func activationsNamed(names ...string) (all []network.Activation) {
	if len(names) == 0 {
		return network.Activations()
	}
	for _, name := range names {
		a, err := network.Named(name)
		if err != nil {
			panic("theorems: " + err.Error())
		}
		all = append(all, a)
	}
	return all
}

// closed are the activations that Gaussian smoothing maps to themselves.
func closed() (some []network.Activation) {
	for _, a := range network.Activations() {
		if a.Closed() {
			some = append(some, a)
		}
	}
	return some
}

// fromMargin is the outcome of an inequality between losses of networks.
func fromMargin(m network.Margin, err error, grade oracle.Grade) Outcome {
	if err != nil {
		return undecided(err)
	}
	return Outcome{Verdict: m.Verdict(), Grade: grade, Value: m.Value(), Detail: marginDetail(m)}
}
