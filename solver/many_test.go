package solver

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// manyPairs draws K means of whitened length about separation in d dimensions, with
// weights that differ by factors of about e^skew. Every second mixture scatters about
// three points of a plane whose minimiser there is not positive definite.
func manyPairs(t testing.TB, rng *rand.Rand, k, d int, separation, skew float64) gmm.Pairs {
	t.Helper()
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	deficient := rng.IntN(2) == 0
	plane := [3][2]float64{{-2, 4}, {-1, -3}, {-1, -1}}
	for i := range k {
		weights[i] = math.Exp(skew * rng.NormFloat64())
		for j := range d {
			means.Set(i, j, separation/math.Sqrt(float64(d))*rng.NormFloat64())
		}
		if deficient {
			weights[i] = 1
			for j, x := range plane[i%3] {
				means.Set(i, j, x+0.1*rng.NormFloat64())
			}
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(float64(1+rng.IntN(4)) / 4)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// linearised returns size times the minimiser of f's quadratic model at 0.
func (f *infonce) linearised(size float64) *mat.Dense {
	var m mat.Dense
	m.Mul(weightedColumns(f.centred, f.weights), f.centred.T())
	m.Apply(func(i, j int, x float64) float64 { return size * f.delta * x / (f.second[i] * f.second[j]) }, &m)
	return &m
}

// gradientBy averages the gradient at m by a sparse grid of a tolerance and limit, or
// by a lattice, and tells the estimated error.
func (f *infonce) gradientBy(t testing.TB, m *mat.Dense, lattice bool, tolerance float64, limit int) (*mat.Dense, float64) {
	t.Helper()
	var memory arena
	s := &softmaxPoint{contrasts: f.softmaxAt(&memory, m, 1e-14)}
	over, err := s.scatter(f.weights)
	if err != nil {
		t.Fatal(err)
	}
	var rule manyRule
	var out averages
	if lattice {
		rule, out = f.averageLattice(over, tolerance, limit, func(part averages) float64 { return f.symmetricNorm(f.linear(s.directions, part)) })
	} else {
		rng := rand.New(rand.NewPCG(gaugeSeed, 0))
		var functionals []*mat.Dense
		for range sketchWidth {
			functionals = append(functionals, f.functional(rng))
		}
		rule, out = f.averageOrbits(s, over, tolerance, limit, functionals)
	}
	g := mat.DenseCopyOf(f.gradient(&memory, s.directions, out))
	f.addQuadratic(g, m)
	return g, rule.err
}

// distance is ‖A − B‖_d.
func (f *infonce) distance(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return f.dualNorm(&diff)
}

// A grid's error estimate bounds the true error, told by a far finer grid, in at least
// 99 % of cases, and the others miss by a factor of 3 at most: mixtures of all
// separations and weights, minimisers' slopes and up to three times those.
func TestGridErrorsAreHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 0))
	total := cases(1000)
	var ratios []float64
	for range total {
		k := 5 + rng.IntN(4)
		p := manyPairs(t, rng, k, max(3, k-2+rng.IntN(4)), math.Exp(3*rng.Float64()-0.5), 3*rng.Float64())
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f, _ := newInfoNCE(p, w)
		m := f.linearised(math.Exp(2*rng.Float64() - 1))
		got, claimed := f.gradientBy(t, m, false, math.Pow(10, -1-4*rng.Float64()), 3000)
		want, finer := f.gradientBy(t, m, false, claimed/100, 60_000)
		if finer > claimed/5 {
			continue // the finer grid is not fine enough to tell
		}
		ratios = append(ratios, f.distance(got, want)/claimed)
	}
	slices.Sort(ratios)
	n := len(ratios)
	t.Logf("%d cases; error/estimate: median %.2f, 99 %% %.2f, largest %.2f", n, ratios[n/2], ratios[n*99/100], ratios[n-1])
	if n < total*9/10 {
		t.Errorf("only %d of %d cases could be told", n, total)
	}
	if ratios[n*99/100] > 1 || ratios[n-1] > 3 {
		t.Errorf("error/estimate is %.2f at 99 %% and %.2f at worst, want 1 and 3", ratios[n*99/100], ratios[n-1])
	}
	if ratios[n/2] < 1e-3 {
		t.Errorf("half of the estimates are %.0f times too large", 1/ratios[n/2])
	}
}

// The spread of a lattice's shifts bounds its error as well, at 8 components.
func TestLatticeErrorsAreHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 0))
	total := cases(60)
	beyond, told := 0, 0
	for range total {
		p := manyPairs(t, rng, 8, 8, 1+4*rng.Float64(), rng.Float64())
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f, _ := newInfoNCE(p, w)
		m := f.linearised(1)
		got, claimed := f.gradientBy(t, m, true, 1e-3, 1<<13)
		want, finer := f.gradientBy(t, m, false, claimed/20, 60_000)
		if finer > claimed/5 {
			continue
		}
		told++
		if off := f.distance(got, want); off > claimed {
			beyond++
			if off > 3*claimed {
				t.Errorf("off by %.2g where %.2g is claimed", off, claimed)
			}
		}
	}
	if beyond > 1+total/50 || told < total/2 {
		t.Errorf("%d of %d errors exceed their estimate", beyond, told)
	}
}

// Grids and the tensor rules differ by no more than their errors, at 5 and 6 components.
func TestGridsAgreeWithTensorRules(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 0))
	informative := 0
	for i := range cases(200) {
		k := 5 + i%2
		p := manyPairs(t, rng, k, k-1+rng.IntN(3), 0.5+3*rng.Float64(), rng.Float64())
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f, _ := newInfoNCE(p, w)
		m := f.linearised(1)
		got, claimed := f.gradientBy(t, m, false, 1e-5, 20_000)
		const tolerance = 1e-7 // of an error of every average, in the worst case
		var memory arena
		s := &softmaxPoint{contrasts: f.softmaxAt(&memory, m, tolerance/f.sensitivity)}
		if err := s.rule.Choose(s.ranges, tolerance/f.sensitivity, 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := s.tabulate(&memory, &s.rule, &s.lines); err != nil {
			t.Fatal(err)
		}
		want := f.gradient(&memory, s.directions, f.averagesOf(&memory, s.directions, s.walker.integrate(&memory, &s.lines, meanSoftmax{}, 1)))
		f.addQuadratic(want, m)
		bound := s.ruleError(f.sensitivity)
		if bound < claimed/10 {
			informative++
		}
		if off := f.distance(got, want); off > claimed+bound {
			t.Errorf("case %d: grid and tensor rule differ by %.2g, errors %.2g and %.2g\n%#v", i, off, claimed, bound, p)
		}
	}
	if informative < cases(100) {
		t.Errorf("only %d tensor rules were exact enough to tell", informative)
	}
}

// Solves at many components end where the gradient by the tensor rule, or by a far
// finer grid, is within the stated distance of 0, for any number of cores alike.
func TestManyComponentsAreSolved(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 0))
	negative := 0
	for i := range cases(30) {
		k := 6 + i%5
		p := manyPairs(t, rng, k, k-2+rng.IntN(4), 0.5+4*rng.Float64(), 1.5*rng.Float64())
		const tolerance = 1e-5
		one, err := Reduced(p, Options{Tolerance: tolerance})
		if err != nil {
			t.Fatalf("case %d: %v\n%#v", i, err, p)
		}
		three, err := Reduced(p, Options{Tolerance: tolerance, Cores: 3})
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(one.Unconstrained.Form.N, three.Unconstrained.Form.N) || !mat.Equal(one.Minimiser.Form.N, three.Minimiser.Form.N) || one.Unconstrained.Loss != three.Unconstrained.Loss {
			t.Errorf("case %d: the result depends on the number of cores\n%#v", i, p)
		}
		if one.Minimiser.Rank < p.FisherDimension().Value {
			negative++
		}
		if one.Unconstrained.DistanceBound > 2*tolerance || one.Minimiser.DistanceBound > 2*tolerance {
			t.Errorf("case %d: distances of %.2g and %.2g for a tolerance of %g\n%#v", i, one.Unconstrained.DistanceBound, one.Minimiser.DistanceBound, tolerance, p)
		}
		finer, err := Reduced(p, Options{Tolerance: tolerance / 30, Start: one.Unconstrained.Form.Matrix(p.Mixture)})
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]Minimum{{one.Unconstrained, finer.Unconstrained}, {one.Minimiser, finer.Minimiser}} {
			var diff mat.Dense
			diff.Sub(pair[0].Form.N, pair[1].Form.N)
			if off := mat.Norm(&diff, 2); off > pair[0].DistanceBound+pair[1].DistanceBound {
				t.Errorf("case %d: minima differ by %.2g, distances of %.2g and %.2g are claimed\n%#v", i, off, pair[0].DistanceBound, pair[1].DistanceBound, p)
			}
			if off := math.Abs(pair[0].Loss - pair[1].Loss); off > pair[0].LossError+pair[1].LossError+math.Pow(pair[0].DistanceBound, 2) {
				t.Errorf("case %d: losses differ by %.2g, errors %.2g and %.2g\n%#v", i, off, pair[0].LossError, pair[1].LossError, p)
			}
		}
	}
	if !testing.Short() && negative < 3 {
		t.Errorf("only %d minimisers were of deficient rank", negative)
	}
}

// The Hessian at many components is the derivative of the gradient, and at least as
// curved as the quadratic part.
func TestCurvatureOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 0))
	for i := range cases(20) {
		p := manyPairs(t, rng, 6+i%3, 6, 1+2*rng.Float64(), rng.Float64())
		f, _, _ := whitened(t, p)
		m, v := f.linearised(1), randomSymmetric(rng, len(f.second), 1)
		const step, tolerance = 2e-4, 1e-9
		gradient := func(by float64) *point {
			pt, err := f.at(new(storage), shifted(m, by, v), tolerance)
			if err != nil {
				t.Fatal(err)
			}
			return pt
		}
		var want mat.Dense
		want.Sub(gradient(step).gradient, gradient(-step).gradient)
		want.Scale(1/(2*step), &want)
		got := curvature(t, gradient(0), v)
		want.Sub(&want, got)
		if off := mat.Norm(&want, 2) / mat.Norm(got, 2); off > 1e-4 {
			t.Errorf("case %d: D²f is off by %.2g of its size\n%#v", i, off, p)
		}
		if bend, least := inner(got, v), math.Pow(f.primalNorm(v), 2); bend < least*(1-1e-3) {
			t.Errorf("case %d: D²f[V,V] = %g, ½⟨V, WV + VW⟩ = %g\n%#v", i, bend, least, p)
		}
	}
}

// Where no rule suffices, the error is large and says so: softmaxes far steeper than
// minimisers', on which both rules fail.
func TestSteepSoftmaxesOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(26, 0))
	large := 0
	for i := range cases(15) {
		p := manyPairs(t, rng, 10, 10, 2+4*rng.Float64(), rng.Float64())
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f, _ := newInfoNCE(p, w)
		m := f.linearised(3 + 10*rng.Float64())
		var memory arena
		s := &softmaxPoint{contrasts: f.softmaxAt(&memory, m, 1e-14)}
		over, err := f.averageMany(s, f.measure, quadrature.SparseGrid, 1e-8, 4000)
		if err != nil {
			t.Fatal(err)
		}
		got, claimed := f.gradient(&memory, s.directions, over), s.many.err
		f.addQuadratic(got, m)
		if claimed > 1e-3 {
			large++
		}
		want, off := f.gradientBy(t, m, true, 1e-8, 1<<18)
		if distance := f.distance(got, want); distance > claimed+off {
			t.Errorf("case %d: a grid and a lattice differ by %.2g, errors %.2g and %.2g\n%#v", i, distance, claimed, off, p)
		}
	}
	if large < cases(10) {
		t.Errorf("only %d softmaxes were hard", large)
	}
}

// The loss of a representation is that of the minimum it came from.
func TestLossOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(28, 0))
	for i := range cases(10) {
		p := manyPairs(t, rng, 6+i%4, 7, 1+2*rng.Float64(), rng.Float64())
		c, err := Reduced(p, Options{Tolerance: 1e-6})
		if err != nil {
			t.Fatal(err)
		}
		value, off, err := Loss(p, c.Minimiser.Root)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(value-c.Minimiser.Loss) > off+c.Minimiser.LossError || off > 1e-4 {
			t.Errorf("case %d: a loss of %.9g ± %.2g beside the minimum's %.9g ± %.2g\n%#v", i, value, off, c.Minimiser.Loss, c.Minimiser.LossError, p)
		}
	}
}

// CLIP's two softmaxes are averaged by the same rules.
func TestClipOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 0))
	for i := range cases(10) {
		k := 6 + i%3
		visual, text := manyPairs(t, rng, k, 5, 2, 0), manyPairs(t, rng, k, 7, 1.5, 0)
		equal := make([]float64, k)
		for j := range equal {
			equal[j] = 1
		}
		mixture := func(p gmm.Pairs) *gmm.Mixture {
			m, err := gmm.New(equal, p.Means(), p.Covariance())
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		p, err := gmm.NewPaired(mixture(visual), mixture(text))
		if err != nil {
			t.Fatal(err)
		}
		const tolerance = 1e-5
		coarse, err := Clip(p, Options{Tolerance: tolerance})
		if err != nil {
			t.Fatal(err)
		}
		fine, err := Clip(p, Options{Tolerance: tolerance / 30, Cores: 2})
		if err != nil {
			t.Fatal(err)
		}
		var diff mat.Dense
		diff.Sub(coarse.Form.Matrix(p), fine.Form.Matrix(p)) // both covariances are 1
		if off := mat.Norm(&diff, 2); off > coarse.DistanceBound+fine.DistanceBound || coarse.DistanceBound > tolerance {
			t.Errorf("case %d: minima differ by %.2g, distances of %.2g and %.2g", i, off, coarse.DistanceBound, fine.DistanceBound)
		}
	}
}
