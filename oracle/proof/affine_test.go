package proof_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

const sixMirrored = `{"weights": [1, 5, 1000, 1000, 5, 1], "means": [[12, 6], [8, 2], [1, 0], [-1, 0], [-8, -2], [-12, -6]], "covariance": "identity"}`

// ofAffine are mixtures with λ_min of M_u on S_c, and how far c* leaves the range of M*, by programs that share nothing with this one.
var ofAffine = []struct {
	name, mixture string
	verdict       oracle.Verdict
	margin, off   float64
}{
	{"three equal ones", threeEqual, oracle.Holds, .0146533169575, math.NaN()},
	{"rare classes", rareOutlier, oracle.Refuted, -.0035251582031, .05638639},
	{"six mirrored ones", sixMirrored, oracle.Refuted, -.004899964, math.NaN()},
}

func TestAffineIsProved(t *testing.T) {
	t.Parallel()
	for _, c := range ofAffine {
		p := pairs(t, c.mixture)
		certificate := provedAffine(t, p)
		theorem, err := proof.Check(written(t, certificate))
		if err != nil {
			t.Fatal(err)
		}
		bound, _ := theorem.Margin.Float64()
		if theorem.Verdict != c.verdict || theorem.By == proof.ByRange == math.IsNaN(c.off) || bound > math.Abs(c.margin) || bound < .2*math.Abs(c.margin) {
			t.Errorf("%s: %v by %v with a margin of %g, want %v and a little less than %g", c.name, theorem.Verdict, theorem.By, bound, c.verdict, math.Abs(c.margin))
		}
		if !math.IsNaN(c.off) {
			if off, _ := theorem.OffRange.Float64(); off > c.off || off < .99*c.off {
				t.Errorf("%s: c* leaves the range of M* by %g, want a little less than %g", c.name, off, c.off)
			}
		}
		if centred := provedAffine(t, centred(t, p)); centred.Verdict != certificate.Verdict || (centred.Boundary == nil) != (certificate.Boundary == nil) {
			t.Errorf("%s: %v of the centred mixture", c.name, centred.Verdict)
		}
	}
	if certificate, err := proof.Prove(proof.Affine, pairs(t, threeEqual), gmm.Form{}); err != nil || certificate.Verdict != oracle.Holds {
		t.Errorf("from nothing %v, %v", certificate.Verdict, err)
	}
}

// Two components keep S_c whatever they are, and without information nothing is kept: decided without analysis.
func TestAffineExactCases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]oracle.Verdict{
		twoPoints: oracle.Holds,
		`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`:                        oracle.Holds, // which the linear map loses by the swap
		`{"weights": [1, 9], "means": [[1, 2], [1, 3]], "covariance": "identity", "delta": "1/9"}`:        oracle.Holds,
		`{"weights": [1, 1], "means": [[1, 2], [1, 2]], "covariance": "identity"}`:                        oracle.Holds, // of a subspace {0}
		`{"weights": [1, 1, 1], "means": [[1, 2], [1, 3], [1, 9]], "covariance": "identity"}`:             oracle.Holds, // on a line
		`{"weights": [1, 2], "means": [[1, 0], [0, 1]], "covariance": "identity", "delta": 0}`:            oracle.Refuted,
		`{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`:                                   oracle.Holds,
		`{"weights": [1, 1, 1], "means": [[1, 0], [0, 1], [5, 5]], "covariance": "identity", "delta": 0}`: oracle.Refuted,
	} {
		theorem, err := proof.Check(written(t, provedAffine(t, pairs(t, text))))
		if err != nil || theorem.Verdict != want || theorem.By != proof.ByZero && theorem.By != proof.ByLine {
			t.Errorf("%s: %v by %v, %v", text, theorem.Verdict, theorem.By, err)
		}
	}
}

// A refutation of M_u ≻ 0 alone refutes nothing, unless the mixture is its own mirror image; and what is a boundary of another mixture, or of none, is refused.
func TestAffineNeedsItsBoundary(t *testing.T) {
	t.Parallel()
	rare, six, three := provedAffine(t, pairs(t, rareOutlier)), provedAffine(t, pairs(t, sixMirrored)), provedAffine(t, pairs(t, threeEqual))
	without, linear, other, mirrored, turned, longer, nearly := rare, rare, three, six, rare, rare, rare
	without.Boundary = nil
	linear.Loss = proof.InfoNCE
	other.Boundary = rare.Boundary
	mirrored.Boundary = rare.Boundary
	changed := func(c *proof.Certificate, change func(*proof.Boundary)) {
		b := *c.Boundary
		change(&b)
		c.Boundary = &b
	}
	changed(&turned, func(b *proof.Boundary) { b.Kernel = []*big.Rat{b.Kernel[1], b.Kernel[0]} })
	changed(&longer, func(b *proof.Boundary) { b.Dual = new(big.Rat).Neg(b.Dual) })
	changed(&nearly, func(b *proof.Boundary) { b.Shift = []*big.Rat{new(big.Rat), new(big.Rat)} })
	for name, c := range map[string]proof.Certificate{
		"none": without, "another loss": linear, "where equality holds": other, "of another mixture": mirrored, "another kernel": turned, "a negative dual": longer, "another shift": nearly,
	} {
		if theorem, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) && !errors.Is(err, proof.ErrNotProved) {
			t.Errorf("%s: accepted, %v by %v", name, theorem.Verdict, theorem.By)
		}
	}
}

// What is proved of random mixtures is what the oracle finds, and most that it decides is proved.
func TestAffineProofsAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	decided, proved, none := 0, 0, 0
	for seed := range enough.Cases(30) {
		p := pairs(t, fmt.Sprintf(`{"weights": [1, %d, %d], "means": [[%d, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, 9+seed%5, 300+seed*31%200, 16+seed%3))
		if seed%3 > 0 {
			family := []*rapid.Generator[*gmm.Mixture]{generators.SharedCovarianceOf(3, 5, 2, 2), generators.RareOutlier()}[seed%3-1]
			var err error
			if p, err = gmm.NewPairs(family.Example(seed), big.NewRat(1, 1)); err != nil {
				t.Fatal(err)
			}
		}
		found, err := losses.Decide(context.Background(), affineLoss(t), p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := found.Findings
		if f.Equality() == oracle.Undecided && f.Existence != oracle.Refuted {
			continue
		}
		decided++
		certificate, err := affineProof(p)
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			continue
		}
		theorem, err := proof.Check(certificate)
		if err != nil {
			t.Fatal(err)
		}
		proved++
		if theorem.OffRange != nil {
			none++
		}
		if !agrees(theorem, f) {
			t.Errorf("%#v: the oracle says %v, existence %v, the proof %v by %v", p, f.Equality(), f.Existence, theorem.Verdict, theorem.By)
		}
	}
	if 10*proved < 9*decided || none == 0 {
		t.Errorf("%d of %d proved, %d without a minimiser", proved, decided, none)
	}
}

func agrees(t proof.Theorem, f oracle.Findings) bool {
	if t.OffRange != nil {
		return f.Existence == oracle.Refuted
	}
	return f.Equality() == t.Verdict && f.Existence == oracle.Holds
}

// Certificates of affine maps with one number changed: what is accepted is true, as solver and oracle find.
func TestTamperedCertificatesOfAffineMaps(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, c := range ofAffine {
		var b bytes.Buffer
		if err := provedAffine(t, pairs(t, c.mixture)).Write(&b); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
	}
	rng, accepted, attempts := rand.New(rand.NewPCG(3, 4)), 0, enough.Cases(60)
	for range attempts {
		tampered := tamper(texts[rng.IntN(len(texts))], rng)
		c, err := proof.Read("tampered", strings.NewReader(proof.Reseal(tampered)))
		if err != nil {
			continue
		}
		const little = 0.05 // of a limit
		theorem, err := proof.Limit(little).Check(c)
		if err != nil {
			continue
		}
		accepted++
		found, err := losses.Decide(context.Background(), affineLoss(t), c.Pairs, losses.Options{})
		if err == nil && !agrees(theorem, found.Findings) && (found.Findings.Equality() != oracle.Undecided || found.Findings.Existence == oracle.Holds) {
			t.Errorf("accepted: %v by %v, where the oracle says %v, existence %v, of %s", theorem.Verdict, theorem.By, found.Findings.Equality(), found.Findings.Existence, tampered)
		}
	}
	if accepted > attempts*9/10 {
		t.Errorf("%d accepted of %d: the test says little", accepted, attempts)
	}
}

func affineLoss(t testing.TB) losses.Loss {
	t.Helper()
	l, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// affineProof is a proof from the solver's minimisers.
func affineProof(p gmm.Pairs) (proof.Certificate, error) {
	seen, err := proof.Affine.Sees(p)
	if err != nil {
		return proof.Certificate{}, err
	}
	found, err := solver.Minimise(solver.Affine, seen, solver.Options{})
	if err != nil {
		return proof.Certificate{}, err
	}
	representation := func(m solver.Minimum) proof.Representation {
		r := proof.Representation{Form: m.Form}
		if m.Shift.Columns != nil {
			r.Shift = mat.Col(nil, 0, m.Shift.Columns)
		}
		return r
	}
	return proof.Limit(1).ProveAffine(p, representation(found.Free), representation(found.Constrained))
}

func provedAffine(t testing.TB, p gmm.Pairs) proof.Certificate {
	t.Helper()
	c, err := affineProof(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
