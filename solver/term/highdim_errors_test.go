package term

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// linearised returns size times the minimiser of f's quadratic model at 0.
func (f *Sum) linearised(size float64) *mat.Dense {
	var m mat.Dense
	m.Mul(dense.WeightedColumns(f.softmax().centred, f.Law.Weights), f.softmax().centred.T())
	m.Apply(func(i, j int, x float64) float64 {
		return size * f.Law.Delta * x / (f.Law.Left.Second[i] * f.Law.Left.Second[j])
	}, &m)
	return &m
}

// gradientBy averages the gradient at m by a sparse grid of a tolerance and limit, or
// by a lattice, and tells the estimated error.
func (f *Sum) gradientBy(t testing.TB, m *mat.Dense, lattice bool, tolerance float64, limit int) (*mat.Dense, float64) {
	t.Helper()
	var memory dense.Arena
	s := &softmaxPoint{contrasts: f.softmax().softmaxAt(&memory, m, 1e-14)}
	over, err := s.scatter(f.Law.Weights, 1)
	if err != nil {
		t.Fatal(err)
	}
	var rule highdimRule
	var out averages
	if lattice {
		rule, out = f.softmax().averageLattice(over, tolerance, limit, func(part averages) float64 { return f.norm(f.softmax().linear(s.directions, part)) })
	} else {
		f.softmax().drawFunctionals()
		rule, out = f.softmax().averageOrbits(s, over, tolerance, limit)
	}
	g := mat.DenseCopyOf(f.softmax().gradient(&memory, s.directions, out))
	dense.Symmetrise(g)
	f.addQuadratic(g, m)
	return g, rule.err
}

// apart is ‖A − B‖_d.
func (f *Sum) apart(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return f.metric.Dual(&diff)
}

// A grid's error estimate bounds the true error, told by a far finer grid, in at least
// 99 % of cases, and the others miss by a factor of 3 at most: mixtures of all
// separations and weights, minimisers' slopes and up to three times those.
func TestGridErrorsAreHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 0))
	total := enough.Cases(1000)
	var ratios []float64
	for range total {
		k := 5 + rng.IntN(4)
		p := manyPairs(t, rng, k, max(3, k-2+rng.IntN(4)), math.Exp(3*rng.Float64()-0.5), 3*rng.Float64())
		f := inFisher(t, p)
		m := f.linearised(math.Exp(2*rng.Float64() - 1))
		got, claimed := f.gradientBy(t, m, false, math.Pow(10, -1-4*rng.Float64()), 3000)
		want, finer := f.gradientBy(t, m, false, claimed/100, 60_000)
		if finer > claimed/5 {
			continue // the finer grid is not fine enough to tell
		}
		ratios = append(ratios, f.apart(got, want)/claimed)
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
	total := enough.Cases(60)
	beyond, told := 0, 0
	for range total {
		p := manyPairs(t, rng, 8, 8, 1+4*rng.Float64(), rng.Float64())
		f := inFisher(t, p)
		m := f.linearised(1)
		got, claimed := f.gradientBy(t, m, true, 1e-3, 1<<13)
		want, finer := f.gradientBy(t, m, false, claimed/20, 60_000)
		if finer > claimed/5 {
			continue
		}
		told++
		if off := f.apart(got, want); off > claimed {
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
	for i := range enough.Cases(200) {
		k := 5 + i%2
		p := manyPairs(t, rng, k, k-1+rng.IntN(3), 0.5+3*rng.Float64(), rng.Float64())
		f := inFisher(t, p)
		m := f.linearised(1)
		got, claimed := f.gradientBy(t, m, false, 1e-5, 20_000)
		const tolerance = 1e-7 // of an error of every average, in the worst case
		var memory dense.Arena
		s := &softmaxPoint{contrasts: f.softmax().softmaxAt(&memory, m, tolerance/f.softmax().sensitivity)}
		if err := s.tensor.Choose(s.ranges, tolerance/f.softmax().sensitivity, 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := s.tabulate(&memory, &s.tensor, &s.lines); err != nil {
			t.Fatal(err)
		}
		want := f.softmax().gradient(&memory, s.directions, f.softmax().averagesOf(&memory, s.directions, s.walker.integrate(&memory, &s.lines, meanSoftmax{}, 1)))
		dense.Symmetrise(want)
		f.addQuadratic(want, m)
		s.of = f.softmax()
		bound := s.accuracy().err
		if bound < claimed/10 {
			informative++
		}
		if off := f.apart(got, want); off > claimed+bound {
			t.Errorf("case %d: grid and tensor rule differ by %.2g, errors %.2g and %.2g\n%#v", i, off, claimed, bound, p)
		}
	}
	if informative < enough.Least(100) {
		t.Errorf("only %d tensor rules were exact enough to tell", informative)
	}
}

// Where no rule suffices, the error is large and says so: softmaxes far steeper than
// minimisers', on which both rules fail.
func TestSteepSoftmaxesOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(26, 0))
	large := 0
	for i := range enough.Cases(6) {
		p := manyPairs(t, rng, 10, 10, 2+4*rng.Float64(), rng.Float64())
		f := inFisher(t, p)
		m := f.linearised(3 + 10*rng.Float64())
		var memory dense.Arena
		s := &softmaxPoint{contrasts: f.softmax().softmaxAt(&memory, m, 1e-14)}
		over, err := f.softmax().averageHighdim(s, quadrature.SparseGrid, 1e-8, 4000)
		if err != nil {
			t.Fatal(err)
		}
		got, claimed := f.softmax().gradient(&memory, s.directions, over), s.highdim.err
		dense.Symmetrise(got)
		f.addQuadratic(got, m)
		if claimed > 1e-3 {
			large++
		}
		want, off := f.gradientBy(t, m, true, 1e-8, 1<<18)
		if distance := f.apart(got, want); distance > claimed+off {
			t.Errorf("case %d: a grid and a lattice differ by %.2g, errors %.2g and %.2g\n%#v", i, distance, claimed, off, p)
		}
	}
	if large < enough.Least(4) {
		t.Errorf("only %d softmaxes were hard", large)
	}
}

// The Hessian at many components is the derivative of the gradient, and at least as
// curved as the quadratic part.
func TestCurvatureOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 0))
	for i := range enough.Cases(20) {
		p := manyPairs(t, rng, 6+i%3, 6, 1+2*rng.Float64(), rng.Float64())
		f := inAll(t, p)
		m, v := f.linearised(1), randomSymmetric(rng, len(f.Law.Left.Second), 1)
		const step, tolerance = 2e-4, 1e-9
		gradient := func(by float64) *Point { return f.evaluated(t, shifted(m, by, v), tolerance) }
		var want mat.Dense
		want.Sub(gradient(step).iterate.Gradient, gradient(-step).iterate.Gradient)
		want.Scale(1/(2*step), &want)
		got, err := gradient(0).Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		want.Sub(&want, got)
		if off := mat.Norm(&want, 2) / mat.Norm(got, 2); off > 1e-4 {
			t.Errorf("case %d: D²f is off by %.2g of its size\n%#v", i, off, p)
		}
		if bend, least := dense.Inner(got, v), math.Pow(f.metric.Primal(v), 2); bend < least*(1-1e-3) {
			t.Errorf("case %d: D²f[V,V] = %g, ½⟨V, WV + VW⟩ = %g\n%#v", i, bend, least, p)
		}
	}
}
