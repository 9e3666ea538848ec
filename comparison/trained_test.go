package comparison

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"contrastcheck/comparison/clustering"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// What is trained on samples of a mixture comes near Col(A*) as they become more, for every loss that can be trained.
func TestTrainingFindsTheOptimum(t *testing.T) {
	m, err := gmm.New([]float64{2, 3, 5}, mat.NewDense(3, 4, []float64{2, 0, 0, 1, -1, 1, 0, 0, 0, -1, 1, 0}), mat.NewDiagDense(4, []float64{1, 2, .5, 1}))
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
	for _, s := range []losses.Settings{{}, {Score: losses.Distance}, {Loss: "sigmoid"}, {Loss: "sigmoid", Negatives: "4", Score: losses.Distance}} {
		l, err := losses.Choose(s)
		if err != nil {
			t.Fatal(err)
		}
		angle := func(samples int) float64 {
			r, err := OfMixture(t.Context(), p, samples, Options{Seeds: 2, Seed: 1, Trained: true, Losses: []losses.Loss{l}, Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			if r.Trained.Gradient > 1e-2 {
				t.Errorf("%s: training ended at a relative gradient of %.1g", l.Label(), r.Trained.Gradient)
			}
			return r.Trained.ToOptimum.Mean
		}
		if few, many := angle(50), angle(500); !(many < few/2) || many > 10 {
			t.Errorf("%s: %.2f° from Col(A*) with 50 samples, %.2f° with 500", l.Label(), few, many)
		}
	}
	if err := Trainable(losses.Spectral); !errors.Is(err, ErrUntrained) {
		t.Errorf("the spectral loss: %v", err)
	}
}

// Box's M of Iris is what R's biotools::boxM prints, χ² = 140.94 at 20 degrees of freedom; of samples of one covariance it is as often small as χ² is, and large for two.
func TestBoxM(t *testing.T) {
	file, err := os.Open("../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	iris, err := tables.Read("iris.csv", file, tables.Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	h := homogeneity(labelled(iris, iris.All()), 3)
	if h.Freedom != 20 || math.Abs(h.Statistic-140.94) > 0.01 || !h.Different() {
		t.Errorf("Iris: %+v", h)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	below, cases := 0, enough.Cases(400)
	for range cases {
		s := clustering.Labelled{X: mat.NewDense(60, 2, nil)}
		for i := range 60 {
			s.Labels = append(s.Labels, i%2)
			s.X.SetRow(i, []float64{rng.NormFloat64() + 3*float64(i%2), rng.NormFloat64()})
		}
		if homogeneity(s, 2).P < 0.5 {
			below++
		}
		for i := range 60 {
			s.X.Set(i, 1, s.X.At(i, 1)*(1+9*float64(i%2)))
		}
		if !homogeneity(s, 2).Different() {
			t.Error("a deviation ten times larger was not noticed")
		}
	}
	if off := math.Abs(float64(below)/float64(cases) - 0.5); off > 4*0.5/math.Sqrt(float64(cases)) {
		t.Errorf("%d of %d p-values are below ½", below, cases)
	}
	if homogeneity(clustering.Labelled{X: mat.NewDense(4, 2, nil), Labels: []int{0, 0, 1, 1}}, 2).Freedom > 0 {
		t.Error("two rows a class have covariances")
	}
}
