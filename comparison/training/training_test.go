package training

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

func drawn(rng *rand.Rand, n, d, classes int) Rows {
	rows := Rows{mat.NewDense(n, d, nil), make([]int, n)}
	for i := range n {
		rows.Class[i] = i % classes
		for c := range d {
			rows.X.Set(i, c, rng.NormFloat64()+2*float64((i%classes+c)%classes))
		}
	}
	return rows
}

var trainable = []Loss{{}, {Distances: true}, {Sigmoid: true, Negatives: 1}, {Sigmoid: true, Negatives: 5, Distances: true}}

// definition is the loss by its definition, pair by pair.
func definition(rows Rows, a *mat.Dense, bias, delta float64, l Loss) float64 {
	n, _ := rows.X.Dims()
	var z mat.Dense
	z.Mul(rows.X, a)
	score := func(i, j int) float64 {
		if l.Distances {
			var difference mat.VecDense
			difference.SubVec(z.RowView(i), z.RowView(j))
			return -mat.Dot(&difference, &difference) / 2
		}
		return mat.Dot(z.RowView(i), z.RowView(j))
	}
	of := func(t float64) float64 { return math.Log(1 + math.Exp(t)) }
	var total float64
	for i := range n {
		var same, all, likes, negatives float64
		var members float64
		for j := range n {
			if j == i {
				continue
			}
			s := score(i, j)
			positive := s
			if l.Sigmoid {
				positive = -of(-s - bias)
				negatives += l.Negatives * of(s+bias)
			} else {
				negatives += math.Exp(s)
			}
			all += positive
			if rows.Class[j] == rows.Class[i] {
				same += positive
				members++
			}
		}
		likes = delta*same/members + (1-delta)*all/float64(n-1)
		if negatives /= float64(n - 1); !l.Sigmoid {
			negatives = math.Log(negatives)
		}
		total += negatives - likes
	}
	return total / float64(n)
}

// The loss is its definition, its gradient has Taylor's slope, and neither depends on the number of cores.
func TestLossIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range enough.Cases(40) {
		l := trainable[i%len(trainable)]
		n, d, r := 12+rng.IntN(60), 1+rng.IntN(4), 1+rng.IntN(3)
		rows := drawn(rng, n, d, 1+rng.IntN(3))
		delta := []float64{1, 0.5, 0}[rng.IntN(3)]
		x, v := make([]float64, d*r+1), make([]float64, d*r+1)
		for j := range x {
			x[j], v[j] = 0.3*rng.NormFloat64(), rng.NormFloat64()
		}
		one, two := newProblem(rows, r, Options{Loss: l, Delta: delta, Workers: 1}), newProblem(rows, r, Options{Loss: l, Delta: delta, Workers: 3})
		gradient, again := make([]float64, len(x)), make([]float64, len(x))
		value := one.evaluate(x, gradient)
		if two.evaluate(x, again) != value || mat.Norm(mat.NewVecDense(len(x), difference(gradient, again)), 2) != 0 {
			t.Fatalf("case %d: three cores give another value than one", i)
		}
		if want := definition(rows, mat.NewDense(d, r, x[:d*r]), x[d*r], delta, l); math.Abs(value-want) > 1e-11*(1+math.Abs(want)) {
			t.Errorf("case %d, %+v: the loss is %v, by its definition %v", i, l, value, want)
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
			t.Errorf("case %d, %+v: the gradient's remainder falls from %.2g to %.2g, want by 100", i, l, far, near)
		}
	}
}

func difference(x, y []float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		out[i] = x[i] - y[i]
	}
	return out
}

// Training ends where the loss is flat and no larger than at the start; with all columns no other start ends lower, as the loss is convex in AAᵀ.
func TestTrainingEndsAtAMinimum(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range enough.Cases(12) {
		l := trainable[i%len(trainable)]
		rows := drawn(rng, 60, 2, 3)
		o := Options{Loss: l, Delta: 1}
		var ends []Encoder
		for range 2 {
			start := mat.NewDense(2, 2, nil)
			start.Apply(func(int, int, float64) float64 { return 0.3 * rng.NormFloat64() }, start)
			e, err := Minimise(rows, start, o)
			if err != nil {
				t.Fatal(i, err)
			}
			if before := definition(rows, start, 0, 1, l); e.Loss > before || e.Gradient > 10*settled {
				t.Errorf("case %d, %+v: from %v to %v, gradient %.1e", i, l, before, e.Loss, e.Gradient)
			}
			ends = append(ends, e)
		}
		if off := math.Abs(ends[0].Loss - ends[1].Loss); off > 1e-4*(1+math.Abs(ends[0].Loss)) {
			t.Errorf("case %d, %+v: two starts end at %v and %v", i, l, ends[0].Loss, ends[1].Loss)
		}
	}
}

func TestRowsAreRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	alone, broken, short := drawn(rng, 7, 2, 3), drawn(rng, 9, 2, 3), drawn(rng, 9, 2, 3)
	alone.Class[2], alone.Class[5] = 0, 2
	broken.X.Set(3, 1, math.NaN())
	short.Class = short.Class[:4]
	for name, rows := range map[string]Rows{"a class of one row": alone, "NaN": broken, "four classes": short} {
		if _, err := Minimise(rows, mat.NewDense(2, 1, []float64{1, 0}), Options{Delta: 1}); !errors.Is(err, ErrRows) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkMinimise(b *testing.B) {
	rows := drawn(rand.New(rand.NewPCG(9, 10)), 6667, 64, 5)
	start := mat.NewDense(64, 4, nil)
	for i := range 4 {
		start.Set(i, i, 0.5)
	}
	for b.Loop() {
		e, err := Minimise(rows, start, Options{Delta: 1, Columns: 4, Workers: 2})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(e.Evaluations), "evaluations")
		b.ReportMetric(e.Gradient*1e6, "gradient-1e-6")
	}
}
