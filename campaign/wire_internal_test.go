package campaign

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// Cases of every claim come back as they were, whatever they consist of.
func TestCasesComeBack(t *testing.T) {
	t.Parallel()
	for _, claim := range theorems.All() {
		for n := range enough.Cases(6) {
			on := claim.Case(1, n)
			text := encode(newCase(on))
			var read onCase
			if err := decode(text, &read); err != nil {
				t.Fatalf("%s: %v: %s", claim.ID, err, text)
			}
			back, err := read.theorem()
			if err != nil {
				t.Fatalf("%s: %v: %s", claim.ID, err, text)
			}
			if back.GoString() != on.GoString() || !bytes.Equal(encode(newCase(back)), text) || !sameMatrix(back.A, on.A) || !sameMatrix(back.Other, on.Other) {
				t.Errorf("%s: %#v came back as %#v", claim.ID, on, back)
			}
		}
	}
}

func sameMatrix(a, b *mat.Dense) bool {
	return (a == nil) == (b == nil) && (a == nil || mat.Equal(a, b))
}

// A check comes to the same digits on a case that came back.
func TestChecksOfCasesThatComeBack(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"equality", "clip-containment", "containment-low-rank", "stationarity", "invariance", "simsiam-containment", "affine-equality", "envelope-necessary", "hadsell-containment"} {
		claims, err := theorems.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		for n := range enough.Cases(5) {
			on := claims[0].Case(2, n)
			back, err := newCase(on).theorem()
			if err != nil {
				t.Fatal(err)
			}
			if a, b := encode(newOutcome(claims[0].Check(on))), encode(newOutcome(claims[0].Check(back))); !bytes.Equal(a, b) {
				t.Errorf("%s: %s, and of what came back %s", id, a, b)
			}
		}
	}
}

// Numbers come back bit by bit, those that JSON has not among them.
func TestNumbersComeBack(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1. / 3, -1e-320, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 1e21, 123456789012345680} {
		var back gmm.Float
		if err := decode(encode(gmm.Float(x)), &back); err != nil || math.Float64bits(float64(back)) != math.Float64bits(x) && !math.IsNaN(x) || math.IsNaN(x) != math.IsNaN(float64(back)) {
			t.Errorf("%v came back as %v, %v", x, back, err)
		}
	}
}

// Evidence and outcomes come back with all that they are.
func TestEvidenceComesBack(t *testing.T) {
	e := oracle.Evidence{Grade: oracle.Bounded, Epsilon: math.Inf(1), Exact: true, Weighted: true, WeightedMargin: -1. / 3, WeightedEpsilon: 1e-17,
		Short: 2, ShortLength: 1e-9, ShortMargin: 5, ShortEpsilon: math.NaN(), Rule: "a < b & c\n"}
	text := encode(e)
	var back oracle.Evidence
	if err := decode(text, &back); err != nil || !bytes.Equal(encode(back), text) || back.Short != 2 || back.Rule != e.Rule {
		t.Errorf("%+v came back as %+v, %v", e, back, err)
	}
	for _, id := range []string{"equality", "cosine-containment", "containment-own-covariance"} {
		claims, err := theorems.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		found, err := (theorems.Part{Claim: claims[0], Replays: true}).Run(t.Context())
		if err != nil || !slices.ContainsFunc(found.Counterexamples, func(c theorems.Counterexample) bool { return c.Outcome.Certificate != nil }) {
			t.Fatalf("%s: %v, %d counterexamples, none with a certificate", id, err, len(found.Counterexamples))
		}
		for _, c := range found.Counterexamples {
			text := encode(newOutcome(c.Outcome))
			var read outcome
			if err := decode(text, &read); err != nil {
				t.Fatal(err)
			}
			back, err := read.theorem()
			if err != nil || !bytes.Equal(encode(newOutcome(back)), text) {
				t.Errorf("%s: %s came back as %s, %v", c.Name, text, encode(newOutcome(back)), err)
			}
		}
	}
}

// What is wrong with a result is found by reading it, and nothing panics.
func TestGarbageIsNoResult(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{", `"x"`, `{"pairs":null}`, `{"pairs":{"left":{"weights":[null],"means":[[null]]},"delta":null},"seed":1}`,
		`{"pairs":{"left":{"weights":["1"],"means":[["1","2"],["3"]],"covariance":[["1"]]},"delta":"1"},"seed":1}`,
		`{"pairs":{"left":{"weights":["1"],"means":[["1"]],"covariance":[["1"]]},"delta":"1"},"a":[[1],[2,3]],"seed":1}`,
		`{"pairs":{"left":{"weights":["1"],"means":[["1"]],"covariance":[["1"]]},"delta":"1"},"a":[[]],"seed":1}`,
		`{"pairs":{"left":{"weights":["1"],"means":[["1"]],"covariance":[["1"]]},"delta":"1"},"nets":[{"activation":"none"}],"seed":1}`,
		`{"pairs":{"left":{"weights":["1"],"means":[["1"]],"covariance":[["1"]]},"delta":"3"},"seed":1}`} {
		var read onCase
		err := decode([]byte(text), &read)
		if err == nil {
			_, err = read.theorem()
		}
		if err == nil {
			t.Errorf("%s is a case", text)
		}
	}
	for _, text := range []string{"null", `{"verdict":7,"grade":0,"value":1,"bound":0,"detail":""}`, `{"verdict":1,"grade":2,"value":1,"bound":0,"detail":"","certificate":{"weights":[1]}}`} {
		var read outcome
		err := json.Unmarshal([]byte(text), &read)
		if err == nil {
			_, err = read.theorem()
		}
		if err == nil && text != "null" {
			t.Errorf("%s is an outcome", text)
		}
	}
}

// Sizes are those of claims, each listed once, and shards are never empty.
func TestSizes(t *testing.T) {
	known := map[string]bool{}
	for _, c := range theorems.All() {
		known[c.ID] = true
	}
	total := 0
	for size, ids := range sizes {
		for _, id := range bytes.Fields([]byte(ids)) {
			total++
			if !known[string(id)] || casesASecond(string(id)) != size {
				t.Errorf("%s has the size %d: it is no claim, or listed twice", id, size)
			}
		}
	}
	if total != len(sizeOf()) {
		t.Errorf("%d ids are listed, of %d claims", total, len(sizeOf()))
	}
	for _, cases := range []int{1, 2, 15, 16, 17, 100, 1_000_000} {
		for id := range known {
			if size := casesAShard(id, cases); size < 1 || size > cases || size > casesASecond(id) {
				t.Errorf("%s: shards of %d cases of %d", id, size, cases)
			}
		}
	}
}

// What a worker has to say to people moves no terminal.
func TestTextsAreOneLine(t *testing.T) {
	const sent, shown = "\x1b[2J∇ ≤ 1\u009b2J\u202e\n", " [2J∇ ≤ 1 2J  "
	o, err := outcome{Detail: sent}.theorem()
	p, err2 := point{Evidence: oracle.Evidence{Rule: sent}}.frontier()
	w, err3 := judgement{Detail: sent}.predicate()
	one := rational{big.NewRat(1, 1)}
	b, err4 := bracket{Low: end{At: []rational{one}}, High: end{At: []rational{one}}, Reason: sent}.frontier(1)
	if err != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Fatal(err, err2, err3, err4)
	}
	for _, text := range []string{o.Detail, p.Evidence.Rule, w.Detail, b.Reason} {
		if text != shown {
			t.Errorf("%q", text)
		}
	}
}
