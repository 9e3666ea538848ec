package planar

import (
	"testing"
	"time"
)

func TestJudgeTimes(t *testing.T) {
	for _, scale := range []float64{.5, 1, 2, 4, 10} {
		for _, d := range []float64{0.5, 1, 2, 3} {
			m := three(d, 1)
			start := time.Now()
			s, err := m.Inside(1 / scale)
			a := time.Since(start)
			if err != nil {
				t.Error(scale, d, err)
				continue
			}
			n, err := m.Best(s, 1/scale)
			b := time.Since(start)
			if err != nil {
				t.Error(scale, d, err)
				continue
			}
			f, err := m.Judge(1/scale, n)
			t.Logf("κ=%v m=%v: in %.3v out %.3v  %v gain %.3g of %.3g (±%.1g) cells %v err %v,  %v %v %v", scale, d, f.Shape, n, f.Verdict, f.Gain(), f.Found-f.Outside.Value, f.Outside.Error, f.Cells, err, a, b-a, time.Since(start)-b)
		}
	}
}
