package solver

import (
	"math"
	"testing"
)

// Values that two independent programs computed, with the mixture's id in the reference: minimisers and losses of distance scores.
func TestDistancesOfOwnCovariancesMeetTheReference(t *testing.T) {
	for _, c := range []struct {
		name, text          string
		m                   [2]float64 // diag M*
		loss                float64
		insideM, insideLoss float64 // NaN where S_c is everything
	}{
		{"D_leak", `{"weights": [1, 3], "means": [[0, 0], [2, 0]], "covariance": [[[1, 0], [0, "2/5"]], [[1, 0], [0, "6/5"]]]}`,
			[2]float64{.266520217421, .005809888851}, -.083990582435, .26648279901125913, -.083963254318550144},
		{"D_lose", `{"weights": [1, 1, 1], "means": [[-2, "1/5"], [0, 0], [2, "1/5"]], "covariance": [[[1, 0], [0, "6/5"]], [[1, 0], [0, "3/5"]], [[1, 0], [0, "6/5"]]]}`,
			[2]float64{.406205583982, 0}, -.349626731522, math.NaN(), math.NaN()},
		{"D_shared", `{"weights": [1, 1, 1], "means": [[-2, "1/5"], [0, 0], [2, "1/5"]], "covariance": [[[1, 0], [0, 1]], [[1, 0], [0, 1]], [[1, 0], [0, 1]]]}`,
			[2]float64{.406198814325, .005405867653}, -.349648805965, math.NaN(), math.NaN()},
	} {
		p, err := readPairs(t, c.text).Centre()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Minimise(Distance, p, Options{})
		if err != nil {
			t.Fatal(c.name, err)
		}
		m := got.Constrained.Form.Matrix(p)
		off := math.Abs(m.At(0, 1))
		for i, want := range c.m {
			off = math.Max(off, math.Abs(m.At(i, i)-want))
		}
		const digits = 1e-11
		t.Logf("%s: off by %.2g, claims %.2g; steps %d, %d points", c.name, off, got.Constrained.DistanceBound, got.Steps, got.Points)
		if off > digits+got.Constrained.DistanceBound || !(got.Constrained.DistanceBound < 1e-8) {
			t.Errorf("%s: M is off by %.2g, its bound is %.2g", c.name, off, got.Constrained.DistanceBound)
		}
		if off := math.Abs(got.Constrained.Loss - c.loss); off > digits+got.Constrained.LossError {
			t.Errorf("%s: the loss is off by %.2g", c.name, off)
		}
		if math.IsNaN(c.insideM) {
			continue
		}
		if off := math.Abs(got.Inside.Form.Matrix(p).At(0, 0) - c.insideM); off > digits+got.Inside.DistanceBound {
			t.Errorf("%s: M inside S_c is off by %.2g", c.name, off)
		}
		if off := math.Abs(got.Inside.Loss - c.insideLoss); off > digits+got.Inside.LossError {
			t.Errorf("%s: the loss inside S_c is off by %.2g", c.name, off)
		}
	}
}
