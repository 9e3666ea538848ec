package frontier_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"sync/atomic"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"github.com/google/go-cmp/cmp"
)

func axis(t *testing.T, text string) frontier.Axis {
	t.Helper()
	a, err := frontier.ParseAxis(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func grid(t *testing.T, base gmm.Pairs, axes ...string) frontier.Grid {
	t.Helper()
	var parsed []frontier.Axis
	for _, text := range axes {
		parsed = append(parsed, axis(t, text))
	}
	g, err := frontier.NewGrid(base, parsed...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func family(t *testing.T, name string) gmm.Pairs {
	t.Helper()
	p, err := frontier.FamilyNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Along δ the stored counterexample 989:10:1 keeps its rare class at .1 and has lost it at .2.
func TestTheVerdictFlipsAlongDelta(t *testing.T) {
	var base gmm.Pairs
	for _, stored := range theorems.Stored("equality-centred") {
		if stored.Name == "equality-centred_2-rarer-outlier" {
			base = stored.Case.Pairs
		}
	}
	f, err := frontier.Sweep(context.Background(), grid(t, base, "delta=1/10:1:10"), frontier.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	known := map[int]float64{0: 5.2177e-4, 1: -5.8866e-4, 4: -4.8006e-3, 8: -4.0636e-3, 9: -3.3364e-3} // five digits
	for i, p := range f.Points {
		want := oracle.Refuted
		if i == 0 {
			want = oracle.Holds
		}
		if p.Verdict != want || !p.Reached || p.Evidence.Grade != oracle.Bounded {
			t.Errorf("δ = %v: %v (%v), want %v", p.At[0], p.Verdict, p.Evidence.Grade, want)
		}
		const lastDigit = 1e-4 // relative, of five digits
		if margin, ok := known[i]; ok && !(math.Abs(p.Margin-margin) <= lastDigit*math.Abs(margin)) {
			t.Errorf("δ = %v: margin %.6g, want %.6g", p.At[0], p.Margin, margin)
		}
	}
}

// Every family of package generators is a base, and its name leads to it.
func TestGeneratedFamiliesAreBases(t *testing.T) {
	drawn := 0
	for _, f := range generators.Families() {
		if !f.Member().Shared() {
			continue // grids are of one shared covariance
		}
		name := strings.ReplaceAll(f.Name, " ", "-")
		p := family(t, name)
		if p.Left.Name() == f.Name {
			drawn++
		}
		if p.Delta() != 1 || p.Left.Components() < 2 {
			t.Errorf("%s: δ = %v, %d components", name, p.Delta(), p.Left.Components())
		}
	}
	if drawn == 0 {
		t.Error("none is drawn")
	}
}

// A point judged from its neighbour's minimum agrees with one judged alone, and the
// number of workers changes nothing.
func TestNeighboursAgreeWithLonePoints(t *testing.T) {
	decided, warm, cold := 0, 0, 0
	for _, name := range []string{"two-points", "symmetric-tie", "rare-outlier", "equal-triangle", "parallel-pancakes"} {
		g := grid(t, family(t, name), "separation=1/4:4:20", "weight=1/50:1/3:20")
		var calls atomic.Int64
		one, err := frontier.Sweep(context.Background(), g, frontier.Options{Progress: func() { calls.Add(1) }})
		if err != nil {
			t.Fatal(err)
		}
		if calls.Load() != int64(g.Size()) {
			t.Errorf("%s: progress was told of %d of %d points", name, calls.Load(), g.Size())
		}
		two, err := frontier.Sweep(context.Background(), g, frontier.Options{Workers: 4})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range one.Points {
			if q := two.Points[i]; p.Margin != q.Margin || p.Verdict != q.Verdict || p.Evidence != q.Evidence {
				t.Fatalf("%s at %v: one worker finds %v, four %v", name, p.At, p, q)
			}
			if i%7 != 0 { // a share is enough
				continue
			}
			pairs, err := g.At(p.At)
			if err != nil {
				t.Fatal(err)
			}
			alone, err := solver.Minimise(solver.InfoNCE, pairs, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			judged := oracle.Judge(oracle.InfoNCE, pairs, oracle.Candidates{Free: alone.Free.Form, Constrained: alone.Constrained.Form, Claimed: alone.Free.DistanceBound})
			if judged.Equality()*p.Verdict == oracle.Holds*oracle.Refuted {
				t.Errorf("%s at %v: %v from a neighbour, %v alone", name, p.At, p.Verdict, judged.Equality())
			}
			if judged.Equality() != oracle.Undecided {
				decided++
			}
			warm, cold = warm+p.Steps, cold+alone.Steps
			const asked = 4e-10 // twice the solver's default tolerance, for either solve
			if apart := math.Abs(judged.Margin() - p.Margin); apart > asked {
				t.Errorf("%s at %v: margins differ by %.3g", name, p.At, apart)
			}
		}
	}
	t.Logf("%d Newton steps from neighbours, %d alone", warm, cold)
	if warm >= cold {
		t.Errorf("neighbours save no steps: %d with them, %d without", warm, cold)
	}
	if decided < 200 {
		t.Errorf("only %d points were decided", decided)
	}
}

// A point prints where it lies and what is known there.
func TestPointPrints(t *testing.T) {
	at := []*big.Rat{big.NewRat(1, 3), big.NewRat(3, 10)}
	evidence := oracle.Evidence{Epsilon: 2e-12, Weighted: true, WeightedMargin: -0.0048, WeightedEpsilon: 1e-12}
	for want, p := range map[string]frontier.Point{
		"1/3, 0.3 (not reached)": {At: at},
		"1/3, 0.3 (holds, margin 0.25 ± 2e-12)": {At: at, Reached: true, Verdict: oracle.Holds, Margin: 0.25,
			Evidence: oracle.Evidence{Epsilon: 2e-12}},
		"1/3, 0.3 (refuted, margin -0.0048 ± 1e-12)": {At: at, Reached: true, Verdict: oracle.Refuted, Margin: -0.001, Evidence: evidence},
	} {
		if found := fmt.Sprintf("%v", p); found != want {
			t.Errorf("found %s, want %s", found, want)
		}
		if found := fmt.Sprintf("%#v", p); found != want {
			t.Errorf("found %s, want %s", found, want)
		}
	}
}

// The parameters mean what they say, exactly; a centred base stays centred.
func TestGridPoints(t *testing.T) {
	base := family(t, "rare-outlier")
	g := grid(t, base, "weight=1/100:1/10:4", "separation=0:3:7")
	p, err := g.At([]*big.Rat{big.NewRat(1, 25), big.NewRat(5, 2)})
	if err != nil {
		t.Fatal(err)
	}
	e := p.Left.Exact()
	was := base.Left.Exact()
	apart := func(e gmm.Exact) *big.Rat { return new(big.Rat).Sub(e.Means[2][0], e.Means[0][0]) }
	if e.Weights[2].Cmp(big.NewRat(1, 25)) != 0 || !p.Left.Centred() || apart(e).Cmp(new(big.Rat).Mul(apart(was), big.NewRat(5, 2))) != 0 {
		t.Errorf("weight 1/25 and separation 5/2 give %#v", p)
	}
	if raw, err := grid(t, family(t, "two-points"), "weight=1/10:1/2:2").At([]*big.Rat{big.NewRat(1, 2)}); err != nil || raw.Left.Centred() {
		t.Errorf("a base that is not centred was centred: %#v, %v", raw, err)
	}
	a := axis(t, "delta=0.1:1:4")
	var values []string
	for i := range a.Count {
		values = append(values, a.Value(i).RatString())
	}
	if diff := cmp.Diff([]string{"1/10", "2/5", "7/10", "1"}, values); diff != "" {
		t.Errorf("delta=0.1:1:4 (−want +got):\n%s", diff)
	}
	if v := axis(t, "weight=1/3:1/3:1").Value(0); v.Cmp(big.NewRat(1, 3)) != 0 {
		t.Errorf("the one value is %v", v)
	}
}

func TestAxesAreRefused(t *testing.T) {
	for _, text := range []string{"", "delta", "delta=", "delta=0:1", "delta=0:1:2:3", "delta=a:1:2", "delta=0:b:2", "delta=0:1:c", "delta=0:1:0",
		"delta=0:1:-3", "delta=1:0:3", "delta=0:1:1", "delta=1:1:2", "delta=-1/2:1:2", "delta=0:1.01:2", "separation=-1:1:3", "weight=0:1/2:3",
		"weight=1/2:1:3", "width=0:1:2", "delta=0:1:99999999", "delta=0:1/0:2", "negatives=0:4:2",
		"negatives=1:3/2:2", "negatives=1:3:7"} {
		if _, err := frontier.ParseAxis(text); !errors.Is(err, frontier.ErrAxis) {
			t.Errorf("%q: %v", text, err)
		}
	}
	base := family(t, "two-points")
	d, s := axis(t, "delta=0:1:1001"), axis(t, "separation=0:1:1001")
	for _, axes := range [][]frontier.Axis{{}, {d, d}, {d, s}, {d, s, axis(t, "weight=1/4:1/2:2")}, {{Parameter: frontier.Delta, Low: d.Low, High: d.High}}} {
		if _, err := frontier.NewGrid(base, axes...); !errors.Is(err, frontier.ErrAxis) {
			t.Errorf("%v: %v", axes, err)
		}
	}
}

// What was reached before the end is kept.
func TestSweepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	g := grid(t, family(t, "two-points"), "delta=0:1:40")
	f, err := frontier.Sweep(ctx, g, frontier.Options{Progress: cancel})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	reached := 0
	for _, p := range f.Points {
		if p.Reached {
			reached++
		}
	}
	if reached != 1 || !f.Points[0].Reached || len(f.Points) != 40 {
		t.Errorf("%d of %d points were reached", reached, len(f.Points))
	}
}

// A map is of one modality, and one of equality of a shared covariance: of other laws it would be a map of something else.
func TestGridRefusesOtherLaws(t *testing.T) {
	delta := axis(t, "delta=0:1:2")
	for _, text := range []string{
		`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "1/2"], ["1/2", 1]], [[1, 0], [0, 1]]]}`,
		`{"weights": [1, 3], "visual": {"means": [[2], [0]], "covariance": "identity"}, "text": {"means": [[2], [0]], "covariance": "identity"}}`,
	} {
		d, err := gmm.Read("file", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		g, err := frontier.NewGrid(d.Pairs, delta)
		if err == nil {
			_, err = g.Of(losses.InfoNCE)
		}
		if !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
