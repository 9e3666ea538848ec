package plane_test

import (
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/plane"
	"contrastcheck/oracle/proof/rational"
)

const stored = "../../../theorems/testdata/counterexamples/"

// What the theory in formal asks of the numbers is so, exactly; and the certificate with this matrix in place of its own proves a gradient of at most ε.
func TestRefutation(t *testing.T) {
	for _, name := range []string{"equality_1-two-points", "equality_2-two-points-apart", "equality_3-two-points-opposite"} {
		c := read(t, name)
		theorem, err := proof.Check(c)
		if err != nil {
			t.Fatal(err)
		}
		r, err := plane.Of(c, theorem)
		if err != nil {
			t.Fatal(err)
		}
		means := c.Pairs.Left.Exact().Means
		moved := r.Matrix.Apply(rational.Difference(means[0], means[1]))
		for i, e := range r.Direction {
			if moved[i].Cmp(new(big.Rat).Mul(r.Slope, e)) != 0 {
				t.Errorf("%s: M(μ₁ − μ₂) = %v, want %v·%v", name, moved, r.Slope, r.Direction)
			}
		}
		if rational.Dot(r.Direction, r.Direction).Cmp(big.NewRat(1, 1)) != 0 || r.Matrix[0][1].Cmp(r.Matrix[1][0]) != 0 {
			t.Errorf("%s: expected a unit vector and a symmetric matrix, found %v and %v", name, r.Direction, r.Matrix)
		}
		sum := new(big.Rat).Mul(r.Radius, rational.Dot(r.Witness, r.Witness))
		if sum.Add(sum, r.Matrix.Form(r.Witness, r.Witness)).Sign() >= 0 {
			t.Errorf("%s: vᵀMv + ε|v|² = %v", name, sum)
		}
		w := rational.Matrix(means).Transposed()
		inverse := rational.Inverse(w.Transposed().Times(w)).Times(w.Transposed())
		c.Minimiser, c.Witness = inverse.Times(r.Matrix).Times(inverse.Transposed()), inverse.Apply(r.Witness)
		anew, err := proof.Check(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if anew.Radius.Cmp(r.Radius) > 0 {
			t.Errorf("%s: the gradient is at most %v, which is not within ε = %v", name, anew.Radius.FloatString(9), r.Radius)
		}
		if size := len(r.Matrix[0][0].RatString()); size > 60 {
			t.Errorf("%s: an entry of %d digits", name, size)
		}
	}
}

// What is outside of the theory is refused with its reason.
func TestOutside(t *testing.T) {
	for name, reason := range map[string]string{
		"equality_4-three-equal-weights":          "3 components",
		"equality-centred_1-rare-outlier":         "3 components",
		"equality_5-iris":                         "3 components",
		"dv-equality_1-rare-outlier":              "the loss",
		"cosine-containment_2-three-to-one":       "another statement",
		"relu-network-unbiased_2-one-side":        "another statement",
		"containment-own-covariance_1-tilted":     "another statement",
		"sigmoid-equality-centred_1-mild-outlier": "the loss",
	} {
		file, err := os.Open(filepath.Join(stored, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := proof.Read(name, file)
		file.Close()
		if err != nil {
			continue // a mixture without a certificate
		}
		if _, err := plane.Of(c, proof.Theorem{}); !errors.Is(err, plane.ErrOutside) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, want %q", name, err, reason)
		}
	}
}

func read(t *testing.T, name string) proof.Certificate {
	t.Helper()
	file, err := os.Open(filepath.Join(stored, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c, err := proof.Read(name, file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
