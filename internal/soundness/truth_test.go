package soundness

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// planarAttack is the planar block of the first attack: two near means, one far.
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

// The first attack is judged rightly however it is written down, at the minimiser that a
// finder blind to the rare components ends at and at the true one.
func TestFirstAttackIsJudgedRightly(t *testing.T) {
	const claim = 1e-7
	b, ok := solvedTruth(planarAttack(), []float64{1, 1, 1e-87}, []int{2}, square{})
	if !ok {
		t.Fatal(b)
	}
	x := simplex{n: 4, visual: .3, delta: 1}
	m := x.minimise()
	for i := range uint64(4) {
		rng := rand.New(rand.NewPCG(1, i))
		at := []square{b.blind, b.minimiser}[i%2]
		o, err := product{[]part{b.part(at), x.part(m, m)}, 1}.judge(rng, drawSetting(rng), claim)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(o)
		if o.wrong != "" {
			t.Errorf("wrong %s: %v", o.wrong, o)
		}
	}
}

// Minimisers of products are block diagonal where all blocks but one are simplices or all
// are centred, and then those of the blocks; not elsewhere.
func TestProductsSolvedByBlocks(t *testing.T) {
	plane := func(points ...vec) truth {
		b := planar{delta: 1, visual: points}
		raw := []float64{1, 2, 4}[:len(points)]
		b.weigh(raw)
		out, _ := solvedTruth(b, raw, nil, square{})
		return out
	}
	centred := func(points ...vec) truth {
		b := plane(points...)
		b.centre()
		out, _ := solvedTruth(b.planar, b.raw, nil, square{})
		return out
	}
	x := simplex{n: 3, visual: 1.3, delta: 1}
	m := x.minimise()
	for _, c := range []struct {
		name  string
		parts []truth
		apart bool
	}{
		{"a plane and a simplex", []truth{plane(vec{1, .5}, vec{-.3, 1.2})}, true},
		{"two centred planes", []truth{centred(vec{1, .5}, vec{-.3, 1.2}, vec{0, -1}), centred(vec{1, 2}, vec{2, -1}, vec{-1, 0})}, true},
		{"two planes", []truth{plane(vec{1, .5}, vec{-.3, 1.2}, vec{0, -1}), plane(vec{1, 2}, vec{2, -1})}, false},
	} {
		p := product{delta: 1}
		for _, b := range c.parts {
			p.parts = append(p.parts, b.part(b.minimiser))
		}
		if len(c.parts) == 1 {
			p.parts = append(p.parts, x.part(m, m))
		}
		order := make([]int, p.components())
		for k := range order {
			order[k] = k
		}
		mixture, u, err := p.mixture(visualSide, setting{}, order, nil)
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := gmm.NewPairs(mixture, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		found, err := solver.Minimise(solver.InfoNCE, pairs, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w, err := pairs.Left.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		o := turn(w.Means, u)
		if s, k := u.Dims(); s > k { // not all of the coordinates are spanned
			t.Fatalf("%s: %d means in %d dimensions", c.name, k, s)
		}
		want := w.Form(symmetrised(turned(o, p.blocks(func(x part) *mat.Dense { return x.minimiser }), o)))
		away := distance(found.Free.Form, want)
		t.Logf("%s: %.3g away, solved to %.2g", c.name, away, found.Free.DistanceBound)
		const apart, rounding = 1e-3, 1e-11
		if c.apart && away > 2*found.Free.DistanceBound+rounding || !c.apart && away < apart {
			t.Errorf("%s: the blocks' minimiser is %.3g away, the solver's is known to %.2g", c.name, away, found.Free.DistanceBound)
		}
	}
}
