package planar

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// best searches the least loss on a grid.
func best(t *testing.T, m Mixture, scale float64) (float64, Shape) {
	b := newBessel(scale, 1e-12)
	least, at := math.Inf(1), Shape{}
	for i := range 12 {
		for j := range 40 {
			s := Shape{math.Pi * float64(j) / 40, math.Exp(-float64(i) / 4)}
			l, err := m.at(s, b, scale, 1e-10)
			if err != nil {
				t.Fatal(err)
			}
			if l.value < least {
				least, at = l.value, s
			}
		}
	}
	return least, at
}

func TestCoverTimes(t *testing.T) {
	for _, scale := range []float64{1, 2, 4, 10} {
		for _, d := range []float64{0.5, 1, 2, 3} {
			m := three(d, 1)
			least, at := best(t, m, scale)
			for _, gap := range []float64{1e-2, 1e-3, 1e-4, 1e-6} {
				start := time.Now()
				n, _, err := m.cover(scale, least-gap, gap/1000, 100000)
				t.Logf("κ=%v m=%v: %.6g at %.3v, gap %v: %d cells, %v %v", scale, d, least, at, gap, n, err, time.Since(start))
			}
		}
	}
}

// Bounds of boxes are below losses in them.
func TestBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		m := three(0.3+2*rng.Float64(), rng.Float64())
		scale := 0.3 + 6*rng.Float64()
		b := newBessel(scale, 1e-13)
		s := Shape{rng.Float64() * 3, math.Exp(-3 * rng.Float64())}
		l, err := m.at(s, b, scale, 1e-11)
		if err != nil {
			t.Fatal(err)
		}
		h, a := 0.5*rng.Float64(), 0.3*rng.Float64()
		near := max(0, -math.Log(s.Ratio)-h)
		x := box{near, 2*-math.Log(s.Ratio) - near, 2*s.Axis - a, 2*s.Axis + a}
		bound := l.below(x.reach())
		for range 10 {
			o := Shape{s.Axis + a/2*(2*rng.Float64()-1), math.Exp(-(x.near + (x.far-x.near)*rng.Float64()))}
			f, err := m.at(o, b, scale, 1e-11)
			if err != nil {
				t.Fatal(err)
			}
			if f.value < bound {
				t.Fatalf("%v: %v below %v", o, f.value, bound)
			}
		}
		signs, err := m.newSectors(scale)
		if err != nil {
			t.Fatal(err)
		}
		low, alone := signs.below(s.Axis-a/10, s.Axis+a/10, 0.1)
		for range 10 {
			o := Shape{s.Axis + a/10*(2*rng.Float64()-1), 0.1 * math.Pow(rng.Float64(), 2)}
			f, err := m.at(o, b, scale, 1e-11)
			if errors.Is(err, ErrNodes) {
				continue
			}
			if f.value < low || alone < low {
				t.Fatalf("%v: %v below %v (%v alone)", o, f.value, low, alone)
			}
		}
		t.Logf("%v: sign bound %v, alone %v, value %v", s, low, alone, l.value)
	}
}
