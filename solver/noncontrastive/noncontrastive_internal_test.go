package noncontrastive

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func pairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

const (
	uneven = `{"weights": [4, 1, 2], "means": [[0, 0], [2, 1], [-1, 1]], "covariance": [[2, "1/2"], ["1/2", 1]], "delta": "1/3"}`
	own    = `{"weights": [1, 2, 3], "means": [[1, 0, 0], [1, 1, 0], [-1, 0, 0]], "covariance": [[[1, "2/5", 0], ["2/5", "1/2", 0], [0, 0, 1]], [[1, "-1/5", 0], ["-1/5", "5/4", 0], [0, 0, 1]], [[1, 0, "1/2"], [0, 1, 0], ["1/2", 0, 1]]], "delta": "1/2"}`
	onLine = `{"weights": [4, 1], "means": [[0, 0], [3, 1]], "covariance": [[2, "1/2"], ["1/2", 1]], "delta": "1/2"}`
)

// drawer draws whitened pairs and negatives in two dimensions, label by label.
type drawer struct {
	*rand.Rand
	weights []float64
	means   *mat.Dense // 2×K
	delta   float64
}

func newDrawer(t testing.TB, p gmm.Pairs) drawer {
	t.Helper()
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	return drawer{rand.New(rand.NewPCG(5, 24)), p.Weights(), w.Means, p.Delta()}
}

func (d drawer) label() int {
	at := d.Float64()
	for k, w := range d.weights {
		if at -= w; at < 0 {
			return k
		}
	}
	return 0
}

func (d drawer) point(k int) [2]float64 {
	return [2]float64{d.means.At(0, k) + d.NormFloat64(), d.means.At(1, k) + d.NormFloat64()}
}

// differences are x − x̂ and x − y of one draw.
func (d drawer) differences() (positive, negative [2]float64) {
	j := d.label()
	l := j
	if d.Float64() >= d.delta {
		l = d.label()
	}
	x, like, other := d.point(j), d.point(l), d.point(d.label())
	return [2]float64{x[0] - like[0], x[1] - like[1]}, [2]float64{x[0] - other[0], x[1] - other[1]}
}

// mean is a sample's mean with its standard error.
func mean(x []float64) (value, deviation float64) {
	for _, v := range x {
		value += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - value) * (v - value)
	}
	return value, math.Sqrt(deviation) / float64(len(x))
}

// Alignment and uniformity in closed form are their definition, sampled.
func TestUniformityIsItsDefinition(t *testing.T) {
	p := pairs(t, uneven)
	d := newDrawer(t, p)
	const weight, rate, draws = 1.5, 0.7, 40000
	f := uniformity{law(p, d.means), weight, rate, 2}
	for _, θ := range [][]float64{{0.5, -0.2, 0.1, 0.4}, {1, 0, 0, 0}, {0.1, 0.6, 0.3, -0.9}} {
		squared := func(z [2]float64) float64 {
			u, v := θ[0]*z[0]+θ[2]*z[1], θ[1]*z[0]+θ[3]*z[1]
			return u*u + v*v
		}
		apart, together := make([]float64, draws), make([]float64, draws)
		for i := range draws {
			positive, negative := d.differences()
			apart[i], together[i] = squared(positive), math.Exp(-rate*squared(negative))
		}
		alignment, one := mean(apart)
		potential, two := mean(together)
		sampled, deviation := alignment+weight*math.Log(potential), one+weight*two/potential
		if value := f.at(θ, make([]float64, 4)); math.Abs(value-sampled) > 4*deviation {
			t.Errorf("A = %v: %v, sampled %v ± %v", θ, value, sampled, deviation)
		}
	}
}

// Hadsell's loss on the grid is its definition, sampled.
func TestMarginIsItsDefinition(t *testing.T) {
	p := pairs(t, onLine)
	d := newDrawer(t, p)
	f := gridOf(p, d.means, 2)
	const draws = 40000
	// Whitened means differ along one direction, and noise is across.
	var step mat.VecDense
	step.SubVec(d.means.ColView(0), d.means.ColView(1))
	step.ScaleVec(1/mat.Norm(&step, 2), &step)
	cos, sin := step.AtVec(0), step.AtVec(1)
	for _, at := range [][2]float64{{0.1, 0.05}, {0.02, 0.3}} {
		values := make([]float64, draws)
		squared := func(z [2]float64) float64 {
			along, across := cos*z[0]+sin*z[1], cos*z[1]-sin*z[0]
			return at[0]*along*along + at[1]*across*across
		}
		for i := range values {
			positive, negative := d.differences()
			short := max(0, 1-math.Sqrt(squared(negative)))
			values[i] = squared(positive) + 2*short*short
		}
		sampled, deviation := mean(values)
		value := f.at([]float64{math.Log(at[0]), math.Log(at[1])}, make([]float64, 2))
		if math.Abs(value-sampled) > 4*deviation {
			t.Errorf("(%v, %v): %v, sampled %v ± %v", at[0], at[1], value, sampled, deviation)
		}
	}
}

// The remainders of the first Taylor polynomials are of the second order.
func TestGradientsByTaylorSlope(t *testing.T) {
	p, q := pairs(t, uneven), pairs(t, onLine)
	line := gridOf(q, newDrawer(t, q).means, 2)
	for name, f := range map[string]struct {
		at func(θ, gradient []float64) float64
		θ  []float64
	}{
		"uniformity": {uniformity{law(p, newDrawer(t, p).means), 1.5, 0.7, 2}.at, []float64{0.5, -0.2, 0.1, 0.4}},
		"margin":     {line.at, []float64{-2, -3}},
	} {
		direction, gradient, ignored := make([]float64, len(f.θ)), make([]float64, len(f.θ)), make([]float64, len(f.θ))
		for i := range direction {
			direction[i] = math.Cos(float64(i + 1))
		}
		here := f.at(f.θ, gradient)
		remainder := func(h float64) float64 {
			moved := make([]float64, len(f.θ))
			floats.AddScaledTo(moved, f.θ, h, direction)
			return math.Abs(f.at(moved, ignored) - here - h*floats.Dot(gradient, direction))
		}
		if wide, narrow := remainder(1e-2), remainder(1e-3); !(narrow < wide/50 && wide > 1e-8) {
			t.Errorf("%s: remainders %.3g and %.3g", name, wide, narrow)
		}
	}
}

// What is found is whitened, as good as the eigenvectors of (T_δ, S₂), and found again from another start.
func TestWhitenedFindsTheEigenvectors(t *testing.T) {
	p := pairs(t, own)
	second, pair := mat.NewSymDense(3, nil), mat.NewSymDense(3, nil)
	second.CopySym(p.Left.Pooled().Covariance())
	center := mat.NewVecDense(3, nil)
	for k, w := range p.Weights() {
		m := p.Left.Means().RowView(k)
		second.SymRankOne(second, w, m)
		pair.SymRankOne(pair, w*p.Delta(), m)
		center.AddScaledVec(center, w, m)
	}
	pair.SymRankOne(pair, 1-p.Delta(), center)
	var eigen mat.Eigen // of S₂⁻¹T_δ
	var ratio mat.Dense
	if ratio.Solve(second, pair) != nil || !eigen.Factorize(&ratio, mat.EigenNone) {
		t.Fatal("no eigenvalues")
	}
	var squares []float64
	for _, x := range eigen.Values(nil) {
		squares = append(squares, real(x)*real(x))
	}
	slices.Sort(squares)
	for r := 1; r <= 3; r++ {
		best := 0.0
		for _, x := range squares[3-r:] { // the largest
			best += x
		}
		for seed := range uint64(3) {
			a, err := Whitened(p, r, seed)
			if err != nil {
				t.Fatal(err)
			}
			var half, gram, seen mat.Dense
			half.Mul(second, a)
			gram.Mul(a.T(), &half)
			for i := range r {
				gram.Set(i, i, gram.At(i, i)-1)
			}
			half.Mul(pair, a)
			seen.Mul(a.T(), &half)
			if norm := mat.Norm(&seen, 2); mat.Norm(&gram, 2) > 1e-12 || math.Abs(norm*norm-best) > 1e-10 {
				t.Errorf("r = %d: AᵀS₂A − I has the norm %.2g, ‖AᵀTA‖² is %v, at best %v", r, mat.Norm(&gram, 2), norm*norm, best)
			}
		}
	}
}

// Uniformity ends where its gradient is nothing; Margin at the minima of another program, to the digits that its grid has.
func TestMinima(t *testing.T) {
	p := pairs(t, uneven)
	a, err := Uniformity(p, 1.5, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	var lower mat.TriDense
	var factor mat.Cholesky
	if !factor.Factorize(p.Left.Covariance()) {
		t.Fatal("no factor")
	}
	factor.LTo(&lower)
	var whitened mat.Dense
	whitened.Mul(lower.T(), a)
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	gradient := make([]float64, 4)
	uniformity{law(p, w.Means), 1.5, 1, 2}.at(whitened.RawMatrix().Data, gradient)
	if slope := floats.Norm(gradient, 2); slope > 1e-9 {
		t.Errorf("a gradient of %.2g", slope)
	}
	for m, want := range map[string][2]float64{"1": {.060759, .032012}, "2": {.051472, .019152}, "4": {.025430, .020831}} {
		along, across, value, err := Margin(pairs(t, strings.ReplaceAll(`{"weights": [1, 1], "means": [[M, 0], [-M, 0]], "covariance": "identity"}`, "M", m)), 1)
		const digits = 5e-3
		if err != nil || math.Abs(along-want[0]) > digits*want[0] || math.Abs(across-want[1]) > digits*want[1] || !(value < 1) {
			t.Errorf("±%s: (%v, %v), %v, %v; expected %v", m, along, across, value, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	line, other, plane := pairs(t, onLine), pairs(t, own), pairs(t, uneven)
	for name, c := range map[string]struct {
		err  func() error
		want error
	}{
		"no columns":           {func() error { _, err := Whitened(line, 0, 1); return err }, ErrColumns},
		"too many columns":     {func() error { _, err := Whitened(line, 3, 1); return err }, ErrColumns},
		"a weight of 0":        {func() error { _, err := Uniformity(line, 0, 1, 1); return err }, ErrWeights},
		"an infinite rate":     {func() error { _, err := Uniformity(line, 1, math.Inf(1), 1); return err }, ErrWeights},
		"own covariances":      {func() error { _, err := Uniformity(other, 1, 1, 1); return err }, gmm.ErrOtherModel},
		"a negative weight":    {func() error { _, _, _, err := Margin(line, -1); return err }, ErrWeights},
		"a plane of means":     {func() error { _, _, _, err := Margin(plane, 1); return err }, ErrLine},
		"margins of their own": {func() error { _, _, _, err := Margin(other, 1); return err }, gmm.ErrOtherModel},
	} {
		if err := c.err(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", name, err, c.want)
		}
	}
}
