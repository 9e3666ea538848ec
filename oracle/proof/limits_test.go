package proof_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// Hypotheses are decided exactly, whatever is true of the mixture.
func TestHypotheses(t *testing.T) {
	for text, want := range map[string]proof.Hypotheses{
		`{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`:                                            {Certain: true},
		`{"weights": [1, 2], "means": [[1, 1], [1, 1]], "covariance": "identity"}`:                                 {Certain: true},
		`{"weights": [1, 2], "means": [[0, 0], [0, 0]], "covariance": "identity", "delta": "1/2"}`:                 {Centred: true},
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": "identity", "delta": 0}`:                          {Centred: true},
		`{"weights": [1, 2], "means": [[2], [-1]], "covariance": "identity"}`:                                      {Informative: true, Certain: true, Centred: true},
		`{"weights": [1, 2], "means": [[2], ["-1.0000000000000000000001"]], "covariance": "identity"}`:             {Informative: true, Certain: true},
		`{"weights": [1, 2], "means": [[2], [-1]], "covariance": "identity", "delta": "0.9999999999999999999999"}`: {Informative: true, Centred: true},
	} {
		p := pairs(t, text)
		certificate, err := proof.Prove(proof.InfoNCE, p, gmm.Form{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		theorem, err := proof.Check(certificate)
		if err != nil || theorem.Hypotheses != want || certificate.Hypotheses() != want {
			t.Errorf("%s: proved under %+v (%v), want %+v", text, theorem.Hypotheses, err, want)
		}
	}
}

// A file of long numbers is refused before exact elimination takes minutes.
func TestCheckRefusesLongNumbers(t *testing.T) {
	const d = 8
	long := "0." + strings.Repeat("7", 900)
	mean := func(k int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(fmt.Sprintf("\"%d%s\",", k, long[1:]), d), ",") + "]"
	}
	text := fmt.Sprintf(`{"weights": [1, 2], "means": [%s, %s], "covariance": "identity"}`, mean(1), mean(2))
	file, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Check(proof.Certificate{Pairs: file.Pairs, Verdict: oracle.Holds}); !errors.Is(err, proof.ErrNotProved) || !errors.Is(err, gmm.ErrCost) {
		t.Errorf("%v, want ErrNotProved because of the cost", err)
	}
}

// sealed is the certificate file of a mixture file, with a digest that is right and a minimiser that is nothing.
func sealed(t *testing.T, text string) (file []byte, c proof.Certificate) {
	t.Helper()
	mixture, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c = proof.Certificate{Pairs: mixture.Pairs, Verdict: oracle.Holds}
	var out bytes.Buffer
	if err := c.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), c
}

// manyMeans is a mixture of 8,000 components on a line or in a plane.
func manyMeans(dimension int) string {
	const components = 8000
	var weights, means []string
	for k := range components {
		weights = append(weights, "1")
		mean := []string{fmt.Sprint(k % 97)}
		if dimension == 2 {
			mean = append(mean, fmt.Sprint(k%89))
		}
		means = append(means, "["+strings.Join(mean, ", ")+"]")
	}
	return fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity"}`, strings.Join(weights, ", "), strings.Join(means, ", "))
}

// A certificate of 8,000 components took 14 GB. On a line the theorem decides it; elsewhere it is refused, since
// even one node would be 8,000² evaluations.
func TestCheckBoundsManyComponents(t *testing.T) {
	t.Parallel()
	for dimension, want := range map[int]string{1: "", 2: "at least 6.4e+07 evaluations, more than the limit of 2e+06; --limit 32 allows this"} {
		file, c := sealed(t, manyMeans(dimension))
		read, err := proof.Read("certificate.json", bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			read.Basis = []int{1} // the first mean is 0
			if theorem, err := proof.Check(read); err != nil || theorem.By != proof.ByLine {
				t.Errorf("on a line: %v, %v", theorem, err)
			}
			continue
		}
		c.Basis, c.Precision, c.Accuracy = []int{1, 97}, 64, 16
		c.Minimiser = [][]*big.Rat{gmm.Rationals(0, 0), gmm.Rationals(0, 0)}
		if _, err := proof.Check(c); !errors.Is(err, gmm.ErrCost) || !strings.Contains(err.Error(), want) {
			t.Errorf("in a plane: %v, want …%s", err, want)
		}
		if _, err := proof.Prove(proof.InfoNCE, c.Pairs, gmm.Form{}); !errors.Is(err, gmm.ErrCost) {
			t.Errorf("proving in a plane: %v", err)
		}
	}
}

// fractions is a mixture of 3 components whose means and covariance are dense fractions of 30 bits.
func fractions(dimension int) string {
	const denominator = 1<<30 - 1
	rng := rand.New(rand.NewPCG(1, uint64(dimension)))
	number := func(whole int) string {
		return fmt.Sprintf(`"%d/%d"`, whole*denominator+rng.IntN(denominator), denominator)
	}
	row := func(of func(int) string) string {
		entries := make([]string, dimension)
		for i := range entries {
			entries[i] = of(i)
		}
		return "[" + strings.Join(entries, ", ") + "]"
	}
	var means, rows []string
	for range 3 {
		means = append(means, row(func(int) string { return number(0) }))
	}
	covariance := make([][]string, dimension)
	for i := range covariance {
		covariance[i] = make([]string, dimension)
		for j := range i {
			covariance[i][j] = number(0)
			covariance[j][i] = covariance[i][j]
		}
		covariance[i][i] = number(dimension)
	}
	for i := range covariance {
		rows = append(rows, row(func(j int) string { return covariance[i][j] }))
	}
	return fmt.Sprintf(`{"weights": [1, 2, 3], "means": [%s], "covariance": [%s]}`, strings.Join(means, ", "), strings.Join(rows, ", "))
}

// A certificate of 3 components in 300 dimensions with dense fractions kept the checker busy for minutes: it is refused by
// an estimate, which names the limit that would do. In 30 dimensions it is no trouble.
func TestCheckEstimatesExactElimination(t *testing.T) {
	if testing.Short() {
		t.Skip("large certificates are read")
	}
	t.Parallel()
	_, many := sealed(t, fractions(300))
	_, err := proof.Check(many)
	if !errors.Is(err, gmm.ErrCost) || !errors.Is(err, proof.ErrNotProved) || !strings.Contains(err.Error(), "exact elimination in 300 dimensions with 3 components") {
		t.Errorf("%v, want a refusal for its cost", err)
	}
	_, c := sealed(t, fractions(30))
	if _, err := proof.Check(c); errors.Is(err, gmm.ErrCost) { // it has no minimiser
		t.Error(err)
	}
	if _, err := proof.Limit(1e-5).Check(c); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("with a limit of 1e-5: %v", err)
	}
	one := gmm.Rationals(1)
	var a [][]*big.Rat
	for range 300 {
		a = append(a, one)
	}
	if _, err := proof.Limit(1).EncloseLoss(many.Pairs, a, 128); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("enclosing the loss: %v", err)
	}
}
