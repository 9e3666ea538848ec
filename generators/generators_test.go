package generators_test

import (
	"flag"
	"fmt"
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

// Draws is how many seeds each family is tried with.
const draws = 400

// What a family draws is valid by construction; here, that its hard case occurs.
func TestHardCasesOccur(t *testing.T) {
	for _, f := range generators.Families() {
		occurs := f.Occurs
		if occurs == nil {
			occurs = refutesEquality
		}
		hard := 0
		for seed := range draws {
			if occurs(f.Draw.Example(seed)) {
				hard++
			}
		}
		t.Logf("%-18s %3d of %d: %s", f.Name, hard, draws, f.Hard)
		if !(f.Least > 0 && float64(hard) >= f.Least*draws) {
			t.Errorf("%s: %s in %d of %d draws, want at least %.0f%%", f.Name, f.Hard, hard, draws, 100*f.Least)
		}
	}
}

// Shrinking ends in the simplest member of each family.
func TestShrinkingEndsInTheSimplest(t *testing.T) {
	for _, f := range generators.Families() {
		m, found := shrink.Failure(f.Draw, 1, 1, func(*gmm.Mixture) (string, bool) { return "always", true })
		if !found {
			t.Fatal(f.Name)
		}
		if simplest := m.GoString(); simplest != f.Simplest {
			t.Errorf("%s: shrinking ends at %s, want %s", f.Name, simplest, f.Simplest)
		}
	}
}

// Shrinking ends in the simplest of what else is drawn.
func TestGoldenSimplest(t *testing.T) {
	var b strings.Builder
	p, _ := shrink.Failure(generators.Paired(), 1, 1, func(gmm.Pairs) (string, bool) { return "always", true })
	fmt.Fprintf(&b, "paired: %#v\n", p)
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
	for _, f := range generators.Families() {
		if one, two := f.Draw.Example(7), f.Draw.Example(7); one.GoString() != two.GoString() {
			t.Errorf("%s: seed 7 draws %#v, then %#v", f.Name, one, two)
		}
		if f.Occurs != nil && !f.Occurs(f.Member()) {
			t.Errorf("%s: the member that stands for it is no hard case", f.Name)
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

// refutesEquality tells a centred mixture that loses a direction at δ = 1.
func refutesEquality(m *gmm.Mixture) bool {
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		return false
	}
	c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		return false
	}
	return m.Centred() && oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound}).Equality() == oracle.Refuted
}
