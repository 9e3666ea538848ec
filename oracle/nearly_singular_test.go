package oracle_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// nearlySingular draws k components in the plane with decimals, whose covariance has a condition number of up to 1e26 and whose
// means are moderate in standard deviations; plain is the same mixture in coordinates in which its covariance is the identity.
func nearlySingular(t *testing.T, rng *rand.Rand, k int) (p, plain gmm.Pairs) {
	t.Helper()
	digits := 7 + rng.IntN(7)
	thin := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	slope := big.NewRat(1+rng.Int64N(30), 10) // Σ = LLᵀ, L = [1 0; slope thin]
	square := new(big.Rat).Mul(slope, slope)
	e := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(1, 1), slope}, {slope, square.Add(square, new(big.Rat).Mul(thin, thin))}}}
	whitened := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 1)}}}
	for i := range k {
		e.Weights = append(e.Weights, big.NewRat(int64(1+i), 1))
		x, y := big.NewRat(rng.Int64N(61)-30, 10), big.NewRat(rng.Int64N(61)-30, 10)
		along := new(big.Rat).Mul(slope, x)
		e.Means = append(e.Means, []*big.Rat{x, along.Add(along, new(big.Rat).Mul(thin, y))})
		whitened.Means = append(whitened.Means, []*big.Rat{x, y})
	}
	whitened.Weights = e.Weights
	pairs := func(e gmm.Exact) gmm.Pairs {
		m, err := gmm.NewExact(e)
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	return pairs(e), pairs(whitened)
}

// Exact numbers are judged whatever the condition of the covariance, as the same mixture is in whitened coordinates, and
// proofs agree.
func TestNearlySingularCovariancesAreJudged(t *testing.T) {
	rng := rand.New(rand.NewPCG(18, 3))
	var decided, proved int
	for i := range 60 {
		p, plain := nearlySingular(t, rng, 2+i%2)
		f, c := judged(t, p)
		same, _ := judged(t, plain)
		if off := math.Abs(f.Margin() - same.Margin()); off > f.Evidence.Epsilon+same.Evidence.Epsilon || f.Equality() != same.Equality() {
			t.Errorf("%v by %g ± %g, and %v by %g ± %g in whitened coordinates: %v", f.Equality(), f.Margin(), f.Evidence.Epsilon,
				same.Equality(), same.Margin(), same.Evidence.Epsilon, p)
		}
		if strings.HasPrefix(f.Evidence.Rule, "none: ") {
			t.Errorf("%s for %v", f.Evidence.Rule, p)
		}
		if f.Equality() == oracle.Undecided || f.Evidence.Exact {
			continue
		}
		decided++
		if i%4 > 0 {
			continue
		}
		certificate, err := proof.Prove(proof.InfoNCE, p, c.Free.Form)
		if err != nil {
			continue
		}
		proved++
		if certificate.Verdict != f.Equality() {
			t.Errorf("judged %v (%+v), proved %v: %v", f.Equality(), f.Evidence, certificate.Verdict, p)
		}
	}
	if decided < 50 || proved < 10 {
		t.Errorf("only %d of 60 were decided, and %d proved", decided, proved)
	}
}

func judged(t *testing.T, p gmm.Pairs) (oracle.Findings, solver.Candidate) {
	t.Helper()
	c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		t.Fatalf("%v for %v", err, p)
	}
	return oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound}), c
}

// The CLIP and the spectral loss of two modalities are judged as in whitened coordinates, too.
func TestNearlySingularModalitiesAreJudged(t *testing.T) {
	rng := rand.New(rand.NewPCG(18, 4))
	for i := range 12 {
		visual, plainVisual := nearlySingular(t, rng, 2+i%2)
		text, plainText := nearlySingular(t, rng, 2+i%2)
		findings := func(visual, text gmm.Pairs) (found []oracle.Findings) {
			p, err := gmm.NewPaired(visual.Left, text.Left, gmm.Rationals(1)[0])
			if err != nil {
				t.Fatal(err)
			}
			clip, err := solver.Minimise(solver.CLIP, p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			spectral, err := solver.Minimise(solver.Spectral, p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return append(found, oracle.Judge(oracle.CLIP, p, oracle.Candidates{Free: clip.Free.Form, Claimed: clip.Free.DistanceBound}), oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: spectral.Free.Form}))
		}
		plain := findings(plainVisual, plainText)
		for j, f := range findings(visual, text) {
			same := plain[j]
			if math.IsInf(f.Evidence.Epsilon, 1) != math.IsInf(same.Evidence.Epsilon, 1) || f.Sides[0].Equality != same.Sides[0].Equality ||
				math.Abs(f.Sides[0].Margin-same.Sides[0].Margin) > f.Evidence.Epsilon+same.Evidence.Epsilon {
				t.Errorf("%+v, and %+v in whitened coordinates: %v and %v", f, same, visual, text)
			}
		}
	}
}

// These were undecided, or refused, for their covariances alone; contrastcheck prove says what is true of them.
func TestVerdictsBehindNearlySingularCovariances(t *testing.T) {
	for _, c := range []struct {
		means, covariance string
		want              oracle.Verdict
	}{
		{`[[2, 2], [0, 1e-13]]`, `[[1, 1], [1, 1.00000000000000000000000001]]`, oracle.Refuted},
		{`[[1, 1.0000000000001], [-2, -2.0000000000001]]`, `[[1, 1], [1, 1.00000000000000000000000001]]`, oracle.Holds},
	} {
		p := read(t, fmt.Sprintf(`{"weights": [1, 3], "means": %s, "covariance": %s}`, c.means, c.covariance))
		found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
		certificate, err := proof.Prove(proof.InfoNCE, p, found.Free.Form)
		if err != nil {
			t.Fatal(err)
		}
		if f.Equality() != c.want || certificate.Verdict != c.want {
			t.Errorf("%s: %v by %s, proved %v, not %v", c.means, f.Equality(), f.Evidence.Rule, certificate.Verdict, c.want)
		}
	}
}

// Own covariances LT_kLᵀ are judged as the T_k are.
func TestNearlySingularOwnCovariancesAreJudged(t *testing.T) {
	const plain = `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, 0.5], [0.5, 1]], [[2, 0], [0, 0.5]]]}`
	// L = [1 0; 3 1e-11]
	const skewed = `{"weights": [1, 2], "means": [[2, 6], [-1, -3]], "covariance": [
		[[1, 3.000000000005], [3.000000000005, 9.0000000000300000000001]], [[2, 6], [6, 18.00000000000000000000005]]]}`
	var found []oracle.Findings
	for _, text := range []string{plain, skewed} {
		d, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := solver.Minimise(solver.InfoNCE, d.Pairs.Apart(), solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, oracle.Judge(oracle.InfoNCE, d.Pairs, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form}))
	}
	if a, b := found[0], found[1]; a.Containment() != oracle.Refuted || b.Containment() != oracle.Refuted || math.Abs(a.Sides[0].Slope-b.Sides[0].Slope) > a.Sides[0].SlopeError+b.Sides[0].SlopeError {
		t.Errorf("%+v, and %+v in skewed coordinates", a, b)
	}
}
