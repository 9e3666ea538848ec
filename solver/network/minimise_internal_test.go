package network

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/optimize"
)

// The best erf neurons have the losses that two other programs found.
func TestBestErfNeurons(t *testing.T) {
	var all map[string]struct {
		Mixture json.RawMessage
		One     string `json:"one_erf_neuron_no_output_bias"`
		Biased  string `json:"one_erf_neuron_with_output_bias"`
		Two     string `json:"two_erf_neurons_r2_best_found"`
	}
	data, err := os.ReadFile("testdata/price.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	erf, err := Named("erf")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range all {
		for _, c := range []struct {
			want   string
			h      int
			output bool
		}{{r.One, 1, false}, {r.Biased, 1, true}, {r.Two, 2, false}} {
			q, err := newProblem(InfoNCE, pairsOf(t, string(r.Mixture)), Shape{erf, c.h, c.h, true}, 0)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" || q.signal == 2 && c.h == 2 { // takes long
				continue
			}
			want, err := strconv.ParseFloat(c.want, 64)
			if err != nil {
				t.Fatal(err)
			}
			q.level = good
			fixed := q.size() // without output biases
			if !c.output {
				fixed -= q.Outputs
			}
			whole := func(θ []float64) []float64 {
				return append(append([]float64(nil), θ...), make([]float64, q.size()-fixed)...)
			}
			var starts [][]float64
			for i := range 8 {
				starts = append(starts, q.random(rand.New(rand.NewPCG(5, uint64(i))))[:fixed])
			}
			found := descent.Stationary(func(θ, gradient []float64) float64 {
				all := make([]float64, q.size())
				value := q.at(whole(θ), all)
				copy(gradient, all)
				return value
			}, starts, descent.Search{Steps: 200, Tolerance: 1e-9})
			const printed = 3e-9 // the rule's error, and what the gradient that is aimed at leaves
			if math.Abs(found.Value-want) > printed {
				t.Errorf("%s, %d neurons, output bias %t: %.12f, expected %.12f", name, c.h, c.output, found.Value, want)
			}
		}
	}
}

// Inside S_F the minimiser finds what the references say of ReLU without biases.
func TestInside(t *testing.T) {
	relu, err := Named("relu")
	if err != nil {
		t.Fatal(err)
	}
	for mixture, want := range map[string]float64{
		`{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`: -0.276638903085837,
		`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`:  -0.088703289442248,
	} {
		q, err := newProblem(InfoNCE, pairsOf(t, mixture), Shape{relu, 3, 1, false}, 0)
		if err != nil {
			t.Fatal(err)
		}
		m := q.search(nil, Options{Starts: .2})
		if off := math.Abs(m.Value - want); off > 1e-11 || m.GradientNorm > 1e-9 || m.Outside != 0 {
			t.Errorf("%.14f, off by %.2g, gradient %.2g", m.Value, off, m.GradientNorm)
		}
	}
}

// Two neurons that jump go below all that a proof allows inside S_F, by weights on noise, to a local minimum.
func TestMinimise(t *testing.T) {
	sign, err := Named("sign")
	if err != nil {
		t.Fatal(err)
	}
	p := pairsOf(t, `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`)
	r, err := Minimise(InfoNCE, p, Shape{sign, 2, 1, false}, Options{Starts: .5})
	if err != nil {
		t.Fatal(err)
	}
	const inside, published = -0.165667913145203903245859, -0.186865082368679
	if r.Inside.Value < inside || r.Inside.Outside != 0 {
		t.Errorf("inside %.14f is below what is possible, or %.3g outside", r.Inside.Value, r.Inside.Outside)
	}
	if r.Best.Value > published || r.Best.Outside < .1 || r.Best.GradientNorm > 1e-7 || r.Best.LeastCurvature < -10*r.Best.CurvatureError {
		t.Errorf("best %.12f, %.3g outside, gradient %.3g, curvature %.3g", r.Best.Value, r.Best.Outside, r.Best.GradientNorm, r.Best.LeastCurvature)
	}
	if again, err := Evaluate(InfoNCE, sign, p, r.Best.Net, r.Best.Net); err != nil || math.Abs(again.Value-r.Best.Value) > r.Best.Error+again.Error {
		t.Errorf("the net that is returned has loss %v, %v, not %.12f", again, err, r.Best.Value)
	}
}

// A long descent without derivatives, from other starts, finds the same minimum with biases.
func TestMinimiseAgainstSimplex(t *testing.T) {
	tanh, err := Named("tanh")
	if err != nil {
		t.Fatal(err)
	}
	p := pairsOf(t, `{"weights": [3, 1], "means": [[-1], [3]], "covariance": "identity"}`)
	r, err := Minimise(InfoNCE, p, Shape{tanh, 1, 1, true}, Options{Starts: .2})
	if err != nil {
		t.Fatal(err)
	}
	q, err := newProblem(InfoNCE, p, Shape{tanh, 1, 1, true}, 0)
	if err != nil {
		t.Fatal(err)
	}
	q.level = good
	least := infinity
	for i := range 3 {
		start := q.random(rand.New(rand.NewPCG(99, uint64(i))))
		end, err := optimize.Minimize(optimize.Problem{Func: func(θ []float64) float64 { return q.at(θ, nil) }}, start,
			&optimize.Settings{FuncEvaluations: 600}, &optimize.NelderMead{})
		if err != nil {
			t.Fatal(err)
		}
		least = min(least, end.F)
	}
	if math.Abs(least-r.Best.Value) > 1e-8 {
		t.Errorf("%.12f, by simplices %.12f", r.Best.Value, least)
	}
}

// With biases a plane of means is searched, too; where S_c is everything there is no noise.
func TestMinimiseOfPlane(t *testing.T) {
	erf, err := Named("erf")
	if err != nil {
		t.Fatal(err)
	}
	p := pairsOf(t, `{"weights": [1, 1, 1], "means": [[0, 0], [2, 0], [0, 2]], "covariance": "identity"}`)
	r, err := Minimise(Spectral, p, Shape{erf, 1, 1, true}, Options{Starts: .3})
	if err != nil {
		t.Fatal(err)
	}
	if r.Dimension != 2 || !math.IsNaN(r.Noise) || r.Best.Value >= 0 || r.Best.GradientNorm > 1e-7 {
		t.Errorf("%+v", r)
	}
}

// The log-partition function by tables is that of all scores, with its derivatives, of few outputs and many.
func TestTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, r := range []int{1, 2, 3} {
		s := seen{values: table(500, r), given: table(500, 1)}
		for i, v := range s.values {
			for l := range v {
				v[l] = 1.5 * rng.NormFloat64()
			}
			s.given[i][0] = 1. / 500
		}
		s.mixed([]float64{1})
		tables, other := table(500, r), table(500, r)
		tabled, ok := newTable(s, s)
		if !ok {
			t.Fatal("250,000 scores are few")
		}
		value := tabled.partition(tables, other)
		directF, directG := table(500, r), table(500, r)
		direct, ok := newTable(s, s)
		if !ok {
			t.Fatal("250,000 scores are few")
		}
		direct.byF, direct.byG = directF, directG
		var all []int
		for i := range s.values {
			all = append(all, i)
		}
		want := direct.directly(all)
		const tolerance = 1e-10
		if math.Abs(value-want) > tolerance {
			t.Errorf("%d outputs: %.14f by tables, %.14f directly", r, value, want)
		}
		for i := range directF {
			for l := range r {
				if math.Abs(tables[i][l]-directF[i][l]) > tolerance || math.Abs(other[i][l]-directG[i][l]) > tolerance {
					t.Fatalf("%d outputs, node %d: derivatives %v %v by tables, %v %v directly", r, i, tables[i], other[i], directF[i], directG[i])
				}
			}
		}
	}
}

// A value with its gradient where the hidden weights see two directions, of four neurons and two outputs.
func BenchmarkGradient(b *testing.B) {
	p := pairsOf(b, `{"weights": [3, 1, 2], "means": [[-1, 0], [2, 0], [0, 1.5]], "covariance": "identity"}`)
	for _, name := range []string{"relu", "tanh", "erf"} {
		a, err := Named(name)
		if err != nil {
			b.Fatal(err)
		}
		q, err := newProblem(InfoNCE, p, Shape{a, 4, 2, true}, 0)
		if err != nil {
			b.Fatal(err)
		}
		q.level, _ = levels(2)
		θ := q.random(rand.New(rand.NewPCG(1, 1)))
		gradient := make([]float64, len(θ))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				q.at(θ, gradient)
			}
		})
	}
}
