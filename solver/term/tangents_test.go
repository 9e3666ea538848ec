package term

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// onALine is the softmax of weights, means and a number M on the line, with the frame
// of its bounds, whitened by second = 1 + C.
func onALine(weights, means []float64, m, second float64) (*logPartition, *contrasts) {
	k := len(weights)
	var total float64
	for _, w := range weights {
		total += w
	}
	side := &Side{Means: mat.NewDense(1, k, means), Second: []float64{second}}
	a := &logPartition{Law: &Law{Cores: 1, Delta: 1, Left: side, Right: side}, centred: side.Means}
	a.norm = func(g *mat.Dense) float64 { return math.Abs(g.At(0, 0)) / math.Sqrt(second) }
	slopes, offsets := mat.NewDense(1, k, nil), mat.NewDense(k, k, nil)
	for i, mu := range means {
		a.Weights = append(a.Weights, weights[i]/total)
		slopes.Set(0, i, m*mu)
		for j, x := range means {
			offsets.Set(j, i, math.Log(weights[i]/total)+x*m*mu)
		}
	}
	return a, &contrasts{directions: mat.NewDense(1, 1, []float64{1}), slopes: slopes, offsets: offsets}
}

// The design points, bounds and averages of steps on a line are those of an independent
// computation, with 40 digits.
func TestStepsOnALine(t *testing.T) {
	near := func(name string, got, want, relative float64) {
		t.Helper()
		if !(math.Abs(got-want) <= relative*math.Abs(want)) {
			t.Errorf("%s = %.9g, want %.9g", name, got, want)
		}
	}
	for _, c := range []struct {
		weight, mean, slope       float64
		length, top, mass, linear float64 // |t*|, p_k(t*), E_j p_k, E_j|t|p_k
		massBelow, linearBelow    float64 // bounds to come near to
	}{
		{1e-9, 20, 5, 3.89312, .221376, 5.644016e-5, 2.093807e-4, 6.965872e-5, 2.632115e-4},
		{1e-60, 400, 40, 3.512395, .912190, 2.799553e-4, 1.036043e-3, 3.043055e-4, 1.120459e-3},
		{1e-3, 4, 1, .9972964, math.NaN(), 1.641420e-3, 1.908805e-3, 1.644258e-3, 1.923449e-3},
	} {
		a, softmax := onALine([]float64{1, c.weight}, []float64{0, c.mean}, c.slope/c.mean, 1)
		views := viewsOf(softmax)
		v := views[0].over([]int{0, 1})
		d := v.designPoint(1)
		near("t*", d.t[0], c.length, 1e-6)
		if !math.IsNaN(c.top) {
			near("p_k(t*)", math.Exp(d.log), c.top, 1e-5)
		}
		b := a.tangentFrame(softmax.directions).rareBound(0, rarity{{v, 1}}, v, d)
		if b.mass < c.mass || b.mass > 1.05*c.massBelow || b.linear < c.linear || b.linear > 1.1*c.linearBelow+c.massBelow {
			t.Errorf("slope %g: bounds of %.7g and %.7g, truth %.7g and %.7g", c.slope, b.mass, b.linear, c.mass, c.linear)
		}
		a.sight = &sight{seen: [][]int{{0}, {0, 1}}, groups: []group{{from: 0, members: []int{1}}}}
		got := a.visits(&softmaxPoint{contrasts: *softmax}, 1e-9)
		near("E_j p_k", got.p.At(0, 1), c.mass, 5e-7)
		near("what the other loses", got.p.At(0, 0), -c.mass, 5e-7)
	}
}

// Three components, of which the third is far and rare.
func TestStepsOfThreeOnALine(t *testing.T) {
	a, softmax := onALine([]float64{1, 1, 1e-9}, []float64{-1, 1, 20}, .25, 2.0000002)
	views := viewsOf(softmax)
	frame := a.tangentFrame(softmax.directions)
	all := []int{0, 1, 2}
	for _, c := range []struct {
		from, k                           int
		length, peak, mass, bound, within float64
	}{
		{0, 2, 4.669387, -14.374899, 4.143262e-7, 4.380241e-7, 2.359810e-6},
		{1, 2, 3.234456, -6.349637, 8.156319e-4, 9.120727e-4, 3.929328e-3},
		{2, 0, math.NaN(), math.NaN(), 2.422146e-31, 2.422146e-31, math.NaN()},
	} {
		v := views[c.from].over(all)
		d := v.designPoint(c.k)
		b := frame.rareBound(c.from, rarity{{v, c.k}}, v, d)
		if !math.IsNaN(c.length) {
			if math.Abs(d.t[0]-c.length) > 1e-6 || math.Abs(d.peak()-c.peak) > 1e-6 {
				t.Errorf("component %d from %d: t* = %.7g, peak %.7g, want %.7g and %.7g", c.k, c.from, d.t[0], d.peak(), c.length, c.peak)
			}
			if !(math.Abs(b.moment-c.within) < 1e-6*c.within) {
				t.Errorf("component %d from %d: a = %.7g, want about %.7g", c.k, c.from, b.moment, c.within)
			}
		}
		if b.mass < c.mass*(1-1e-6) || b.mass > 1.1*c.bound {
			t.Errorf("component %d from %d: E p ≤ %.7g, truth %.7g, want %.7g", c.k, c.from, b.mass, c.mass, c.bound)
		}
	}
}
