package oracle_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// nearlySingular draws two or three components in the plane with decimals, whose covariance has a condition number of
// up to 1e26 and whose means are moderate in standard deviations.
func nearlySingular(t *testing.T, rng *rand.Rand) gmm.Pairs {
	t.Helper()
	k, digits := 2+rng.IntN(2), 7+rng.IntN(7)
	thin := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	slope := big.NewRat(1+rng.Int64N(30), 10) // Σ = LLᵀ, L = [1 0; slope thin]
	square := new(big.Rat).Mul(slope, slope)
	e := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(1, 1), slope}, {slope, square.Add(square, new(big.Rat).Mul(thin, thin))}}}
	for range k {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(9), 1))
		x, y := big.NewRat(rng.Int64N(61)-30, 10), big.NewRat(rng.Int64N(61)-30, 10)
		along := new(big.Rat).Mul(slope, x)
		e.Means = append(e.Means, []*big.Rat{x, along.Add(along, new(big.Rat).Mul(thin, y))})
	}
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

// Exact numbers are judged whatever the condition of the covariance, and proofs agree.
func TestNearlySingularCovariancesAreJudged(t *testing.T) {
	rng := rand.New(rand.NewPCG(18, 3))
	var judged, proved int
	for i := range 60 {
		p := nearlySingular(t, rng)
		c, err := solver.Reduced(p, solver.Options{})
		if err != nil {
			t.Fatalf("%v for %v", err, p)
		}
		f := oracle.Judge(p, c.Unconstrained.Form, c.Minimiser.Form, c.Unconstrained.DistanceBound)
		if strings.HasPrefix(f.Certificate.Rule, "none: ") {
			t.Errorf("%s for %v", f.Certificate.Rule, p)
		}
		if f.Equality == oracle.Undecided || f.Certificate.Exact {
			continue
		}
		judged++
		if i%4 > 0 {
			continue
		}
		certificate, err := proof.Prove(p, c.Unconstrained.Form)
		if err != nil {
			continue
		}
		proved++
		if certificate.Verdict != f.Equality {
			t.Errorf("judged %v (%+v), proved %v: %v", f.Equality, f.Certificate, certificate.Verdict, p)
		}
	}
	if judged < 50 || proved < 10 {
		t.Errorf("only %d of 60 were judged, and %d proved", judged, proved)
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
		found, err := solver.Reduced(p, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := oracle.Judge(p, found.Unconstrained.Form, found.Minimiser.Form, found.Unconstrained.DistanceBound)
		certificate, err := proof.Prove(p, found.Unconstrained.Form)
		if err != nil {
			t.Fatal(err)
		}
		if f.Equality != c.want || certificate.Verdict != c.want {
			t.Errorf("%s: %v by %s, proved %v, not %v", c.means, f.Equality, f.Certificate.Rule, certificate.Verdict, c.want)
		}
	}
}
