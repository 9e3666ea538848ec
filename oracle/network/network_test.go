package network

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// reference are losses of the best networks, by two other programs.
type reference struct {
	Mixture json.RawMessage
	Erf     string `json:"one_erf_neuron_no_output_bias"`
	Biased  string `json:"one_erf_neuron_with_output_bias"`
}

func references(t *testing.T) (all map[string]reference) {
	t.Helper()
	data, err := os.ReadFile("testdata/price.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func named(name string) Activation {
	a, err := Named(name)
	if err != nil {
		panic(err)
	}
	return a
}

// The best erf neuron has the loss that two other programs found, within the error.
func TestBestErfNeuron(t *testing.T) {
	const seen, most = 2e-8, 2e-5 // what the error is, and what it is thought to be
	for name, r := range references(t) {
		p := read(t, string(r.Mixture))
		for want, biased := range map[string]bool{r.Erf: false, r.Biased: true} {
			if want == "" {
				continue
			}
			d := p.Left.Dimension()
			net := func(x []float64) Net {
				f := Net{W: [][]float64{x[:d]}, B: x[d : d+1], V: [][]float64{{x[d+1]}}, C: []float64{0}, Activation: named("erf")}
				if biased {
					f.C[0] = x[d+2]
				}
				return f
			}
			at := func(x []float64) Value {
				v, err := Loss(p, net(x), net(x))
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			start := []float64{1, -.5, .2, 1, 0}
			if d == 1 {
				start = []float64{1, .2, 1, 0}
			}
			for range 3 { // a simplex that has shrunk too soon begins anew
				found, err := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 { return at(x).Value }}, start, &optimize.Settings{MajorIterations: 400, Converger: &optimize.FunctionConverge{Absolute: 1e-14, Iterations: 80}}, &optimize.NelderMead{})
				if err != nil && found == nil {
					t.Fatal(err)
				}
				start = found.X
			}
			best := at(start)
			value, err := strconv.ParseFloat(want, 64)
			if err != nil || math.Abs(best.Value-value) > min(best.Error, seen) || best.Error > most {
				t.Errorf("%s, output bias %v: the best erf neuron has %.12f ± %.2g, want %s (%v)", name, biased, best.Value, best.Error, want, err)
			}
		}
	}
}

// Two sign neurons on noise, and one, have the losses that closed forms in Φ give.
func TestSignNeurons(t *testing.T) {
	for _, c := range []struct {
		mixture string
		net     Net
		want    float64
	}{
		{`{"weights": ["3", "1"], "means": [["-1", "0"], ["3", "0"]], "covariance": "identity", "delta": "1"}`,
			Net{W: [][]float64{{1, 1}, {1, -1}}, B: []float64{0, 0}, V: [][]float64{{.5}, {.5}}, C: []float64{0}}, -0.186865082368679038598894},
		{`{"weights": ["1", "1"], "means": [["2", "0"], ["8", "0"]], "covariance": "identity", "delta": "1"}`,
			Net{W: [][]float64{{1, 4}}, B: []float64{0}, V: [][]float64{{math.Sqrt(.15)}}, C: []float64{0}}, -6.32980103415624557e-3},
	} {
		c.net.Activation = named("sign")
		v, err := Loss(read(t, c.mixture), c.net, c.net)
		if err != nil || math.Abs(v.Value-c.want) > v.Error || v.Error > 1e-6 {
			t.Errorf("%#v: %v ± %v, want %v (%v)", c.net, v.Value, v.Error, c.want, err)
		}
	}
}

// random is a net of h neurons that reads d coordinates, with r outputs of size.
func random(rng *rand.Rand, a Activation, d, h, r int, size float64) Net {
	f := Net{Activation: a}
	row := func(n int, scale float64) (x []float64) {
		for range n {
			x = append(x, scale*rng.NormFloat64())
		}
		return x
	}
	f.B, f.C = row(h, 1), row(r, .2)
	for range h {
		f.W, f.V = append(f.W, row(d, .5)), append(f.V, row(r, size))
	}
	return f
}

// With every activation the loss is that of its definition, by sampling, of a mixture with a covariance.
func TestLossAgainstSampling(t *testing.T) {
	p := read(t, `{"weights": ["1", "2", "1"], "means": [["1", "0", "1"], ["-1", "1", "1"], ["0", "2", "1"]], "covariance": [["2", "1", "0"], ["1", "2", "0"], ["0", "0", "1"]], "delta": "3/4"}`)
	for i, a := range Activations() {
		rng := rand.New(rand.NewPCG(uint64(i), 23))
		f, g := random(rng, a, 3, 2, 2, .25), random(rng, a, 3, 2, 2, .25)
		v, err := Loss(p, f, g)
		if err != nil {
			t.Fatal(err)
		}
		sampled, deviation := sampledLoss(p, f, g, rng)
		if z := (v.Value - sampled) / deviation; math.Abs(z) > 5 || deviation > .02 {
			t.Errorf("%s: %.6f ± %.1g, by sampling %.6f ± %.2g", a.Name, v.Value, v.Error, sampled, deviation)
		}
		if v.Error > 1e-5 {
			t.Errorf("%s: the error is %v", a.Name, v.Error)
		}
	}
}

// sampledLoss is the loss of pairs and of many y for each x, with its standard deviation.
func sampledLoss(p gmm.Pairs, f, g Net, rng *rand.Rand) (mean, deviation float64) {
	const pairs, others = 20000, 2000 // the logarithm of an average of 2000 is off by less than a thousandth
	m := p.Left
	var factor mat.Cholesky
	factor.Factorize(m.Covariance())
	var lower mat.TriDense
	factor.LTo(&lower)
	weights, means := m.Weights(), m.Means()
	component := func() int {
		u := rng.Float64()
		for k, w := range weights {
			if u -= w; u < 0 {
				return k
			}
		}
		return m.Components() - 1
	}
	draw := func(f Net, k int) []float64 {
		z := mat.NewVecDense(m.Dimension(), nil)
		for i := range m.Dimension() {
			z.SetVec(i, rng.NormFloat64())
		}
		var x mat.VecDense
		x.MulVec(&lower, z)
		x.AddVec(&x, means.RowView(k))
		hidden := make([]float64, len(f.W))
		for j, w := range f.W {
			hidden[j] = f.Activation.At(dot(w, x.RawVector().Data) + f.B[j])
		}
		return f.outputs(hidden)
	}
	y := make([][]float64, others)
	for j := range y {
		y[j] = draw(g, component())
	}
	sum, square := 0.0, 0.0
	for range pairs {
		k := component()
		l := k
		if rng.Float64() > p.Delta() {
			l = component()
		}
		x, positive, z := draw(f, k), draw(g, l), 0.0
		for _, o := range y {
			z += math.Exp(dot(x, o))
		}
		s := -dot(x, positive) + math.Log(z/others)
		sum += s
		square += s * s
	}
	mean = sum / pairs
	own := (square/pairs - mean*mean) / pairs
	return mean, math.Sqrt(own + own*pairs/others) // the y are shared by all x
}

// E[f | P_c x] is what the closed form says: the average of f over noise, at points of its preactivations.
func TestSmoothed(t *testing.T) {
	for _, a := range Activations() {
		if !a.Closed() {
			continue
		}
		for _, variance := range []float64{.25, 1, 4} {
			alpha, beta := a.smoothed(variance)
			for _, at := range []float64{-2, -.5, 0, 1, 3} {
				average := 0.0
				for _, n := range fine.nodes([][]float64{{at}}, mat.NewSymDense(1, []float64{variance}), false) {
					average += n.given[0] * a.At(n.t[0])
				}
				if got := alpha * a.At(beta*at); math.Abs(got-average) > 1e-8 {
					t.Errorf("%s smoothed by %v at %v: %v, by integration %v", a.Name, variance, at, got, average)
				}
			}
		}
	}
}

// A change of coordinates of the mixture and the net changes no margin.
func TestMarginsAreInvariant(t *testing.T) {
	p := read(t, `{"weights": ["1", "2"], "means": [["1", "1"], ["-1", "1"]], "covariance": "identity", "delta": "3/4"}`)
	moved := read(t, `{"weights": ["1", "2"], "means": [["3", "1"], ["1", "1"]], "covariance": [["5", "2"], ["2", "1"]], "delta": "3/4"}`) // x ↦ (x₁ + 2x₂, x₂)
	rng := rand.New(rand.NewPCG(1, 23))
	f := random(rng, named("erf"), 2, 2, 1, .5)
	g := f
	g.W = nil
	for _, w := range f.W {
		g.W = append(g.W, []float64{w[0], w[1] - 2*w[0]})
	}
	for name, margin := range map[string]func(gmm.Pairs, Net) (Margin, error){
		"averaging": Averaging,
		"freezing":  func(p gmm.Pairs, f Net) (Margin, error) { return Freezing(p, f, f) },
		"spectral":  func(p gmm.Pairs, f Net) (Margin, error) { return Spectral(p, f, 2) },
	} {
		one, err := margin(p, f)
		if err != nil {
			t.Fatal(err)
		}
		two, err := margin(moved, g)
		if err != nil || math.Abs(one.Value()-two.Value()) > one.Error+two.Error || one.Value() < 1e-7 {
			t.Errorf("%s: %v ± %v and, in other coordinates, %v ± %v (%v)", name, one.Value(), one.Error, two.Value(), two.Error, err)
		}
	}
}
