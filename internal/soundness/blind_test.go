package soundness

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Blind and reduced solves, which share a start only by accident, agree to the
// sum of their distance bounds; and every blind solve lies in the Fisher subspace.
func TestBlindAndReducedAgree(t *testing.T) {
	cases := enough.Cases(150)
	var mutex sync.Mutex
	verdicts := map[oracle.Verdict]int{}
	worst := 0.0
	inParallel(cases, func(i int) {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		p := drawPairs(rng, shape{spread: 2, condition: math.Pow(10, 8*rng.Float64()), widest: 20, centred: i%2 == 0})
		reduced, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			t.Errorf("case %d: reduced: %v", i, err)
			return
		}
		blind, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind, Seed: uint64(i)})
		if err != nil {
			t.Errorf("case %d: blind: %v", i, err)
			return
		}
		for _, c := range []struct {
			name     string
			one, two solver.Minimum
		}{{"M_u", reduced.Free, blind.Free}, {"M*", reduced.Constrained, blind.Constrained}} {
			distance := whitenedDistance(t, p, c.one.Form, c.two.Form)
			if bound := c.one.DistanceBound + c.two.DistanceBound; !(distance <= bound) {
				t.Errorf("case %d: %s: blind and reduced differ by %.3g, the bounds allow %.3g\n%#v", i, c.name, distance, bound, p)
			}
		}
		f := findings(p, blind)
		mutex.Lock()
		defer mutex.Unlock()
		verdicts[f.Containment()]++
		if f.Containment() == oracle.Holds {
			worst = math.Max(worst, f.Defect())
		}
		if f.Containment() == oracle.Refuted {
			t.Errorf("case %d: containment refuted, defect %g\n%#v", i, f.Defect(), p)
		}
	})
	t.Logf("containment of %d blind solves: holds %d, undecided %d, worst defect %.2g", cases, verdicts[oracle.Holds], verdicts[oracle.Undecided], worst)
	if verdicts[oracle.Holds] < cases*19/20 {
		t.Errorf("containment was certified in %d of %d cases only", verdicts[oracle.Holds], cases)
	}
}

// whitenedDistance is ‖LᵀM₁L − LᵀM₂L‖_F; forms are brought to whitened
// coordinates before they are subtracted, as their d×d entries lose digits.
func whitenedDistance(t *testing.T, p gmm.Pairs, one, two gmm.Form) float64 {
	t.Helper()
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	whitened := func(f gmm.Form) *mat.Dense {
		if f.N == nil {
			return mat.NewDense(p.Left.Dimension(), p.Left.Dimension(), nil)
		}
		// In y = Λ⁻¹F₀ᵀx the frame F = Σ⁻¹U·Basis is Λ⁻¹F₀ᵀU·Basis, and F₀ itself Λᵀ.
		left := mat.DenseCopyOf(w.Root.T())
		if f.Left.Fisher {
			left.Reset()
			left.Mul(w.Means, f.Left.Basis)
		}
		return turned(left, f.N, left)
	}
	var diff mat.Dense
	diff.Sub(whitened(one), whitened(two))
	return mat.Norm(&diff, 2)
}
