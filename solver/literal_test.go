package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// With enough columns the literal minimum is that of the convex problem; with
// fewer it is a stationary point that is no better.
func TestLiteralAgreesWithTheConvexSolvers(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 0))
	for i := range enough.Cases(30) {
		p := randomPairs(t, rng)
		reduced, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := p.Left.FisherDimension()
		for _, r := range []int{s, s + 1, 1} {
			literal, err := Minimise(InfoNCE, p, Options{Method: Factored, Columns: r, Starts: 2, Seed: uint64(i)})
			if err != nil {
				t.Fatal(err)
			}
			excess := literal.Constrained.Loss - reduced.Constrained.Loss
			if excess < -1e-9 {
				t.Errorf("case %d: with %d columns the loss is %.2g below the convex minimum\n%#v", i, r, -excess, p)
			}
			// f rises at least as ½|M − M*|², and quartically where columns are idle.
			if r >= s && excess > 1e-8 {
				t.Errorf("case %d: with %d ≥ %d columns the loss is %.2g above the convex minimum\n%#v", i, r, s, excess, p)
			}
			if literal.Constrained.GradientNorm > 1e-6 { // idle columns are quartic: descent stalls there
				t.Errorf("case %d: with %d columns the gradient norm is %.2g\n%#v", i, r, literal.Constrained.GradientNorm, p)
			}
			if r >= s {
				var diff mat.Dense
				diff.Sub(literal.Constrained.Form.Matrix(p), reduced.Constrained.Form.Matrix(p))
				if off := mat.Norm(&diff, 2); off > 10*math.Sqrt(2*math.Max(excess, 1e-12)) {
					t.Errorf("case %d: with %d columns M is off by %.2g at an excess of %.2g", i, r, off, excess)
				}
			}
		}
	}
}
