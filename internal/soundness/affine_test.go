package soundness

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
	"contrastcheck/theorems/proofs"
)

// fates count what becomes of the subspaces: of the linear map's S_F, lost in part or kept, and of the affine one's S_c.
type fates struct {
	mixtures, pairs                             int
	mended, unmended, unattained, open          int // of what the linear map loses: kept by the affine one, lost, without a minimiser, not decided
	bothKeep, broken, brokenUnattained, unknown int // of what the linear map keeps
	undecided                                   int // of the linear map
}

// TestAffineOfManyMixtures: the affine map stays in S_c, found by a blind solve, of random mixtures, and keeps all of it of two components. The log counts how often it keeps S_c where the linear map loses a
// part of S_F, and the reverse.
func TestAffineOfManyMixtures(t *testing.T) {
	affine, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		t.Fatal(err)
	}
	const mixtures = 400 // 2000 under the tag attack
	laws := []string{"near", "far", "rare", "rare outlier"}
	counts := make([]fates, len(laws))
	for seed := range enough.Cases(mixtures) {
		p := mixtureForBias(t, seed, laws[seed%len(laws)])
		f := &counts[seed%len(laws)]
		f.mixtures++
		decide := func(l losses.Loss, method solver.Method) oracle.Findings {
			d, err := losses.Decide(context.Background(), l, p, losses.Options{Method: method, Seed: uint64(seed)})
			if err != nil {
				t.Fatalf("%#v: %v", p, err)
			}
			return d.Findings
		}
		blind := decide(affine, solver.Blind)
		if blind.Containment() == oracle.Refuted {
			t.Errorf("%#v: the affine map leaves S_c by %g ± %g", p, blind.Sides[0].Defect, blind.Sides[0].DefectError)
		}
		if blind.Existence != oracle.Refuted && blind.Equality() != oracle.Undecided && blind.Containment() != oracle.Holds {
			t.Errorf("%#v: containment is %v", p, blind.Containment())
		}
		with, without := decide(affine, solver.Reduced), decide(losses.InfoNCE, solver.Reduced)
		if blind.Equality() != with.Equality() && blind.Equality() != oracle.Undecided && with.Equality() != oracle.Undecided {
			t.Errorf("%#v: equality %v blindly, %v inside S_c", p, blind.Equality(), with.Equality())
		}
		if p.Components() == 2 {
			if f.pairs++; with.Equality() != oracle.Holds {
				t.Errorf("%#v: of two components equality is %v", p, with.Equality())
			}
		}
		f.count(without, with)
	}
	var mended int
	for i, f := range counts {
		t.Logf("%s: %+v", laws[i], f)
		mended += f.mended
	}
	if mended == 0 {
		t.Error("nothing is mended: the test says little")
	}
}

// TestAffineMixturesAreProved: of S_c of one or two dimensions what the oracle finds is proved, each time.
func TestAffineMixturesAreProved(t *testing.T) {
	affine, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		t.Fatal(err)
	}
	laws := []string{"near", "far", "rare", "rare outlier"}
	proved, without := 0, 0
	for seed := range enough.Cases(120) {
		p := mixtureForBias(t, seed, laws[seed%len(laws)])
		if p.Left.DifferenceDimension() > 2 {
			continue
		}
		certificate, err := proofs.ProveEquality(proof.Affine, p, 1)
		if err != nil {
			t.Errorf("%#v: %v", p, err)
			continue
		}
		theorem, err := proofs.Check(certificate, 1)
		if err != nil {
			t.Errorf("%#v: the certificate is refused: %v", p, err)
		}
		d, err := losses.Decide(context.Background(), affine, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		proved++
		if theorem.OffRange != nil {
			without++
		}
		if f := d.Findings; theorem.OffRange != nil && f.Existence != oracle.Refuted || theorem.OffRange == nil && f.Equality() != theorem.Verdict {
			t.Errorf("%#v: proved are %v and %v, the oracle says %v, existence %v", p, theorem.Verdict, theorem.Statement, f.Equality(), f.Existence)
		}
	}
	t.Logf("%d proved, %d of them without a minimiser", proved, without)
}

func (f *fates) count(linear, affine oracle.Findings) {
	of := map[oracle.Verdict][4]*int{ // kept, lost, unattained, open
		oracle.Refuted: {&f.mended, &f.unmended, &f.unattained, &f.open},
		oracle.Holds:   {&f.bothKeep, &f.broken, &f.brokenUnattained, &f.unknown},
	}
	cells, decided := of[linear.Equality()]
	switch {
	case !decided:
		f.undecided++
	case affine.Equality() == oracle.Holds:
		*cells[0]++
	case affine.Equality() == oracle.Refuted:
		*cells[1]++
	case affine.Existence == oracle.Refuted:
		*cells[2]++
	default:
		*cells[3]++
	}
}

// mixtureForBias draws two to five components in two to four dimensions, with numbers in 32nds: weights of a Dirichlet law, means with standard deviations of 1½ or 4 about 0, or those and weights that are log-uniform
// over four decades; or a rare outlier. Every third has a δ < 1.
func mixtureForBias(t *testing.T, seed int, law string) gmm.Pairs {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(seed), 23))
	delta := big.NewRat(1, 1)
	if seed%3 == 2 {
		delta = big.NewRat(int64(1+rng.IntN(9)), 10)
	}
	if law == "rare outlier" {
		return pairsOf(t, generators.RareOutlier().Example(seed), delta)
	}
	k, d := 2+rng.IntN(4), 2+rng.IntN(3)
	grid := func(x float64) *big.Rat { return big.NewRat(int64(math.Round(32*x)), 32) }
	e := gmm.Exact{Covariance: gmm.IdentityRows(d)}
	for range k {
		w, deviation := rng.ExpFloat64(), 4.
		switch law {
		case "near":
			deviation = 1.5
		case "rare":
			w = math.Pow(10, 4*rng.Float64())
		}
		e.Weights = append(e.Weights, grid(1./32+w))
		var mean []*big.Rat
		for range d {
			mean = append(mean, grid(deviation*rng.NormFloat64()))
		}
		e.Means = append(e.Means, mean)
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	return pairsOf(t, m, delta)
}

func pairsOf(t *testing.T, m *gmm.Mixture, delta *big.Rat) gmm.Pairs {
	t.Helper()
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
