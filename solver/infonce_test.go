package solver

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func readPairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

// randomPairs draws a mixture with K ≤ 4 components in d ≤ 5 dimensions.
func randomPairs(t testing.TB, rng *rand.Rand) gmm.Pairs {
	t.Helper()
	k, d := 1+rng.IntN(4), 1+rng.IntN(5)
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	root := mat.NewDense(d, d, nil)
	for i := range k {
		weights[i] = 0.05 + rng.Float64()
		for j := range d {
			means.Set(i, j, 1.5*rng.NormFloat64())
		}
	}
	for i := range d {
		root.Set(i, i, 1)
		for j := range i {
			root.Set(i, j, 0.3*rng.NormFloat64())
		}
	}
	var covariance mat.SymDense
	covariance.SymOuterK(1, root)
	m, err := gmm.New(weights, means, &covariance)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(float64(rng.IntN(5)) / 4)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func randomSymmetric(rng *rand.Rand, m int, size float64) *mat.Dense {
	a := mat.NewDense(m, m, nil)
	for i := range m {
		for j := range i + 1 {
			x := size * rng.NormFloat64()
			a.Set(i, j, x)
			a.Set(j, i, x)
		}
	}
	return a
}

func curvature(t testing.TB, pt *term.Point, v *mat.Dense) *mat.Dense {
	t.Helper()
	out, err := pt.Curvature(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ruleOf(pt *term.Point) string {
	name, _, _ := pt.Rule()
	return name
}

func shifted(m *mat.Dense, step float64, v *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(m)
	dense.AddScaled(out, step, v)
	return out
}

// Taylor's theorem: f(M+hV) − f(M) − h⟨∇f,V⟩ falls as h², and less ½h²D²f[V,V]
// as h³; wrong terms would fall as h and h².
func TestDerivativesByTaylorSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	informative := 0
	for i := range enough.Cases(24) {
		f := whitened(t, randomPairs(t, rng))
		n := len(f.Law.Left.Second)
		m, v := randomSymmetric(rng, n, 0.15), randomSymmetric(rng, n, 1)
		noise := 0.0
		at := func(x *mat.Dense) (*term.Point, float64) {
			pt, err := evaluated(f, x, 1e-13)
			if err != nil {
				t.Fatal(err)
			}
			value, off := pt.Value()
			noise = math.Max(noise, off)
			return pt, value
		}
		pt, here := at(m)
		slope, bend := dense.Inner(pt.Iterate().Gradient, v), dense.Inner(curvature(t, pt, v), v)
		var first, second [2]float64
		steps := [2]float64{1e-2, 1e-3}
		for j, h := range steps {
			_, there := at(shifted(m, h, v))
			first[j] = math.Abs(there - here - h*slope)
			second[j] = math.Abs(there - here - h*slope - h*h*bend/2)
		}
		if order := math.Log10(first[0] / first[1]); first[1] > 100*noise && order < 1.8 {
			t.Errorf("case %d: the gradient's Taylor remainder falls with order %.2f, want 2", i, order)
		}
		if second[0] > 1e4*noise { // below, rounding hides the slope
			informative++
			if ratio := second[0] / second[1]; second[1] > 10*noise && ratio < 200 {
				t.Errorf("case %d: the Hessian's Taylor remainder falls from %.2g to %.2g, want by 1000", i, second[0], second[1])
			}
		}
	}
	if informative < enough.Least(12) {
		t.Errorf("only %d of %d cases were informative", informative, enough.Cases(24))
	}
}

// f is 1-strongly convex in every direction, and D²f dominates V ↦ ½(WV + VW).
func TestStrongConvexity(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for i := range enough.Cases(24) {
		f := whitened(t, randomPairs(t, rng))
		n := len(f.Law.Left.Second)
		pt, err := evaluated(f, randomSymmetric(rng, n, 0.3), 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		v := randomSymmetric(rng, n, 1)
		if got, least := dense.Inner(curvature(t, pt, v), v), math.Pow(f.Metric().Primal(v), 2); got < least*(1-1e-9) || least < dense.Inner(v, v)*(1-1e-12) {
			t.Errorf("case %d: D²f[V,V] = %g, ½⟨V,WV+VW⟩ = %g, |V|² = %g", i, got, least, dense.Inner(v, v))
		}
	}
}

// The loss in M and the loss of a representation are one function.
func TestLossOfARepresentation(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for i := range enough.Cases(20) {
		p := randomPairs(t, rng)
		f := whitened(t, p)
		d, r := p.Left.Dimension(), 1+rng.IntN(3)
		inner := mat.NewDense(d, r, nil) // A in the coordinates of f
		for a := range d {
			for b := range r {
				inner.Set(a, b, 0.4*rng.NormFloat64())
			}
		}
		m := new(mat.Dense)
		m.Mul(inner, inner.T())
		pt, err := evaluated(f, m, 1e-13)
		if err != nil {
			t.Fatal(err)
		}
		one, oneError := pt.Value()
		two, twoError, err := Evaluate(InfoNCE, p, f.factor(f.Law.Left.Rotation, inner, f.whitened.Left, p.Left).Columns, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(one-two) > oneError+twoError+1e-13 {
			t.Errorf("case %d: f(AAᵀ) = %v, L(A) = %v, errors %.2g and %.2g", i, one, two, oneError, twoError)
		}
	}
}

// The closed form agrees with the definition, −E xᵀMx̂ + E log E exp(xᵀMy),
// integrated on a line by brute force: no formula is shared.
func TestLossIsTheDefinition(t *testing.T) {
	for _, text := range []string{
		`{"weights": [3, 7], "means": [[2], [-1]], "covariance": [[1]], "delta": "1/3", "a": [[0.6]]}`,
		`{"weights": [1, 2, 3], "means": [[1], [-1], ["0.3"]], "covariance": [["1/2"]], "delta": 1, "a": [[0.7]]}`,
		`{"weights": [1], "means": [[1]], "covariance": [[2]], "delta": 0, "a": [[0.5]]}`,
	} {
		file, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := Evaluate(InfoNCE, file.Pairs, file.A, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := lossOnALine(file.Pairs, file.A.At(0, 0)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: loss %.12g, by the definition %.12g", text, got, want)
		}
	}
}

// lossOnALine is the InfoNCE loss in one dimension by Riemann sums over densities.
func lossOnALine(p gmm.Pairs, a float64) float64 {
	const h, reach = 0.01, 14
	m := a * a
	variance := p.Left.Covariance().At(0, 0)
	weights, means := p.Weights(), mat.Col(nil, 0, p.Left.Means())
	normal := func(x, mean float64) float64 {
		return math.Exp(-(x-mean)*(x-mean)/(2*variance)) / math.Sqrt(2*math.Pi*variance)
	}
	var marginal, together []float64
	var points []float64
	mean := 0.0
	for x := -float64(reach); x <= reach; x += h {
		var density, first float64
		for k, w := range weights {
			density += w * normal(x, means[k])
			first += w * means[k] * normal(x, means[k])
		}
		points, marginal, together = append(points, x), append(marginal, density), append(together, first)
	}
	for i, x := range points {
		mean += h * x * marginal[i]
	}
	var shared, logs float64
	for i, x := range points {
		shared += h * x * together[i] // E of the product within a component
		var sum float64
		for j, y := range points {
			sum += h * marginal[j] * math.Exp(m*x*y)
		}
		logs += h * marginal[i] * math.Log(sum)
	}
	return -m*(p.Delta()*shared+(1-p.Delta())*mean*mean) + logs
}

// The minimiser over positive semidefinite matrices obeys the KKT conditions,
// and no random feasible matrix does better.
func TestPSDMinimiserIsOptimal(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	onFace := 0
	for i := range enough.Cases(20) {
		p := randomPairs(t, rng)
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f := stateOf(t, InfoNCE, p, w)
		n := len(f.Law.Left.Second)
		free := minimised(t, f, new(descent.State), 1e-11)
		best, err := f.MinimisePSD(new(descent.State), free.Iterate(), 1e-11, 1e-11)
		if err != nil {
			t.Fatal(err)
		}
		if best.Rank() < n {
			onFace++
		}
		if best.Residual > 1e-10 {
			t.Errorf("case %d: KKT residual %.2g\n%#v", i, best.Residual, p)
		}
		lowest, noise := best.Of.Value()
		for range 20 {
			root := mat.NewDense(n, n, nil)
			if r := best.Root(); r != nil {
				root.Slice(0, n, 0, best.Rank()).(*mat.Dense).Copy(r)
			}
			dense.AddScaled(root, math.Pow(10, -4*rng.Float64()), randomSymmetric(rng, n, 1))
			var m mat.Dense
			m.Mul(root, root.T())
			pt, err := evaluated(f, &m, 1e-11)
			if err != nil {
				continue
			}
			if there, _ := pt.Value(); there < lowest-10*noise-1e-12 {
				t.Errorf("case %d: a feasible matrix has loss %.15g below %.15g\n%#v", i, there, lowest, p)
			}
		}
	}
	if onFace < enough.Least(1) {
		t.Errorf("only %d minimisers lay on a proper face", onFace)
	}
}

// Where the unconstrained minimiser is far from feasible, the face must be found
// from afar.
func TestPSDMinimiserFromAfar(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	for i := range enough.Cases(125) {
		p := randomPairs(t, rng)
		f := whitened(t, p)
		n := len(f.Law.Left.Second)
		far, err := evaluated(f, randomSymmetric(rng, n, 0.3), 1e-11)
		if err != nil {
			t.Fatal(err)
		}
		one, err := f.MinimisePSD(new(descent.State), minimised(t, f, new(descent.State), 1e-11).Iterate(), 1e-9, 1e-11)
		if err != nil {
			t.Fatal(err)
		}
		two, err := f.MinimisePSD(new(descent.State), far.Iterate(), 1e-9, 1e-11)
		if err != nil {
			t.Fatalf("case %d: %v\n%#v", i, err, p)
		}
		var diff mat.Dense
		diff.Sub(one.M, two.M)
		if off := f.Metric().Primal(&diff); off > 2*(one.Residual+two.Residual+one.Err+two.Err)+1e-15 {
			t.Errorf("case %d: from two starts the minimisers differ by %.2g, residuals %.2g and %.2g\n%#v", i, off, one.Residual, two.Residual, p)
		}
	}
}

// The loss of a steep representation, whose exponentials would overflow, agrees
// with a fine sum that takes logarithms first.
func TestLossOfASteepRepresentation(t *testing.T) {
	text := `{"weights": [1, 2], "means": [["5.9"], [-2]], "covariance": [[1]], "a": [["6.5"]]}`
	file, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, bound, err := Evaluate(InfoNCE, file.Pairs, file.A, nil)
	if err != nil {
		t.Fatal(err)
	}
	const m, h = 6.5 * 6.5, 1e-4
	weights, means := []float64{1.0 / 3, 2.0 / 3}, []float64{5.9, -2}
	want := 0.0
	for j, w := range weights {
		want -= m * w * means[j] * means[j] // δ = 1
		for z := -10.0; z <= 10; z += h {
			x := means[j] + z
			// E_y exp(mxy) = Σ w_k exp(mxμ_k + ½m²x²).
			terms := make([]float64, len(weights))
			for k := range terms {
				terms[k] = math.Log(weights[k]) + m*x*means[k]
			}
			want += w * h * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * (floats.LogSumExp(terms) + m*m*x*x/2)
		}
	}
	// So steep a softmax is all but a kink, which Gauss–Hermite rules meet slowly.
	if off := math.Abs(got - want); off > 1e-6*math.Abs(want) || off > bound {
		t.Errorf("loss %.12g, want %.12g, error estimate %.2g", got, want, bound)
	}
}

// Two means ±μ have contrasts of rank one exactly; a second singular value that
// rounding makes is no direction of the softmax, and must not be integrated by
// one point, which loses E t² = 1 from the Hessian.
func TestHessianOfOppositeMeans(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 0))
	for i := range 40 {
		mean := []float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		means := mat.NewDense(2, 3, nil)
		for j, x := range mean {
			means.Set(0, j, x)
			means.Set(1, j, -x)
		}
		m, err := gmm.New([]float64{1, 1}, means, mat.NewDense(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}))
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, gmm.Rationals(0.5)[0])
		if err != nil {
			t.Fatal(err)
		}
		f := whitened(t, p)
		at, v := randomSymmetric(rng, 3, 0.3), randomSymmetric(rng, 3, 1)
		gradient := func(step float64) *term.Point {
			pt, err := evaluated(f, shifted(at, step, v), 1e-13)
			if err != nil {
				t.Fatal(err)
			}
			return pt
		}
		const h = 1e-4
		var diff mat.Dense
		diff.Sub(gradient(h).Iterate().Gradient, gradient(-h).Iterate().Gradient)
		diff.Scale(1/(2*h), &diff)
		here := gradient(0)
		want := curvature(t, here, v)
		diff.Sub(&diff, want)
		if off := mat.Norm(&diff, 2) / mat.Norm(want, 2); off > 1e-5 {
			t.Errorf("case %d: D²f is off by %.2g of its size, %s", i, off, ruleOf(here))
		}
	}
}
