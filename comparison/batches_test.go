package comparison

import (
	"errors"
	"math/big"
	"os"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// Of one column for two directions, which depends on how many negatives there are, what is trained in batches comes near the optimum of as many negatives as a batch has
// as rows become more.
func TestTrainingInBatchesFindsTheirOptimum(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds")
	}
	m, err := gmm.New([]float64{1, 2, 3}, mat.NewDense(3, 3, []float64{3, 0, 0, 0, 2, 1, -1, -1, 2}), mat.NewDiagDense(3, []float64{1, 1, 1}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.Centre(); err != nil {
		t.Fatal(err)
	}
	trained := func(samples, batch int) *Distances {
		r, err := OfMixture(t.Context(), p, samples, Options{Seeds: 3, Seed: 1, Trained: true, Batch: batch, Rank: 1, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if r.Trained.Batch != batch || r.Trained.Gradient > 1e-2 {
			t.Errorf("%+v", r.Trained)
		}
		return r.Trained
	}
	few, many := trained(100, 2), trained(900, 2)
	if f, n := few.ToBatchOptimum.Mean, many.ToBatchOptimum.Mean; !(n < f/2) || n > 8 {
		t.Errorf("%.2f° from the optimum of one negative with 100 samples, %.2f° with 900", f, n)
	}
}

// On Iris, of one column, batches of two rows lead to the optimum of one negative, which is another than that of many; larger batches lead there.
func TestBatchesOfIris(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds")
	}
	file, err := os.Open("../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	iris, err := tables.Read("iris.csv", file, tables.Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	trained := func(batch int) *Distances {
		r, err := OfTable(t.Context(), iris, big.NewRat(1, 1), Options{Seeds: 3, Seed: 1, Trained: true, Batch: batch, Rank: 1, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		return r.Trained
	}
	pairs, larger := trained(2), trained(16)
	if of, all := pairs.ToBatchOptimum.Mean, pairs.ToOptimum.Mean; !(of < all/2) {
		t.Errorf("batches of 2 lead to %.1f° from the optimum of one negative, and %.1f° from that of all", of, all)
	}
	if all := larger.ToOptimum.Mean; !(all < 0.7*pairs.ToOptimum.Mean) {
		t.Errorf("batches of 2 lead to %.1f° from the optimum, of 16 to %.1f°", pairs.ToOptimum.Mean, all)
	}
	sigmoid, err := losses.Choose(losses.Settings{Loss: "sigmoid"})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Trained: true, Batch: 1}, {Trained: true, Batch: 103}, {Batch: 10}, {Trained: true, Batch: 10, Losses: []losses.Loss{sigmoid}}} {
		if _, err := OfTable(t.Context(), iris, big.NewRat(1, 1), o); !errors.Is(err, ErrBatch) {
			t.Errorf("batches of %d: %v", o.Batch, err)
		}
	}
}
