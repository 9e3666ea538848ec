package solver

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Far components that weigh next to nothing make steps beyond all nodes, which decide the sign of λ_min:
// the minimum is that of the block.
func TestStepsBeyondTheNodes(t *testing.T) {
	for _, c := range []struct {
		block
		simplex [][]float64
		want    float64 // known otherwise, to 1e-12, or 0
	}{
		{attack([2]float64{440, 800}, 1e-87), tetrahedron, -4.56822506366984e-5},
		{attack([2]float64{440, 750}, 1e-86), tetrahedron, -4.13308e-5},
		{attack([2]float64{440, 750}, 1e-87), triangle, -1.70441e-5},
		{attack([2]float64{800, 1434}, 1e-193), tetrahedron, 0},
		{attack([2]float64{60, 113}, 1e-10), triangle, 0},
		// Two far components, of which either, left out under the other, would make itself rare.
		{block{[][2]float64{{.17, 1.31}, {.19, .68}, {-86.45, -61.04}, {326.08, -179.23}}, []float64{.98, .81, 4.69e-6, 1.88e-26}, .05}, triangle, 0},
	} {
		p := c.times(t, c.simplex)
		got, err := Reduced(p, Options{Tolerance: 1e-6, Cores: 2})
		if err != nil {
			t.Error(c, err)
			continue
		}
		u := got.Unconstrained
		m := u.Form.Matrix(p)
		want := c.smallest(t, [3]float64{m.At(0, 0), m.At(0, 1), m.At(1, 1)})
		if c.want != 0 && math.Abs(want-c.want) > 1e-11 {
			t.Errorf("%v: the block's λ = %.15g, want %.15g", c.block, want, c.want)
		}
		found := (m.At(0, 0)+m.At(1, 1))/2 - math.Hypot((m.At(0, 0)-m.At(1, 1))/2, m.At(0, 1))
		if off := math.Abs(found - want); !(off <= u.DistanceBound) || u.DistanceBound > 1e-7 {
			t.Errorf("%v: λ = %.9g ± %.2g, want %.9g", c.block, found, u.DistanceBound, want)
		}
		t.Logf("%v: λ = %.9g, off by %.2g, bound %.2g, %s", c.block, found, found-want, u.DistanceBound, got.Rule)
	}
}

// With both modalities alike the CLIP loss has the minimiser of InfoNCE.
func TestClipStepsBeyondTheNodes(t *testing.T) {
	b := attack([2]float64{440, 800}, 1e-87)
	p := b.times(t, triangle)
	paired, err := gmm.NewPairs(p.Left, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	got, err := Clip(paired, Options{Tolerance: 1e-6, Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	want, err := Reduced(p, Options{Tolerance: 1e-6, Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	var diff mat.Dense
	diff.Sub(got.Form.Matrix(paired), want.Unconstrained.Form.Matrix(p))
	if off := mat.Norm(&diff, 2); off > got.DistanceBound+want.Unconstrained.DistanceBound || got.DistanceBound > 1e-6 {
		t.Errorf("minima differ by %.2g, bounds %.2g and %.2g", off, got.DistanceBound, want.Unconstrained.DistanceBound)
	}
}

// seen states the loss of a mixture with the sight that its minimiser has.
func seen(t testing.TB, p gmm.Pairs, tolerance float64) (*infonce, *Workspace, *point) {
	t.Helper()
	f, _, _ := whitened(t, p)
	ws := new(Workspace)
	pt, err := f.minimise(ws, f.zero(), tolerance)
	if err != nil {
		t.Fatal(err)
	}
	return f, ws, pt
}

// Where components are visited the gradient is still the derivative of the loss, and the
// Hessian that of the gradient.
func TestDerivativesOfVisits(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 0))
	f, _, pt := seen(t, attack([2]float64{440, 800}, 1e-87).times(t, triangle), 1e-7)
	if f.sight == nil || len(f.sight.groups) != 6 {
		t.Fatalf("the sight is %+v, want six groups that are visited", f.sight)
	}
	at := func(m *mat.Dense) *point {
		pt, err := f.at(new(storage), m, 1e-7)
		if err != nil {
			t.Fatal(err)
		}
		return pt
	}
	m := shifted(pt.m, 1e-6, randomSymmetric(rng, len(f.second), 1))
	here := at(m)
	for i := range 3 {
		v := randomSymmetric(rng, len(f.second), 1)
		const step = 2e-6
		up, down := at(shifted(m, step, v)), at(shifted(m, -step, v))
		upper, _ := up.value()
		lower, _ := down.value()
		slope, want := (upper-lower)/(2*step), inner(here.gradient, v)
		if math.Abs(slope-want) > 1e-6*math.Abs(want)+2e-8 {
			t.Errorf("direction %d: the loss rises by %.9g, ⟨∇f, V⟩ = %.9g", i, slope, want)
		}
		var bend mat.Dense
		bend.Sub(up.gradient, down.gradient)
		bend.Scale(1/(2*step), &bend)
		size := mat.Norm(&bend, 2)
		bend.Sub(&bend, curvature(t, here, v))
		if off := mat.Norm(&bend, 2); off > 1e-6*size {
			t.Errorf("direction %d: D²f is off by %.2g of its size", i, off/size)
		}
	}
}

// Steps that are left out are bounded, however much they count, and whoever computes.
func TestWhatIsNotVisitedIsBounded(t *testing.T) {
	b := attack([2]float64{440, 800}, 1e-87)
	p := b.times(t, tetrahedron)
	want, err := Reduced(p, Options{Cores: 3})
	if err != nil {
		t.Fatal(err)
	}
	blind, err := Reduced(p, Options{Tolerance: 10})
	if err != nil {
		t.Fatal(err)
	}
	var diff mat.Dense
	diff.Sub(blind.Unconstrained.Form.N, want.Unconstrained.Form.N)
	off := mat.Norm(&diff, 2)
	if off < 1e-3 || strings.Contains(blind.Rule, "lines") {
		t.Errorf("the coarse solve is off by %.2g only, by a %s: nothing was left out", off, blind.Rule)
	}
	if off > blind.Unconstrained.DistanceBound {
		t.Errorf("the coarse solve is off by %.2g, it claims %.2g", off, blind.Unconstrained.DistanceBound)
	}
	if rise := math.Abs(blind.Unconstrained.Loss - want.Unconstrained.Loss); rise > blind.Unconstrained.LossError+math.Pow(blind.Unconstrained.DistanceBound, 2) {
		t.Errorf("the coarse solve's loss is off by %.2g, it claims %.2g", rise, blind.Unconstrained.LossError)
	}
	one, err := Reduced(p, Options{Cores: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(one.Unconstrained.Form.N, want.Unconstrained.Form.N) || one.Unconstrained.Loss != want.Unconstrained.Loss ||
		!mat.Equal(one.Minimiser.Form.N, want.Minimiser.Form.N) || one.Unconstrained.DistanceBound != want.Unconstrained.DistanceBound {
		t.Error("the result depends on the number of cores")
	}
}

// From the node 0 every component of an ordinary mixture is seen at its minimiser.
func TestOrdinaryMixturesAreSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 0))
	for i := range cases(30) {
		k := 6 + i%5
		p := manyPairs(t, rng, k, k-2+rng.IntN(4), 0.5+4*rng.Float64(), 1.5*rng.Float64())
		if f, _, pt := seen(t, p, 1e-4); f.sight != nil || pt.blind != (blindness{}) {
			t.Errorf("case %d: of %+v, something is not seen\n%#v", i, f.sight, p)
		}
	}
}
