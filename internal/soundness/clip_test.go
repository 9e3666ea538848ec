package soundness

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// drawPaired draws a mixture of a kind and one of another modality, of the same
// weights, whose means are 2·N(0, I).
func drawPaired(rng *rand.Rand, k kind) gmm.Pairs {
	visual := k.draw(rng).Left
	d := 1 + rng.IntN(5)
	root := drawRoot(rng, d, math.Pow(100, rng.Float64()))
	means := mat.NewDense(visual.Components(), d, nil)
	means.Apply(func(_, _ int, _ float64) float64 { return 2 * rng.NormFloat64() }, means)
	var moved mat.Dense
	moved.Mul(means, root.T())
	e := exactOf(visual.Weights(), &moved, squared(root))
	shared := visual.Exact()
	e.Weights = shared.Weights
	text, err := gmm.NewExact(e)
	if err != nil {
		panic(err)
	}
	p, err := gmm.NewPaired(visual, text, gmm.Rationals(1)[0])
	if err != nil {
		panic(err)
	}
	return p
}

// On every kind of random mixture a blind solve of the CLIP loss is never judged to
// leave a Fisher subspace; where it is judged to lie in both, the reduced solve, which
// starts elsewhere and with another rank, is as near as their certificates say.
func TestClipVerdictsAreSound(t *testing.T) {
	cases := enough.Cases(120)
	var mutex sync.Mutex
	containment, equality := map[oracle.Verdict]int{}, map[oracle.Verdict]int{}
	bounded, loose := 0, 0
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := drawPaired(rand.New(rand.NewPCG(5, uint64(i))), kind)
		reduced, err := solver.Minimise(solver.CLIP, p, solver.Options{})
		if err != nil {
			t.Errorf("case %d, %s: reduced: %v\n%#v", i, kind.name, err, p)
			return
		}
		blind, err := solver.Minimise(solver.CLIP, p, solver.Options{Method: solver.Blind, Seed: uint64(i)})
		if err != nil {
			t.Errorf("case %d, %s: blind: %v", i, kind.name, err)
			return
		}
		one, two := oracle.Judge(oracle.CLIP, p, oracle.Candidates{Free: reduced.Free.Form, Claimed: reduced.Free.DistanceBound}), oracle.Judge(oracle.CLIP, p, oracle.Candidates{Free: blind.Free.Form, Claimed: blind.Free.DistanceBound})
		mutex.Lock()
		defer mutex.Unlock()
		for _, side := range []struct{ reduced, blind oracle.Side }{{one.Sides[0], two.Sides[0]}, {one.Sides[1], two.Sides[1]}} {
			containment[side.blind.Containment]++
			equality[side.reduced.Equality]++
			if side.blind.Containment == oracle.Refuted {
				t.Errorf("case %d, %s: containment refuted, defect %g\n%#v", i, kind.name, side.blind.Defect, p)
			}
			if contradict(side.reduced.Equality, side.blind.Equality) {
				t.Errorf("case %d, %s: equality %v, then %v\n%#v", i, kind.name, side.reduced.Equality, side.blind.Equality, p)
			}
		}
		if one.Evidence.Grade == oracle.Bounded {
			bounded++
		}
		certified := one.Evidence.Epsilon + two.Evidence.Epsilon
		if bound := reduced.Free.DistanceBound + blind.Free.DistanceBound; math.Abs(floats.Norm(one.Spectrum, 2)-floats.Norm(two.Spectrum, 2)) > min(certified, bound)+1e-12 {
			t.Errorf("case %d, %s: ‖M*‖ is %.15g and %.15g, with distances of %.2g by certificate and %.2g by claim\n%#v", i, kind.name,
				floats.Norm(one.Spectrum, 2), floats.Norm(two.Spectrum, 2), certified, bound, p)
		}
		if !(blind.Free.GradientNorm+blind.RuleError <= 1e-10) {
			loose++
		}
	})
	t.Logf("containment: holds %d, undecided %d; equality: holds %d, refuted %d, undecided %d; %d of %d bounded; %d gradients off by more than 1e-10",
		containment[oracle.Holds], containment[oracle.Undecided], equality[oracle.Holds], equality[oracle.Refuted], equality[oracle.Undecided], bounded, cases, loose)
	if containment[oracle.Holds] < 2*cases*3/4 || equality[oracle.Holds] < cases/2 || bounded < cases*3/4 || loose > cases/5 {
		t.Error("too few decided cases to mean anything")
	}
}

// Descent over A_V and A_T with a column to spare reaches the convex minimum, at a pair
// that leaves the visual Fisher subspace: Theorem 5.2 does not hold for every
// minimising pair.
func TestLiteralClipPairsLeaveTheFisherSubspace(t *testing.T) {
	cases := enough.Cases(30)
	left := 0
	for i := range cases {
		p := generators.Paired().Example(i)
		p.Left = p.Left.Embed()
		convex, err := solver.Minimise(solver.CLIP, p, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		literal, err := solver.Minimise(solver.CLIP, p, solver.Options{Method: solver.Factored, Columns: p.Components() + 1, Starts: 1, Seed: uint64(i)})
		if err != nil {
			t.Fatal(err)
		}
		f, err := oracle.JudgePair(oracle.CLIP, p, literal.Free.Left.Columns, literal.Free.Right.Columns, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		const reached = 1e-9
		off := literal.Free.LossError + convex.Free.LossError
		if gap := literal.Free.Loss - convex.Free.Loss; gap < -off || gap > f.Gap+off {
			t.Errorf("case %d: descent ends %.3g above the convex minimum, its certificate says %.3g\n%#v", i, gap, f.Gap, p)
		}
		const apart = 1e-3
		if f.Gap < reached && f.Outside > apart+f.OutsideError {
			left++
		}
	}
	t.Logf("%d of %d pairs leave S_V", left, cases)
	if left < cases*3/4 {
		t.Errorf("only %d of %d pairs leave S_V", left, cases)
	}
}
