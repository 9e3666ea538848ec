package planar

import (
	"errors"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
)

// drawn is a mixture of two or three components.
func drawn(rng *rand.Rand) Mixture {
	m := Mixture{delta: math.Min(1, 1.5*rng.Float64())}
	size := math.Exp(2*rng.Float64() - 1)
	total := 0.0
	for range 2 + rng.IntN(2) {
		mean := [2]float64{1.5 * size * rng.NormFloat64(), size * rng.NormFloat64()}
		w := 0.2 + rng.Float64()
		total += w
		m.means, m.weights = append(m.means, mean), append(m.weights, w)
		m.far = math.Max(m.far, math.Hypot(mean[0], mean[1]))
	}
	for k := range m.weights {
		m.weights[k] /= total
	}
	return m
}

// A box's bound is below the loss of every shape in it, and is worth something.
func TestBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	near := 0
	cases := enough.Cases(120)
	for range cases {
		m, k := drawn(rng), 0.3+6*rng.Float64()
		b := newBessel(k, 1e-12)
		s := Shape{rng.Float64() * 3, math.Exp(-3 * rng.Float64())}
		l, err := m.at(s, b, k, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		h, a := 0.6*rng.Float64(), 0.6*rng.Float64()
		from := max(0, -math.Log(s.Ratio)-h)
		x := box{from, 2*-math.Log(s.Ratio) - from, 2*s.Axis - a, 2*s.Axis + a}
		bound := l.below(x.reach())
		if bound > l.value-k {
			near++
		}
		for i := range 8 {
			o := Shape{s.Axis + a/2*(2*rng.Float64()-1), math.Exp(-(x.near + (x.far-x.near)*rng.Float64()))}
			if i < 2 { // a corner
				o = Shape{x.from / 2, math.Exp(-x.far)}
			}
			f, err := m.at(o, b, k, 1e-10)
			if err != nil {
				t.Fatal(err)
			}
			if f.value+f.error < bound {
				t.Fatalf("%+v, κ = %v: a loss of %v at %v, below %v of the box about %v", m, k, f.value, o, bound, s)
			}
		}
	}
	if 2*near < cases {
		t.Errorf("%d of %d bounds are close", near, cases)
	}
}

// At a small distance from a shape the bound is tangent: the slope is that of the loss, as the variance of softmax's choices counts at second order only.
func TestSlopeIsTheLosss(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range enough.Cases(60) {
		m, k := drawn(rng), 0.3+4*rng.Float64()
		b := newBessel(k, 1e-14)
		x, y := 1.5*rng.NormFloat64(), 1.5*rng.NormFloat64()
		centre := shapeAt(x, y)
		at := func(s Shape) local {
			l, err := m.at(s, b, k, 1e-12)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		const h = 1e-4
		if l, small := at(centre), 1e-6; math.Abs((l.value-l.error-l.below(small))/small-l.slope) > 1e-5*k {
			t.Fatalf("the bound falls by %v, the slope is %v", (l.value-l.error-l.below(small))/small, l.slope)
		}
		t0 := math.Hypot(x, y)
		out := (at(Shape{centre.Axis, math.Exp(-t0 - h)}).value - at(Shape{centre.Axis, math.Exp(-t0 + h)}).value) / (2 * h)
		turn := h / math.Sinh(t0) / 2
		round := (at(Shape{centre.Axis + turn, centre.Ratio}).value - at(Shape{centre.Axis - turn, centre.Ratio}).value) / (2 * h)
		if want, got := math.Hypot(out, round), at(centre).slope; math.Abs(want-got) > 1e-6*(1+want)*(1+math.Sinh(t0)*math.Sinh(t0)) {
			t.Errorf("%+v, κ = %v at %v: the slope is %v, of differences %v", m, k, centre, got, want)
		}
	}
}

// So it is of what reaches to rank one.
func TestSigns(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	close := 0
	cases := enough.Cases(80)
	for range cases {
		m, k := drawn(rng), 0.3+6*rng.Float64()
		signs, err := m.newSectors(k)
		if err != nil {
			t.Fatal(err)
		}
		b := newBessel(k, 1e-12)
		axis, half, ratio := 3*rng.Float64(), math.Exp(-2-6*rng.Float64()), math.Exp(-2-5*rng.Float64())
		bound, alone := signs.below(axis-half, axis+half, ratio)
		if alone-bound < 0.1*k {
			close++
		}
		for i := range 6 {
			o := Shape{axis + half*(2*rng.Float64()-1), ratio * math.Pow(rng.Float64(), 2)}
			if i == 0 {
				o = Shape{axis + half, ratio}
			}
			f, err := m.at(o, b, k, 1e-10)
			if errors.Is(err, ErrNodes) {
				continue
			}
			if f.value+f.error < bound {
				t.Fatalf("%+v, κ = %v: a loss of %v at %v, below %v", m, k, f.value, o, bound)
			}
		}
		thin, err := m.at(Shape{axis, math.Exp(-9)}, b, k, 1e-8)
		if err == nil && math.Abs(thin.value-alone) > 0.01*k {
			t.Errorf("%+v, κ = %v: %v of rank one, %v near it", m, k, alone, thin.value)
		}
	}
	if 3*close < cases {
		t.Errorf("%d of %d bounds are close", close, cases)
	}
}

// The bounds of changes are above those of plain sums, and are come near to where the axis is at an end and nothing is seen across it.
func TestChanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	const n = 600
	var nearest [2]float64
	for i := range enough.Cases(120) {
		m, k := drawn(rng), 0.3+3*rng.Float64()
		if i%2 == 0 {
			m.delta = 1
		}
		signs, err := m.newSectors(k)
		if err != nil {
			t.Fatal(err)
		}
		axis, half, ratio := 3*rng.Float64(), math.Exp(-1-5*rng.Float64()), math.Exp(-1-6*rng.Float64())
		_, tilt, pull := signs.changes(axis-half, axis+half, ratio)
		var sign [n]float64
		var turn, mass [n]complex128
		sum := func(means [2]float64, weight float64, into map[float64][2]complex128) { // by sign: the probability and E[e^(iθ)]
			for j := range n {
				sin, cos := math.Sincos(2 * math.Pi * (float64(j) + .5) / n)
				p := complex(weight*2*math.Pi/n*density(means[0]*cos+means[1]*sin, means[1]*cos-means[0]*sin), 0)
				mass[j] = p
				of := into[sign[j]]
				of[0] += p
				of[1] += p * turn[j]
				into[sign[j]] = of
			}
		}
		shape := Shape{axis + half, ratio}
		for j := range n {
			angle := 2 * math.Pi * (float64(j) + .5) / n
			sign[j] = math.Copysign(1, math.Cos(angle-axis))
			u := complex(math.Cos(angle-shape.Axis), ratio*math.Sin(angle-shape.Axis))
			turn[j] = u / complex(cmplx.Abs(u), 0)
		}
		dot := func(a, b complex128) float64 { return real(a)*real(b) + imag(a)*imag(b) }
		positive := 0.0
		all := map[float64][2]complex128{}
		change := func(weight float64, by map[float64][2]complex128) {
			for s, x := range by {
				for r, y := range by {
					positive += weight * (dot(x[1], y[1]) - s*r*dot(x[0], y[0]))
				}
			}
		}
		for c, mean := range m.means {
			by := map[float64][2]complex128{}
			sum(mean, 1, by)
			change(m.delta*m.weights[c], by)
			sum(mean, m.weights[c], all)
		}
		change(1-m.delta, all)
		tilted := 0.0
		for s, x := range all {
			z := real(all[s][0]) + real(all[-s][0])*math.Exp(-2*k)
			for r, y := range all {
				tilted -= math.Exp(k*(s*r-1)) / z * (dot(x[1], y[1]) - s*r*dot(x[0], y[0]))
			}
		}
		const sharp = 0.02 // of the plain sum
		if positive > pull+sharp || tilted > tilt+sharp {
			t.Fatalf("%+v, κ = %v at %v ± %v, %v: changes of %v and %v, bounds %v and %v", m, k, axis, half, ratio, tilted, positive, tilt, pull)
		}
		if tilt > 0.1 {
			nearest[0] = math.Max(nearest[0], tilted/tilt)
		}
		if pull > 0.1 {
			nearest[1] = math.Max(nearest[1], positive/pull)
		}
	}
	if nearest[0] < 0.6 || nearest[1] < 0.3 {
		t.Errorf("the bounds are met by parts of %v", nearest)
	}
}

// The cover finds that losses are above what is below the least, and a shape that is not above what is not.
func TestCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range enough.Cases(12) {
		m, k := drawn(rng), 0.5+4*rng.Float64()
		best, err := m.Inside(1 / k)
		if err != nil {
			t.Fatal(err)
		}
		l, err := m.at(best, newBessel(k, 1e-12), k, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		gap := math.Exp(-4 - 5*rng.Float64())
		if cells, at, err := m.cover(k, l.value-gap, gap/100, mostCells); err != nil && !errors.Is(err, ErrCells) {
			t.Errorf("%+v, κ = %v: %v at %v after %d cells, which is not lower by %v than %v", m, k, err, at, cells, gap, best)
		}
		cells, at, err := m.cover(k, l.value+gap, gap/100, mostCells)
		if err == nil {
			t.Fatalf("%+v, κ = %v: all losses are above %v after %d cells, but %v at %v is not", m, k, l.value+gap, cells, l.value, best)
		}
		if errors.Is(err, errAbove) && at.Ratio > 0 {
			if f, err := m.at(at, newBessel(k, 1e-12), k, 1e-10); err != nil || f.value-f.error > l.value+gap {
				t.Errorf("%+v, κ = %v: %v at %v is above %v", m, k, f.value, at, l.value+gap)
			}
		}
	}
}
