package soundness_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// ownDistances is InfoNCE of distances.
func ownDistances(t testing.TB) losses.Loss {
	t.Helper()
	l, err := losses.Choose(losses.Settings{Score: losses.Distance})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The values of the reference, by both pillars: M*, the loss, the best matrix inside S_c, and what refutes or proves.
func TestDistancesOfOwnCovariancesMeetTheReference(t *testing.T) {
	for _, c := range []struct {
		name, text            string
		m                     [2]float64 // diag M*
		loss, inside          float64    // inside is NaN where S_c is 𝒞
		curvature             float64    // ∇₂₂ at the best matrix inside
		containment, equality oracle.Verdict
		central               int
	}{
		{"D_leak", `{"weights": [1, 3], "means": [[0, 0], [2, 0]], "covariance": [[[1, 0], [0, "2/5"]], [[1, 0], [0, "6/5"]]]}`,
			[2]float64{.266520217421, .005809888851}, -.083990582435, -.083963254318550144, -.00943608587321820, oracle.Refuted, oracle.Undecided, 2},
		{"D_lose", `{"weights": [1, 1, 1], "means": [[-2, "1/5"], [0, 0], [2, "1/5"]], "covariance": [[[1, 0], [0, "6/5"]], [[1, 0], [0, "3/5"]], [[1, 0], [0, "6/5"]]]}`,
			[2]float64{.406205583982, 0}, -.349626731522, math.NaN(), 0, oracle.Holds, oracle.Refuted, 2},
		{"D_shared", `{"weights": [1, 1, 1], "means": [[-2, "1/5"], [0, 0], [2, "1/5"]], "covariance": [[[1, 0], [0, 1]], [[1, 0], [0, 1]], [[1, 0], [0, 1]]]}`,
			[2]float64{.406198814325, .005405867653}, -.349648805965, math.NaN(), 0, oracle.Holds, oracle.Holds, 2},
		{"D_shared with its covariance shared", `{"weights": [1, 1, 1], "means": [[-2, "1/5"], [0, 0], [2, "1/5"]], "covariance": "identity"}`,
			[2]float64{.406198814325, .005405867653}, -.349648805965, math.NaN(), 0, oracle.Holds, oracle.Holds, 2},
	} {
		p := readPairs(t, c.text)
		d, err := losses.Decide(context.Background(), ownDistances(t), p, losses.Options{})
		if err != nil {
			t.Fatal(c.name, err)
		}
		const digits = 1e-11
		found, side := d.Lifted(), d.Findings.Sides[0]
		m := found.Constrained.Form.Matrix(d.Given)
		for i, want := range c.m {
			if off := math.Abs(m.At(i, i) - want); off > digits+found.Constrained.DistanceBound || !(found.Constrained.DistanceBound < 1e-9) {
				t.Errorf("%s: M*%d%[2]d is off by %.2g, its bound is %.2g", c.name, i+1, off, found.Constrained.DistanceBound)
			}
		}
		if off := math.Abs(found.Constrained.Loss - c.loss); off > digits+found.Constrained.LossError {
			t.Errorf("%s: the loss is off by %.2g", c.name, off)
		}
		if !math.IsNaN(c.inside) {
			if off := math.Abs(found.Inside.Loss - c.inside); off > digits+found.Inside.LossError {
				t.Errorf("%s: the loss inside S_c is off by %.2g", c.name, off)
			}
			if off := math.Abs(side.Curvature - c.curvature); off > side.CurvatureError {
				t.Errorf("%s: the curvature is off by %.2g, its bound is %.2g", c.name, off, side.CurvatureError)
			}
		}
		if c.equality == oracle.Refuted && (side.Directions.Kept != 1 || side.Directions.Lost != 1) {
			t.Errorf("%s: directions %+v", c.name, side.Directions)
		}
		if side.Containment != c.containment || side.Equality != c.equality || p.Left.CentralSubspace().Dimension() != c.central || d.Findings.Evidence.Grade != oracle.Bounded {
			t.Errorf("%s: containment %v, equality %v, dim 𝒞 = %d, %v", c.name, side.Containment, side.Equality, p.Left.CentralSubspace().Dimension(), d.Findings.Evidence)
		}
	}
}

// ownPairs draws mixtures with own covariances, centred: in the plane, in space, and in five dimensions, where a planted envelope makes 𝒞 smaller at times.
func ownPairs(t testing.TB, seed int) gmm.Pairs {
	t.Helper()
	g := generators.GeneralOf(2, 3, 1, 3)
	if seed%4 == 3 {
		g = generators.Tilted()
	}
	p, err := gmm.NewPairs(g.Example(seed), generators.Informative().Example(seed))
	if err == nil {
		p, err = p.Centre()
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The oracle's bound of the distance to the minimiser is never below the true distance, wherever the solver is taken from: near the minimum, where it is nearly attained, and far from it, where it has none.
func TestDistanceBoundsOfOwnCovariancesAreBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 0))
	l := ownDistances(t)
	judged, sharpest := 0, math.Inf(1)
	for i := range enough.Cases(24) {
		p := ownPairs(t, i)
		if p.Uninformative() {
			continue
		}
		found, err := solver.Minimise(l.Solver, p, solver.Options{Method: solver.Blind})
		if err != nil || !(found.Free.DistanceBound < 1e-8) {
			continue
		}
		d := p.Left.Dimension()
		m := found.Free.Form.Matrix(p)
		sigma, identity := mat.DenseCopyOf(p.Left.Covariance()), mat.NewDense(d, d, nil)
		for a := range d {
			identity.Set(a, a, 1)
		}
		for _, size := range []float64{1e-5, 1e-3, 0.05, 1} {
			v := mat.NewSymDense(d, nil)
			for a := range d {
				for b := range a + 1 {
					v.SetSym(a, b, rng.NormFloat64())
				}
			}
			// ‖V‖ whitened is (tr VΣ̄VΣ̄)^½.
			var half, square mat.Dense
			half.Mul(v, sigma)
			square.Mul(&half, &half)
			whitened := math.Sqrt(mat.Trace(&square))
			other := new(mat.Dense)
			other.Scale(size/whitened, v)
			other.Add(other, m)
			f, err := oracle.JudgePair(l.Oracle, p, other, identity, 1e-9)
			if err != nil {
				continue // too steep, or not finite
			}
			judged++
			if f.Distance < size-found.Free.DistanceBound {
				t.Errorf("case %d: a distance of %.3g is bounded by %.3g", i, size, f.Distance)
			}
			sharpest = min(sharpest, f.Distance/size)
		}
	}
	t.Logf("%d judged, the sharpest bound is %.3g times the distance", judged, sharpest)
	if judged < enough.Least(40) || sharpest > 10 {
		t.Errorf("%d were judged, the sharpest bound is %.3g times the distance", judged, sharpest)
	}
}

// Col(A*) ⊆ 𝒞: what is found blindly in all dimensions is what is found within 𝒞, in mixtures with a planted envelope of differences that distances leave, or not.
func TestDistancesStayInTheCentralSubspace(t *testing.T) {
	l := ownDistances(t)
	smaller, outside := 0, 0
	for i := range enough.Cases(20) {
		p := padded(t, ownPairs(t, i))
		if p.Uninformative() {
			continue
		}
		blind, err := losses.Decide(context.Background(), l, p, losses.Options{Method: solver.Blind, Seed: uint64(i)})
		if err != nil {
			continue
		}
		within, err := losses.Decide(context.Background(), l, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if within.Envelope.Dimension() < p.Left.Dimension() {
			smaller++
		}
		if within.Findings.Containment() == oracle.Refuted {
			outside++
		}
		one, two := blind.Candidate.Constrained, within.Lifted().Constrained
		var apart, half, square mat.Dense
		apart.Sub(one.Form.Matrix(p), two.Form.Matrix(p))
		half.Mul(&apart, p.Left.Covariance())
		square.Mul(&half, &half)
		if got := math.Sqrt(math.Max(0, mat.Trace(&square))); got > 1.01*(one.DistanceBound+two.DistanceBound)+1e-12 {
			t.Errorf("case %d: blind and within 𝒞 are apart by %.3g, their bounds are %.3g and %.3g", i, got, one.DistanceBound, two.DistanceBound)
		}
		if a, b := blind.Findings.Containment(), within.Findings.Containment(); a != oracle.Undecided && b != oracle.Undecided && a != b {
			t.Errorf("case %d: containment %v, and blindly %v", i, b, a)
		}
	}
	if smaller < enough.Least(5) || outside < enough.Least(5) {
		t.Errorf("𝒞 was smaller than the space in %d cases, and left S_c in %d", smaller, outside)
	}
}

// padded adds a coordinate of noise that all components share, mixed into the others.
func padded(t testing.TB, p gmm.Pairs) gmm.Pairs {
	t.Helper()
	out, err := gmm.NewPairs(p.Left.Embed(), p.ExactDelta())
	if err != nil {
		t.Fatal(err)
	}
	return out
}
