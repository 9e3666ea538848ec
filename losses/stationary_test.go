package losses_test

import (
	"math"
	"strings"
	"testing"

	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// Two values of the loss refute containment, and nothing else decides it.
func TestStationaryContainment(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		atMost, atLeast float64
		everything      bool
		want            oracle.Verdict
	}{
		{1, 2, false, oracle.Refuted},
		{2, 2, false, oracle.Undecided},
		{3, 2, false, oracle.Undecided},
		{nan, 2, false, oracle.Undecided},
		{1, nan, false, oracle.Undecided},
		{nan, nan, true, oracle.Holds},
	} {
		s := losses.Stationary{AtMost: c.atMost, AtLeast: c.atLeast, Everything: c.everything, Best: losses.Found{Loss: 1}, Inside: losses.Found{Loss: 2}}
		if got := s.Containment(); got != c.want {
			t.Errorf("%+v: found %v", c, got)
		}
		if reason := s.Reason("S_F"); strings.Contains(reason, "at least") != (c.want == oracle.Refuted) {
			t.Errorf("%+v: %q", c, reason)
		}
	}
}

func TestStationaryCurvature(t *testing.T) {
	for curvature, want := range map[float64]string{1: "a local minimum", -1: "a saddle", 1e-9: "flat", -1e-9: "flat"} {
		if got := (losses.Found{LeastCurvature: curvature, CurvatureError: 1e-8}).Curved(); !strings.HasPrefix(got, want) {
			t.Errorf("curvature %g: %q", curvature, got)
		}
	}
	if got := (losses.Found{GradientNorm: 1e-3, LeastCurvature: 1}).Curved(); !strings.HasPrefix(got, "the search ended") {
		t.Errorf("gradient 1e-3: %q", got)
	}
}
