package oracle_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// violation of means (2, 0), (−1, 0) of weights 1 : 2, whose couplings are η and −η/2, in units of the second coordinate.
func violation(t *testing.T, coupling float64, unit int) float64 {
	t.Helper()
	d, err := gmm.Read("coupled", strings.NewReader(fmt.Sprintf(`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, %.12f], [%.12f, %d]], [[1, %.12f], [%.12f, %d]]]}`,
		coupling*float64(unit), coupling*float64(unit), unit*unit, -coupling*float64(unit)/2, -coupling*float64(unit)/2, unit*unit)))
	if err != nil {
		t.Fatal(err)
	}
	p := d.Pairs.Apart()
	inside, err := solver.Inside(solver.InfoNCE, p, solver.Options{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	return oracle.Violation(oracle.InfoNCE, p, inside.Form)
}

// A violation grows in proportion to small couplings, whatever the units, and is none where they are 0.
func TestViolationMeasuresCouplings(t *testing.T) {
	one, tenth := violation(t, 0.1, 1), violation(t, 0.01, 1)
	if !(tenth > 0) || math.Abs((one+1)/(tenth+1)-10) > 1 {
		t.Errorf("ten times a coupling takes a violation from %.6g to %.6g", tenth, one)
	}
	if other := violation(t, 0.1, 64); math.Abs(other/one-1) > 1e-3 {
		t.Errorf("in other units %.9g becomes %.9g", one, other)
	}
	if none := violation(t, 0, 1); !(none < -0.5) {
		t.Errorf("where nothing is coupled the violation is %.6g", none)
	}
}
