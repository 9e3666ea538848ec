package losses_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Covariances that are given one by one, but equal, have the minimum of the shared one: two terms that share no average.
func TestAffineOwnAgreesWithShared(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := must(gmm.NewPairs(generators.SharedCovarianceOf(2, 3, 1, 2).Draw(t, "mixture"), generators.Informative().Draw(t, "delta")))
		apart := must(gmm.NewPairs(p.Left.Apart(), p.ExactDelta()))
		of := func(p gmm.Pairs) losses.Decision {
			d, err := losses.Decide(context.Background(), affineLoss(t), p, losses.Options{})
			if err != nil {
				t.Skip(err)
			}
			return d
		}
		one, two := of(p), of(apart)
		a, b := one.Candidate.Constrained, two.Lifted().Constrained
		if p.Left.Coincident() {
			t.Skip("nothing to find")
		}
		if math.Abs(a.Loss-b.Loss) > 1e-8*(1+math.Abs(a.Loss)) {
			t.Fatalf("%#v: the minimum is %.12g, apart %.12g", p, a.Loss, b.Loss)
		}
		var difference mat.Dense
		difference.Sub(a.Form.Matrix(one.Pairs), b.Form.Matrix(two.Given))
		if scale := 1 + mat.Norm(a.Form.Matrix(one.Pairs), 2); mat.Norm(&difference, 2) > 1e-6*scale {
			t.Fatalf("%#v: M* differ by %g", p, mat.Norm(&difference, 2))
		}
		if a.Shift.Columns != nil && b.Shift.Columns != nil {
			var difference mat.Dense
			difference.Sub(a.Shift.Columns, b.Shift.Columns)
			if mat.Norm(&difference, 2) > 1e-6*(1+mat.Norm(a.Shift.Columns, 2)) {
				t.Fatalf("%#v: c* differ by %g", p, mat.Norm(&difference, 2))
			}
		}
		if two.Findings.Containment() != oracle.Holds { // E_c = S_c
			t.Fatalf("%#v: containment %v", p, two.Findings.Containment())
		}
	})
}

// Of random own covariances in the plane no representation near the minimum, as the definition has its loss, is below it; where c* is in the range of M* the minimum is the loss of (A, b); and containment is decided where E_c
// is S_c only, equality never.
func TestAffineOwnMinimum(t *testing.T) {
	t.Parallel()
	l := affineLoss(t)
	for seed := range enough.Cases(60) {
		m := generators.Tilted().Example(seed)
		if m.Dimension() > 2 {
			continue
		}
		p := must(gmm.NewPairs(m, gmm.Rationals(1)[0]))
		d, err := losses.Decide(context.Background(), l, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		given, c := must(p.Centre()), d.Lifted().Constrained
		if c.Left.Columns == nil {
			continue
		}
		if centred, err := losses.Decide(context.Background(), l, given, losses.Options{}); err != nil || centred.Candidate.Constrained.Loss != d.Candidate.Constrained.Loss {
			t.Errorf("%#v: raw %.15g, centred %.15g, %v", p, d.Candidate.Constrained.Loss, centred.Candidate.Constrained.Loss, err)
		}
		loss, off, err := solver.EvaluateAffine(l.Solver, given, c.Left.Columns, c.Offset)
		if err != nil {
			t.Fatal(err)
		}
		const digits = 1e-8
		if loss < c.Loss-off-c.LossError-digits || c.OffRange < digits && loss > c.Loss+off+c.LossError+digits {
			t.Errorf("%#v: A and b have the loss %.12g, the minimum is %.12g, c* off range by %g", p, loss, c.Loss, c.OffRange)
		}
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		for range 5 {
			a, b := mat.DenseCopyOf(c.Left.Columns), append([]float64{}, c.Offset...)
			a.Apply(func(_, _ int, x float64) float64 { return x + rng.NormFloat64()/8 }, a)
			floats.AddConst(rng.NormFloat64()/8, b)
			moved, off, err := solver.EvaluateAffine(l.Solver, given, a, b)
			if err != nil {
				t.Fatal(err)
			}
			if moved < c.Loss-off-c.LossError-digits {
				t.Errorf("%#v: the loss %.12g nearby is below the minimum %.12g", p, moved, c.Loss)
			}
		}
		f, invariant := d.Findings, m.EnvelopeOfDifferences().Invariant()
		if invariant != (f.Containment() == oracle.Holds) || f.Equality() != oracle.Undecided || f.Existence != oracle.Undecided {
			t.Errorf("%#v: E_c = S_c %v, containment %v, equality %v, existence %v", p, invariant, f.Containment(), f.Equality(), f.Existence)
		}
	}
}

// More dimensions than rules serve are refused in words.
func TestAffineOwnRefused(t *testing.T) {
	p := pairsIn(t, `{"weights": [1, 1], "means": [[1,0,0,0,0], [0,1,0,0,0]], "covariance": [[[1,0,0,0,"1/2"],[0,1,0,"1/3",0],[0,0,1,0,"1/5"],[0,"1/3",0,1,0],["1/2",0,"1/5",0,1]], [[1,"1/9",0,0,0],["1/9",1,"1/8",0,0],[0,"1/8",2,"1/7",0],[0,0,"1/7",1,"1/6"],[0,0,0,"1/6",3]]]}`)
	if _, err := losses.Decide(context.Background(), affineLoss(t), p, losses.Options{}); !errors.Is(err, solver.ErrDimension) {
		t.Errorf("expected ErrDimension, found %v", err)
	}
}
