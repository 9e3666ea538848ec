package training

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// batchesByDefinition is the mean over the batches drawn, pair by pair.
func batchesByDefinition(p *problem, a *mat.Dense) float64 {
	var z mat.Dense
	z.Mul(p.rows.X, a)
	score := func(i, j int) float64 {
		if p.options.Loss.Distances {
			var difference mat.VecDense
			difference.SubVec(z.RowView(i), z.RowView(j))
			return -mat.Dot(&difference, &difference) / 2
		}
		return mat.Dot(z.RowView(i), z.RowView(j))
	}
	var total, anchors float64
	for _, b := range p.all {
		for place, i := range b.anchors {
			var sum float64
			for _, j := range b.positives {
				sum += math.Exp(score(i, j) - score(i, b.positives[place]))
			}
			total += math.Log(sum / float64(len(b.positives)))
			anchors++
		}
	}
	return total / anchors
}

// The loss of batches is its definition, its gradient has Taylor's slope, and neither depends on the number of cores.
func TestLossOfBatchesIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for i := range enough.Cases(16) {
		n, d, r := 200+rng.IntN(60), 1+rng.IntN(4), 1+rng.IntN(3)
		rows := drawn(rng, n, d, 1+rng.IntN(3))
		o := Options{Loss: Loss{Distances: i%2 == 1}, Delta: []float64{1, 0.5, 0}[rng.IntN(3)], Batch: 2 + rng.IntN(30), Workers: 1, Seed: rng.Uint64()}
		x, v := make([]float64, d*r+1), make([]float64, d*r+1)
		for j := range d * r {
			x[j], v[j] = 0.3*rng.NormFloat64(), rng.NormFloat64()
		}
		one := newProblem(rows, r, o)
		o.Workers = 3
		two := newProblem(rows, r, o)
		gradient, again := make([]float64, len(x)), make([]float64, len(x))
		value := one.evaluate(x, gradient)
		if two.evaluate(x, again) != value || mat.Norm(mat.NewVecDense(len(x), difference(gradient, again)), 2) != 0 {
			t.Fatalf("case %d: three cores give another value than one", i)
		}
		if want := batchesByDefinition(one, mat.NewDense(d, r, x[:d*r])); math.Abs(value-want) > 1e-11*(1+math.Abs(want)) {
			t.Errorf("case %d, %+v: the loss is %v, by its definition %v", i, o, value, want)
		}
		remainder := func(h float64) float64 {
			moved := make([]float64, len(x))
			var slope float64
			for j := range x {
				moved[j] = x[j] + h*v[j]
				slope += h * v[j] * gradient[j]
			}
			return math.Abs(one.evaluate(moved, nil) - value - slope)
		}
		if far, near := remainder(1e-3), remainder(1e-4); far > 1e-10 && near > far/50 {
			t.Errorf("case %d, %+v: the gradient's remainder falls from %.2g to %.2g, want by 100", i, o, far, near)
		}
	}
}

// Batches have distinct rows and positives that are other rows, of one class as often as δ says.
func TestBatches(t *testing.T) {
	rows := drawn(rand.New(rand.NewPCG(15, 16)), 90, 2, 3)
	p := newProblem(rows, 2, Options{Delta: 0.5, Batch: 40, Seed: 5})
	if want := 2 * shuffles(90); len(p.all) != want {
		t.Fatalf("%d batches, want %d", len(p.all), want)
	}
	alike, pairs := 0.0, 0.0
	for _, b := range p.all {
		seen := map[int]bool{}
		for place, i := range b.anchors {
			if j := b.positives[place]; j == i {
				t.Fatal("a row is its own positive")
			} else if rows.Class[i] == rows.Class[j] {
				alike++
			}
			seen[i] = true
			pairs++
		}
		if len(seen) != 40 {
			t.Fatalf("a batch of %d rows", len(seen))
		}
	}
	if want, share := 0.5+0.5*29/89, alike/pairs; math.Abs(share-want) > 5*0.5/math.Sqrt(pairs) {
		t.Errorf("%.4f of the positives are of their anchors' class, want %.4f", share, want)
	}
}

// Of a class of two rows, half of whose draws are the anchor itself, positives are as often as of larger ones.
func TestPositivesOfSmallClasses(t *testing.T) {
	const n, classes, draws = 20, 10, 20_000
	p := newProblem(drawn(rand.New(rand.NewPCG(19, 20)), n, 1, classes), 1, Options{Delta: 0.5})
	rng := rand.New(rand.NewPCG(21, 22))
	alike := 0.0
	for i := range draws {
		if j := p.positive(rng, i%n); p.rows.Class[j] == p.rows.Class[i%n] {
			alike++
		}
	}
	if want, share := 0.5+0.5/(n-1), alike/draws; math.Abs(share-want) > 5*0.5/math.Sqrt(draws) {
		t.Errorf("%.4f of the positives are of their anchors' class, want %.4f", share, want)
	}
}

func TestBatchesAreRefused(t *testing.T) {
	rows := drawn(rand.New(rand.NewPCG(17, 18)), 30, 2, 3)
	for _, o := range []Options{{Batch: 1}, {Batch: 31}, {Batch: -2}, {Batch: 5, Loss: Loss{Sigmoid: true, Negatives: 1}}} {
		o.Delta = 1
		if _, err := Minimise(rows, mat.NewDense(2, 1, []float64{1, 0}), o); !errors.Is(err, ErrBatch) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func BenchmarkBatches(b *testing.B) {
	rows := drawn(rand.New(rand.NewPCG(9, 10)), 6667, 64, 5)
	start := mat.NewDense(64, 4, nil)
	for i := range 4 {
		start.Set(i, i, 0.5)
	}
	for b.Loop() {
		e, err := Minimise(rows, start, Options{Delta: 1, Columns: 4, Workers: 2, Batch: 256})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(e.Evaluations), "evaluations")
		b.ReportMetric(e.Gradient*1e6, "gradient-1e-6")
	}
}
