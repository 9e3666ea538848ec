package kernel

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	flag.Parse()
	enough.Checks(40)
	os.Exit(m.Run())
}

// reference has the mixtures and values of independent programs.
func reference(t *testing.T) (mixtures map[string]gmm.Pairs, value func(row, name string) (x, digit float64)) {
	t.Helper()
	text, err := os.ReadFile("testdata/price.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct{ Mixtures map[string]json.RawMessage }
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	mixtures = map[string]gmm.Pairs{}
	for name, mixture := range known.Mixtures {
		d, err := gmm.Read(name, bytes.NewReader(mixture))
		if err != nil {
			t.Fatal(err)
		}
		mixtures[name] = d.Pairs
	}
	var rows map[string]json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	return mixtures, func(row, name string) (float64, float64) {
		var values map[string]string
		if err := json.Unmarshal(rows[row], &values); err != nil {
			t.Fatal(err)
		}
		x, err := strconv.ParseFloat(values[name], 64)
		if err != nil {
			t.Fatal(err)
		}
		_, decimals, _ := bytes.Cut([]byte(values[name]), []byte("."))
		return x, math.Pow(10, -float64(len(decimals)))
	}
}

func gridOf(t rapid.TB, p gmm.Pairs, digits float64) *Grid {
	t.Helper()
	g, err := NewGrid(p, digits, 2000)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The best shared encoders and nets of mixtures on a line have the losses of independent programs, to all their digits; in the plane as many as a grid of 340 nodes has.
func TestReference(t *testing.T) {
	mixtures, value := reference(t)
	for name, p := range mixtures {
		fine, rough, plane := 60., 30., 0.
		if p.Left.DifferenceDimension() == 2 {
			fine, rough, plane = 12, 8, 1e-6
		}
		f, c := gridOf(t, p, fine), gridOf(t, p, rough)
		e := Minimise(f, nil, 0)
		if want, digit := value("best_shared_encoder", name); math.Abs(e.Loss-want) > digit+plane || e.Gap() < -1e-13 || e.Gap() > 1e-7 {
			t.Errorf("%s: the best shared encoder has the loss %.13f, gap %.2g; want %.13f", name, e.Loss, e.Gap(), want)
		}
		one := MinimiseNeurons(c, f, NeuronOptions{Hidden: 1, Outputs: 1, Starts: 4})
		if want, digit := value("one_erf_neuron_no_output_bias", name); math.Abs(one.Loss-want) > digit+plane {
			t.Errorf("%s: one neuron has the loss %.13f; want %.13f", name, one.Loss, want)
		}
		two := MinimiseNeurons(c, f, NeuronOptions{Hidden: 2, Outputs: 2, Starts: 10, From: &one.Neurons})
		if want, digit := value("two_erf_neurons_r2_best_found", name); math.Abs(two.Loss-want) > digit+plane {
			t.Errorf("%s: two neurons have the loss %.13f; want %.13f", name, two.Loss, want)
		}
		if !(e.Bound < two.Loss && two.Loss < one.Loss) {
			t.Errorf("%s: the bound %.13f, two neurons %.13f, one neuron %.13f", name, e.Bound, two.Loss, one.Loss)
		}
	}
}

// small are coarse grids on a line of two or three components.
func small(t *rapid.T) *Grid {
	k := rapid.IntRange(2, 3).Draw(t, "components")
	var weights []float64
	var means [][]float64
	for range k {
		weights = append(weights, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
		means = append(means, []float64{float64(rapid.IntRange(-8, 8).Draw(t, "mean")) / 4})
	}
	text, err := json.Marshal(map[string]any{"weights": weights, "means": means, "covariance": "identity", "delta": float64(rapid.IntRange(1, 8).Draw(t, "delta")) / 8})
	if err != nil {
		t.Fatal(err)
	}
	d, err := gmm.Read("", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if d.Pairs.Uninformative() {
		t.Skip()
	}
	return gridOf(t, d.Pairs, 12)
}

func gaussian(n int, size float64, seed uint64) []float64 {
	src := rand.New(rand.NewPCG(seed, 7))
	x := make([]float64, n)
	for i := range x {
		x[i] = size * src.NormFloat64()
	}
	return x
}

// No encoder has less than the bound, that of poor features included: neither the features nor random ones, nor what was descended to from elsewhere.
func TestBoundIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := small(t)
		seed := rapid.Uint64Range(0, 1<<20).Draw(t, "seed")
		best := Minimise(g, nil, 0)
		if best.Gap() < -1e-13 || best.Gap() > 1e-5 {
			t.Fatalf("the gap is %g", best.Gap())
		}
		for r := 1; r <= 2; r++ {
			c := newCompleted(g, r)
			f := gaussian(len(g.Nodes)*r, 0.7, seed)
			value, _ := c.at(f)
			if poor := c.bound(f); poor > best.Loss+1e-13 || value < best.Bound-1e-13 {
				t.Fatalf("random features: loss %g, bound %g; the best: %g, %g", value, poor, best.Loss, best.Bound)
			}
			if value, _ := g.plain(f, r); value < best.Bound-1e-13 {
				t.Fatalf("random values have the loss %g, below the bound %g", value, best.Bound)
			}
		}
		net := MinimiseNeurons(g, g, NeuronOptions{Hidden: 2, Outputs: 2, Starts: 1, Seed: seed})
		if net.Loss < best.Bound-1e-13 {
			t.Fatalf("a net has the loss %g, below the bound %g", net.Loss, best.Bound)
		}
		if other := Minimise(g, gaussian(len(g.Nodes)*2, 0.3, seed), 2); math.Abs(other.Loss-best.Loss) > max(other.Gap(), best.Gap())+1e-13 {
			t.Fatalf("from elsewhere the loss is %g ± %g, not %g ± %g", other.Loss, other.Gap(), best.Loss, best.Gap())
		}
	})
}

// Features with their ψ are the limit of encoders with one more output, κ + ψ/κ: ψ(x)ψ(y)/κ² is what the score has besides.
func TestCompletedIsALimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := small(t)
		f := gaussian(len(g.Nodes), 0.5, rapid.Uint64Range(0, 1<<20).Draw(t, "seed"))
		c := newCompleted(g, 1)
		limit, _ := c.at(f)
		off := map[float64]float64{}
		for _, kappa := range []float64{8, 16} {
			both := make([]float64, 2*len(f))
			for i, x := range f {
				psi := c.logs[i] - x*x/2
				both[2*i], both[2*i+1] = x, kappa+psi/kappa
			}
			value, _ := g.plain(both, 2)
			off[kappa] = value - limit
		}
		if math.Abs(off[8]/4-off[16]) > 0.1*math.Abs(off[8])+1e-7 {
			t.Fatalf("beyond the limit by %g at κ = 8, %g at 16: not as κ⁻²", off[8], off[16])
		}
	})
}

// Gradients are slopes.
func TestGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := small(t)
		seed := rapid.Uint64Range(0, 1<<20).Draw(t, "seed")
		n := len(g.Nodes)
		q := neurons{g, 2, 2}
		for name, of := range map[string]struct {
			at func(x []float64) (float64, []float64)
			n  int
		}{
			"completed": {newCompleted(g, 2).at, 2 * n},
			"plain":     {func(x []float64) (float64, []float64) { return g.plain(x, 2) }, 2 * n},
			"neurons":   {q.at, q.size()},
		} {
			x, along := gaussian(of.n, 0.5, seed), gaussian(of.n, 1, seed+1)
			_, gradient := of.at(x)
			slope := 0.0
			for i := range along {
				slope += along[i] * gradient[i]
			}
			moved := func(t float64) float64 {
				y := append([]float64(nil), x...)
				for i := range y {
					y[i] += t * along[i]
				}
				v, _ := of.at(y)
				return v
			}
			const h = 1e-4
			if got := (8*(moved(h)-moved(-h)) - (moved(2*h) - moved(-2*h))) / (12 * h); math.Abs(got-slope) > 1e-7*(1+math.Abs(slope)) {
				t.Fatalf("%s: the gradient has the slope %.12g, differences %.12g", name, slope, got)
			}
		}
	})
}

// The best encoder off the grid continues that on it, and a net in original coordinates is the net.
func TestOffTheGrid(t *testing.T) {
	mixtures, _ := reference(t)
	p := mixtures["C"]
	g := gridOf(t, p, 9)
	e := Minimise(g, nil, 0)
	for i, x := range g.Nodes {
		if g.Weights[i] < 1e-6 {
			continue
		}
		for a, v := range e.At(x) {
			if off := math.Abs(v - e.Features[i*e.Outputs+a]); off > 1e-3 {
				t.Fatalf("feature %d at node %d of weight %g: off by %g", a, i, g.Weights[i], off)
			}
		}
	}
	f := Neurons{W: [][]float64{{0.5, 1}, {-1, 0.25}}, B: []float64{0.5, -1}, V: [][]float64{{1, 2}, {3, 4}}}
	out := f.InOriginal(g)
	for _, x := range g.Nodes[:20] {
		for a, v := range f.At(x) {
			if w := out.At(g.Place(x))[a]; math.Abs(v-w) > 1e-12 {
				t.Fatalf("output %d is %v in the coordinates of the grid, %v in original ones", a, v, w)
			}
		}
	}
}

// Grids are refused beyond the plane, and where they would have too many nodes.
func TestRefusals(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 1, 1, 1], "means": [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], "covariance": "identity"}`,
		`{"weights": [1, 1, 1], "means": [[0, 0], [40, 0], [0, 40]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[2], [2]], "covariance": "identity"}`,
	} {
		d, err := gmm.Read("", bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Finest(d.Pairs, 15, 500); err == nil {
			t.Errorf("%s has a grid", text)
		}
	}
}
