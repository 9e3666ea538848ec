package proof_test

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/proof"
)

// Every number has the digits asked for, however small it is beside the others, and they are those of a
// finer refinement.
func TestEveryNumberHasItsDigits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ mixture, smallest string }{
		"two points": {`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, "-0.0002392506548"},
		"near":       {`{"weights": [1, 3], "means": [["2e-5", 0], [0, "1e-5"]], "covariance": "identity"}`, "2.343749999e-33"},
		"far apart":  {`{"weights": [1, 1], "means": [["1e6", 0], [0, "1e-3"]], "covariance": "identity"}`, "2.342057696e-11"},
		"units":      {`{"weights": [1, 3], "means": [["2e-9", 0], [0, 1]], "covariance": [["1e-18", 0], [0, 1]]}`, "-0.0002392506548"},
	} {
		p := pairs(t, c.mixture)
		coarse, err := proof.Limit(1).Refine(p, reduced(t, p), 10)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fine, err := proof.Limit(1).Refine(p, reduced(t, p), 16)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := coarse.Eigenvalues[0].Text; got != c.smallest {
			t.Errorf("%s: the smallest eigenvalue is %s, want %s", name, got, c.smallest)
		}
		agree(t, name+", loss", coarse.Loss, fine.Loss.Text, 10)
		for i := range coarse.M {
			agree(t, name+", eigenvalue", coarse.Eigenvalues[i], fine.Eigenvalues[i].Text, 10)
			for j := range coarse.M[i] {
				agree(t, name+", M", coarse.M[i][j], fine.M[i][j].Text, 10)
			}
		}
	}
}

// What is 0 by structure is exactly 0; where nothing proves that, the size is bounded, and the refinement ends.
func TestZerosAreRefined(t *testing.T) {
	t.Parallel()
	exact := proof.Number{Text: "0", Digits: 8}
	for name, c := range map[string]struct {
		mixture string
		zeros   func(proof.Refined) []proof.Number
		want    proof.Number
	}{
		"swapped": {`{"weights": [1, 1], "means": [[1, 0, 2], [0, 1, 2]], "covariance": "identity"}`,
			func(r proof.Refined) []proof.Number {
				return append([]proof.Number{r.Eigenvalues[0]}, r.M[0][2], r.M[2][2])
			}, exact},
		"coincident": {`{"weights": [1, 2], "means": [[1, 2], [1, 2]], "covariance": "identity"}`,
			func(r proof.Refined) []proof.Number {
				return []proof.Number{r.Loss, r.Eigenvalues[0], r.M[0][0], r.M[0][1], r.M[1][1]}
			}, exact},
		"a coordinate more": {`{"weights": [1, 3], "means": [[2, 0, 0], [0, 0, 1]], "covariance": "identity"}`,
			func(r proof.Refined) []proof.Number { return []proof.Number{r.M[0][1], r.M[1][1], r.M[1][2]} }, exact},
		"at the origin": {`{"weights": [1], "means": [[0]], "covariance": "identity"}`,
			func(r proof.Refined) []proof.Number { return []proof.Number{r.Loss, r.M[0][0]} }, exact},
		// The mean is orthogonal to the means' differences: λ_min = 0 by a theorem that enclosures do not know.
		"orthogonal mean": {`{"weights": [1, 1, 1], "means": [[1, 1], [1, -1], [1, 0]], "covariance": "identity"}`,
			func(r proof.Refined) []proof.Number { return []proof.Number{r.Eigenvalues[0], r.M[0][0], r.M[0][1]} },
			proof.Number{Text: "0", Below: "1e-40"}},
	} {
		if testing.Short() && c.want.Below != "" {
			continue // a second's work
		}
		p := pairs(t, c.mixture)
		r, err := proof.Limit(1).Refine(p, reduced(t, p), 8)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, got := range c.zeros(r) {
			bound, _ := new(big.Rat).SetString(got.Below)
			most, _ := new(big.Rat).SetString(c.want.Below)
			if c.want.Below != "" && got.Below != "" && got.Text == "0" && bound.Cmp(most) <= 0 {
				continue
			}
			if got != c.want {
				t.Errorf("%s, number %d: %+v, want %+v", name, i, got, c.want)
			}
		}
		if c.want.Below != "" && (r.Loss.Digits != 8 || r.Eigenvalues[1].Digits != 8) {
			t.Errorf("%s: loss %+v, largest eigenvalue %+v, want 8 digits", name, r.Loss, r.Eigenvalues[1])
		}
	}
}
