package oracle_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func TestCoincide(t *testing.T) {
	line := func(x, y, err float64) subspace.Subspace {
		return subspace.Subspace{Basis: subspace.Orthonormal(mat.NewDense(2, 1, []float64{x, y})), Error: err}
	}
	plane := subspace.Subspace{Basis: mat.NewDense(2, 2, []float64{1, 0, 0, 1})}
	for _, c := range []struct {
		name string
		a, b subspace.Subspace
		want oracle.Verdict
	}{
		{"equal lines", line(1, 2, 1e-15), line(-2, -4, 1e-15), oracle.Holds},
		{"equal lines, roughly known", line(1, 2, 1e-3), line(1, 2, 0), oracle.Undecided},
		{"lines 1e-6 apart", line(1, 0, 1e-9), line(1, 1e-6, 1e-9), oracle.Refuted},
		{"lines 1e-6 apart, roughly known", line(1, 0, 1e-6), line(1, 1e-6, 1e-6), oracle.Undecided},
		{"orthogonal lines of which nothing is known", line(1, 0, 1), line(0, 1, 0), oracle.Undecided},
		{"a line and a plane", line(1, 0, 1e-9), plane, oracle.Refuted},
		{"an unknown line and a plane", line(1, 0, 1), plane, oracle.Undecided},
		{"nothing and nothing", subspace.Subspace{}, subspace.Subspace{}, oracle.Holds},
		{"nothing and a line", subspace.Subspace{}, line(1, 0, 0), oracle.Refuted},
	} {
		if got := oracle.Coincide(c.a, c.b); got.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, got.Verdict, c.want)
		}
		if one, two := oracle.Coincide(c.a, c.b), oracle.Coincide(c.b, c.a); one != two {
			t.Errorf("%s: %v one way, %v the other", c.name, one, two)
		}
	}
}

// Ky Fan: no subspace captures more of the second moment than that of the leading
// eigenvectors, which captures the same to rounding.
func TestCapturedMoment(t *testing.T) {
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.SharedCovariance(), generators.ParallelPancakes(), generators.Spherical()).Draw(t, "mixture")
		r := rapid.IntRange(1, m.Dimension()).Draw(t, "dimension")
		if i := oracle.CapturedMoment(m, subspace.Subspace{Basis: subspace.SVD(m, r).Basis}); math.Abs(i.Left-i.Right) > i.Error {
			t.Fatalf("leading eigenvectors do not capture the leading eigenvalues")
		}
		any := subspace.Random(m.Dimension(), r, rand.New(rand.NewPCG(uint64(r), 7)))
		i := oracle.CapturedMoment(m, subspace.Subspace{Basis: any})
		if i.Left < i.Right-i.Error {
			t.Fatalf("a subspace captures more than the leading eigenvalues")
		}
		if i.Left > i.Right+i.Error {
			short++
		}
	})
	if short == 0 {
		t.Error("no subspace captured less than the leading eigenvalues")
	}
}
