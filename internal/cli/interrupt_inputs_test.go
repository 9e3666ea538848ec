package cli_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// longInputs writes the inputs that keep commands busy.
func longInputs(t *testing.T, in string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	row := func(n, scale int) string {
		var numbers []string
		for range n {
			numbers = append(numbers, strconv.FormatFloat(float64(rng.IntN(61)-30)/float64(scale), 'g', -1, 64))
		}
		return "[" + strings.Join(numbers, ", ") + "]"
	}
	mixture := func(components, dimension, scale int) string {
		var means, a []string
		for range components {
			means = append(means, row(dimension, scale))
		}
		for range dimension {
			a = append(a, row(dimension, 30))
		}
		return fmt.Sprintf(`{"weights": [1%s], "means": [%s], "covariance": "identity", "a": [%s]}`,
			strings.Repeat(", 1", components-1), strings.Join(means, ", "), strings.Join(a, ", "))
	}
	var table strings.Builder
	table.WriteString("x,y,l\n")
	for i := range 400_000 { // read for a second and more
		fmt.Fprintf(&table, "%d,%d,%d\n", rng.IntN(100), rng.IntN(100)+20*(i%3), i%3)
	}
	// The mean is all but orthogonal to the means' differences: λ_min is all but 0, and never decided.
	tie := `{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 2], [1, -2], [1, 1], [1, -1], [1, 3], ["1.00000000000000000000000000000000000000001", -3]], "covariance": "identity"}`
	for name, text := range map[string]string{
		"many.json": mixture(24, 12, 20), "planar.json": mixture(3, 2, 10), "tie.json": tie, "big.csv": table.String(), "long.json": longCertificate(t, mixture(6, 2, 12)),
	} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// longCertificate asks for more accuracy than its claim needs.
func longCertificate(t *testing.T, mixture string) string {
	t.Helper()
	d, err := gmm.Read("mixture", strings.NewReader(mixture))
	if err != nil {
		t.Fatal(err)
	}
	c, err := proofs.ProveEquality(proof.InfoNCE, d.Pairs, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.Precision, c.Accuracy = 128, 100
	var text strings.Builder
	if err := c.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
