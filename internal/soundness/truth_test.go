package soundness

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// tetrahedronAttack is the planar block of four near and far means of the first attack.
func planarAttack() planar {
	b := planar{weights: []float64{1, 1, 1e-87}, visual: []vec{{.3, 1.05}, {-.3, .95}, {440, 800}}, delta: 1}
	for k, w := range b.weights {
		b.weights[k] = w / 2
		b.logs = append(b.logs, math.Log(w/2))
	}
	return b
}

func TestTruthOfTheFirstAttack(t *testing.T) {
	b := planarAttack()
	blind, err := b.without([]int{2}).minimise(square{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := b.minimise(blind)
	if err != nil {
		t.Fatal(err)
	}
	off := b.off(m)
	low, _ := eigenvalues(m)
	t.Logf("blind %v, minimiser %v, λ %.15g, off %.2g", blind, m, low, off)
	if math.Abs(low - -4.56822506366984e-5) > 1e-13 {
		t.Errorf("λ = %.15g", low)
	}
	g := b.at(blind, firstRule).gradient
	t.Logf("gradient at the blind minimiser %.6g", math.Sqrt(inner(g, g)))
}

func TestTrialOfTheFirstAttack(t *testing.T) {
	b := planarAttack()
	tr, ok := solvedTruth(b, []float64{1, 1, 1e-87}, []int{2}, square{})
	if !ok {
		t.Fatal(tr)
	}
	x := simplex{n: 4, visual: .3, delta: 1}
	m := x.minimise()
	t.Log(m, x.slope(m))
	for _, candidate := range []square{tr.blind, tr.minimiser} {
		for i := range 4 {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			s := setting{}
			if i > 0 {
				s = drawSetting(rng)
			}
			start := time.Now()
			o, err := product{[]part{tr.part(candidate), x.part(m, m)}, 1}.judge(rng, s, 1e-7)
			t.Log(time.Since(start), s, o, o.wrong, err)
		}
	}
}
