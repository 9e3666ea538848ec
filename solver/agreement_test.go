package solver_test

import (
	"math"
	"testing"

	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Means so far apart that rounding loses W = I + (1−δ)B beside S₂ cost digits, which is said, and no more: what is found is a finite matrix.
func TestAgreementOfFarMeans(t *testing.T) {
	for _, text := range []string{
		`{"weights": [18, 16], "means": [["-5888271448870839/1048576", "-6173836313208265/2097152"], ["-7800784706822565/8388608", "8168987681463027/4194304"]], "covariance": "identity", "delta": "1/8"}`,
		`{"weights": [1, 1, 1], "means": [["3e12", 0], [0, "1e13"], ["-2e13", "1e12"]], "covariance": "identity", "delta": "1/2"}`,
	} {
		p := pairsOf(t, text)
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			found, err := solver.Minimise(solver.Agreement, p, solver.Options{Method: method})
			if err != nil {
				t.Fatal(text, err)
			}
			// M* is in the order of S₂⁻¹, far smaller than what can be known.
			if size := mat.Norm(found.Free.Form.Matrix(p), 2); math.IsNaN(size) || size > found.Free.DistanceBound+1 {
				t.Errorf("%s, %v: M has the norm %g, known to ±%g", text, method, size, found.Free.DistanceBound)
			}
		}
	}
}
