package solver

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// productPairs is the mixture whose means are all pairs of points of a planar block and
// a simplex, of the block's weights.
func productPairs(t testing.TB, block [][2]float64, weights []float64, simplex [][]float64) gmm.Pairs {
	t.Helper()
	var means, all []float64
	for b, u := range block {
		for _, r := range simplex {
			means = append(append(means, u[:]...), r...)
			all = append(all, weights[b])
		}
	}
	d := 2 + len(simplex[0])
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	m, err := gmm.New(all, mat.NewDense(len(all), d, means), identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var tetrahedron = [][]float64{{.15, .15, .15}, {.15, -.15, -.15}, {-.15, .15, -.15}, {-.15, -.15, .15}}

func TestAttack(t *testing.T) {
	_ = rand.New
	p := productPairs(t, [][2]float64{{.3, 1.05}, {-.3, .95}, {440, 800}}, []float64{1, 1, 1e-87}, tetrahedron)
	start := time.Now()
	c, err := Reduced(p, Options{Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	w, _ := p.WhitenFisher()
	_ = w
	values, _ := eigen(mat.DenseCopyOf(c.Unconstrained.Form.N))
	t.Log(time.Since(start), values, c.Unconstrained.DistanceBound, c.Unconstrained.GradientNorm, c.RuleError, c.Rule, c.Steps, c.Unconstrained.Loss, c.Unconstrained.LossError)
	t.Log(math.Abs(values[0] + 4.56822506366984e-5))
}
