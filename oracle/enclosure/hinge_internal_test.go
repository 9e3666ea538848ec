package enclosure

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// randomHinge draws one of either score, in up to 3 dimensions, of means of a size and of an M so large that scores are of some units.
func randomHinge(rng *rand.Rand) *Hinge {
	d, size := 1+rng.IntN(3), math.Exp(2*rng.Float64())
	gain := []float64{1, math.Sqrt(1.5)}[rng.IntN(2)]
	h := &Hinge{bilinear: bilinear{spread: 2}, margin: math.Exp(rng.NormFloat64() / 2), gain: gain, steepest: math.Inf(1)}
	var x, v [][]float64
	const labels = 4
	for range labels {
		var a, b []float64
		for range d {
			a, b = append(a, size*rng.NormFloat64()), append(b, size*rng.NormFloat64())
		}
		h.probabilities, x, v = append(h.probabilities, 1.0/labels), append(x, a), append(v, b)
	}
	h.x, h.v = columns(x), columns(v)
	h.offX, h.offV = make([]float64, labels), make([]float64, labels)
	return h.at(randomDiagonal(rng, d, 1/size))
}

func randomDiagonal(rng *rand.Rand, d int, size float64) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, size*rng.NormFloat64())
	}
	return out
}

// at is the term of the same labels at a matrix.
func (h *Hinge) at(m *mat.Dense) *Hinge {
	out := *h
	out.curvature, out.steepest = math.Inf(-1), math.Inf(1)
	turn := dense.Identity(len(h.x.RawMatrix().Data) / len(h.probabilities))
	if h.turn != nil {
		turn = h.turn
	}
	out.s, out.turn = dense.Eigen(m)
	for i := range out.s {
		out.s[i] *= h.gain
	}
	var between mat.Dense // from the eigenvectors before
	between.Mul(out.turn.T(), turn)
	out.x, out.v = new(mat.Dense), new(mat.Dense)
	out.x.Mul(&between, h.x)
	out.v.Mul(&between, h.v)
	return &out
}

// On every line of a contour the laws under the weight e^{iωt} stay below the bounds of the line, and come near them.
func TestLineBoundsTheLaw(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 11))
	nearMass, nearFirst, nearSecond := 0, 0, 0
	for range enough.Cases(400) {
		h := randomHinge(rng)
		theta := math.Pi / 2 * math.Pow(rng.Float64(), 2)
		kappa := rng.Float64() / (math.Sqrt(h.spread) * largest(h.s) * math.Sin(theta))
		on := h.line(0, kappa, theta)
		const overflows = 600
		if on.growth > overflows {
			continue
		}
		var w tilted
		var mass, first, second float64
		for s := 0.0; s < 8; s += 1.0 / 16 {
			h.tilt(&w, 1i*complex(kappa, 0)*cmplx.Sinh(complex(s, theta)), 0)
			mass = max(mass, math.Log(cmplx.Abs(w.mass)))
			var products, squares float64
			for i := range h.s {
				for k := range h.s {
					z := w.x[i] * w.v[k]
					if i == k {
						z += w.xv[i]
					}
					products += real(z)*real(z) + imag(z)*imag(z)
					if i == k {
						continue
					}
					// of the V of norm 1 with this one entry
					squares = max(squares, cmplx.Abs(z*z+w.xx[i]*w.v[k]*w.v[k]+w.vv[k]*w.x[i]*w.x[i]+w.xx[i]*w.vv[k]))
				}
			}
			first, second = max(first, math.Sqrt(products)), max(second, squares)
		}
		const rounding = 1e-9
		if mass > on.growth+rounding*(1+on.growth) || first > on.first*(1+rounding) {
			t.Errorf("the logarithm of the mass is %.10g with a bound of %.10g, products are %.10g with one of %.10g", mass, on.growth, first, on.first)
		}
		if second > on.second*(1+rounding) {
			t.Errorf("squares are %.10g with a bound of %.10g", second, on.second)
		}
		if mass > on.growth-1 {
			nearMass++
		}
		if first > on.first/4 {
			nearFirst++
		}
		if second > on.second/16 {
			nearSecond++
		}
	}
	if least := enough.Least(40); nearMass < least || nearFirst < least || nearSecond < least {
		t.Errorf("the law came near the bounds in %d, %d and %d cases only", nearMass, nearFirst, nearSecond)
	}
}

// The second derivative changes by at most the third one's bound times the way, within its radius.
func TestSteepnessBoundsTheThirdDerivative(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 12))
	gradient := func(h *Hinge) (*mat.Dense, float64) {
		t.Helper()
		g, err := h.Bounded(1e-13*h.Scale(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return g.Matrix, g.Err
	}
	near, local := 0, 0
	for range enough.Cases(150) {
		h := randomHinge(rng)
		d := len(h.s)
		// in the coordinates in which its labels are, M is diag(s)/γ
		m := mat.NewDense(d, d, nil)
		for i, s := range h.s {
			m.Set(i, i, s/h.gain)
		}
		h.turn = nil
		v := mat.NewDense(d, d, nil)
		for i := range d {
			for k := range i + 1 {
				x := rng.NormFloat64()
				v.Set(i, k, x)
				v.Set(k, i, x)
			}
		}
		v.Scale(1/mat.Norm(v, 2), v)
		step := largest(h.s) * math.Pow(10, -3*rng.Float64()-0.5)
		var ahead, behind mat.Dense
		ahead.Scale(step, v)
		behind.Sub(m, &ahead)
		ahead.Add(m, &ahead)
		here, e0 := gradient(h.at(m))
		one, e1 := gradient(h.at(&ahead))
		two, e2 := gradient(h.at(&behind))
		var second mat.Dense
		second.Add(one, two)
		second.Sub(&second, here)
		second.Sub(&second, here)
		turn := math.Abs(dense.Inner(&second, v))
		bound := step * step * h.steepnessWithin(step)
		if turn > bound+2*e0+e1+e2 {
			t.Errorf("D²f turns by %.6g over %.3g, where at most %.6g is claimed", turn, step, bound)
		}
		if turn > bound/1e3 && turn > 10*(2*e0+e1+e2) {
			near++
		}
		if global := h.steepness().third; h.steepnessWithin(0) < global/2 {
			local++
		}
	}
	if near < enough.Least(20) || local < enough.Least(4) {
		t.Errorf("%d bounds were within 10³ of what they bound, and %d local ones below half of the global one: too few", near, local)
	}
}

// Means that are off by so much move the gradient and the curvature by no more than offBy says.
func TestOffByBoundsWhatMeansMove(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 13))
	near := 0
	for range enough.Cases(100) {
		h := randomHinge(rng)
		const off = 1e-4
		other := *h
		other.x, other.v = mat.DenseCopyOf(h.x), mat.DenseCopyOf(h.v)
		for c := range h.probabilities {
			h.offX[c], h.offV[c] = off*rng.Float64(), off*rng.Float64()
			for side, means := range []*mat.Dense{other.x, other.v} {
				by := []float64{h.offX[c], h.offV[c]}[side]
				way := make([]float64, len(h.s))
				var length float64
				for i := range way {
					way[i] = rng.NormFloat64()
					length = math.Hypot(length, way[i])
				}
				for i, x := range way {
					means.Set(i, c, means.At(i, c)+by*x/length)
				}
			}
		}
		bound := h.offBy()
		exact := *h
		exact.offX, exact.offV = make([]float64, len(h.offX)), make([]float64, len(h.offV))
		other.offX, other.offV = exact.offX, exact.offV
		one, err := exact.Bounded(1e-13*h.Scale(), nil)
		if err != nil {
			t.Fatal(err)
		}
		two, err := other.Bounded(1e-13*h.Scale(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var difference mat.Dense
		difference.Sub(one.Matrix, two.Matrix)
		if moved, most := mat.Norm(&difference, 2), h.gain*bound.first; moved > most+one.Err+two.Err {
			t.Errorf("the gradient moves by %.6g, where at most %.6g is claimed", moved, most)
		} else if moved > most/50 {
			near++
		}
		a, above := exact.curvatures()
		b, _ := other.curvatures()
		if global := exact.steepness().second; above < a || above > global*(1+1e-6) {
			t.Errorf("D² is between %.6g and %.6g, and nowhere more than %.6g", a, above, global)
		}
		const loss = 1e-8 // of digits in curvatures, bounds from below
		if moved, most := math.Abs(a-b), h.gain*h.gain*bound.second; moved > most+loss*(1+math.Abs(a)) {
			t.Errorf("the curvature moves by %.6g, where at most %.6g is claimed", moved, most)
		}
	}
	if near < enough.Least(20) {
		t.Errorf("only %d gradients moved by a fiftieth of the bound", near)
	}
}

// On a line, what within bounds is an integral over x: wherever the label is, near the margin and far from it, and wherever M is within the radius.
func TestWithinBoundsTheMean(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 14))
	const step, reach = 1.0 / 32, 9
	near, far, narrow := 0, 0, 0
	for range enough.Cases(3000) {
		h := &Hinge{bilinear: bilinear{probabilities: []float64{1}, spread: 2, offX: []float64{0}, offV: []float64{0}}, margin: 1, gain: 1}
		a, b := 40*rng.Float64(), 10*rng.NormFloat64()
		h.x, h.v = mat.NewDense(1, 1, []float64{a}), mat.NewDense(1, 1, []float64{b})
		h.s = []float64{math.Exp(2*rng.NormFloat64()) / (1 + a)}
		radius := h.s[0] * rng.Float64() / 3
		given, beside := h.sides(0)
		_, _, cube, rootOfSixth := given.moment()
		slope := func(inverse float64) func(n, l float64) float64 {
			return func(n, l float64) float64 {
				steep := min((n+l)/h.margin, inverse)
				return steep * steep * thirdTurn(n, l)
			}
		}
		bound := h.within(0, given, beside, radius, cube, rootOfSixth, slope)
		for _, s := range []float64{h.s[0] - radius, h.s[0], h.s[0] + radius} {
			var mean float64
			for z := -float64(reach); z < reach; z += step {
				x := a + z
				deviation := math.Sqrt(h.spread) * math.Abs(s*x)
				n := math.Abs(h.margin+s*x*b) / deviation
				if size := math.Abs(x); size > 0 {
					mean += step * math.Exp(-z*z/2-n*n/2) / (2 * math.Pi) * slope(1/deviation)(n, beside.mean) * size * size * size
				}
			}
			if mean > bound*(1+1e-6) {
				t.Fatalf("x ∼ N(%v, 1), v ∼ N(%v, 2), M = %v: the mean is %.6g, where at most %.6g is claimed", a, b, s, mean, bound)
			}
			if anywhere := cube * peak(slope(math.Inf(1)), beside.mean, 0); mean > bound/8 && bound < anywhere/8 {
				near++
				if math.Abs(h.margin+s*a*b) > 2*math.Sqrt(h.spread)*s*a {
					far++
				} else {
					narrow++
				}
			}
		}
	}
	if far < enough.Least(20) || narrow < enough.Least(20) {
		t.Errorf("%d bounds were within 8 of what they bound, and far less than anywhere, %d far from the margin and %d near it: too few", near, far, narrow)
	}
}
