package network

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

func pairsOf(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// Derivatives are those of the values: by Taylor slopes, of every activation and loss, with biases and without, where hidden weights see a plane and a line.
func TestSlope(t *testing.T) {
	plane := pairsOf(t, `{"weights": [3, 1, 2], "means": [[-1, 0, 1], [2, 0, 0], [0, 0, 1]], "covariance": [[1,0.2,0],[0.2,1,0],[0,0,2]], "delta": 0.75}`)
	line := pairsOf(t, `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range Names() {
		for i, kind := range []Kind{InfoNCE, Spectral, CLIP, InfoNCE} { // of which CLIP is twice InfoNCE where the towers are one
			a, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			p, noise := plane, 0
			if i == 3 {
				p, noise = line, 1
			}
			q, err := newProblem(kind, p, Shape{a, 2, 1 + i%2, i != 3}, noise)
			if err != nil {
				t.Fatal(err)
			}
			θ, u := make([]float64, q.size()), make([]float64, q.size())
			for i := range θ {
				θ[i], u[i] = rng.NormFloat64()/3, rng.NormFloat64()
			}
			slope, differences := q.slopes(θ, u)
			const tolerance = 1e-5 // of differences
			if math.Abs(slope-differences) > tolerance*(1+math.Abs(differences)) {
				t.Errorf("%s of %s, case %d: slope %.10g, differences %.10g", kind, name, i, slope, differences)
			}
		}
	}
}

// Where hidden weights see a line in a plane, the derivative by weights across it takes the means of the components there.
func TestSlopeUnseen(t *testing.T) {
	p := pairsOf(t, `{"weights": [3, 1, 2], "means": [[-1, 2], [3, 2], [0, -1]], "covariance": "identity", "delta": 0.75}`)
	for _, name := range []string{"sign", "relu", "tanh"} {
		a, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []Kind{InfoNCE, Spectral, CLIP} {
			q, err := newProblem(kind, p, Shape{a, 2, 1, true}, 0)
			if err != nil {
				t.Fatal(err)
			}
			θ := []float64{1, 0, -.8, 0, .6, .5, .3, .2, -.1} // weights of two neurons, outputs, biases
			u := []float64{0, 1, 0, -.7, 0, 0, 0, 0, 0}
			slope, differences := q.slopes(θ, u)
			const tolerance = 1e-5
			if math.Abs(slope-differences) > tolerance || math.Abs(slope) < tolerance {
				t.Errorf("%s of %s: slope %.10g, differences %.10g", kind, name, slope, differences)
			}
		}
	}
}

// slopes are the derivative along u, from the gradient and by differences of fourth order.
func (q *problem) slopes(θ, u []float64) (slope, differences float64) {
	gradient, x := make([]float64, len(θ)), make([]float64, len(θ))
	q.at(θ, gradient)
	moved := func(s float64) float64 {
		for i := range x {
			x[i] = θ[i] + s*u[i]
		}
		return q.at(x, nil)
	}
	const step = 1e-3
	return dot(gradient, u), (8*(moved(step)-moved(-step)) - (moved(2*step) - moved(-2*step))) / (12 * step)
}

// The second-order form out of the subspace is the second derivative of the loss along weights on noise, by differences, of one activation with kinks and smooth ones.
func TestSecondOrder(t *testing.T) {
	p := pairsOf(t, `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity", "delta": 0.75}`)
	for _, name := range []string{"relu", "abs", "leaky", "tanh", "erf", "gelu"} {
		for _, kind := range []Kind{InfoNCE, Spectral, CLIP} {
			a, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			s := Shape{a, 2, 2, true}
			inner, err := newProblem(kind, p, s, 0)
			if err != nil {
				t.Fatal(err)
			}
			outer, err := newProblem(kind, p, s, 1)
			if err != nil {
				t.Fatal(err)
			}
			inner.level = good
			θ := []float64{1, -.8, .6, .2, -.3, .5, .3, .2, -.1, .2}
			form, err := inner.curvature(θ)
			if err != nil {
				t.Fatal(err)
			}
			e := []float64{.7, -.4}
			const step = 2e-2
			moved := func(by float64) float64 {
				x := outer.embedded(inner, θ)
				x[1], x[3] = by*e[0], by*e[1]
				return outer.at(x, nil)
			}
			differences := (16*moved(step) - 15*moved(0) - moved(2*step)) / (12 * step * step) // half the second derivative of an even function
			want := e[0]*e[0]*(form.smoothing[0]+form.cost.At(0, 0)) + e[1]*e[1]*(form.smoothing[1]+form.cost.At(1, 1)) + 2*e[0]*e[1]*form.cost.At(0, 1)
			const tolerance = 1e-4
			if math.Abs(differences-want) > tolerance*(1+math.Abs(want)) {
				t.Errorf("%s of %s: %.8g by the form, %.8g by differences", kind, name, want, differences)
			}
		}
	}
}
