package oracle_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// scattered draws k means across a triangle's corners, for which equality is refuted in
// their plane, or about the origin, centred, where it mostly holds.
func scattered(t *testing.T, rng *rand.Rand, k int, triangle bool) gmm.Pairs {
	t.Helper()
	corners := [3][2]float64{{-2, 4}, {-1, -3}, {-1, -1}}
	d := k - 1
	weights, means, identity := make([]float64, k), mat.NewDense(k, d, nil), mat.NewDense(d, d, nil)
	for i := range k {
		weights[i] = 1
		for j := range d {
			means.Set(i, j, 2/math.Sqrt(float64(d))*rng.NormFloat64())
			if triangle && j < len(corners[0]) {
				means.Set(i, j, corners[i%3][j])
			}
		}
	}
	for j := range d {
		identity.Set(j, j, 1)
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p := certain(t, m)
	if triangle {
		return p
	}
	if p, err = p.Centre(); err != nil {
		t.Fatal(err)
	}
	return p
}

// Where the trapezoidal rule is out of reach verdicts are estimated: their sign is
// that of a minimiser known far better, and wrong candidates, of a finder that claims
// to be exact, never turn them over.
func TestSampledVerdicts(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of points are sampled")
	}
	rng := rand.New(rand.NewPCG(31, 0))
	const mixtures, candidates = 6, 2
	counts, decided := map[oracle.Verdict]int{}, 0
	for i := range mixtures {
		p := scattered(t, rng, 9+i%3, i%2 == 0)
		c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Tolerance: 1e-7})
		if err != nil {
			t.Fatal(err)
		}
		f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound})
		truth := oracle.Holds
		if f.Margin() < 0 {
			truth = oracle.Refuted
		}
		if math.Abs(f.Margin()) < 10*c.Free.DistanceBound {
			truth = oracle.Undecided
		}
		counts[f.Equality()]++
		if f.Evidence.Grade != oracle.Estimated || f.Equality() != oracle.Undecided && f.Equality() != truth {
			t.Errorf("case %d: %v, %v by %s, margin %.3g", i, f.Equality(), f.Evidence.Grade, f.Evidence.Rule, f.Margin())
		}
		if !(f.Evidence.Epsilon >= c.Free.DistanceBound) {
			t.Errorf("case %d: an epsilon of %.3g beside a claim of %.3g", i, f.Evidence.Epsilon, c.Free.DistanceBound)
		}
		n := c.Free.Form.N
		s, _ := n.Dims()
		for range candidates {
			size := math.Abs(f.Margin()) / float64(s) / 16 * math.Exp(1.5*rng.NormFloat64())
			moved := mat.NewSymDense(s, nil)
			for a := range s {
				for b := range a + 1 {
					moved.SetSym(a, b, n.At(a, b)+size*rng.NormFloat64())
				}
			}
			got := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: gmm.Form{Left: c.Free.Form.Left, Right: c.Free.Form.Right, N: mat.DenseCopyOf(moved)}, Constrained: c.Constrained.Form})
			if got.Equality() != oracle.Undecided {
				decided++
				if got.Equality() != truth {
					t.Errorf("case %d: %v for a candidate moved by %.2g of the margin, want %v", i, got.Equality(), size/math.Abs(f.Margin()), truth)
				}
			}
		}
	}
	t.Logf("%v; %d of %d wrong candidates were decided", counts, decided, mixtures*candidates)
	if counts[oracle.Holds] < 2 || counts[oracle.Refuted] < 2 || decided < mixtures/2 {
		t.Errorf("too few verdicts to mean anything: %v, %d of wrong candidates", counts, decided)
	}
}

// In a blind solve the sampled gradient does not reach the accuracy that containment
// is judged at: it is undecided whatever the finder claims, in S_F or a little off it, and
// the defect covers the sampling's error.
func TestSampledContainmentIsUndecided(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of points are sampled")
	}
	rng := rand.New(rand.NewPCG(32, 0))
	for _, k := range []int{8, 16} {
		flat := scattered(t, rng, k, false).Left.Embed()
		p, err := gmm.NewPairs(flat, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind, Tolerance: 1e-4, Cores: 2})
		if err != nil {
			t.Fatal(err)
		}
		at := c.Constrained.Form.Matrix(p)
		d := p.Left.Dimension()
		for _, outside := range []float64{0, 1e-9, 1e-5} {
			moved := mat.DenseCopyOf(at)
			moved.Set(d-1, d-1, moved.At(d-1, d-1)+outside) // the dimension that Embed added
			f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: gmm.Plain(moved)})
			if f.Containment() != oracle.Undecided || !(f.Defect() > 1e-5) || f.Evidence.Grade != oracle.Estimated {
				t.Errorf("%d components, moved by %g: %v, defect %.2g, %v", k, outside, f.Containment(), f.Defect(), f.Evidence.Grade)
			}
		}
	}
}
