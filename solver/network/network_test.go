package network_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

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

func named(t testing.TB, name string) network.Activation {
	t.Helper()
	a, err := network.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The mixtures of the references: means on a line with noise beside it, centred and raw.
const (
	line = `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`
	raw  = `{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`
	far  = `{"weights": [20, 20, 1], "means": [[-1, 0], [-12, 0], [260, 0]], "covariance": "identity"}`
	even = `{"weights": [1, 1], "means": [[2, 0], [8, 0]], "covariance": "identity"}`
)

// Nets have the losses that two other programs found, to the last digit of a float64.
func TestReferences(t *testing.T) {
	net := func(w [][]float64, v ...float64) network.Net {
		f := network.Net{W: w, B: make([]float64, len(w)), C: []float64{0}}
		for _, x := range v {
			f.V = append(f.V, []float64{x})
		}
		return f
	}
	for _, c := range []struct {
		mixture, activation string
		net                 network.Net
		want                float64
	}{
		{line, "sign", net([][]float64{{1, 1}, {1, -1}}, .5, .5), -0.186865082368679038598894328781},
		{far, "sign", net([][]float64{{1, 5}}, math.Sqrt(1./3)), -0.03758983313176338753},
		{even, "sign", net([][]float64{{1, 4}}, math.Sqrt(3./20)), -6.32980103415624557e-3},
		{line, "relu", net([][]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}, .48, -.375, -.15, -.15), -0.28399068286694},
		{line, "relu", net([][]float64{{1, 0}, {-1, 0}, {1, 1}, {1, -1}}, -1.6, .4, .575, .575), -0.303723595553497},
		{raw, "relu", net([][]float64{{1, 0}, {0, 1}, {0, -1}}, -1./3, 4./9, 4./9), -0.10889588350666},
		{raw, "relu", net([][]float64{{1, 0}, {-1, 3}, {-1, -3}}, -4./15, 2./9, 2./9), -0.133954666121489},
	} {
		got, err := network.Evaluate(network.InfoNCE, named(t, c.activation), read(t, c.mixture), c.net, c.net)
		if err != nil {
			t.Fatal(err)
		}
		const printed, seen = 1e-13, 1e-10 // the digits of the references, and what the error is thought to be at most
		if off := math.Abs(got.Value - c.want); off > max(printed, min(got.Error, seen)) {
			t.Errorf("%s on %s: %.15f ± %.1g, expected %.15f, off by %.2g", c.activation, c.mixture, got.Value, got.Error, c.want, off)
		}
	}
}

// The loss is its definition, estimated by sampling: of each activation and loss, with own covariances, and of two towers of two modalities.
func TestSampling(t *testing.T) {
	const own = `{"weights": [2, 1], "means": [[-1, 0.5, 0], [2, 0, 1]], "covariance": [[[1, 0.3, 0], [0.3, 1, 0], [0, 0, 1]], [[2, 0, 0], [0, 0.5, 0], [0, 0, 1]]], "delta": 0.7}`
	const paired = `{"weights": [2, 1, 1], "visual": {"means": [[-1, 0.5], [2, 0], [0, 1]], "covariance": [[1, 0.3], [0.3, 1]]}, "text": {"means": [[1], [-1], [0.5]], "covariance": [[2]]}}`
	rng := rand.New(rand.NewPCG(3, 4))
	for i, name := range network.Names() {
		for _, c := range []struct {
			mixture string
			kind    network.Kind
		}{{own, []network.Kind{network.InfoNCE, network.Spectral}[i%2]}, {paired, []network.Kind{network.Spectral, network.CLIP}[i%2]}} {
			p := read(t, c.mixture)
			f := random(rng, p.Left.Dimension(), 2, 1)
			g := f
			if p.Modalities() == 2 {
				f, g = random(rng, p.Left.Dimension(), 1, 2), random(rng, p.Right.Dimension(), 3, 2)
			}
			a := named(t, name)
			got, err := network.Evaluate(c.kind, a, p, f, g)
			if err != nil {
				t.Fatal(err)
			}
			want, off := sampled(t, c.kind, a, p, f, g, rng)
			const sigmas = 4.5
			if z := (got.Value - want) / off; !(math.Abs(z) < sigmas) {
				t.Errorf("%s of %s, %d modalities: %.6g by quadrature, %.6g ± %.2g by sampling", c.kind, name, p.Modalities(), got.Value, want, off)
			}
		}
	}
}

func random(rng *rand.Rand, d, h, r int) network.Net {
	f := network.Net{C: make([]float64, r)}
	for range h {
		w, v := make([]float64, d), make([]float64, r)
		for i := range w {
			w[i] = rng.NormFloat64()
		}
		for i := range v {
			v[i] = rng.NormFloat64() / 5
		}
		f.W, f.V, f.B = append(f.W, w), append(f.V, v), append(f.B, rng.NormFloat64())
	}
	for i := range f.C {
		f.C[i] = rng.NormFloat64() / 3
	}
	return f
}

// sampled estimates a loss by its definition, in batches that tell of its error.
func sampled(t *testing.T, kind network.Kind, a network.Activation, p gmm.Pairs, f, g network.Net, rng *rand.Rand) (mean, off float64) {
	sampler, err := p.NewSampler(rng)
	if err != nil {
		t.Fatal(err)
	}
	output := func(f network.Net, x []float64) []float64 {
		out := append([]float64(nil), f.C...)
		for j, w := range f.W {
			t := f.B[j]
			for i, y := range w {
				t += y * x[i]
			}
			h, _ := a.At(t)
			for i, v := range f.V[j] {
				out[i] += v * h
			}
		}
		return out
	}
	score := func(x, y []float64) (s float64) {
		for i := range x {
			s += x[i] * y[i]
		}
		return s
	}
	const batches, pairs = 10, 250
	var values []float64
	for range batches {
		left, right := make([][]float64, pairs), make([][]float64, pairs)
		positive, square := 0.0, 0.0
		for i := range left {
			x, y, _, _ := sampler.Pair()
			left[i], right[i] = output(f, x), output(g, y)
			positive += score(left[i], right[i]) / pairs
		}
		rows, columns := make([]float64, pairs), make([]float64, pairs)
		for i, x := range left {
			for j, y := range right {
				if i == j { // the others are independent
					continue
				}
				s := score(x, y)
				e := math.Exp(s) / (pairs - 1)
				rows[i] += e
				columns[j] += e
				square += s * s / (pairs * (pairs - 1))
			}
		}
		first, second := 0.0, 0.0
		for i := range rows {
			first += math.Log(rows[i]) / pairs
			second += math.Log(columns[i]) / pairs
		}
		switch kind {
		case network.InfoNCE:
			values = append(values, -positive+first)
		case network.CLIP:
			values = append(values, -2*positive+first+second)
		default:
			values = append(values, -2*positive+square)
		}
	}
	for _, v := range values {
		mean += v / batches
	}
	for _, v := range values {
		off += (v - mean) * (v - mean)
	}
	const bias = .004 // of log means of so few, about half their relative variance
	return mean, math.Sqrt(off/batches/(batches-1)) + bias
}

// What has no finite loss, or takes too many nodes, is refused in words.
func TestRefusals(t *testing.T) {
	for _, name := range []string{"square", "cube", "exp", "softmax"} {
		if _, err := network.Named(name); err == nil || name != "softmax" && !strings.Contains(err.Error(), "+∞") {
			t.Errorf("%s: %v", name, err)
		}
	}
	relu := named(t, "relu")
	eye := network.Net{W: [][]float64{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}, B: make([]float64, 4), V: [][]float64{{1}, {1}, {1}, {1}}, C: []float64{0}}
	wide := `{"weights": [1, 1], "means": [[1, 0, 0, 0], [0, 1, 0, 0]], "covariance": "identity"}`
	if _, err := network.Evaluate(network.InfoNCE, relu, read(t, wide), eye, eye); !errors.Is(err, network.ErrDirections) {
		t.Errorf("four directions: %v", err)
	}
	short := eye
	short.B = short.B[:3]
	if _, err := network.Evaluate(network.InfoNCE, relu, read(t, wide), short, short); !errors.Is(err, network.ErrShape) {
		t.Errorf("three biases of four neurons: %v", err)
	}
	many := `{"weights": [1, 1, 1, 1], "means": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], "covariance": "identity"}`
	if _, err := network.Minimise(network.InfoNCE, read(t, many), network.Shape{Activation: relu, Hidden: 1, Outputs: 1, Biases: true}, network.Options{}); !errors.Is(err, network.ErrDirections) {
		t.Errorf("means that span three directions: %v", err)
	}
}
