package soundness

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/tables"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// decideDistance decides InfoNCE with a distance score at δ = 1.
func decideDistance(t testing.TB, p gmm.Pairs, o losses.Options) losses.Decision {
	t.Helper()
	l, err := losses.Choose(losses.Settings{Loss: "infonce", Score: losses.Distance})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.WithDelta(big.NewRat(1, 1)); err != nil {
		t.Fatal(err)
	}
	d, err := losses.Decide(context.Background(), l, p, o)
	if err != nil {
		t.Fatalf("%v: %#v", err, p)
	}
	return d
}

// What centred mixtures lose under dot products they keep under distances, certified.
func TestDistanceKeepsWhatCentredCounterexamplesLose(t *testing.T) {
	stored := theorems.Stored("equality-centred")
	if len(stored) < 3 {
		t.Fatalf("%d counterexamples are stored", len(stored))
	}
	for _, s := range stored {
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			f := decideDistance(t, s.Case.Pairs, losses.Options{Method: method}).Findings
			if f.Equality() != oracle.Holds || f.Containment() == oracle.Refuted || f.Evidence.Grade != oracle.Bounded {
				t.Errorf("%s, %v: equality %v, containment %v: %v", s.Name, method, f.Equality(), f.Containment(), f.Evidence)
			}
		}
	}
}

// Eigenvalues of M_u on the centred Fisher subspace of two tables, whether they are centred first or not.
func TestDistanceOfTables(t *testing.T) {
	for _, c := range []struct {
		file, label string
		want        [2]float64
	}{
		{"iris.csv", "species", [2]float64{2.445840272e-3, .3097580308}},
		{"wine.csv", "cultivar", [2]float64{.2405932482, .2746270827}},
	} {
		f, err := os.Open("../../testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		table, err := tables.Read(c.file, f, tables.Options{Label: c.label})
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := table.Fit(table.All(), tables.Shrinkage{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		d := decideDistance(t, p, losses.Options{})
		for i, want := range c.want {
			if got := d.Findings.Spectrum[i]; math.Abs(got-want) > 5e-10*want {
				t.Errorf("%s: eigenvalue %d is %.11g, want %.10g", c.file, i+1, got, want)
			}
		}
		if d.Findings.Equality() != oracle.Holds || d.Findings.Evidence.Grade != oracle.Bounded {
			t.Errorf("%s: %v, %v", c.file, d.Findings.Equality(), d.Findings.Evidence)
		}
	}
}

// At δ = 1 every direction is kept, of rare classes, far ones and near ones: no mixture refutes it. Where λ_min is too small to be told it is undecided.
func TestDistanceEqualityIsNeverRefuted(t *testing.T) {
	draw := []func(seed ...int) *gmm.Mixture{
		generators.RareOutlier().Example, generators.FarSeparated().Example, generators.NearDegenerate().Example,
		generators.Collinear().Example, generators.Distinct().Example, generators.SharedCovarianceOf(4, 5, 4, 5).Example,
		generators.RareOutliersOf(4, 3).Example,
	}
	holds, undecided, estimated := 0, 0, 0
	n := enough.Cases(60)
	for i := range n { // of few components: where many are sampled, a judgement may take a minute
		m := draw[i%len(draw)](i)
		if m.Coincident() {
			continue
		}
		p, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		f := decideDistance(t, p, losses.Options{}).Findings
		if f.Evidence.Grade == oracle.Estimated {
			estimated++
		}
		switch f.Equality() {
		case oracle.Refuted:
			t.Errorf("case %d: refuted, %v\n%#v", i, f.Evidence, p)
		case oracle.Holds:
			holds++
		default:
			undecided++
			t.Logf("case %d: %d components, margin %.3g, %v", i, p.Components(), f.Margin(), f.Evidence)
		}
	}
	t.Logf("of %d mixtures %d hold, %d are undecided; %d by an estimate", n, holds, undecided, estimated)
	if undecided > n/4 {
		t.Errorf("%d of %d are undecided", undecided, n)
	}
}

// Neither pillar's bound of the distance to the minimiser is below what it is, however far from it a candidate is; near it there is one.
func TestDistanceCertificate(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	closed := 0
	n := enough.Cases(60)
	for i := range n {
		m := generators.SphericalOf(2, 4, 2, 3).Example(i)
		if m.Coincident() {
			continue
		}
		p := centredPairs(t, m, big.NewRat(int64(1+i%4), 4))
		fine, err := solver.Minimise(solver.Distance, p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(err)
		}
		size := math.Pow(10, -1-7*rng.Float64())
		rough, err := solver.Minimise(solver.Distance, p, solver.Options{Method: solver.Blind, Tolerance: size})
		if err != nil {
			t.Fatal(err)
		}
		best := fine.Free.Form.Matrix(p)
		apart := func(form gmm.Form) float64 { // whitened
			var off mat.Dense
			off.Sub(form.Matrix(p), best)
			return oracle.WhitenedNorm(p.Left, &off)
		}
		// What is claimed of the solver's own end.
		if off := apart(rough.Free.Form); off > rough.Free.DistanceBound+fine.Free.DistanceBound {
			t.Errorf("case %d: the solver claims %.3g ± %.1g, and is %.3g away\n%#v", i, rough.Free.DistanceBound, fine.Free.DistanceBound, off, p)
		}
		moved := mat.DenseCopyOf(best)
		d, _ := moved.Dims()
		for a := range d {
			for b := range a + 1 {
				x := size * rng.NormFloat64()
				moved.Set(a, b, moved.At(a, b)+x)
				moved.Set(b, a, moved.At(a, b))
			}
		}
		form := gmm.Plain(moved)
		f := oracle.Judge(oracle.Distance, p, oracle.Candidates{Free: form})
		off := apart(form)
		if !(f.Evidence.Epsilon >= off-fine.Free.DistanceBound) {
			t.Errorf("case %d: the oracle bounds by %.6g, and it is %.6g away\n%#v", i, f.Evidence.Epsilon, off, p)
		}
		if !math.IsInf(f.Evidence.Epsilon, 1) {
			closed++
		}
	}
	t.Logf("%d of %d balls close", closed, n)
	if closed < n/2 {
		t.Errorf("only %d of %d balls close", closed, n)
	}
}

func centredPairs(t testing.TB, m *gmm.Mixture, delta *big.Rat) gmm.Pairs {
	t.Helper()
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.Centre(); err != nil {
		t.Fatal(err)
	}
	return p
}

// BenchmarkDistance decides the centred 1:11:420 with both scores, from the mixture to the verdict.
func BenchmarkDistance(b *testing.B) {
	m, err := gmm.New([]float64{1, 11, 420}, mat.NewDense(3, 2, []float64{17, 9, 8, 3, -.25, -.1}), mat.NewDiagDense(2, []float64{1, 1}))
	if err != nil {
		b.Fatal(err)
	}
	for _, score := range []string{losses.Dot, losses.Distance} {
		l, err := losses.Choose(losses.Settings{Loss: "infonce", Score: score})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(score, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer() // a fresh mixture, as its Gram matrix is computed once
				fresh, err := gmm.New(m.Weights(), m.Means(), m.Covariance())
				if err != nil {
					b.Fatal(err)
				}
				p, err := gmm.NewPairs(fresh, big.NewRat(1, 1))
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				d, err := losses.Decide(context.Background(), l, p, losses.Options{})
				if err != nil || d.Findings.Equality() == oracle.Undecided {
					b.Fatal("undecided", err)
				}
			}
		})
	}
}
