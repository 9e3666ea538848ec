package solver

import (
	"math"
	"strings"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// Far components that weigh next to nothing make steps beyond all nodes, which decide the sign of λ_min:
// the minimum is that of the block.
func TestStepsBeyondTheNodes(t *testing.T) {
	steps := []struct {
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
	}
	if testing.Short() {
		steps = steps[2:3] // the cheapest of those that are known otherwise
	} else {
		steps = steps[:min(len(steps), enough.Cases(3))]
	}
	for _, c := range steps {
		p := c.times(t, c.simplex)
		got, err := Minimise(InfoNCE, p, Options{Tolerance: 1e-6, Cores: 2})
		if err != nil {
			t.Error(c, err)
			continue
		}
		u := got.Free
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
	paired := twoModalities(t, p, p.Left.Apart().Pooled())
	got, err := Minimise(CLIP, paired, Options{Tolerance: 1e-6, Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	want, err := Minimise(InfoNCE, p, Options{Tolerance: 1e-6, Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	var diff mat.Dense
	diff.Sub(got.Free.Form.Matrix(paired), want.Free.Form.Matrix(p))
	if off := mat.Norm(&diff, 2); off > got.Free.DistanceBound+want.Free.DistanceBound || got.Free.DistanceBound > 1e-6 {
		t.Errorf("minima differ by %.2g, bounds %.2g and %.2g", off, got.Free.DistanceBound, want.Free.DistanceBound)
	}
}

// Steps that are left out are bounded, however much they count, and whoever computes.
func TestWhatIsNotVisitedIsBounded(t *testing.T) {
	b := attack([2]float64{440, 800}, 1e-87)
	p := b.times(t, tetrahedron)
	want, err := Minimise(InfoNCE, p, Options{Cores: 3})
	if err != nil {
		t.Fatal(err)
	}
	blind, err := Minimise(InfoNCE, p, Options{Tolerance: 10})
	if err != nil {
		t.Fatal(err)
	}
	var diff mat.Dense
	diff.Sub(blind.Free.Form.N, want.Free.Form.N)
	off := mat.Norm(&diff, 2)
	if off < 1e-3 || strings.Contains(blind.Rule, "lines") {
		t.Errorf("the coarse solve is off by %.2g only, by a %s: nothing was left out", off, blind.Rule)
	}
	if off > blind.Free.DistanceBound {
		t.Errorf("the coarse solve is off by %.2g, it claims %.2g", off, blind.Free.DistanceBound)
	}
	if rise := math.Abs(blind.Free.Loss - want.Free.Loss); rise > blind.Free.LossError+math.Pow(blind.Free.DistanceBound, 2) {
		t.Errorf("the coarse solve's loss is off by %.2g, it claims %.2g", rise, blind.Free.LossError)
	}
	one, err := Minimise(InfoNCE, p, Options{Cores: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(one.Free.Form.N, want.Free.Form.N) || one.Free.Loss != want.Free.Loss ||
		!mat.Equal(one.Constrained.Form.N, want.Constrained.Form.N) || one.Free.DistanceBound != want.Free.DistanceBound {
		t.Error("the result depends on the number of cores")
	}
}
