package solver

import (
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Where a digit more would take many nodes and no tolerance was asked for, a solve ends with ten times the default, as its bound says; both
// bounds hold.
func TestDefaultToleranceGivesWayToNodes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hundreds of thousands of nodes")
	}
	const k, size, noise = 10, 3.5, 0.3 // all classes some five standard deviations apart
	rng := rand.New(rand.NewPCG(21, 0))
	weights, means, identity := make([]float64, k), mat.NewDense(k, k, nil), mat.NewDense(k, k, nil)
	for i := range k {
		weights[i] = 1
		identity.Set(i, i, 1)
		for j := range k {
			means.Set(i, j, size*identity.At(i, j)+noise*rng.NormFloat64())
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	thrifty, err := Minimise(InfoNCE, p, Options{Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := Minimise(InfoNCE, p, Options{Cores: 2, Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	if !(2*thrifty.Points < asked.Points) {
		t.Errorf("%d nodes, and %d for 1e-6", thrifty.Points, asked.Points)
	}
	var diff mat.Dense
	diff.Sub(thrifty.Free.Form.N, asked.Free.Form.N)
	one, other := thrifty.Free.DistanceBound, asked.Free.DistanceBound
	if off := mat.Norm(&diff, 2); !(off <= one+other && one < 2e-5 && other < 2e-6) {
		t.Errorf("%.3g apart, bounds %.3g and %.3g", off, one, other)
	}
}
