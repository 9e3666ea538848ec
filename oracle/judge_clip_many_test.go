package oracle_test

import (
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// mirrored draws 4n components, n in general position times the signs of a last coordinate
// on either side, independently. Reflecting the last coordinate of one side leaves the
// mixture alone, so that M* is 0 there and equality fails, though both Fisher subspaces have
// n + 1 dimensions.
func mirrored(t *testing.T, rng *rand.Rand, n int) gmm.Pairs {
	t.Helper()
	k, d := 4*n, n+1
	weights := make([]float64, k)
	visual, text, identity := mat.NewDense(k, d, nil), mat.NewDense(k, d, nil), mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	for base := range n {
		for signs := range 4 {
			row := 4*base + signs
			weights[row] = 1
			visual.Set(row, n, float64(2*(signs%2)-1))
			text.Set(row, n, float64(2*(signs/2)-1))
		}
		for j := range n {
			x, y := rng.NormFloat64(), rng.NormFloat64()
			for signs := range 4 {
				visual.Set(4*base+signs, j, x)
				text.Set(4*base+signs, j, y)
			}
		}
	}
	v, err := gmm.New(weights, visual, identity)
	if err != nil {
		t.Fatal(err)
	}
	w, err := gmm.New(weights, text, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPaired(v, w, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Where only sampling is in reach, a finder that claims too little makes no verdict: a
// candidate moved within the sampling's error keeps every direction, M* does not.
func TestSampledClipVerdictsAreNotTheClaims(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of points are sampled")
	}
	rng := rand.New(rand.NewPCG(41, 0))
	const n, lie = 6, 1e-9
	p := mirrored(t, rng, n)
	c, err := solver.Minimise(solver.CLIP, p, solver.Options{Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []float64{1e-4} {
		moved := c.Free.Form.Matrix(p)
		moved.Set(n, n, moved.At(n, n)+step)
		f := oracle.Judge(oracle.CLIP, p, oracle.Candidates{Free: gmm.Plain(moved), Claimed: lie})
		if f.Evidence.Grade != oracle.Estimated {
			t.Fatalf("moved by %g: %v by %s", step, f.Evidence.Grade, f.Evidence.Rule)
		}
		if f.Sides[0].Equality == oracle.Holds || f.Sides[1].Equality == oracle.Holds {
			t.Errorf("moved by %g: equality holds, M* known to ±%.2g by %s", step, f.Evidence.Epsilon, f.Evidence.Rule)
		}
		if f.Sides[0].Containment == oracle.Holds || f.Sides[1].Containment == oracle.Holds {
			t.Errorf("moved by %g: containment holds, defects %.2g and %.2g", step, f.Sides[0].Defect, f.Sides[1].Defect)
		}
		if away := step - c.Free.DistanceBound; !(f.Evidence.Epsilon >= away) {
			t.Errorf("moved by %g: M* known to ±%.2g, which is %.2g away", step, f.Evidence.Epsilon, away)
		}
	}
}

// An honest claim is accepted where the smallest singular value exceeds all errors.
func TestSampledClipVerdicts(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 0))
	held := 0
	for i := range 2 {
		const k = 9
		d := k - 1
		weights := make([]float64, k)
		visual, text, identity := mat.NewDense(k, d, nil), mat.NewDense(k, d, nil), mat.NewDense(d, d, nil)
		for j := range k {
			weights[j] = 1
			for c := range d {
				x := 2 * rng.NormFloat64()
				visual.Set(j, c, x)
				text.Set(j, c, x+0.5*rng.NormFloat64())
			}
		}
		for c := range d {
			identity.Set(c, c, 1)
		}
		v, err := gmm.New(weights, visual, identity)
		if err != nil {
			t.Fatal(err)
		}
		w, err := gmm.New(weights, text, identity)
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPaired(v, w, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		c, err := solver.Minimise(solver.CLIP, p, solver.Options{Tolerance: 1e-6})
		if err != nil {
			t.Fatal(err)
		}
		f := oracle.Judge(oracle.CLIP, p, oracle.Candidates{Free: c.Free.Form, Claimed: c.Free.DistanceBound})
		t.Logf("case %d: %v, margin %.3g ± %.2g, %s", i, f.Sides[0].Equality, f.Sides[0].Margin, f.Evidence.Epsilon, f.Evidence.Rule)
		if f.Sides[0].Equality == oracle.Holds {
			held++
		}
		if f.Evidence.Grade != oracle.Estimated || f.Evidence.Epsilon < c.Free.DistanceBound {
			t.Errorf("case %d: %v, known to ±%.3g beside a claim of %.3g", i, f.Evidence.Grade, f.Evidence.Epsilon, c.Free.DistanceBound)
		}
	}
	if held == 0 {
		t.Error("none was certified")
	}
}
