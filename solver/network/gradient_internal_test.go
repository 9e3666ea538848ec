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
		for i, kind := range []Kind{InfoNCE, Spectral, CLIP, InfoNCE} {
			a, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			p, noise := plane, 0
			if i == 3 {
				p, noise = line, 1
			}
			q, err := newProblem(kind, p, Shape{a, 3, 2, i != 3}, noise)
			if err != nil {
				t.Fatal(err)
			}
			q.level = good
			θ, u := make([]float64, q.size()), make([]float64, q.size())
			for i := range θ {
				θ[i], u[i] = rng.NormFloat64()/3, rng.NormFloat64()
			}
			slope, differences := q.slopes(θ, u)
			const tolerance = 1e-6 // of differences
			if math.Abs(slope-differences) > tolerance*(1+math.Abs(differences)) {
				t.Errorf("%s of %s, case %d: slope %.10g, differences %.10g", kind, name, i, slope, differences)
			}
		}
	}
}

// Where no weight sees noise, the derivative by weights on noise is that of the means there.
func TestSlopeUnseen(t *testing.T) {
	p := pairsOf(t, `{"weights": [3, 1], "means": [[-1, 2], [3, 2]], "covariance": "identity"}`)
	for _, name := range []string{"sign", "relu", "tanh"} {
		a, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		q, err := newProblem(InfoNCE, p, Shape{a, 2, 1, true}, 1)
		if err != nil {
			t.Fatal(err)
		}
		q.level = good
		for k := range q.means {
			q.means[k][1] = .7 // as a noise that is not centred has
		}
		θ := []float64{1, 0, -.8, 0, .6, .5, .3, .2, -.1} // weights of two neurons, outputs, biases
		u := []float64{0, 1, 0, -.7, 0, 0, 0, 0, 0}
		slope, differences := q.slopes(θ, u)
		const tolerance = 1e-6
		if math.Abs(slope-differences) > tolerance || math.Abs(slope) < tolerance {
			t.Errorf("%s: slope %.10g, differences %.10g", name, slope, differences)
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
