package oracle_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// logisticLoss draws a loss of logistic functions with its parameters: m from 10⁻⁶ to 10⁶, a bias that is free, or fixed near the best ones.
func logisticLoss(rng *rand.Rand) losses.Loss {
	m := fmt.Sprint(math.Pow(10, 12*rng.Float64()-6))
	settings := []losses.Settings{
		{Loss: "triplet"}, {Loss: "triplet", Score: losses.Distance},
		{Loss: "sigmoid"}, {Loss: "sigmoid", Negatives: m}, {Loss: "sigmoid", Negatives: "4", Bias: fmt.Sprint(math.Round(8*rng.NormFloat64()) / 4)},
		{Loss: "sigmoid", Score: losses.Distance}, {Loss: "sigmoid", Score: losses.Distance, Negatives: m},
	}
	l, err := losses.Choose(settings[rng.IntN(len(settings))])
	if err != nil {
		panic(err)
	}
	return l
}

// seenBy draws pairs of one covariance in one to three dimensions, as a loss sees them.
func seenBy(t *testing.T, rng *rand.Rand, l losses.Loss, delta float64) gmm.Pairs {
	t.Helper()
	d, k := 1+rng.IntN(3), 2+rng.IntN(3)
	e := gmm.Exact{}
	size := math.Exp(1.5 * rng.Float64())
	for range k {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(1+rng.Int64N(99)), 1))
		mean := make([]float64, d)
		for i := range mean {
			mean[i] = math.Round(64*size*rng.NormFloat64()) / 64
		}
		e.Means = append(e.Means, gmm.Rationals(mean...))
	}
	for i := range d {
		row := make([]float64, d)
		row[i] = 1
		e.Covariance = append(e.Covariance, gmm.Rationals(row...))
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, new(big.Rat).SetFloat64(delta))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = l.Sees(p); err != nil {
		t.Fatal(err)
	}
	return p
}

// The oracle's bound of the distance of any matrix never falls below the true distance, of a solve of the same problem to all digits; beside a minimiser that bound is small.
func TestLogisticDistanceBoundsTheTrueDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 1))
	bounded, fine, cases := 0, 0, enough.Cases(200)
	for i := range cases {
		l := logisticLoss(rng)
		p := seenBy(t, rng, l, []float64{1, 0.5, 0.25}[rng.IntN(3)])
		found, err := solver.Minimise(l.Solver, p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatalf("case %d, %+v: %v", i, l.Settings, err)
		}
		best, claimed := found.Free.Form.Matrix(p), found.Free.DistanceBound
		d, _ := best.Dims()
		off, size := mat.NewDense(d, d, nil), math.Pow(10, -9*rng.Float64())*(1e-3+mat.Norm(best, 2))
		for a := range d {
			for b := range a + 1 {
				x := size * rng.NormFloat64()
				off.Set(a, b, x)
				off.Set(b, a, x)
			}
		}
		for _, moved := range []bool{false, true} {
			m, truth := mat.DenseCopyOf(best), 0.0
			if moved {
				m.Add(m, off)
				truth = mat.Norm(off, 2)
			}
			f, err := oracle.JudgePair(l.Oracle, p, m, identity(d), 1e-13)
			if err != nil {
				continue
			}
			if f.Distance < truth-claimed-1e-14 {
				t.Errorf("case %d, %+v: the distance %.6g (to ±%.2g) is bounded by %.6g", i, l.Settings, truth, claimed, f.Distance)
			}
			if !math.IsInf(f.Distance, 1) {
				bounded++
				if !moved && f.Distance < 1e-5 {
					fine++
				}
			}
			// The verdict of a judgement that stops where it is decided rests on a bound, too.
			j := oracle.Judge(l.Oracle, p, oracle.Candidates{Free: gmm.Plain(mat.NewSymDense(d, m.RawMatrix().Data))})
			if j.Evidence.Grade == oracle.Bounded && !j.Evidence.Exact && j.Evidence.Epsilon < truth-claimed-1e-14 {
				t.Errorf("case %d, %+v: the distance %.6g (to ±%.2g) is judged to be at most %.6g", i, l.Settings, truth, claimed, j.Evidence.Epsilon)
			}
		}
	}
	if bounded < cases || fine < cases*3/4 {
		t.Errorf("of %d cases %d distances are bounded, and %d minimisers known to 1e-5: too few", cases, bounded, fine)
	}
}

// At δ = 1 losses of distances keep every direction, by a theorem: of random mixtures, with rare and near-coincident components among them, none is refuted.
func TestDistancesKeepEveryDirection(t *testing.T) {
	for _, l := range losses.All() {
		if !l.Differences() || !l.Theorem.Certain {
			continue
		}
		held, drawn := 0, enough.Cases(60)
		for seed := range drawn {
			draw := generators.SharedCovariance()
			if seed%4 == 3 {
				draw = generators.NearDegenerate()
			}
			p, err := gmm.NewPairs(draw.Example(seed), big.NewRat(1, 1))
			if err != nil {
				t.Fatal(err)
			}
			d, err := losses.Decide(context.Background(), l, p, losses.Options{})
			if err != nil {
				t.Fatalf("%s, seed %d: %v", l.Name(), seed, err)
			}
			if d.Findings.Equality() == oracle.Refuted || d.Findings.Containment() == oracle.Refuted {
				t.Errorf("%s, seed %d: equality %v, containment %v, %v", l.Name(), seed, d.Findings.Equality(), d.Findings.Containment(), d.Findings.Evidence)
			}
			if d.Findings.Equality() == oracle.Holds {
				held++
			}
		}
		t.Logf("%s: %d of %d hold", l.Name(), held, drawn)
		if held < drawn/2 {
			t.Errorf("%s: only %d of %d are decided", l.Name(), held, drawn)
		}
	}
}
