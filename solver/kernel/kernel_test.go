package kernel

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"contrastcheck/gmm"
)

func reference(t *testing.T) (mixtures map[string]gmm.Pairs, values map[string]map[string]string) {
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
	_ = json.Unmarshal(text, &values)
	return mixtures, values
}

func TestTry(t *testing.T) {
	mixtures, values := reference(t)
	for name, p := range mixtures {
		for _, digits := range []float64{12, 16, 20} {
			start := time.Now()
			g, err := NewGrid(p, digits, 2000)
			if err != nil {
				t.Fatal(err)
			}
			e := Minimise(g, nil, 0)
			t.Logf("%s %g: n %d  %.13f gap %.2g grad %.2g r %d want %s  %v", name, digits, len(g.Nodes), e.Loss, e.Gap(), e.GradientNorm, e.Outputs, values["best_shared_encoder"][name], time.Since(start))
		}
	}
}

func TestTryNeurons(t *testing.T) {
	mixtures, values := reference(t)
	for name, p := range mixtures {
		rd, fd := 12., 16.
		if p.Left.DifferenceDimension() == 1 {
			rd, fd = 34, 70
		}
		rough, err := NewGrid(p, rd, 2000)
		if err != nil {
			t.Fatal(err)
		}
		fine, err := NewGrid(p, fd, 2000)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		one := MinimiseNeurons(rough, fine, NeuronOptions{Hidden: 1, Outputs: 1, Starts: 8})
		t.Logf("%s: n %d %d one %.13f grad %.2g want %s  %v", name, len(rough.Nodes), len(fine.Nodes), one.Loss, one.GradientNorm, values["one_erf_neuron_no_output_bias"][name], time.Since(start))
		start = time.Now()
		two := MinimiseNeurons(rough, fine, NeuronOptions{Hidden: 2, Outputs: 2, Starts: 16, From: &one.Neurons})
		t.Logf("%s: two %.13f grad %.2g want %s  %v %v", name, two.Loss, two.GradientNorm, values["two_erf_neurons_r2_best_found"][name], time.Since(start), two.Neurons)
	}
}
