package soundness

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// solveAndJudge is what the solve command does.
func solveAndJudge(t testing.TB, p gmm.Pairs) oracle.Findings {
	t.Helper()
	c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return findings(p, c)
}

func readText(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

// The known truths about equality, to the digits in which they are known.
func TestKnownMargins(t *testing.T) {
	const rare = `{"weights": [989, 10, 1], "means": [["-0.095", "-0.04"], ["7.905", "2.96"], ["14.905", "9.96"]], "covariance": "identity", "delta": `
	for _, c := range []struct {
		text        string
		margin, ulp float64 // the last digit's unit
		want        oracle.Verdict
	}{
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, -2.39250655e-4, 1e-12, oracle.Refuted},
		{`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`, -3.96695e-3, 1e-8, oracle.Refuted},
		{`{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": "identity"}`, -5.64607e-4, 1e-9, oracle.Refuted},
		{`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`, -7.655214e-3, 1e-9, oracle.Refuted},
		{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, -1.561259209e-3, 1e-12, oracle.Refuted},
		{rare + `1}`, -3.3364e-3, 1e-7, oracle.Refuted},
		{rare + `"9/10"}`, -4.06355e-3, 1e-8, oracle.Refuted},
		{rare + `"1/2"}`, -4.8006e-3, 1e-7, oracle.Refuted},
		{rare + `"1/5"}`, -5.8866e-4, 1e-8, oracle.Refuted},
		{rare + `"1/10"}`, 5.2177e-4, 1e-8, oracle.Holds},
		{`{"weights": [1, 23, 210], "means": [[13, 15], [4, 3], ["-1/2", "-2/5"]], "covariance": "identity", "delta": "1/2"}`, -8.931295e-3, 1e-9, oracle.Refuted},
		{`{"weights": [1, 29, 56], "means": [[12, 25], [2, 3], ["-5/4", -2]], "covariance": "identity", "delta": "1/2"}`, -4.014436e-3, 1e-9, oracle.Refuted},
	} {
		f := solveAndJudge(t, readText(t, c.text))
		if f.Equality() != c.want || math.Abs(f.Margin()-c.margin) > c.ulp/2*(1+1e-6) {
			t.Errorf("%s: %v with margin %.10g, want %v with %.10g", c.text, f.Equality(), f.Margin(), c.want, c.margin)
		}
	}
	f := solveAndJudge(t, readText(t, rare+`1}`))
	if other := f.Spectrum[1]; math.Abs(other-0.058845) > 0.5e-6 {
		t.Errorf("the other eigenvalue is %g, want .058845", other)
	}
}

// The eigenvalues of the 28-digit reference, and so each sign, agree.
func TestReferenceEigenvalues(t *testing.T) {
	text, err := os.ReadFile(shared("reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Optima []map[string]json.RawMessage `json:"infonce_optimum"`
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	if len(reference.Optima) != 4 {
		t.Fatalf("the reference has %d optima, want 4", len(reference.Optima))
	}
	for _, optimum := range reference.Optima {
		var values []json.Number
		if err := json.Unmarshal(optimum["whitened_eigenvalues"], &values); err != nil {
			t.Fatal(err)
		}
		mixture := map[string]json.RawMessage{}
		for _, key := range []string{"name", "weights", "means", "covariance", "delta"} {
			mixture[key] = optimum[key]
		}
		text, err := json.Marshal(mixture)
		if err != nil {
			t.Fatal(err)
		}
		f := solveAndJudge(t, readText(t, string(text)))
		want := oracle.Holds
		for i, value := range values {
			x, err := value.Float64()
			if err != nil {
				t.Fatal(err)
			}
			if x < 0 {
				want = oracle.Refuted
			}
			if math.Abs(f.Spectrum[i]-x) > 1e-10 {
				t.Errorf("%s: eigenvalue %d is %.16g, want %.16g", optimum["name"], i, f.Spectrum[i], x)
			}
		}
		if f.Equality() != want {
			t.Errorf("%s: equality %v, want %v", optimum["name"], f.Equality(), want)
		}
	}
}

func TestIrisAndWine(t *testing.T) {
	read := func(file, label string) gmm.Pairs {
		f, err := os.Open(shared(file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		table, err := tables.Read(file, f, tables.Options{Label: label})
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := table.Fit(table.All(), tables.Shrinkage{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	centre := func(p gmm.Pairs) gmm.Pairs {
		c, err := p.Centre()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	iris, wine := read("iris.csv", "species"), read("wine.csv", "cultivar")
	for _, c := range []struct {
		name   string
		p      gmm.Pairs
		want   oracle.Verdict
		values []float64 // the known eigenvalues, smallest first
		ulps   []float64
	}{
		{"Iris", iris, oracle.Refuted, []float64{-6.488e-3, 0.05503, 0.11899}, []float64{1e-6, 1e-5, 1e-5}},
		{"Iris, centred", centre(iris), oracle.Holds, []float64{0.05384, 0.15289}, []float64{1e-5, 1e-5}},
		{"Wine", wine, oracle.Refuted, []float64{-7.43e-4}, []float64{1e-6}},
		{"Wine, centred", centre(wine), oracle.Holds, nil, nil},
	} {
		f := solveAndJudge(t, c.p)
		if f.Equality() != c.want {
			t.Errorf("%s: %v, want %v", c.name, f.Equality(), c.want)
		}
		for i, want := range c.values {
			if math.Abs(f.Spectrum[i]-want) > c.ulps[i]/2*1.0001 {
				t.Errorf("%s: eigenvalue %d is %.8g, want %g", c.name, i, f.Spectrum[i], want)
			}
		}
		blind, err := solver.Minimise(solver.InfoNCE, c.p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(err)
		}
		if f := findings(c.p, blind); f.Containment() != oracle.Holds {
			t.Errorf("%s: containment of a blind solve: %v, defect %g", c.name, f.Containment(), f.Defect())
		}
	}
}

// How often equality fails for w ∼ Dirichlet(1), μ ∼ 4·N(0, I), d = 2, δ = 1:
// known from 300 draws each as 53, 15 and 6 at K = 2, 3, 4. New draws must agree
// within sampling error.
func TestHowOftenEqualityFails(t *testing.T) {
	if testing.Short() {
		t.Skip("900 solves")
	}
	const draws = 300
	for k, known := range map[int]float64{2: 53, 3: 15, 4: 6} {
		rng := rand.New(rand.NewPCG(9, uint64(k)))
		refuted := 0
		for range draws {
			weights := make([]float64, k)
			means := mat.NewDense(k, 2, nil)
			for i := range k {
				weights[i] = rng.ExpFloat64()
				means.SetRow(i, []float64{4 * rng.NormFloat64(), 4 * rng.NormFloat64()})
			}
			m, err := gmm.NewExact(exactOf(weights, means, identity(2)))
			if err != nil {
				t.Fatal(err)
			}
			p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
			if err != nil {
				t.Fatal(err)
			}
			if f := solveAndJudge(t, p); f.Equality() == oracle.Refuted {
				refuted++
			}
		}
		t.Logf("K = %d: equality fails in %d of %d", k, refuted, draws)
		// Both counts are binomial; four standard deviations of their difference.
		if off, allowed := math.Abs(float64(refuted)-known), 4*math.Sqrt(2*known); off > allowed {
			t.Errorf("K = %d: equality fails in %d of %d, known %v ± %.0f", k, refuted, draws, known, allowed)
		}
	}
}

// Hostile mixtures end in a verdict or an error, not in a wrong verdict.
func TestHostileMixtures(t *testing.T) {
	for _, c := range []struct {
		name, text string
		equality   []oracle.Verdict
	}{
		{"d = 1", `{"weights": [1, 2], "means": [[1], [-3]], "covariance": [[2]]}`, []oracle.Verdict{oracle.Holds}},
		{"duplicate means among others", `{"weights": [1, 2, 3], "means": [[1, 0], [1, 0], [-1, 2]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds, oracle.Refuted}},
		{"a zero mean", `{"weights": [1, 2], "means": [[0, 0], [1, 1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds}},
		{"all means zero", `{"weights": [1, 2], "means": [[0, 0], [0, 0]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds}},
		{"one component", `{"weights": [5], "means": [[1, 1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Refuted}},
		{"means 1e6 apart", `{"weights": [1, 1], "means": [[1000000], [0]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds, oracle.Undecided}},
		{"centred means 1e6 apart", `{"weights": [1, 1], "means": [[1000000, 1], [-1000000, -1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds, oracle.Undecided}},
		{"far from the origin", `{"weights": [1, 1], "means": [[1000000, 1], [1000001, -1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Holds, oracle.Refuted, oracle.Undecided}},
		{"very far from the origin", `{"weights": [1, 1], "means": [[1e30, 1], [1e30, -1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Undecided}},
		{"tiny weight", `{"weights": [1, "1e-12"], "means": [[1], [-1]], "covariance": [[1]]}`, []oracle.Verdict{oracle.Holds, oracle.Undecided}},
		{"tiny separation", `{"weights": [1, 1], "means": [["1e-9"], ["-1e-9"]], "covariance": [[1]]}`, []oracle.Verdict{oracle.Holds, oracle.Undecided}},
		{"singular to float64", `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": [[1, 1], [1, "1.0000000000000000000001"]]}`, []oracle.Verdict{oracle.Holds, oracle.Refuted, oracle.Undecided}},
		{"the symmetric pair", `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, []oracle.Verdict{oracle.Undecided}},
		{"the symmetric pair, stretched", `{"weights": [1, 1], "means": [[1, 2], [2, 1]], "covariance": [["1/3", "1/7"], ["1/7", "1/3"]]}`, []oracle.Verdict{oracle.Undecided}},
	} {
		p := readText(t, c.text)
		candidate, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			t.Logf("%s: %v", c.name, err)
			continue
		}
		f := findings(p, candidate)
		allowed := false
		for _, v := range c.equality {
			allowed = allowed || v == f.Equality()
		}
		t.Logf("%s: %v, margin %.4g, ε %.2g", c.name, f.Equality(), f.Margin(), f.Evidence.Epsilon)
		if !allowed {
			t.Errorf("%s: equality %v, want one of %v", c.name, f.Equality(), c.equality)
		}
		for _, x := range candidate.Free.Form.Matrix(p).RawMatrix().Data {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%s: the minimiser holds %v", c.name, x)
			}
		}
	}
}
