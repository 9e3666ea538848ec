package solver

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// block is a planar mixture with unit covariance.
type block struct {
	means   [][2]float64
	weights []float64
	across  float64 // step of sums across the steepest direction; 0 means .2
}

// times is the mixture whose means are all pairs of a point of the block and one of a
// simplex about 0, with the block's weights. At its minimiser M is block diagonal: the
// block's own minimiser, and a multiple of 1.
func (b block) times(t testing.TB, simplex [][]float64) gmm.Pairs {
	t.Helper()
	var means, weights []float64
	for i, u := range b.means {
		for _, r := range simplex {
			means = append(append(means, u[:]...), r...)
			weights = append(weights, b.weights[i])
		}
	}
	d := 2 + len(simplex[0])
	m, err := gmm.New(weights, mat.NewDense(len(weights), d, means), unit(d))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// unit is the d×d identity.
func unit(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

// gradient is ∇f of the block at M = (a, b; b, c), by a trapezoidal sum along the direction in which
// the first and the last component differ most, and one across: nothing of the solver's.
func (b block) gradient(m [3]float64) [3]float64 {
	k := len(b.means)
	var total float64
	for _, w := range b.weights {
		total += w
	}
	var mean [2]float64
	w := make([]float64, k)
	for i, u := range b.means {
		w[i] = b.weights[i] / total
		mean[0] += w[i] * u[0]
		mean[1] += w[i] * u[1]
	}
	times := func(x [2]float64) [2]float64 { return [2]float64{m[0]*x[0] + m[1]*x[1], m[1]*x[0] + m[2]*x[1]} }
	var slopes, y [][2]float64
	second := [3]float64{1, 0, 1}
	var g [2][2]float64
	for i, u := range b.means {
		y = append(y, [2]float64{u[0] - mean[0], u[1] - mean[1]})
		slopes = append(slopes, times(y[i]))
		second[0] += w[i] * u[0] * u[0]
		second[1] += w[i] * u[0] * u[1]
		second[2] += w[i] * u[1] * u[1]
		for r := range 2 {
			for c := range 2 {
				g[r][c] -= w[i] * u[r] * y[i][c]
			}
		}
	}
	n := [2]float64{slopes[k-1][0] - slopes[0][0], slopes[k-1][1] - slopes[0][1]}
	length := math.Hypot(n[0], n[1])
	n[0], n[1] = n[0]/length, n[1]/length
	const fine, extent = 0.01, 10
	coarse := 0.2
	if b.across > 0 {
		coarse = b.across
	}
	for j, from := range b.means {
		if w[j] < 1e-30 {
			continue
		}
		for s := -extent * 1.0; s <= extent; s += coarse {
			for u := -extent * 1.0; u <= extent; u += fine {
				x := [2]float64{from[0] + u*n[0] - s*n[1], from[1] + u*n[1] + s*n[0]}
				var logits [4]float64
				most := math.Inf(-1)
				for i := range k {
					logits[i] = math.Log(w[i]) + x[0]*slopes[i][0] + x[1]*slopes[i][1]
					most = max(most, logits[i])
				}
				var z float64
				var out [2]float64
				for i := range k {
					e := math.Exp(logits[i] - most)
					z += e
					out[0] += e * y[i][0]
					out[1] += e * y[i][1]
				}
				weight := w[j] * fine * coarse / (2 * math.Pi) * math.Exp(-(u*u+s*s)/2) / z
				for r := range 2 {
					for c := range 2 {
						g[r][c] += weight * x[r] * out[c]
					}
				}
			}
		}
	}
	return [3]float64{
		g[0][0] + m[0]*second[0] + m[1]*second[1],
		(g[0][1]+g[1][0])/2 + (m[0]*second[1]+m[1]*second[2]+second[0]*m[1]+second[1]*m[2])/2,
		g[1][1] + m[1]*second[1] + m[2]*second[2],
	}
}

// smallest returns the smallest eigenvalue of the block's minimiser, by Newton's method from M.
func (b block) smallest(t testing.TB, m [3]float64) float64 {
	t.Helper()
	for range 12 {
		g := b.gradient(m)
		jacobian := mat.NewDense(3, 3, nil)
		for i := range 3 {
			step := 1e-6 * (math.Abs(m[i]) + 1e-4)
			moved := m
			moved[i] += step
			for r, x := range b.gradient(moved) {
				jacobian.Set(r, i, (x-g[r])/step)
			}
		}
		var step mat.VecDense
		if err := step.SolveVec(jacobian, mat.NewVecDense(3, g[:])); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			m[i] -= step.AtVec(i)
		}
		if mat.Norm(&step, 2) < 1e-11 {
			return (m[0]+m[2])/2 - math.Hypot((m[0]-m[2])/2, m[1])
		}
	}
	t.Fatal("the block's minimiser was not found")
	return 0
}

var (
	triangle    = [][]float64{{.2, 0}, {-.1, .17320508075688773}, {-.1, -.17320508075688773}}
	tetrahedron = [][]float64{{.15, .15, .15}, {.15, -.15, -.15}, {-.15, .15, -.15}, {-.15, -.15, .15}}
)

// attack is a block with two near components and one far away that weighs next to nothing.
func attack(far [2]float64, weight float64) block {
	return block{means: [][2]float64{{.3, 1.05}, {-.3, .95}, far}, weights: []float64{1, 1, weight}}
}

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
		m := u.Form.Matrix(p.Mixture)
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
	paired, err := gmm.NewPaired(p.Mixture, p.Mixture)
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
	diff.Sub(got.Form.Matrix(paired), want.Unconstrained.Form.Matrix(p.Mixture))
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
