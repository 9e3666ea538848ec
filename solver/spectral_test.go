package solver

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// familyDraw is the generator of a family.
func familyDraw(name string) *rapid.Generator[*gmm.Mixture] {
	families := generators.Families()
	return families[slices.IndexFunc(families, func(f generators.Family) bool { return f.Name == name })].Draw
}

// spectralCases draws pairs with shared and own covariances, some of them
// nearly degenerate or far apart.
func spectralCases() *rapid.Generator[gmm.Pairs] {
	return rapid.Custom(func(t *rapid.T) gmm.Pairs {
		shared := rapid.OneOf(generators.SharedCovariance(), generators.NearDegenerate(), generators.ParallelPancakes(), familyDraw("far separated"))
		g := rapid.OneOf(shared, generators.General(), generators.Tilted()).Draw(t, "mixture")
		p, err := gmm.NewPairs(g, generators.Delta().Draw(t, "delta"))
		if err != nil {
			t.Fatal("a family drew an invalid δ")
		}
		return p
	})
}

// The loss is a quadratic whose gradient and Hessian are those computed:
// L(M + V) = L(M) + ⟨∇L(M), V⟩ + ½⟨V, D²L[V]⟩, for rectangular M too.
func TestSpectralDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	for seed := range enough.Cases(100) {
		p := generators.Paired().Example(seed)
		f := whole(t, Spectral, p)
		m, v := randomDense(rng, f), randomDense(rng, f)
		at, err := evaluated(f, m, 0)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := evaluated(f, shifted(m, 1, v), 0)
		if err != nil {
			t.Fatal(err)
		}
		here, noise := at.Value()
		there, more := moved.Value()
		want := here + dense.Inner(at.Iterate().Gradient, v) + dense.Inner(v, curvature(t, at, v))/2
		if off := math.Abs(there - want); off > 4*(noise+more) {
			t.Errorf("case %d: L(M+V) = %g, by its derivatives %g, off by %.2g", seed, there, want, off)
		}
	}
}

func randomDense(rng *rand.Rand, f *stated) *mat.Dense {
	m := f.zero()
	m.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, m)
	return m
}

// The closed form and conjugate gradients, which share the gradient but not the
// way, agree to the sum of their bounds.
func TestSpectralSolversAgree(t *testing.T) {
	ran, informative := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := spectralCases().Draw(t, "pairs")
		ran++
		closed, err := Minimise(Spectral, p, Options{})
		if err != nil {
			t.Fatal("no closed form")
		}
		blind, err := Minimise(Spectral, p, Options{Method: Blind, Seed: 3})
		if err != nil {
			t.Fatal("no blind solve")
		}
		one, two := closed.Constrained, blind.Constrained
		if math.Max(one.DistanceBound, two.DistanceBound) < 1e-3*two.size(p) {
			informative++
		}
		if off := two.distanceTo(one, p); !(off <= one.DistanceBound+two.DistanceBound) {
			t.Fatal("the two minimisers differ by more than their bounds")
		}
	})
	if informative < ran/2 {
		t.Errorf("only %d of %d cases were informative", informative, ran)
	}
}

// distanceTo is the whitened distance of two minima in original coordinates.
func (m Minimum) distanceTo(other Minimum, p gmm.Pairs) float64 {
	var diff mat.Dense
	diff.Sub(m.Form.Matrix(p), other.Form.Matrix(p))
	return whitenedSize(&diff, p.Left, p.Right)
}

func (m Minimum) size(p gmm.Pairs) float64 {
	return whitenedSize(m.Form.Matrix(p), p.Left, p.Right)
}

// whitenedSize is ‖L_VᵀVL_T‖_F = √tr(Σ_V V Σ_T Vᵀ).
func whitenedSize(v mat.Matrix, visual, text *gmm.Mixture) float64 {
	var left, right, square mat.Dense
	left.Mul(visual.Covariance(), v)
	right.Mul(text.Covariance(), v.T())
	square.Mul(&left, &right)
	return math.Sqrt(math.Max(0, mat.Trace(&square)))
}

func TestSpectralSolversOfTwoModalitiesAgree(t *testing.T) {
	ran, informative := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := generators.Paired().Draw(t, "paired")
		ran++
		closed, err := Minimise(Spectral, p, Options{})
		if err != nil {
			t.Fatal("no closed form")
		}
		blind, err := Minimise(Spectral, p, Options{Method: Blind, Seed: 3})
		if err != nil {
			t.Fatal("no blind solve")
		}
		var diff mat.Dense
		one, two := closed.Free.Form.Matrix(p), blind.Free.Form.Matrix(p)
		diff.Sub(one, two)
		if off := whitenedSize(&diff, p.Left, p.Right); !(off <= closed.Free.DistanceBound+blind.Free.DistanceBound) {
			t.Fatal("the two minimisers differ by more than their bounds")
		}
		if size := whitenedSize(two, p.Left, p.Right); blind.Free.DistanceBound < 1e-6*size {
			informative++
		}
		if blind.Free.Rank != closed.Free.Rank {
			t.Fatal("the two minimisers have different ranks")
		}
		if closed.Free.Rank > 0 { // the factors multiply to M
			var product mat.Dense
			product.Mul(closed.Free.Left.Columns, closed.Free.Right.Columns.T())
			product.Sub(&product, one)
			if mat.Norm(&product, 2) > 1e-12*mat.Norm(one, 2) {
				t.Fatal("A_V A_Tᵀ is not M")
			}
		}
	})
	if informative < ran/2 {
		t.Errorf("only %d of %d cases were informative", informative, ran)
	}
}

// By hand, on a line with means ±a and variance v: M* = δa²/(v + a²)².
func TestSpectralByHand(t *testing.T) {
	d, err := gmm.Read("test", strings.NewReader(`{"weights": [1, 1], "means": [[3], [-3]], "covariance": [[[1]], [[3]]], "delta": "1/4"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := 0.25 * 9 / (11 * 11)
	for name, find := range spectralSolvers() {
		c, err := find(d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Constrained.Form.Matrix(d.Pairs).At(0, 0); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s: M* = %.15g, want %.15g", name, got, want)
		}
		// L(M*) = −⟨M*, T⟩.
		if loss := -want * 0.25 * 9; math.Abs(c.Constrained.Loss-loss) > 1e-13 {
			t.Errorf("%s: the loss is %.15g, want %.15g", name, c.Constrained.Loss, loss)
		}
	}
}

func spectralSolvers() map[string]func(gmm.Pairs) (Candidate, error) {
	out := map[string]func(gmm.Pairs) (Candidate, error){}
	for _, method := range []Method{Reduced, Blind, Factored} {
		out[method.String()] = func(p gmm.Pairs) (Candidate, error) {
			return Minimise(Spectral, p, Options{Method: method, Columns: 2, Starts: 2})
		}
	}
	return out
}

// With enough columns the literal minimum over A is the convex one; with fewer
// it is the best approximation of that rank, by Eckart and Young.
func TestSpectralFactored(t *testing.T) {
	few := 0
	for seed := range enough.Cases(60) {
		p, err := gmm.NewPairs(generators.General().Example(seed), big.NewRat(int64(1+seed%4), 4))
		if err != nil {
			t.Fatal(err)
		}
		closed, err := Minimise(Spectral, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := p.Left.FisherDimension()
		for _, r := range []int{1, s, s + 1} {
			if r == 0 {
				continue
			}
			literal, err := Minimise(Spectral, p, Options{Method: Factored, Columns: r, Starts: 3})
			if err != nil {
				t.Fatal(err)
			}
			excess := literal.Constrained.Loss - closed.Constrained.Loss
			if want := lostBelowRank(t, p, r); math.Abs(excess-want) > 1e-10 {
				t.Errorf("seed %d: with %d columns the loss is %.12g above the minimum, want %.12g", seed, r, excess, want)
			}
			if r < s {
				few++
				if !math.IsInf(literal.Constrained.DistanceBound, 1) {
					t.Errorf("seed %d: with %d of %d columns the distance is said to be %g", seed, r, s, literal.Constrained.DistanceBound)
				}
				continue
			}
			if off := literal.Constrained.distanceTo(closed.Constrained, p); off > literal.Constrained.DistanceBound+closed.Constrained.DistanceBound || off > 1e-4 {
				t.Errorf("seed %d: with %d columns M is off by %.2g, the bound says %.2g", seed, r, off, literal.Constrained.DistanceBound)
			}
		}
	}
	if few < enough.Least(10) {
		t.Errorf("only %d cases had too few columns", few)
	}
}

// lostBelowRank is Σ_{i>r} σ_i², σ the eigenvalues of S^{−½}T_δS^{−½}, descending.
func lostBelowRank(t *testing.T, p gmm.Pairs, r int) float64 {
	f := whole(t, Spectral, p)
	q, _ := f.Quadratic()
	values, _ := dense.Eigen(dense.WeightedRows(q.Scale(), dense.WeightedColumns(q.Target(), q.Scale())))
	var sum float64
	for _, x := range values[:max(0, len(values)-r)] {
		sum += x * x
	}
	return sum
}

// The closed-form loss is that of the definition, by sampling pairs and
// independent points: own covariances enter through Σ̄ alone.
func TestSpectralLossIsTheDefinition(t *testing.T) {
	const n = 100000
	rng := rand.New(rand.NewPCG(4, 5))
	for seed := range enough.Cases(5) {
		p, err := gmm.NewPairs(generators.General().Example(seed), big.NewRat(int64(seed%5), 4))
		if err != nil {
			t.Fatal(err)
		}
		a := generators.Representation(p.Left.Dimension(), 2).Example(seed)
		m := new(mat.Dense)
		m.Mul(a, a.T())
		s, err := p.NewSampler(rng)
		if err != nil {
			t.Fatal(err)
		}
		var sum, squares float64
		for range n {
			x, y, _, _ := s.Pair()
			u, v := s.Left(s.Component()), s.Right(s.Component())
			value := -2*form(x, m, y) + math.Pow(form(u, m, v), 2)
			sum += value / n
			squares += value * value / n
		}
		deviation := math.Sqrt((squares - sum*sum) / n)
		want, _, _ := Evaluate(Spectral, p, a, nil)
		if math.Abs(sum-want) > 6*deviation+1e-12 {
			t.Errorf("seed %d: sampled %.6g ± %.2g, closed form %.6g", seed, sum, deviation, want)
		}
		found, err := Minimise(Spectral, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if found.Constrained.Rank == 0 {
			continue
		}
		if at, off, _ := Evaluate(Spectral, p, found.Constrained.Left.Columns, nil); math.Abs(at-found.Constrained.Loss) > off+found.Constrained.LossError {
			t.Errorf("seed %d: A* has the loss %.15g, the minimum %.15g ± %.2g", seed, at, found.Constrained.Loss, off+found.Constrained.LossError)
		}
	}
}

func form(x []float64, m *mat.Dense, y []float64) float64 {
	return mat.Inner(mat.NewVecDense(len(x), x), m, mat.NewVecDense(len(y), y))
}

// The two-modality loss likewise, and the loss in M agrees with that of its factors.
func TestSpectralLossOfTwoModalitiesIsTheDefinition(t *testing.T) {
	const n = 100000
	rng := rand.New(rand.NewPCG(6, 5))
	for seed := range enough.Cases(5) {
		p := generators.Paired().Example(seed)
		visual := generators.Representation(p.Left.Dimension(), 2).Example(seed)
		text := generators.Representation(p.Right.Dimension(), 2).Example(seed + 1)
		var m mat.Dense
		m.Mul(visual, text.T())
		s, err := p.NewSampler(rng)
		if err != nil {
			t.Fatal(err)
		}
		var sum, squares float64
		for range n {
			x, y, _, _ := s.Pair()
			u, v := s.Left(s.Component()), s.Right(s.Component())
			value := -2*form(x, &m, y) + math.Pow(form(u, &m, v), 2)
			sum += value / n
			squares += value * value / n
		}
		deviation := math.Sqrt((squares - sum*sum) / n)
		if want, _, _ := Evaluate(Spectral, p, visual, text); math.Abs(sum-want) > 6*deviation+1e-12 {
			t.Errorf("seed %d: sampled %.6g ± %.2g, closed form %.6g", seed, sum, deviation, want)
		}
		found, err := Minimise(Spectral, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if found.Free.Rank == 0 {
			continue
		}
		if at, off, _ := Evaluate(Spectral, p, found.Free.Left.Columns, found.Free.Right.Columns); math.Abs(at-found.Free.Loss) > off+found.Free.LossError {
			t.Errorf("seed %d: the minimum's factors have the loss %.15g, the minimum %.15g ± %.2g", seed, at, found.Free.Loss, off+found.Free.LossError)
		}
	}
}
