package frontier_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/theorems"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

func narrow(t interface{ Fatal(...any) }, text string) frontier.Narrow {
	width, err := gmm.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	to, err := frontier.NewNarrow(width)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func refined(t *testing.T, g frontier.Grid, width string) []frontier.Bracket {
	t.Helper()
	f, err := frontier.Sweep(context.Background(), g, frontier.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	found, err := frontier.Refine(context.Background(), f, narrow(t, width), frontier.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The critical δ of 989:10:1 is known to a millionth, by proofs about the mixtures at either end; and the solver, which proves nothing, sees a margin that
// goes through 0 in between.
func TestCriticalDeltaIsProved(t *testing.T) {
	g := grid(t, family(t, "rare-outlier"), "delta=1/10:1:10")
	found := refined(t, g, "1e-6")
	if len(found) != 1 {
		t.Fatalf("%d brackets: %v", len(found), found)
	}
	b := found[0]
	if !b.Proved() || b.Reason != "" || !(b.Width() <= 1e-6) || b.Low.Verdict != oracle.Holds || b.High.Verdict != oracle.Refuted {
		t.Errorf("%v to %v, width %v, proved: %v, %q", b.Low, b.High, b.Width(), b.Proved(), b.Reason)
	}
	var margins, at []float64
	for _, e := range []frontier.End{b.Low, b.High} {
		pairs, err := g.At(e.At)
		if err != nil {
			t.Fatal(err)
		}
		theorem, err := proofs.Check(*e.Certificate, 1)
		if err != nil || theorem.Verdict != e.Verdict || theorem.Bound() != e.Bound || e.Bound == "" {
			t.Errorf("%v: the checker finds %v, %v", e, theorem, err)
		}
		if of := e.Certificate.Pairs; of.GoString() != pairs.GoString() {
			t.Errorf("the certificate is of %#v, not of %#v", of, pairs)
		}
		x, _ := e.At[0].Float64()
		at, margins = append(at, x), append(margins, new(solver.Workspace).Margin(solver.InfoNCE, pairs))
	}
	const digits = 0.15880922879 // by proofs at a relative width of 1e-10
	if crossing := at[0] + (at[1]-at[0])*margins[0]/(margins[0]-margins[1]); math.Abs(crossing-digits) > 1e-10 {
		t.Errorf("the solver's margin is 0 at %.12f, expected %v", crossing, digits)
	}
}

// Of negatives the ends are neighbours; there are no proofs of so many.
func TestCriticalNegatives(t *testing.T) {
	d, err := gmm.Read("outlier", strings.NewReader(`{"weights":[1,11,420],"means":[[17,9],[8,3],["-1/4","-1/10"]],"covariance":"identity"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range refined(t, grid(t, d.Pairs, "negatives=37:40:2"), "1e-6") {
		low, high := b.Low.At[0], b.High.At[0]
		if low.Cmp(big.NewRat(38, 1)) != 0 || high.Cmp(big.NewRat(39, 1)) != 0 || b.Proved() || !strings.Contains(b.Reason, "no proofs") {
			t.Errorf("%v to %v, proved: %v, %q", b.Low, b.High, b.Proved(), b.Reason)
		}
	}
}

// step is a claim that holds below a value of an axis and is refuted above it, or the other way round, and undecided next to it.
type step struct {
	at, blind *big.Rat
	up        bool
	value     func(gmm.Pairs) *big.Rat
}

func (s step) claim() frontier.Asked {
	return frontier.Asked{Claim: theorems.Claim{ID: "step", Measure: "margin", Check: func(c theorems.Case) theorems.Outcome {
		below := new(big.Rat).Sub(s.at, s.value(c.Pairs))
		if s.up {
			below.Neg(below)
		}
		switch {
		case new(big.Rat).Abs(below).Cmp(s.blind) < 0:
			return theorems.Outcome{}
		case below.Sign() >= 0:
			return theorems.Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded}
		}
		return theorems.Outcome{Verdict: oracle.Refuted, Grade: oracle.Bounded}
	}}}
}

// A bracket holds the critical value, and is as narrow as was asked for or as wide as a few times what stays undecided, and says so; also where
// the critical value is 0.
func TestBracketsHoldTheCriticalValue(t *testing.T) {
	base := family(t, "two-points")
	first := func(p gmm.Pairs) *big.Rat { return p.Left.Exact().Means[0][0] }
	rapid.Check(t, func(t *rapid.T) {
		s := step{at: big.NewRat(int64(rapid.IntRange(-100, 100).Draw(t, "hundredths")), 100), blind: new(big.Rat), up: rapid.Bool().Draw(t, "up"), value: first}
		if blind := rapid.IntRange(0, 12).Draw(t, "blind digits"); blind > 0 {
			s.blind.SetFrac64(1, int64(math.Pow10(blind)))
		}
		a, err := frontier.ParseAxis("mean[1][1]=-3/2:7/4:" + fmt.Sprint(rapid.IntRange(2, 9).Draw(t, "points")))
		if err != nil {
			t.Fatal(err)
		}
		g, err := frontier.NewGrid(base, a)
		if err != nil {
			t.Fatal(err)
		}
		if g, err = g.Ask(s.claim()); err != nil {
			t.Fatal(err)
		}
		f, err := frontier.Sweep(context.Background(), g, frontier.Options{})
		if err != nil {
			t.Fatal(err)
		}
		digits := rapid.IntRange(1, 9).Draw(t, "digits")
		found, err := frontier.Refine(context.Background(), f, narrow(t, fmt.Sprintf("1e-%d", digits)), frontier.Options{})
		if err != nil || len(found) != 1 {
			t.Fatalf("%d brackets, %v", len(found), err)
		}
		b := found[0]
		low, high := b.Low.At[0], b.High.At[0]
		if low.Cmp(s.at) > 0 || high.Cmp(s.at) < 0 || (b.Low.Verdict == oracle.Holds) == s.up || b.Low.Verdict*b.High.Verdict != oracle.Holds*oracle.Refuted {
			t.Fatalf("the bracket is %v to %v, the critical value %v", b.Low, b.High, s.at)
		}
		length, _ := new(big.Rat).Sub(high, low).Float64()
		size, _ := new(big.Rat).Abs(s.at).Float64()
		to, blind := math.Pow10(-digits), 0.0
		if blind, _ = s.blind.Float64(); length > to*math.Max(size+length, to*3.25) && (length > 8*blind*(1+1e-9) && length < 3.25/8) {
			t.Fatalf("a bracket of length %v at %v, asked for %v, of which %v is undecided", length, s.at, to, 2*blind)
		}
		if narrowed := length <= to*math.Max(size+length, to*3.25); !narrowed && !strings.Contains(b.Reason, "undecided") {
			t.Fatalf("a bracket of length %v at %v, asked for %v, for the reason %q", length, s.at, to, b.Reason)
		}
	})
}

// Undecided points lie within a bracket, and rows apart.
func TestChangesAreOfDecidedPoints(t *testing.T) {
	g := grid(t, family(t, "two-points"), "separation=1:2:2", "delta=0:1:6")
	f := frontier.Map{Grid: g}
	for i, mark := range "+?--?+" + "-?? + " {
		verdict := map[rune]oracle.Verdict{'+': oracle.Holds, '-': oracle.Refuted}[mark]
		f.Points = append(f.Points, frontier.Point{At: []*big.Rat{big.NewRat(int64(1+i/6), 1), big.NewRat(int64(i%6), 5)}, Reached: mark != ' ', Verdict: verdict})
	}
	if n := f.Changes(); n != 3 {
		t.Errorf("%d changes, expected 3", n)
	}
}

// What can't be refined is refused by name.
func TestRefineRefuses(t *testing.T) {
	f, err := frontier.Sweep(context.Background(), grid(t, family(t, "rare-outlier"), "delta=1/2:1:2"), frontier.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := frontier.Refine(context.Background(), f, narrow(t, "1/10"), frontier.Options{}); !errors.Is(err, frontier.ErrNoChange) {
		t.Errorf("no change: %v", err)
	}
	if f, err = frontier.Sweep(context.Background(), grid(t, family(t, "rare-outlier"), "delta=1/10:1/5:2"), frontier.Options{}); err != nil {
		t.Fatal(err)
	}
	if found, err := frontier.Refine(context.Background(), f, frontier.Narrow{}, frontier.Options{}); err != nil || !(found[0].Width() <= 1e-3) {
		t.Errorf("the zero width: %v, %v", found, err)
	}
	for _, width := range []*big.Rat{new(big.Rat), big.NewRat(-1, 2), big.NewRat(1, 1), big.NewRat(1, 1e16)} {
		if _, err := frontier.NewNarrow(width); !errors.Is(err, frontier.ErrWidth) {
			t.Errorf("width %v: %v", width, err)
		}
	}
}

// A context that ends, ends the refinement; what is known then is kept, with the reason why it is no more.
func TestRefineEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := step{at: big.NewRat(1, 3), blind: new(big.Rat), value: gmm.Pairs.ExactDelta}
	claim, calls := s.claim(), 0
	check := claim.Check
	claim.Check = func(c theorems.Case) theorems.Outcome {
		if calls++; calls == 2+10 { // after both points of the grid
			cancel()
		}
		return check(c)
	}
	g, err := grid(t, family(t, "two-points"), "delta=1/100:1:2").Ask(claim)
	if err != nil {
		t.Fatal(err)
	}
	f, err := frontier.Sweep(context.Background(), g, frontier.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := frontier.Refine(ctx, f, narrow(t, "1e-12"), frontier.Options{})
	if !errors.Is(err, context.Canceled) || len(found) != 1 || !strings.Contains(found[0].Reason, "ended") || !(found[0].Width() < 1e-1) {
		t.Errorf("%v, %v", found, err)
	}
}
