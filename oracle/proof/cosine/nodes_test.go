package cosine

import (
	"math"
	"math/big"
	"math/cmplx"
	"testing"

	"pgregory.net/rapid"
)

// Squeezed nodes enclose what even ones do, to many digits and, by their error bounds, to few.
func TestSqueezedNodesAgreeWithEvenOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lineOf(t, drawn(t, 3))
		temperature := big.NewRat(1, rapid.SampledFrom([]int64{1, 2, 8}).Draw(t, "1/τ"))
		noise := big.NewRat(rapid.Int64Range(1, 20).Draw(t, "40ths of ε"), 40)
		heat, _ := temperature.Float64()
		at, _ := noise.Float64()
		squeeze := big.NewRat(1, int64(1)<<rapid.IntRange(0, 4).Draw(t, "−log₂ q"))
		q, _ := squeeze.Float64()
		even, _, err := enclosed(l, temperature, noise)
		if err != nil {
			t.Fatal(err)
		}
		x := newLaw(l, temperature)
		for _, gain := range []float64{1e-9, 1e6} { // of which a millionth is the error
			r := Refutation{Temperature: temperature, Noise: noise, Squeeze: squeeze}
			if r.Nodes, r.Strip = rule(l, heat, at, q, gain); r.Strip == nil {
				t.Fatal("too many nodes")
			}
			found, err := x.trapezoid(r)
			if err != nil {
				t.Fatal(err)
			}
			width, _ := found.Width().Float64()
			if !found.Overlaps(even) || width > 4e-6*gain {
				t.Fatalf("%d nodes squeezed by %v have %v, even ones %v", r.Nodes, squeeze, found, even)
			}
		}
	})
}

// Of ψ with |Im ψ| ≤ b, θ is within the strip that is assumed, which is the least.
func TestStripOfSqueezedNodes(t *testing.T) {
	for _, q := range []float64{1, 0.5, 1.0 / 32} {
		for _, part := range []float64{0.1, 0.5, 0.9} {
			b := part * math.Atanh(math.Min(q, 0.99))
			widest, most := math.Atanh(math.Tanh(b)/q), 0.0
			for i := range 2000 {
				ψ := complex(float64(i)/2000*math.Pi, b)
				most = math.Max(most, math.Abs(imag(cmplx.Atan(complex(q, 0)*cmplx.Tan(ψ)))))
			}
			if most > widest*(1+1e-9) || most < widest*(1-1e-3) {
				t.Errorf("q = %g, b = %g: Im θ is up to %g, expected %g", q, b, most, widest)
			}
		}
	}
}
