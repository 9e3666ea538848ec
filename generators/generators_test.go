package generators_test

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/shrink"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write testdata/simplest.golden")

// families are the generators of single mixtures, each with its hard case and
// the least share of draws in which that must occur.
var families = []struct {
	name  string
	draw  *rapid.Generator[*gmm.Mixture]
	hard  string
	is    func(*gmm.Mixture) bool
	least float64
}{
	{"spherical", generators.Spherical(), "fewer independent means than components", dependent, 0.2},
	{"shared covariance", generators.SharedCovariance(), "correlated coordinates", correlated, 0.3},
	{"parallel pancakes", generators.ParallelPancakes(), "more variance within the components than between them", pancake, 0.3},
	{"centred", generators.Centred(), "mean 0 although some component's is not", centred, 0.9},
	{"distinct", generators.Distinct(), "independent means, where equality can fail", func(m *gmm.Mixture) bool { return m.FisherDimension().Value > 1 }, 0.3},
	{"centred distinct", generators.CentredDistinct(), "mean 0 although some component's is not", centred, 1},
	{"collinear", generators.Collinear(), "more components than dimensions of S_F", dependent, 0.99},
	{"near degenerate", generators.NearDegenerate(), "two directions, one below a hundredth of the other", skewed, 0.3},
	{"symmetric tie", generators.SymmetricTie(), "equal Mahalanobis norms of independent means", tied, 0.99},
	{"far separated", generators.FarSeparated(), "means more than 100 standard deviations apart", far, 0.3},
	{"rare outlier", generators.RareOutlier(), "a centred mixture that refutes equality", refutesEquality, 0.04},
	{"rare outliers", generators.RareOutliersOf(4, 2), "a centred mixture that refutes equality", refutesEquality, 0.01},
}

// Draws is how many seeds each family is tried with.
const draws = 400

// What a family draws is valid by construction; here, that its hard case occurs.
func TestHardCasesOccur(t *testing.T) {
	for _, f := range families {
		hard := 0
		for seed := range draws {
			if f.is(f.draw.Example(seed)) {
				hard++
			}
		}
		t.Logf("%-18s %3d of %d: %s", f.name, hard, draws, f.hard)
		if float64(hard) < f.least*draws {
			t.Errorf("%s: %s in %d of %d draws, want at least %.0f%%", f.name, f.hard, hard, draws, 100*f.least)
		}
	}
}

// Shrinking ends in the simplest member of each family.
func TestShrinkingEndsInTheSimplest(t *testing.T) {
	var b strings.Builder
	for _, f := range families {
		m, found := shrink.Failure(f.draw, 1, 1, func(*gmm.Mixture) (string, bool) { return "always", true })
		if !found {
			t.Fatal(f.name)
		}
		fmt.Fprintf(&b, "%s: %#v\n", f.name, m)
	}
	p, _ := shrink.Failure(generators.Paired(), 1, 1, func(gmm.Pairs) (string, bool) { return "always", true })
	fmt.Fprintf(&b, "paired: %#v\n", p)
	for _, f := range generalFamilies {
		g, _ := shrink.Failure(f.draw, 1, 1, func(*gmm.Mixture) (string, bool) { return "always", true })
		fmt.Fprintf(&b, "%s: %#v\n", f.name, g)
	}
	a, _ := shrink.Failure(generators.Representation(2, 1), 1, 1, func(*mat.Dense) (string, bool) { return "always", true })
	fmt.Fprintf(&b, "representation: %v\n", mat.Formatted(a, mat.FormatPython()))
	transformation, _ := shrink.Failure(generators.Transformation(2), 1, 1, func([][]*big.Rat) (string, bool) { return "always", true })
	fmt.Fprintf(&b, "transformation: %v\n", transformation)
	delta, _ := shrink.Failure(generators.Delta(), 1, 1, func(*big.Rat) (string, bool) { return "always", true })
	fmt.Fprintf(&b, "delta: %v\n", delta)
	const golden = "testdata/simplest.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the simplest members changed (−golden +now; -update accepts them):\n%s", diff)
	}
}

// A seed determines the draw.
func TestExamplesAreDeterministic(t *testing.T) {
	for _, f := range families {
		if one, two := f.draw.Example(7), f.draw.Example(7); one.GoString() != two.GoString() {
			t.Errorf("%s: seed 7 draws %#v, then %#v", f.name, one, two)
		}
	}
}

func TestRangesOfDelta(t *testing.T) {
	zeros, ones := 0, 0
	for seed := range draws {
		for _, c := range []struct {
			draw        *rapid.Generator[*big.Rat]
			least, most float64
		}{{generators.Delta(), 0, 1}, {generators.Informative(), 1.0 / 16, 1}, {generators.Biased(), 1.0 / 16, 15.0 / 16}} {
			x, _ := c.draw.Example(seed).Float64()
			if x < c.least || x > c.most {
				t.Errorf("δ = %v outside [%v, %v]", x, c.least, c.most)
			}
			if x == 0 {
				zeros++
			}
			if x == 1 {
				ones++
			}
		}
	}
	if zeros == 0 || ones == 0 {
		t.Errorf("δ = 0 was drawn %d times, δ = 1 %d times", zeros, ones)
	}
}

func TestRepresentationsHaveTheirShape(t *testing.T) {
	nonzero := 0
	for seed := range 50 {
		a := generators.Representation(3, 2).Example(seed)
		if r, c := a.Dims(); r != 3 || c != 2 {
			t.Fatalf("drew a %d×%d matrix", r, c)
		}
		if mat.Norm(a, 2) > 0 {
			nonzero++
		}
	}
	if nonzero < 40 {
		t.Errorf("only %d of 50 representations differ from 0", nonzero)
	}
}

func TestPairedSharesWeights(t *testing.T) {
	different := 0
	for seed := range 50 {
		p := generators.Paired().Example(seed)
		if p.Left.Components() != p.Right.Components() {
			t.Fatalf("%#v", p)
		}
		if p.Left.Dimension() != p.Right.Dimension() {
			different++
		}
	}
	if different < 10 {
		t.Errorf("only %d of 50 draws have modalities of different dimensions", different)
	}
}

func dependent(m *gmm.Mixture) bool { return m.FisherDimension().Value < m.Components() }

func correlated(m *gmm.Mixture) bool {
	c := m.Covariance()
	for i := range m.Dimension() {
		for j := range i {
			if c.At(i, j) != 0 {
				return true
			}
		}
	}
	return false
}

func pancake(m *gmm.Mixture) bool {
	between := gmm.RawScatter(m.Weights(), m.Means().T()).At(0, 0)
	return m.Covariance().At(1, 1) > between+m.Covariance().At(0, 0)
}

func centred(m *gmm.Mixture) bool {
	e, _ := m.Exact()
	for _, x := range e.Mean() {
		if x.Sign() != 0 {
			return false
		}
	}
	return mat.Norm(m.Means(), 2) > 0
}

func skewed(m *gmm.Mixture) bool {
	w, err := m.WhitenFisher()
	if err != nil || w.Means == nil {
		return false
	}
	var svd mat.SVD
	svd.Factorize(w.Means, mat.SVDNone)
	values := svd.Values(nil)
	return len(values) > 1 && values[len(values)-1] < values[0]/100
}

func tied(m *gmm.Mixture) bool {
	g := m.Gram().G
	return math.Abs(g[0][0].Float64()-g[1][1].Float64()) < 1e-12*g[0][0].Float64() && m.FisherDimension().Value == 2
}

func far(m *gmm.Mixture) bool {
	means := m.Means()
	var gap float64
	for j := range m.Dimension() {
		gap = math.Hypot(gap, means.At(1, j)-means.At(0, j))
	}
	return gap > 100
}

func refutesEquality(m *gmm.Mixture) bool {
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		return false
	}
	c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		return false
	}
	return centred(m) && oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound}).Equality() == oracle.Refuted
}
