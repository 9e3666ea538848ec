package term

import (
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// seen states the loss of a mixture with the sight that its minimiser has.
func seen(t testing.TB, p gmm.Pairs, tolerance float64) (*Sum, *Point) {
	t.Helper()
	f := inAll(t, p)
	var s descent.State
	n := len(f.Law.Left.Second)
	if _, _, err := f.Minimise(&s, mat.NewDense(n, n, nil), tolerance); err != nil {
		t.Fatal(err)
	}
	return f, s.Here().(*Point)
}

// Where components are visited the gradient is still the derivative of the loss, and the
// Hessian that of the gradient.
func TestDerivativesOfVisits(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 0))
	f, pt := seen(t, attack([2]float64{440, 800}, 1e-87).times(t, triangle), 1e-7)
	if f.softmax().sight == nil || len(f.softmax().sight.groups) != 6 {
		t.Fatalf("the sight is %+v, want six groups that are visited", f.softmax().sight)
	}
	at := func(m *mat.Dense) *Point { return f.evaluated(t, m, 1e-7) }
	m := shifted(pt.iterate.M, 1e-6, randomSymmetric(rng, len(f.Law.Left.Second), 1))
	here := at(m)
	for i := range 3 {
		v := randomSymmetric(rng, len(f.Law.Left.Second), 1)
		const step = 2e-6
		up, down := at(shifted(m, step, v)), at(shifted(m, -step, v))
		upper, _ := up.Value()
		lower, _ := down.Value()
		slope, want := (upper-lower)/(2*step), dense.Inner(here.Iterate().Gradient, v)
		if math.Abs(slope-want) > 1e-6*math.Abs(want)+2e-8 {
			t.Errorf("direction %d: the loss rises by %.9g, ⟨∇f, V⟩ = %.9g", i, slope, want)
		}
		var bend mat.Dense
		bend.Sub(up.iterate.Gradient, down.iterate.Gradient)
		bend.Scale(1/(2*step), &bend)
		size := mat.Norm(&bend, 2)
		bent, err := here.Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		bend.Sub(&bend, bent)
		if off := mat.Norm(&bend, 2); off > 1e-6*size {
			t.Errorf("direction %d: D²f is off by %.2g of its size", i, off/size)
		}
	}
}

// From the node 0 every component of an ordinary mixture is seen at its minimiser.
func TestOrdinaryMixturesAreSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 0))
	for i := range enough.Cases(30) {
		k := 6 + i%5
		p := manyPairs(t, rng, k, k-2+rng.IntN(4), 0.5+4*rng.Float64(), 1.5*rng.Float64())
		f, pt := seen(t, p, 1e-4)
		if s, _ := pt.softmax(0); f.softmax().sight != nil || s.blind != (blindness{}) {
			t.Errorf("case %d: of %+v, something is not seen\n%#v", i, f.softmax().sight, p)
		}
	}
}

// Where the budget does not pay for another minimisation, the end of the one before stands: by the sight that it was
// averaged by, with what that misses in its error.
func TestSweepsEndWithTheBudget(t *testing.T) {
	f, want := seen(t, attack([2]float64{440, 800}, 1e-87).times(t, tetrahedron), 1e-7)
	f.softmax().sight = nil
	var s descent.State
	if _, err := s.Try(f, want.iterate.M, 1e-4); err != nil {
		t.Fatal(err)
	}
	s.Accept()
	blind := s.Here().(*Point)
	before, times := blind.iterate.Err, 0
	spent, err := f.sweep(&s, 1e-7, want.iterate.M, func(*mat.Dense) (bool, error) {
		if times++; times > 1 {
			return false, descent.ErrSpent
		}
		return false, nil
	})
	if err != nil || !spent || times != 2 {
		t.Fatalf("the sweep ended after %d minimisations, spent %v, %v", times, spent, err)
	}
	if f.softmax().sight != nil {
		t.Errorf("the sight is %+v, not that of the place", f.softmax().sight)
	}
	if off := f.Metric().Dual(difference(blind.iterate.Gradient, want.iterate.Gradient)); !(blind.iterate.Err >= before+off) {
		t.Errorf("the gradient misses %.2g, its error is %.2g", off, blind.iterate.Err)
	}
}

func difference(a, b *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Sub(a, b)
	return &out
}
