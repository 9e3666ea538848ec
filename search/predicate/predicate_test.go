package predicate

import (
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(400)
	os.Exit(m.Run())
}

func parsed(t interface{ Fatalf(string, ...any) }, text string) Predicate {
	p, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

// Of 1 : 11 : 420 the margin of InfoNCE is −0.00156126 ± 5.1e-5: a comparison within that is undecided, beyond it decided.
func TestJudge(t *testing.T) {
	p := theorems.Stored("equality-centred")[0].Case.Pairs
	for text, want := range map[string]oracle.Verdict{
		"lightest == 1/432":                         oracle.Holds,
		"lightest > 1/432":                          oracle.Refuted,
		"lightest == 0.0023148148148148147":         oracle.Refuted,
		"components == 3 && dimension == 2":         oracle.Holds,
		"2 <= components <= 3":                      oracle.Holds,
		"delta == 1":                                oracle.Holds,
		"delta != 1.0":                              oracle.Refuted,
		"0.1 + 0.2 == 0.3":                          oracle.Holds, // in decimals, not in floats
		"separation*separation > 380.3":             oracle.Holds,
		"separation < 19":                           oracle.Refuted,
		"margin(infonce) < 0":                       oracle.Holds,
		"margin(infonce) <= -0.0015":                oracle.Holds,
		"margin(infonce) <= -0.00156":               oracle.Undecided,
		"margin(infonce) >= -0.0015":                oracle.Refuted,
		"margin(infonce) >= -0.0016":                oracle.Undecided,
		"margin(infonce) > -0.0017":                 oracle.Holds,
		"margin(infonce) == margin(infonce)":        oracle.Undecided,
		"margin(spectral) > 0 && margin(dv) < 0":    oracle.Holds,
		"rank(infonce) == 1":                        oracle.Holds,
		"rank(infonce) == rank(spectral)":           oracle.Refuted,
		"kept(INFONCE-16) > kept('infonce')":        oracle.Holds,
		"rank(distance-infonce) == 2":               oracle.Undecided, // set below
		"lightest < 0 || rank(infonce) < 2":         oracle.Holds,
		"not (lightest > 0 and rank(infonce) >= 2)": oracle.Holds,
		"margin(infonce) <= -0.00156 || delta == 1": oracle.Holds,
		"margin(infonce) <= -0.00156 && delta == 1": oracle.Undecided,
		"1 / (delta - 1) > 0":                       oracle.Undecided,
		"0 * (1 / (delta - 1)) == 0":                oracle.Undecided, // no number, whatever it is multiplied by
		"(1 / (delta - 1)) * (delta - 1) < 1":       oracle.Undecided,
		"0 * margin(infonce) == 0":                  oracle.Holds,
	} {
		j := parsed(t, text).Judge(p)
		if strings.HasPrefix(text, "rank(distance") {
			if j.Verdict == oracle.Undecided {
				t.Errorf("%s is undecided: %s", text, j.Detail)
			}
			continue
		}
		if j.Verdict != want || j.Grade > oracle.Bounded {
			t.Errorf("%s: %v (%v), want %v: %s", text, j.Verdict, j.Grade, want, j.Detail)
		}
		if s := parsed(t, text).Score(p, new(solver.Workspace)); want == oracle.Refuted && !(s > 0) || want == oracle.Holds && s > 0 {
			t.Errorf("%s, which is %v, scores %v", text, want, s)
		}
	}
	var own gmm.Pairs
	for _, s := range theorems.Stored("containment-own-covariance") {
		own = s.Case.Pairs
	}
	if j := parsed(t, "margin(infonce) < 1e9").Judge(own); j.Verdict != oracle.Undecided {
		t.Errorf("of own covariances a margin is %s", j.Detail)
	}
}

// What is no predicate is refused in one line that says what was expected.
func TestParseRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                          "unexpected token",
		"1 +":                       "unexpected token EOF",
		"lightst > 1":               `found "lightst"; did you mean lightest?`,
		"lightest":                  "expected a comparison",
		"lightest + 1":              "expected a comparison",
		"rank(foo) > 1":             "expected a loss such as infonce",
		"rank() > 1":                "found \"rank()\"",
		"rank(infonce, dv) > 1":     "expected one of",
		"rnk(dv) > 1":               "did you mean rank?",
		"lightest > 1 ? 2 : 3":      "expected a comparison",
		"lightest > true":           "expected a number",
		"lightest > 0x10":           "expected a decimal number",
		"lightest > 1/0":            "other than 0",
		"lightest in [1, 2]":        "expected a comparison",
		"map([1], # > 1) == 2":      "expected",
		"lightest > 1e999999999":    "out of range",
		strings.Repeat("a", 5000):   "at most 4096 bytes",
		strings.Repeat("(", 4000):   "unexpected",
		"let x = 1; x > lightest":   "expected",
		"lightest > \"a\u2028\nb\"": "",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), says) || strings.ContainsAny(err.Error(), "\n\r\u2028") {
			t.Errorf("%.40q gives %v, want %q on one line", text, err, says)
		}
	}
}

// exactly is a random condition on exact quantities with its value on any mixture, by floats, and how near its comparisons are to ties.
type exactly struct {
	text  string
	value func(q map[string]float64) (is bool, nearest float64)
}

func conditions(depth int) *rapid.Generator[exactly] {
	return rapid.Custom(func(t *rapid.T) exactly {
		if depth > 0 && rapid.Bool().Draw(t, "joined") {
			a, b := conditions(depth-1).Draw(t, "left"), conditions(depth-1).Draw(t, "right")
			kind := rapid.SampledFrom([]string{"&&", "||", "not"}).Draw(t, "kind")
			if kind == "not" {
				return exactly{"!(" + a.text + ")", func(q map[string]float64) (bool, float64) { is, near := a.value(q); return !is, near }}
			}
			return exactly{"(" + a.text + ") " + kind + " (" + b.text + ")", func(q map[string]float64) (bool, float64) {
				x, near := a.value(q)
				y, nearer := b.value(q)
				return kind == "&&" && x && y || kind == "||" && (x || y), min(near, nearer)
			}}
		}
		name := rapid.SampledFrom([]string{"lightest", "components", "dimension", "separation", "delta"}).Draw(t, "quantity")
		p, q := rapid.IntRange(-9, 30).Draw(t, "p"), rapid.IntRange(1, 9).Draw(t, "q")
		op := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "operator")
		factor := rapid.SampledFrom([]float64{1, 2, -3}).Draw(t, "factor")
		text := fmt.Sprintf("%v * %s %s %d/%d", factor, name, op, p, q)
		if factor == 1 {
			text = fmt.Sprintf("%s %s %d/%d", name, op, p, q)
		}
		return exactly{text, func(values map[string]float64) (bool, float64) {
			x, y := factor*values[name], float64(p)/float64(q)
			apart := math.Abs(x - y)
			is := map[string]bool{"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y, "==": x == y, "!=": x != y}[op]
			return is, apart
		}}
	})
}

// A verdict on exact quantities is their value; and a shape is never called impossible in which there is a mixture that meets the predicate, or refutes it.
func TestJudgeAndPossibleAgainstValues(t *testing.T) {
	var impossible, decided int
	rapid.Check(t, func(t *rapid.T) {
		c := conditions(2).Draw(t, "condition")
		k, d := rapid.IntRange(2, 4).Draw(t, "K"), rapid.IntRange(1, 3).Draw(t, "d")
		e := gmm.Exact{Covariance: gmm.IdentityRows(d)}
		for range k {
			e.Weights = append(e.Weights, big.NewRat(int64(rapid.IntRange(1, 6).Draw(t, "weight")), 1))
			var row []*big.Rat
			for range d {
				row = append(row, big.NewRat(int64(rapid.IntRange(-4, 4).Draw(t, "mean")), 2))
			}
			e.Means = append(e.Means, row)
		}
		m, err := gmm.NewExact(e)
		if err != nil {
			t.Fatal(err)
		}
		delta := big.NewRat(int64(rapid.IntRange(1, 6).Draw(t, "delta")), 6)
		pairs, err := gmm.NewPairs(m, delta)
		if err != nil {
			t.Fatal(err)
		}
		least, total, apart := math.Inf(1), 0.0, 0.0
		for i, w := range m.Weights() {
			least, total = min(least, w), total+w
			for j := range i {
				square := 0.0
				for a := range d {
					x := m.Means().At(i, a) - m.Means().At(j, a)
					square += x * x
				}
				apart = max(apart, math.Sqrt(square))
			}
		}
		f, _ := delta.Float64()
		is, nearest := c.value(map[string]float64{"lightest": least / total, "components": float64(k), "dimension": float64(d), "separation": apart, "delta": f})
		if nearest < 1e-9 {
			t.Skip("a tie, which floats don't decide")
		}
		p := parsed(t, c.text)
		if v := p.Judge(pairs).Verdict; (v == oracle.Holds) != is || (v == oracle.Refuted) == is {
			t.Fatalf("%s of %v is %v, should be %v", c.text, pairs, v, is)
		}
		if s := p.Score(pairs, new(solver.Workspace)); (s > 0) == is {
			t.Fatalf("%s of %v scores %v, should be %v", c.text, pairs, s, is)
		}
		for _, s := range []Shape{{Components: k, Dimension: d}, {Components: k, Dimension: d, Delta: delta, Lightest: big.NewRat(1, 40), Separation: big.NewRat(100, 1)}} {
			if is && !p.Possible(s) || !is && !p.Refutable(s) {
				t.Fatalf("%s of %v is %v, which %+v says can't be", c.text, pairs, is, s)
			}
			if !p.Possible(s) || !p.Refutable(s) {
				impossible++
			}
		}
		decided++
	})
	if impossible < decided/20 {
		t.Errorf("of %d conditions %d are impossible or always true", decided, impossible)
	}
}

// What contradicts itself is told from what does not.
func TestPossible(t *testing.T) {
	for text, want := range map[string]bool{
		"separation < 2 && separation >= 2":             false,
		"separation <= 2 && separation >= 2":            true,
		"lightest > 1/3":                                false,
		"lightest >= 1/3":                               true,
		"components > 3":                                false,
		"rank(infonce) > 2":                             false,
		"rank(infonce) >= 2 && dimension == 2":          true,
		"delta <= 0":                                    false,
		"margin(infonce) > 5 && margin(infonce) < 4":    false,
		"separation < 0":                                false,
		"(lightest > 1/2 || delta > 1) && separation>1": false,
		"lightest > 1/2 || separation > 1":              true,
		"2*lightest > 1":                                false,
	} {
		if got := parsed(t, text).Possible(Shape{Components: 3, Dimension: 2}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A long predicate takes no longer than it is long.
func TestPossibleOfMany(t *testing.T) {
	p := parsed(t, strings.Repeat("lightest<1&&", 300)+"separation<9")
	if shape := (Shape{Components: 3, Dimension: 2}); !p.Possible(shape) || !p.Refutable(shape) {
		t.Error("a chain is impossible")
	}
}

// A text from anywhere is read or refused in one line; what is read can be judged, and is read again from how it is written.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"lightest >= 1/20 && separation <= 6", "rank(infonce) == rank(spectral)", "!(delta < .5) or kept(infonce-16) > 1e-3", "1 < 2 < 3", "((", "a.b[1]", "'\x00'", "lightest > 1_0"} {
		f.Add(text)
	}
	m, err := gmm.NewExact(gmm.Exact{Weights: []*big.Rat{big.NewRat(1, 1), big.NewRat(1, 1)}, Means: [][]*big.Rat{{big.NewRat(1, 1)}, {new(big.Rat)}}, Covariance: gmm.IdentityRows(1)})
	if err != nil {
		f.Fatal(err)
	}
	pairs, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || p.Given() {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := Parse(p.String())
		if err != nil {
			t.Fatalf("%q is read, and %q is not: %v", text, p, err)
		}
		p.Possible(Shape{Components: 2, Dimension: 1})
		p.Refutable(Shape{Components: 2, Dimension: 1})
		if !p.Exact() {
			return
		}
		if a, b := p.Judge(pairs), again.Judge(pairs); a != b {
			t.Fatalf("%q: %v, and %v as %q", text, a, b, again)
		}
	})
}
