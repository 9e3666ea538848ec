package planar

import (
	"errors"
	"math"
	"testing"
)

// Between classes that are far apart Z is less than its error, and what softmax chooses there is not known but for its bounds: no shape's bound is above the loss at the centre, nor above the loss where it is to hold.
func TestSparseDirections(t *testing.T) {
	for _, scale := range []float64{40, 90} {
		for _, apart := range []float64{6, 9, 12} {
			for _, ratio := range []float64{0.3, 0.8} {
				m := Mixture{weights: []float64{0.5, 0.2, 0.3}, means: [][2]float64{{apart, 0}, {apart * 0.9, apart * 0.3}, {apart * 0.8, -apart * 0.5}}, delta: 0.9, far: apart}
				s := Shape{1.1, ratio}
				b := newBessel(scale, finest/16)
				l, err := m.at(s, b, scale, 1e-13)
				if err != nil {
					t.Fatal(err)
				}
				if !(l.soft >= 0 && l.soft <= 2 && l.slope <= 4*scale) {
					t.Errorf("κ = %v, means %v away, ρ = %v: E sin²D of softmax is at most %v, and the slope %v", scale, apart, ratio, l.soft, l.slope)
				}
				for _, distance := range []float64{0.5, 1, 2} {
					bound := l.below(distance)
					o, err := m.at(Shape{s.Axis, math.Exp(math.Log(ratio) - distance)}, b, scale, 1e-13)
					if err != nil {
						t.Fatal(err)
					}
					if bound > l.value || bound > o.value+o.error {
						t.Errorf("κ = %v, means %v away, ρ = %v: the bound up to a distance of %v is %v, the loss %v, and there %v", scale, apart, ratio, distance, bound, l.value, o.value)
					}
				}
			}
		}
	}
}

// A temperature whose rules have too many nodes ends at once, without its hundreds of millions of Bessel functions.
func TestColdEndsAtOnce(t *testing.T) {
	m := three(1, 0.8)
	for _, temperature := range []float64{1e-8, 1e-300} {
		if _, err := m.Inside(temperature); !errors.Is(err, ErrNodes) {
			t.Errorf("τ = %v: %v", temperature, err)
		}
		if _, err := m.Best(Shape{0, 1}, temperature); !errors.Is(err, ErrNodes) {
			t.Errorf("τ = %v: %v", temperature, err)
		}
		if _, err := m.Judge(temperature, Noisy{Shape{0, 1}, 1}); !errors.Is(err, ErrNodes) {
			t.Errorf("τ = %v: %v", temperature, err)
		}
	}
}
