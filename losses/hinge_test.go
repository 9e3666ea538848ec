package losses_test

import (
	"context"
	"math"
	"math/big"
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

// hinges are the losses of both scores and of some margins.
func hinges(t *testing.T) []losses.Loss {
	t.Helper()
	var out []losses.Loss
	for _, s := range []losses.Settings{{Score: losses.Dot}, {Score: losses.Distance}, {Score: losses.Dot, Margin: "1/4"}, {Score: losses.Distance, Margin: "3"}} {
		s.Loss = "hinge"
		l, err := losses.Choose(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// drawn are random pairs of up to four components in up to three dimensions, δ > 0, as a loss sees them.
func drawn(t *testing.T, l losses.Loss, number int) gmm.Pairs {
	t.Helper()
	p, err := gmm.NewPairs(generators.SharedCovarianceOf(2, 4, 1, 3).Example(number), big.NewRat(int64(1+number%8), 8))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = l.Sees(p); err != nil {
		t.Fatal(err)
	}
	return p
}

// whitenedNorm is |LᵀML|, Σ = LLᵀ.
func whitenedNorm(t *testing.T, p gmm.Pairs, m mat.Matrix) float64 {
	t.Helper()
	var product mat.Dense
	product.Mul(m, p.Left.Covariance())
	var square mat.Dense
	square.Mul(&product, &product)
	return math.Sqrt(math.Max(0, mat.Trace(&square)))
}

func identity(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

// What one pillar finds is the minimiser of the other, by the oracle's own gradient and curvature: nearly always within 1e-8 of its size, and never far beyond what is claimed.
func TestHingePillarsAgree(t *testing.T) {
	ran, alike := 0, 0
	for i := range enough.Cases(24) {
		l := hinges(t)[i%4]
		p := drawn(t, l, i)
		found, err := solver.Minimise(l.Solver, p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(err)
		}
		m := found.Free.Form.Matrix(p)
		f, err := oracle.JudgePair(l.Oracle, p, m, identity(p.Left.Dimension()), 1e-12)
		if err != nil {
			t.Fatal(err)
		}
		ran++
		if math.IsInf(f.Distance, 1) { // the loss curves too little there
			continue
		}
		size, claimed := whitenedNorm(t, p, m), found.Free.DistanceBound
		fine := 1e-8 * math.Max(1, size)
		if f.Distance < fine {
			alike++
		}
		if f.Distance > fine+1000*claimed {
			t.Errorf("case %d, %s of %v: the minimiser is off by up to %.2g beside a size of %.2g; the solver claims %.2g", i, l.Title, p, f.Distance, size, claimed)
		}
	}
	if alike < ran*9/10 {
		t.Errorf("the pillars agree in %d of %d cases only", alike, ran)
	}
	t.Logf("the pillars agree in %d of %d cases", alike, ran)
}

// The oracle's bound of a distance is never below the true one, which a solve tells: of matrices that are off by a little or much.
func TestHingeCertificate(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 21))
	bounded, near := 0, 0
	for i := range enough.Cases(40) {
		l := hinges(t)[i%4]
		p := drawn(t, l, 1000+i)
		found, err := solver.Minimise(l.Solver, p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(err)
		}
		m := mat.DenseCopyOf(found.Free.Form.Matrix(p))
		size, d := whitenedNorm(t, p, m), p.Left.Dimension()
		move := mat.NewDense(d, d, nil)
		for a := range d {
			for b := range a + 1 {
				x := rng.NormFloat64()
				move.Set(a, b, x)
				move.Set(b, a, x)
			}
		}
		move.Scale(size*math.Pow(10, -9*rng.Float64()-1)/whitenedNorm(t, p, move), move)
		m.Add(m, move)
		f, err := oracle.JudgePair(l.Oracle, p, m, identity(d), 1e-12)
		if err != nil {
			t.Fatal(err)
		}
		distance := whitenedNorm(t, p, move)
		if f.Distance < distance-found.Free.DistanceBound-1e-12*size {
			t.Errorf("case %d, %s of %v: the minimiser is at most %.9g away by the oracle, and %.9g ± %.2g by the solver", i, l.Title, p, f.Distance, distance, found.Free.DistanceBound)
		}
		if !math.IsInf(f.Distance, 1) {
			bounded++
		}
		if f.Distance < 3*distance {
			near++
		}
	}
	if bounded < enough.Least(16) || near < enough.Least(8) {
		t.Errorf("%d distances are bounded, %d of them by less than three times as much: too few", bounded, near)
	}
	t.Logf("%d distances are bounded, %d of them by less than three times as much", bounded, near)
}

// At δ = 1 the loss of distances keeps every direction: a theorem that no mixture may refute.
func TestHingeOfDistancesIsNeverRefuted(t *testing.T) {
	l := hinges(t)[1]
	held := 0
	families := generators.Families()
	for i, ran := 0, 0; ran < enough.Cases(12); i++ {
		p, err := gmm.NewPairs(families[i%len(families)].Draw.Example(i), big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		if l.Admit(p) != nil { // own covariances
			continue
		}
		ran++
		d, err := losses.Decide(context.Background(), l, p, losses.Options{})
		if err != nil {
			t.Fatal(p, err)
		}
		switch d.Findings.Equality() {
		case oracle.Refuted:
			t.Errorf("%v: equality is refuted, margin %v", p, d.Findings.Evidence)
		case oracle.Holds:
			held++
		}
	}
	if held < enough.Least(8) {
		t.Errorf("equality holds in %d cases only", held)
	}
	t.Logf("equality holds in %d cases", held)
}

// A margin is but a scale: M*(α) = α M*(1), and the loss is α times as large. Of the symmetric pair M* is singular, which no arithmetic decides.
func TestHingeScales(t *testing.T) {
	two := read(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": "3/4"}`)
	for _, score := range []string{losses.Dot, losses.Distance} {
		var first losses.Decision
		for i, margin := range []string{"1", "1/1000", "1000"} {
			l, err := losses.Choose(losses.Settings{Loss: "hinge", Score: score, Margin: margin})
			if err != nil {
				t.Fatal(err)
			}
			d, err := losses.Decide(context.Background(), l, two, losses.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = d
				continue
			}
			alpha := []float64{1, 1e-3, 1e3}[i]
			var off mat.Dense
			off.Scale(-alpha, first.Candidate.Free.Form.Matrix(d.Pairs))
			off.Add(&off, d.Candidate.Free.Form.Matrix(d.Pairs))
			if mat.Norm(&off, 2) > 1e-10*alpha || math.Abs(d.Candidate.Free.Loss-alpha*first.Candidate.Free.Loss) > 1e-12*alpha || d.Findings.Equality() != first.Findings.Equality() {
				t.Errorf("%s, margin %s: M* is off by %.2g, the loss %.15g beside %.15g, equality %v beside %v", score, margin, mat.Norm(&off, 2)/alpha,
					d.Candidate.Free.Loss/alpha, first.Candidate.Free.Loss, d.Findings.Equality(), first.Findings.Equality())
			}
		}
	}
	d, err := losses.Decide(context.Background(), hinges(t)[0], read(t, `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`), losses.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Findings.Equality() == oracle.Holds {
		t.Error("of the symmetric pair equality holds")
	}
}

// Where the loss curves too little for any bound, both verdicts say so.
func TestHingeSaysWhyNothingIsBounded(t *testing.T) {
	p := read(t, `{"weights": [1, 2, 1024], "means": [[15.5, 20.5, 13], [1, 19, -8], ["-0.01708984375", "-0.05712890625", "0.0029296875"]],
		"covariance": [[0.25, -0.25, 0.5], [-0.25, 4.25, -2.5], [0.5, -2.5, 2.25]], "delta": "3/8"}`)
	d, err := losses.Decide(context.Background(), hinges(t)[2], p, losses.Options{Method: solver.Blind})
	if err != nil {
		t.Fatal(err)
	}
	f := d.Findings
	if f.Containment() != oracle.Undecided || f.Equality() != oracle.Undecided {
		t.Fatalf("containment %v, equality %v", f.Containment(), f.Equality())
	}
	for _, why := range []string{f.ContainmentReason(0), f.EqualityReason(0)} {
		if !strings.Contains(why, "so flat") {
			t.Errorf("undecided, as %q", why)
		}
	}
}

// Of points so far apart that the loss is flat at what the solver found, or at 0 as a double sees it, what is given for a minimiser has no larger loss than M = 0, and no bound is below 0.
func TestHingeOfFlatLosses(t *testing.T) {
	for _, c := range []struct{ score, margin, text string }{
		{losses.Distance, "1", `{"weights": [1, 1], "means": [[100, 0], [0, 1]], "covariance": "identity"}`},
		{losses.Dot, "1e-30", `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`},
	} {
		l, err := losses.Choose(losses.Settings{Loss: "hinge", Score: c.score, Margin: c.margin})
		if err != nil {
			t.Fatal(err)
		}
		d, err := losses.Decide(context.Background(), l, read(t, c.text), losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range map[string]solver.Minimum{"M_u": d.Candidate.Free, "M*": d.Candidate.Constrained} {
			if !(m.DistanceBound >= 0) {
				t.Errorf("%s of %s, margin %s: the distance of %s is bounded by %g", c.text, l.Title, c.margin, name, m.DistanceBound)
			}
		}
		if atZero := 1.0; c.margin == "1" && d.Candidate.Constrained.Loss > atZero {
			t.Errorf("%s of %s: a loss of %g at M*, of %g at 0", c.text, l.Title, d.Candidate.Constrained.Loss, atZero)
		}
	}
}
