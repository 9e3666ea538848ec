package solver_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// The eigenvalues of M_u on S_F are those of the reference, to its digits, and the oracle decides by them.
func TestNegativesReference(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		text              string
		n                 int
		least, most, loss float64 // NaN where the reference has none
	}{
		{twoPoints, 1, -2.43584019e-3, .28860510, none},
		{twoPoints, 2, -1.52918036e-3, none, none},
		{twoPoints, 4, -9.22345510e-4, .27047417, 1.51605024492},
		{twoPoints, 16, -4.25615873e-4, .25619245, none},
		{twoPoints, 64, -2.91193558e-4, .24960530, none},
		{twoPoints, 256, -2.53064120e-4, .24750536, 5.43473348741},
		{pointsApart, 1, -1.97850119e-2, .20165264, none},
		{pointsApart, 64, -4.36059674e-3, .15771717, none},
		{rareOutlier, 1, 5.14909318e-5, .05421625, none},
		{rareOutlier, 4, 1.12248931e-4, .05672102, none},
		{rareOutlier, 16, 2.20692135e-4, .06103004, none},
		{rareOutlier, 64, -7.35517478e-4, .05835520, none},
		{rareOutlier, 256, -4.33020675e-3, .05155190, none},
		{threeCentred, 1, -2.82538693e-2, none, none},
		{threeCentred, 64, -8.19991347e-3, none, none},
		{rarerCentred, 1, 2.73209181e-5, .04472079, none},
		{rarerCentred, 64, 1.08493307e-5, .06713386, none},
	} {
		t.Run(fmt.Sprint(c.text, c.n), func(t *testing.T) {
			d, err := gmm.Read("file", strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			found, err := solver.Minimise(solver.Negatives(c.n), d.Pairs, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := oracle.Judge(oracle.Negatives(c.n), d.Pairs, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form})
			for i, want := range []float64{c.least, c.most} {
				digit := math.Pow(10, math.Floor(math.Log10(math.Abs(want)))-8) // nine digits are given
				const finest = 2e-12                                            // of a solve
				if off := math.Abs(f.Spectrum[i] - want); off > max(5e-9*float64(i), digit, finest) {
					t.Errorf("eigenvalue %d is %.10g, want %.9g", i+1, f.Spectrum[i], want)
				}
			}
			const eleven = 1e-10
			if off := math.Abs(found.Free.Loss - c.loss); off > eleven {
				t.Errorf("the loss is %.12g, want %.12g", found.Free.Loss, c.loss)
			}
			want := oracle.Refuted
			if c.least > 0 {
				want = oracle.Holds
			}
			if f.Equality() != want || f.Evidence.Grade != oracle.Bounded || f.Containment() != oracle.Holds {
				t.Errorf("equality %v (%v), want %v; containment %v", f.Equality(), f.Evidence.Grade, want, f.Containment())
			}
		})
	}
}

// Solve and judge to 1e-9.
func BenchmarkNegatives(b *testing.B) {
	d, err := gmm.Read("file", strings.NewReader(rareOutlier))
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{16, 64} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			for b.Loop() {
				found, err := solver.Minimise(solver.Negatives(n), d.Pairs, solver.Options{})
				if err != nil || found.Free.DistanceBound > 1e-9 {
					b.Fatal(err, found.Free.DistanceBound)
				}
				f := oracle.Judge(oracle.Negatives(n), d.Pairs, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form})
				if f.Equality() == oracle.Undecided {
					b.Fatal("undecided")
				}
			}
		})
	}
}
