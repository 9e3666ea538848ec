package comparison_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/tables"
)

// effectOf decides about a mixture, and compares it with its pooled one on a table.
func effectOf(t *testing.T, mixture, rows string) comparison.CovarianceEffect {
	t.Helper()
	p := readPairs(t, mixture)
	table, err := tables.Read("rows.csv", strings.NewReader(rows), tables.Options{Label: "c"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := comparison.Covariances(context.Background(), losses.InfoNCE, d, d.Effects(losses.InfoNCE, losses.Options{})[0], losses.Options{}, table, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const eightRows = "x,y,c\n2,1,a\n2.5,0,a\n1.5,0.5,a\n2,-1,a\n-1,1,b\n-1.5,0,b\n-0.5,-0.5,b\n-1,-1,b\n"

// tilted is mixture B, of which M* is known to 15 digits: Σ̄ = I, so that angles are those of the plane.
const tilted = `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`

// sheared is B in other coordinates, x ↦ (x, 3x + y/100), in which angles of the metric of Σ̄ stay what they are.
const sheared = `{"weights": [1, 2], "means": [[2, 6], [-1, -3]], "covariance": [[[1, "3.008"], ["3.008", "9.0481"]], [[1, "2.996"], ["2.996", "8.9761"]]]}`

func TestAnglesOfATiltedMixture(t *testing.T) {
	const m11, m12, m22, leak = .246662711736920, -.023568481200686, .002251954915259, .023675823260
	angle := math.Atan2(-m12, m11) * 180 / math.Pi
	for name, mixture := range map[string]string{"as it is": tilted, "sheared": sheared} {
		e := effectOf(t, mixture, eightRows)
		const tolerance = 1e-6
		if math.Abs(e.ToFisher.Degrees-angle) > tolerance || math.Abs(e.ToShared.Degrees-angle) > tolerance || !(e.ToFisher.Error < tolerance) {
			t.Errorf("%s: angles %v and %v, want %v", name, e.ToFisher, e.ToShared, angle)
		}
		if want := leak / (m11 + m22); math.Abs(e.Leak-want) > tolerance {
			t.Errorf("%s: leak %v, want %v", name, e.Leak, want)
		}
		if e.Own.Rank != 1 || e.Shared.Rank != 1 || e.Contained != oracle.Refuted {
			t.Errorf("%s: %+v", name, e)
		}
		if want := math.Pow(math.Cos(angle*math.Pi/180), 2); math.Abs(e.Own.DiscriminantKept-want) > tolerance || e.Shared.DiscriminantKept != 1 {
			t.Errorf("%s: keeps %v and %v of the discriminant, want %v and 1", name, e.Own.DiscriminantKept, e.Shared.DiscriminantKept, want)
		}
	}
}

// Where every covariance maps S_F into itself A* stays in it, and nothing changes.
func TestInvariantCovariancesChangeNothing(t *testing.T) {
	e := effectOf(t, `{"weights": [1, 1], "means": [[2, 0], [-1, 0]], "covariance": [[["1/2", 0], [0, 2]], [["3/2", 0], [0, 1]]]}`, eightRows)
	const want = "The shared-covariance answer may be trusted on this table: A* stays in S_F; nothing else changes."
	if e.Trust() != comparison.TrustAll || e.Sentence() != want {
		t.Errorf("%s: %s", e.Trust(), e.Sentence())
	}
}

// Of a sentence every part is told that decides it, and nothing is certain that is not.
func TestSentences(t *testing.T) {
	alike := comparison.Errors{P: 1}
	base := comparison.CovarianceEffect{Own: comparison.Embedding{Rank: 2, DiscriminantKept: 1}, Shared: comparison.Embedding{Rank: 2, DiscriminantKept: 1},
		ToFisher: comparison.Angle{Degrees: 1.3}, ToShared: comparison.Angle{Degrees: 1.4}, Leak: 0.02, Contained: oracle.Refuted, NearestMean: alike, Quadratic: alike}
	for _, c := range []struct {
		change func(*comparison.CovarianceEffect)
		trust  comparison.Trust
		part   string
	}{
		{func(*comparison.CovarianceEffect) {}, comparison.TrustAll, "A* leaves S_F by 1.3° (2 % of its size); nothing else changes."},
		{func(e *comparison.CovarianceEffect) { e.Contained = oracle.Undecided }, comparison.TrustAll, "A*, as the solver found it, leaves S_F by 1.3°"},
		{func(e *comparison.CovarianceEffect) { e.ToFisher.Error = 2 }, comparison.TrustAll, "by at most 3.3°, if at all"},
		{func(e *comparison.CovarianceEffect) { e.ToShared.Degrees = 20 }, comparison.TrustClasses, "lies 20.0° from the shared-covariance answer"},
		{func(e *comparison.CovarianceEffect) { e.ToShared.Error = 20 }, comparison.TrustOpen, "how far the two answers are apart is not known"},
		{func(e *comparison.CovarianceEffect) { e.Own.Rank = 3 }, comparison.TrustClasses, "keeps 3 directions in place of 2"},
		{func(e *comparison.CovarianceEffect) { e.Own.DiscriminantKept = 0.9 }, comparison.TrustClasses, "keeps 90.0 % of the discriminant in place of 100.0 %"},
		{func(e *comparison.CovarianceEffect) { e.Quadratic.P = 0.002 }, comparison.TrustNone, "the quadratic rule errs on"},
		{func(e *comparison.CovarianceEffect) { e.NearestMean.P = math.NaN() }, comparison.TrustOpen, "is open"},
	} {
		e := base
		c.change(&e)
		if e.Trust() != c.trust || !strings.Contains(e.Sentence(), c.part) {
			t.Errorf("%s: %q, want %s and %q", e.Trust(), e.Sentence(), c.trust, c.part)
		}
	}
}
