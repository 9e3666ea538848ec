//go:build attack

package price

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// Of random mixtures no map keeps more than the best shared encoder, of which the duality gap is small, and the affine map no less than the linear one.
func TestSweep(t *testing.T) {
	src := rand.New(rand.NewPCG(5, 5))
	var linear, shared []float64
	more := 0 // encoders of more outputs than there are components
	for n := range 40 {
		k, s := 2+src.IntN(4), 1
		if n%6 == 0 {
			s = 2
		}
		var weights, means []string
		for range k {
			weights = append(weights, fmt.Sprint(1+src.IntN(9)))
			var mean []string
			for range s {
				mean = append(mean, fmt.Sprint(float64(src.IntN(17)-8)/4))
			}
			means = append(means, "["+strings.Join(mean, ",")+"]")
		}
		text := fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": %g}`, strings.Join(weights, ","), strings.Join(means, ","), []float64{1, 0.5, 0.125}[src.IntN(3)])
		p := pairs(t, text)
		if p.Uninformative() {
			continue
		}
		x, err := Of(t.Context(), p, Options{})
		if err != nil || len(x.Maps) != 6 {
			t.Errorf("%s: %d maps, %v", text, len(x.Maps), err)
			continue
		}
		m := x.Maps
		if m[0].Loss < m[1].Loss-m[0].Error-m[1].Error || m[4].Gap > 2e-6 || m[4].Loss < m[5].Loss {
			t.Errorf("%s: %+v", text, m)
		}
		for _, other := range m[:4] {
			if other.Loss < m[4].Loss-m[4].Error-other.Error {
				t.Errorf("%s: %s keeps more than the best shared encoder: %+v", text, other.Name(), m)
			}
		}
		if m[4].Outputs > k {
			more++
		}
		linear, shared = append(linear, max(m[0].Share, m[1].Share)), append(shared, m[4].Share)
	}
	span := func(x []float64) (low, high float64) {
		low, high = math.Inf(1), math.Inf(-1)
		for _, v := range x {
			low, high = min(low, v), max(high, v)
		}
		return 100 * low, 100 * high
	}
	a, b := span(linear)
	c, d := span(shared)
	t.Logf("%d mixtures: affine maps keep %.1f to %.1f %% of the information, the best shared encoder %.1f to %.1f %%; %d of these have more outputs than there are components", len(shared), a, b, c, d, more)
}
