package solver_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// The losses of own covariances at representations, computed to these digits by a program that shares nothing with this one.
func TestReferenceLossesOfOwnCovariances(t *testing.T) {
	text, err := os.ReadFile("testdata/own_losses.json")
	if err != nil {
		t.Fatal(err)
	}
	var references []struct {
		ID string
		file
		Loss   float64 `json:"loss,string"`
		Digits float64
	}
	if err := json.Unmarshal(text, &references); err != nil {
		t.Fatal(err)
	}
	for _, ref := range references {
		d := ref.read(t, ref.ID)
		got, off, err := solver.Evaluate(solver.InfoNCE, d.Pairs, d.A, nil)
		if err != nil {
			t.Fatal(ref.ID, err)
		}
		if miss := math.Abs(got - ref.Loss); miss > off+ref.Digits || off > 1e-7 {
			t.Errorf("%s: the loss is %.15g ± %.1g, want %.15g", ref.ID, got, off, ref.Loss)
		}
		// In two equal modalities it is that of either view.
		paired, err := gmm.NewPaired(d.Pairs.Left, d.Pairs.Left.Permute(order(d.Pairs.Components())), d.Pairs.ExactDelta())
		if err != nil {
			t.Fatal(err)
		}
		both, off, err := solver.Evaluate(solver.CLIP, paired, d.A, mat.DenseCopyOf(d.A))
		if miss := math.Abs(both - 2*ref.Loss); err != nil || miss > off+2*ref.Digits {
			t.Errorf("%s: the CLIP loss is %.15g ± %.1g, want twice %.15g (%v)", ref.ID, both, off, ref.Loss, err)
		}
	}
}

func order(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}
