package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// ownLosses are those that are judged for own covariances one by one.
var ownLosses = []losses.Loss{losses.InfoNCE, of("dv")}

// of is a loss by its word.
func of(word string) losses.Loss {
	l, err := losses.Choose(losses.Settings{Loss: word})
	if err != nil {
		panic(err)
	}
	return l
}

// disturbed adds a random symmetric matrix of the given size.
func disturbed(m gmm.Form, size float64, rng *rand.Rand) gmm.Form {
	n, _ := m.N.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, m.N.At(i, j)+size*rng.NormFloat64())
		}
	}
	return gmm.Form{Left: m.Left, Right: m.Right, N: mat.DenseCopyOf(out)}
}

// Whatever the candidates, containment is not refuted where all covariances are equal,
// as it is a theorem there; good candidates are found to lie in S_F.
func TestContainmentOfEqualCovariancesIsNeverRefuted(t *testing.T) {
	for _, l := range ownLosses {
		t.Run(l.Name(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(31, 0))
			holds, ran := 0, 0
			for i := range enough.Cases(36) {
				m := generators.SharedCovarianceOf(2, 3, 2, 3).Example(i)
				if m.FisherDimension() == m.Dimension() {
					continue
				}
				shared, err := gmm.NewPairs(m, generators.Informative().Example(i))
				if err != nil {
					t.Fatal(err)
				}
				p := shared.Apart()
				c, err := solver.Minimise(l.Solver, p.Apart(), solver.Options{Seed: uint64(i)})
				if err != nil {
					t.Fatal(err)
				}
				ran++
				if oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form}).Containment() == oracle.Holds {
					holds++
				}
				for _, size := range []float64{0, 1e-6, 1e-2} {
					inside, best := disturbed(c.Inside.Form, size, rng), disturbed(c.Constrained.Form, size, rng)
					if f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: inside, Constrained: best}); f.Containment() == oracle.Refuted {
						t.Errorf("case %d, candidates off by %g: refuted, slope %.2g ± %.2g, defect %.2g\n%#v", i, size, f.Sides[0].Slope, f.Sides[0].SlopeError, f.Defect(), p)
					}
				}
			}
			if ran < enough.Least(5) || holds < ran*3/4 && !testing.Short() {
				t.Errorf("containment holds in %d of %d cases", holds, ran)
			}
		})
	}
}

// The two ways to a verdict agree: no case in which M* leaves S_F is found to hold, and
// candidates for M* that are disturbed do not make it hold.
func TestContainmentOfTiltedMixturesNeverHolds(t *testing.T) {
	for _, l := range ownLosses {
		t.Run(l.Name(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(32, 0))
			refuted := 0
			for i := range enough.Cases(20) {
				p, err := gmm.NewPairs(generators.Tilted().Example(i), generators.Informative().Example(i))
				if err != nil {
					t.Fatal(err)
				}
				c, err := solver.Minimise(l.Solver, p.Apart(), solver.Options{Seed: uint64(i)})
				if err != nil {
					t.Fatal(err)
				}
				f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form})
				if f.Containment() != oracle.Refuted {
					continue
				}
				refuted++
				if gain, noise := c.Inside.Loss-c.Constrained.Loss, c.Inside.LossError+c.Constrained.LossError; gain < -noise || f.Sides[0].Slope > 1e-4 && gain <= noise {
					t.Errorf("case %d: refuted by a slope of %.2g, but leaving S_F gains %.2g\n%#v", i, f.Sides[0].Slope, gain, p)
				}
				for _, size := range []float64{0, 1e-6, 1e-2} {
					far := disturbed(c.Inside.Form, size, rng)
					if f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: far, Constrained: far}); f.Containment() == oracle.Holds {
						t.Errorf("case %d: a matrix inside S_F, off by %g, is taken for M*: defect %.2g\n%#v", i, size, f.Defect(), p)
					}
				}
			}
			if refuted < enough.Least(5) {
				t.Errorf("only %d cases were refuted", refuted)
			}
		})
	}
}

// Covariances that hardly differ make a defect that is hardly more than 0, which is no
// containment.
func TestContainmentOfNearlyEqualCovariancesNeverHolds(t *testing.T) {
	for _, l := range ownLosses {
		t.Run(l.Name(), func(t *testing.T) {
			decided := 0
			for _, r := range []string{"1e-3", "1e-6", "1e-9", "1e-12", "1e-20"} {
				text := `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "2` + r[1:] + `"], ["2` + r[1:] + `", 1]], [[1, "-` + r + `"], ["-` + r + `", 1]]]}`
				d, err := gmm.Read("tilted", strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				c, err := solver.Minimise(l.Solver, d.Pairs.Apart(), solver.Options{})
				if err != nil {
					t.Fatal(err)
				}
				switch f := oracle.Judge(l.Oracle, d.Pairs, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form}); f.Containment() {
				case oracle.Holds:
					t.Errorf("correlations of %s: containment is said to hold, with a defect of %.2g", r, f.Defect())
				case oracle.Refuted:
					decided++
				}
			}
			if decided < 2 {
				t.Errorf("only %d of 5 cases were refuted", decided)
			}
		})
	}
}

// Where every covariance leaves S_F and its complement apart, noise across S_F has mean 0 whatever is in it: containment is a theorem by convexity, though the covariances
// differ. It is never refuted, whatever the candidates.
func TestContainmentOfSeparateNoiseIsNeverRefuted(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 0))
	small := func(least, most int) int { return least + rng.IntN(most-least+1) }
	for _, l := range ownLosses {
		t.Run(l.Name(), func(t *testing.T) {
			for i := range enough.Cases(6) {
				var means, covariances []string
				turn := mat.NewDense(3, 3, []float64{2, float64(small(-1, 1)), 1, float64(small(-1, 1)), 3, 0, 1, 0, 2}) // so that rounding has something to do
				for k := range 2 {
					x := float64(small(1, 3) * (1 - 2*k))
					means = append(means, fmt.Sprintf("[%g, %g, %g]", x*turn.At(0, 0), x*turn.At(1, 0), x*turn.At(2, 0)))
					off := float64(small(-2, 2))
					s := mat.NewDense(3, 3, []float64{float64(small(1, 4)), 0, 0, 0, float64(small(3, 5)), off, 0, off, float64(small(2, 6))})
					s.Mul(turn, s)
					s.Mul(s, turn.T())
					covariances = append(covariances, fmt.Sprintf("[[%g, %g, %g], [%g, %g, %g], [%g, %g, %g]]", s.At(0, 0), s.At(0, 1), s.At(0, 2), s.At(1, 0), s.At(1, 1), s.At(1, 2), s.At(2, 0), s.At(2, 1), s.At(2, 2)))
				}
				text := fmt.Sprintf(`{"weights": [%d, %d], "means": [%s], "covariance": [%s], "delta": "%d/4"}`, small(1, 4), small(1, 4), strings.Join(means, ", "), strings.Join(covariances, ", "), small(1, 4))
				p := readAny(t, text).Pairs
				c, err := solver.Minimise(l.Solver, p, solver.Options{Seed: uint64(i)})
				if err != nil {
					t.Fatal(err)
				}
				for _, size := range []float64{0, 1e-9, 1e-4, 1e-2} {
					f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: disturbed(c.Inside.Form, size, rng), Constrained: disturbed(c.Constrained.Form, size, rng)})
					if f.Containment() == oracle.Refuted {
						t.Errorf("case %d, candidates off by %g: %v, slope %.2g ± %.2g, defect %.2g\n%s", i, size, f.Containment(), f.Sides[0].Slope, f.Sides[0].SlopeError, f.Defect(), text)
					}
				}
			}
		})
	}
}

// A component that is rare leaves its covariance as well known as those of others, and not to 1/weight times what rounding changes.
func TestContainmentBesideARareComponentIsRefuted(t *testing.T) {
	for _, weight := range []string{"1e-6", "1e-9", "1e-12"} {
		p := readAny(t, `{"delta": 1, "weights": ["`+weight+`", 1, 2], "means": [[1, 0], [2, 0], [-1, 0]], "covariance": [[[2, 1], [1, 1]], [[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`).Pairs
		for _, l := range ownLosses {
			c, err := solver.Minimise(l.Solver, p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form})
			if s := f.Sides[0]; f.Containment() != oracle.Refuted || s.Slope < s.SlopeError {
				t.Errorf("%s, weight %s: %v, slope %.4g ± %.2g: %s", l.Name(), weight, f.Containment(), s.Slope, s.SlopeError, f.Evidence.Rule)
			}
		}
	}
}

// Where a solver found nothing but 0 the reason is that.
func TestNothingButZeroIsGivenAsTheReason(t *testing.T) {
	p := readAny(t, `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`).Pairs
	zero := gmm.Plain(mat.NewDense(2, 2, nil))
	for _, l := range ownLosses {
		f := oracle.Judge(l.Oracle, p, oracle.Candidates{Inside: zero, Constrained: zero})
		if f.Containment() != oracle.Undecided || !strings.Contains(f.ContainmentReason(0), "no matrix beside 0") {
			t.Errorf("%s: %v, %q", l.Name(), f.Containment(), f.ContainmentReason(0))
		}
	}
}
