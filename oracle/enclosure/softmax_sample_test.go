package enclosure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A softmax so steep that products of exponentials vanish is a step: with logits
// 450t and 900 − 450t the first component's share is 1 where t > 1.
func TestSamplesOfSteps(t *testing.T) {
	s := softmax{slope: [][]float64{{450, -450}}, offset: [][]float64{{0, 900}, {900, 0}}, ranges: []float64{900}}
	const points = 1 << 14
	weights := []float64{0.25, 0.75}
	p, tp := s.sample(weights, points, rand.NewPCG(1, 0), nil)
	density := math.Exp(-0.5) / math.Sqrt(2*math.Pi)
	tail := math.Erfc(1/math.Sqrt2) / 2 // P(t > 1)
	for _, c := range []struct{ got, want float64 }{
		{p.At(0, 0), tail}, {p.At(0, 1), 1 - tail}, {p.At(1, 0), 1 - tail}, {p.At(1, 1), tail},
		{tp[0].At(0, 0), density}, {tp[1].At(0, 1), -density}, // either component's contribution is the same
	} {
		if off := math.Abs(c.got - c.want); !(off < 20.0/points) {
			t.Errorf("averaged to %.6f, want %.6f", c.got, c.want)
		}
	}
}

// Where the logits' slopes are of size 1e-3, what the quadratic part leaves is of their
// fourth power; it is exact for any points.
func TestSamplesOfFlatSoftmaxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	const size, k, q = 1e-3, 4, 3
	for i := range 20 {
		s := softmax{ranges: make([]float64, q)}
		weights := make([]float64, k)
		for j := range weights {
			weights[j] = 1.0 / k
			row := make([]float64, k)
			for l := range row {
				row[l] = rng.NormFloat64()
			}
			s.offset = append(s.offset, row)
		}
		for range q {
			row := make([]float64, k)
			for l := range row {
				row[l] = size * rng.NormFloat64()
			}
			s.slope = append(s.slope, row)
		}
		p, tp := s.sample(weights, 64, rand.NewPCG(3, uint64(i)), nil)
		for l := range k {
			var want [q]float64
			for j, w := range weights {
				at := make([]float64, k)
				normalise(exponentials(append([]float64(nil), s.offset[j]...)), at)
				d := quadraticPart{s, weights}.deviations(at)
				var own, mean float64
				for c := range q {
					own += d.At(c, l) * d.At(c, l)
					want[c] += w * at[l] * d.At(c, l)
					for m := range k {
						mean += at[m] * d.At(c, m) * d.At(c, m)
					}
				}
				if off := math.Abs(p.At(j, l) - at[l]*(1+(own-mean)/2)); off > 100*math.Pow(size, 4) {
					t.Errorf("case %d: E p is off by %.2g", i, off)
				}
			}
			for c := range q {
				if off := math.Abs(tp[0].At(c, l) - want[c]); off > 100*math.Pow(size, 3) {
					t.Errorf("case %d: E tp is off by %.2g", i, off)
				}
			}
		}
	}
}
