package oracle_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

// minimisers from testdata/reference.json, computed to 28 digits elsewhere.
var references = []struct {
	text     string
	m        []float64
	want     oracle.Verdict
	smallest float64
}{
	{text: `{"weights": [3, 7], "means": [[2, 3], [-1, 0.5]], "covariance": [[1, 0.5], [0.5, 4.25]]}`,
		m:    []float64{0.2235342319593650, 0.01337426077259538, 0.01337426077259538, 0.0006485005346168025},
		want: oracle.Refuted, smallest: -0.000564607107807214},
	{text: `{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`,
		m:    []float64{-0.007611145843174932, -0.002478614050538490, -0.002478614050538490, 0.1317548793542727},
		want: oracle.Refuted, smallest: -0.007655213869165563},
	{text: `{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": 0.5}`,
		m:    []float64{0.05946054969210648, -0.06023894080904686, -0.06023894080904686, 0.1200280212798091},
		want: oracle.Holds, smallest: 0.1168507621878128},
}

func plain(n int, entries []float64) gmm.Form { return gmm.Plain(mat.NewSymDense(n, entries)) }

// A matrix known from elsewhere, in original coordinates, is judged rightly, and
// its distance is bounded by no more than its rounding.
func TestJudgeOfReferenceMinimisers(t *testing.T) {
	for _, c := range references {
		p := read(t, c.text)
		form := plain(2, c.m)
		f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form, Constrained: form})
		if f.Equality() != c.want || math.Abs(f.Margin()-c.smallest) > 1e-15 || f.Evidence.Grade != oracle.Bounded {
			t.Errorf("%s: %v, margin %v (%v), want %v, %v", c.text, f.Equality(), f.Margin(), f.Evidence.Grade, c.want, c.smallest)
		}
		if d := distance(p, form, 1, 1e-14); d > 1e-11 {
			t.Errorf("%s: the minimiser's distance is bounded by %.2g", c.text, d)
		}
	}
}

// Distance never falls below the true distance, and grows with it at most as the
// Hessian does.
func TestDistanceBoundsTheTrueDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 300 {
		c := references[i%len(references)]
		p := read(t, c.text)
		size := math.Pow(10, -10*rng.Float64())
		off := make([]float64, 4)
		for j := range off {
			off[j] = size * rng.NormFloat64()
		}
		off[2] = off[1]
		moved := make([]float64, 4)
		for j := range moved {
			moved[j] = c.m[j] + off[j]
		}
		var product, square mat.Dense
		product.Mul(p.Left.Covariance(), mat.NewSymDense(2, off))
		square.Mul(&product, &product)
		truth := math.Sqrt(mat.Trace(&square))
		got := distance(p, plain(2, moved), 1, truth/100)
		if got < truth-1e-14 || got > 100*truth+1e-12 {
			t.Errorf("case %d: the distance %.6g is bounded by %.6g", i, truth, got)
		}
	}
}

// Whatever the candidate, a verdict is never wrong.
func TestJudgeOfWrongCandidates(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	decided, cases := 0, enough.Cases(120)
	for i := range cases {
		c := references[i%len(references)]
		p := read(t, c.text)
		size := math.Pow(10, 1-8*rng.Float64())
		moved := []float64{c.m[0] + size*rng.NormFloat64(), c.m[1] + size*rng.NormFloat64(), 0, c.m[3] + size*rng.NormFloat64()}
		moved[2] = moved[1]
		form := plain(2, moved)
		f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form, Constrained: form}) // the finder claims to be exact
		if f.Equality() != oracle.Undecided {
			decided++
			if f.Equality() != c.want {
				t.Errorf("%s: %v for the candidate %v", c.text, f.Equality(), moved)
			}
		}
		if f.Containment() == oracle.Refuted {
			t.Errorf("%s: containment refuted for the candidate %v", c.text, moved)
		}
	}
	if decided < cases/6 || decided > cases*5/6 {
		t.Errorf("%d of %d candidates were decided: the test is one-sided", decided, cases)
	}
}

// The symmetric pair has λ_min = 0 exactly: no arithmetic with errors may decide it.
func TestTieIsUndecided(t *testing.T) {
	p := read(t, `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`)
	const m = 0.22468689314542649 / 2 // M_u = m·[[1, −1], [−1, 1]]
	form := plain(2, []float64{m, -m, -m, m})
	if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form, Constrained: form}); f.Equality() != oracle.Undecided || f.Containment() != oracle.Holds {
		t.Errorf("equality %v, containment %v, want undecided and holds", f.Equality(), f.Containment())
	}
}

// δ = 0 and coincident means are decided without arithmetic.
func TestSymbolicCases(t *testing.T) {
	for _, c := range []struct {
		text string
		want oracle.Verdict
	}{
		{`{"weights": [1], "means": [[3, 1]], "covariance": "identity"}`, oracle.Refuted},
		{`{"weights": [1, 5], "means": [["1/3", 1], ["1/3", 1]], "covariance": "identity"}`, oracle.Refuted},
		{`{"weights": [1, 5], "means": [[0, 0], [0, 0]], "covariance": "identity"}`, oracle.Holds},
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity", "delta": 0}`, oracle.Refuted},
	} {
		p := read(t, c.text)
		zero := gmm.Plain(mat.NewSymDense(2, nil))
		if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: zero, Constrained: zero}); f.Equality() != c.want || f.Containment() != oracle.Holds || f.Evidence.Epsilon != 0 {
			t.Errorf("%s: equality %v, containment %v, epsilon %v", c.text, f.Equality(), f.Containment(), f.Evidence.Epsilon)
		}
	}
}

// A matrix that leaves the Fisher subspace is never said to lie in it.
func TestContainmentOfOutsiders(t *testing.T) {
	p := read(t, `{"weights": [3, 7], "means": [[1, 0, 0], [-2, 0, 0]], "covariance": "identity"}`)
	for _, off := range []float64{1e-6, 1e-3, 0.1} {
		form := plain(3, []float64{0.2, off, 0, off, off, 0, 0, 0, 0})
		if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form, Constrained: form}); f.Containment() == oracle.Holds {
			t.Errorf("containment holds for a matrix that leaves S_F by %g", off)
		}
	}
}

// Floats whose means are off a line by rounding alone are in the plane, and judged for what they are, with that said, whatever the candidate.
func TestFloatsOffByRounding(t *testing.T) {
	tenth := 0.1
	m, err := gmm.New([]float64{1, 1, 1}, mat.NewDense(3, 2, []float64{1, tenth, 2, 2 * tenth, 3, 3 * tenth}), mat.NewDense(2, 2, []float64{1, 0, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	p := certain(t, m)
	if s := p.Left.FisherDimension(); s != 2 {
		t.Fatalf("dimension %d, want 2", s)
	}
	zero := gmm.Plain(mat.NewSymDense(2, nil))
	if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: zero, Constrained: zero}); f.Equality() != oracle.Holds || f.Rounded != 1 {
		t.Errorf("equality %v, want holds; %d directions of rounding", f.Equality(), f.Rounded)
	}
}

// Containment is a theorem: means that are all but dependent must not refute it.
func TestNearlyDependentMeansNeverRefuteContainment(t *testing.T) {
	for _, first := range []float64{1, 3, 10} {
		for _, y := range []float64{1e-6, 1e-5, 8e-5} {
			m, err := gmm.New([]float64{1, 3, 2}, mat.NewDense(3, 3, []float64{first, 0, 0, -first, y, 0, 0.9, 0, 0}),
				mat.NewDense(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1e-10}))
			if err != nil {
				t.Fatal(err)
			}
			p := certain(t, m)
			c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind})
			if err != nil {
				t.Fatal(err)
			}
			if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound}); f.Containment() == oracle.Refuted {
				t.Errorf("means (%g, 0, 0), (%g, %g, 0): containment refuted, defect %g, dimension %+v", first, -first, y, f.Defect(), p.Left.FisherDimension())
			}
		}
	}
}

// Floats that coincide are equal, exactly: M* = 0, while S_F is the line of their mean. A covariance that is singular but for
// the last digit of a float leaves equality undecided.
func TestFloatsThatCoincide(t *testing.T) {
	nearly := 1 - 0x1p-53
	for _, c := range []struct {
		means, covariance *mat.Dense
		want              oracle.Verdict
	}{
		{mat.NewDense(2, 1, []float64{0.1, 0.1}), mat.NewDense(1, 1, []float64{1}), oracle.Refuted},
		{mat.NewDense(2, 2, []float64{1, 0, 0, 1}), mat.NewDense(2, 2, []float64{1, nearly, nearly, 1}), oracle.Undecided},
	} {
		m, err := gmm.New([]float64{1, 1}, c.means, c.covariance)
		if err != nil {
			t.Fatal(err)
		}
		p := certain(t, m)
		candidate, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: candidate.Free.Form, Constrained: candidate.Constrained.Form}); f.Equality() != c.want {
			t.Errorf("%#v: equality %v, want %v", p, f.Equality(), c.want)
		}
	}
}

// Gradients whose squares vanish must not be taken for 0.
func TestVanishingMeansAreUndecided(t *testing.T) {
	p := read(t, `{"weights": [1, 1], "means": [["1e-160"], ["-1e-160"]], "covariance": [[1]]}`)
	form := plain(1, []float64{-1e-165})
	if f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form, Constrained: form, Claimed: 1}); f.Equality() != oracle.Undecided {
		t.Errorf("equality %v, want undecided", f.Equality())
	}
}

func certain(t *testing.T, m *gmm.Mixture) gmm.Pairs {
	t.Helper()
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPrincipalAngles(t *testing.T) {
	for _, angle := range []float64{0, 1e-12, 1e-5, 0.3, 1.2, math.Pi/2 - 1e-9, math.Pi / 2} {
		a := mat.NewDense(3, 2, []float64{2, 1, 0, 3, 0, 0})
		b := mat.NewDense(3, 2, []float64{math.Cos(angle), 1, 0, 0, math.Sin(angle), 0})
		b.Set(0, 1, 0)
		b.Set(1, 1, -5)
		got := subspace.PrincipalAngles(a, b)
		if len(got) != 2 || math.Abs(got[0]) > 1e-15 || math.Abs(got[1]-angle) > 1e-15*math.Max(1, angle/1e-3) {
			t.Errorf("angles %v, want 0 and %v", got, angle)
		}
	}
	line := mat.NewDense(3, 1, []float64{1, 1, 0})
	plane := mat.NewDense(3, 2, []float64{1, 0, 0, 0, 0, 1})
	if got := subspace.PrincipalAngles(line, plane); len(got) != 1 || math.Abs(got[0]-math.Pi/4) > 1e-15 {
		t.Errorf("the angle of a line to a plane is %v, want π/4", got)
	}
}

func TestFisherSubspace(t *testing.T) {
	p := read(t, `{"weights": [1, 2], "means": [[1, 0, 0], [2, 0, 0]], "covariance": [[2, 1, 0], [1, 1, 0], [0, 0, 1]]}`)
	want := mat.NewDense(3, 1, []float64{1, -1, 0}) // Σ⁻¹(1, 0, 0)
	if got := subspace.PrincipalAngles(subspace.Fisher(p.Left).Basis, want); len(got) != 1 || got[0] > 1e-15 {
		t.Errorf("the Fisher subspace is off by %v", got)
	}
}

// distance bounds ‖M − M_u‖_F, whitened, by what the oracle finds of M = M·Iᵀ beside the InfoNCE loss, which is
// c-strongly convex.
func distance(p gmm.Pairs, m gmm.Form, c, tolerance float64) float64 {
	f, err := oracle.JudgePair(oracle.InfoNCE, p, m.Matrix(p), identity(p.Left.Dimension()), tolerance)
	if err != nil {
		return math.Inf(1)
	}
	return math.Sqrt(2 * f.Gap / c)
}

func identity(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}
