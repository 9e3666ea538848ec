package enclosure_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// side draws a mixture of so many components in d dimensions, whitened by the frame that its covariance I makes exact.
func side(t *testing.T, rng *rand.Rand, components, d int, size float64) *whitened.Mixture {
	t.Helper()
	e := gmm.Exact{}
	for range components {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(9), 1))
		mean := make([]float64, d)
		for i := range mean {
			mean[i] = math.Round(64*size*rng.NormFloat64()) / 64
		}
		e.Means = append(e.Means, gmm.Rationals(mean...))
	}
	unit := mat.NewDense(d, d, nil)
	for i := range d {
		row := make([]float64, d)
		row[i] = 1
		unit.Set(i, i, 1)
		e.Covariance = append(e.Covariance, gmm.Rationals(row...))
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	v, err := whitened.See(m, gmm.Frame{Basis: unit})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func randomSymmetric(rng *rand.Rand, d int, size float64) *mat.Dense {
	m := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range i + 1 {
			x := size * rng.NormFloat64()
			m.Set(i, j, x)
			m.Set(j, i, x)
		}
	}
	return m
}

// A term of a side, and its definition in one dimension.
type kind struct {
	name string
	of   func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic
	defined
}

// defined is a term by its definition: parts m_p E log(1 + e^{ε_p(t + b)}) of a score t = mX, for the bias that is the best one where it is free.
type defined struct {
	parts func(v *whitened.Mixture, delta float64, rule normal) []definition
	free  bool
	bias  float64
	lost  float64 // by how much more its terms are rounded than the size of their sum tells: 0 stands for 1
}

// definition is a part: values of X with their probabilities.
type definition struct {
	factor, sign float64
	x, p         []float64
}

// normal are nodes and weights of a rule for means under N(0, 1).
type normal struct{ nodes, weights []float64 }

func newNormal(points int) normal {
	r := normal{make([]float64, points), make([]float64, points)}
	quad.Hermite{}.FixedLocations(r.nodes, r.weights, math.Inf(-1), math.Inf(1))
	for i := range r.nodes {
		r.nodes[i] *= math.Sqrt2
		r.weights[i] /= math.Sqrt(math.Pi)
	}
	return r
}

// pairsOf visits the components of pairs and what is their probability.
func pairsOf(v *whitened.Mixture, delta float64, visit func(j, k int, p float64)) {
	for j, w := range v.Weights {
		for k, u := range v.Weights {
			p := (1 - delta) * w * u
			if k == j {
				p += delta * w
			}
			visit(j, k, p)
		}
	}
}

// product adds the values of (a + √σ ξ)(b + √τ η).
func (d *definition) product(r normal, p, a, sigma, b, tau float64) {
	for i, z := range r.nodes {
		for k, y := range r.nodes {
			d.x = append(d.x, (a+math.Sqrt(sigma)*z)*(b+math.Sqrt(tau)*y))
			d.p = append(d.p, p*r.weights[i]*r.weights[k])
		}
	}
}

func tripletParts(v *whitened.Mixture, delta float64, r normal) []definition {
	d := definition{factor: 1, sign: 1}
	pairsOf(v, delta, func(j, k int, p float64) {
		for l, u := range v.Weights {
			d.product(r, p*u, v.Means.At(0, j), 1, v.Means.At(0, l)-v.Means.At(0, k), 2)
		}
	})
	return []definition{d}
}

// distanceTripletParts have ½(x − x̂)² − ½(x − y)² as its factors ½(x̂ + y) − x and x̂ − y, which are independent.
func distanceTripletParts(v *whitened.Mixture, delta float64, r normal) []definition {
	d := definition{factor: 1, sign: 1}
	pairsOf(v, delta, func(j, k int, p float64) {
		for l, u := range v.Weights {
			x, partner, other := v.Means.At(0, j), v.Means.At(0, k), v.Means.At(0, l)
			d.product(r, p*u, (partner+other)/2-x, 1.5, partner-other, 2)
		}
	})
	return []definition{d}
}

func sigmoidParts(m float64) func(v *whitened.Mixture, delta float64, r normal) []definition {
	return func(v *whitened.Mixture, delta float64, r normal) []definition {
		parts := []definition{{factor: 1, sign: -1}, {factor: m, sign: 1}}
		for i := range parts {
			pairsOf(v, []float64{delta, 0}[i], func(j, k int, p float64) {
				parts[i].product(r, p, v.Means.At(0, j), 1, v.Means.At(0, k), 1)
			})
		}
		return parts
	}
}

func distanceSigmoidParts(m float64) func(v *whitened.Mixture, delta float64, r normal) []definition {
	return func(v *whitened.Mixture, delta float64, r normal) []definition {
		parts := []definition{{factor: 1, sign: -1}, {factor: m, sign: 1}}
		for i := range parts {
			pairsOf(v, []float64{delta, 0}[i], func(j, k int, p float64) {
				for n, z := range r.nodes {
					apart := v.Means.At(0, j) - v.Means.At(0, k) + math.Sqrt2*z
					parts[i].x, parts[i].p = append(parts[i].x, -apart*apart/2), append(parts[i].p, p*r.weights[n])
				}
			})
		}
		return parts
	}
}

func sigmoidOf(m float64, b enclosure.Bias) kind {
	return kind{fmt.Sprintf("sigmoid of m = %g, %+v", m, b), func(v *whitened.Mixture, at *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewSigmoid(v, v, at, delta, m, b, nil)
	}, defined{sigmoidParts(m), !b.Fixed, b.Value, math.Sqrt(max(m, 1/m))}}
}

func distanceSigmoidOf(m float64) kind {
	return kind{fmt.Sprintf("distance-sigmoid of m = %g", m), func(v *whitened.Mixture, at *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewDistanceSigmoid(v, at, delta, m, nil)
	}, defined{distanceSigmoidParts(m), true, 0, math.Sqrt(max(m, 1/m))}}
}

// kinds are of all terms, with few and many negatives and biases at which the logistic function is small.
var kinds = []kind{
	{"triplet", func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewTriplets(v, m, delta, nil)
	}, defined{parts: tripletParts}},
	{"distance-triplet", func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewDistanceTriplets(v, m, delta, nil)
	}, defined{parts: distanceTripletParts}},
	sigmoidOf(1, enclosure.Bias{}), sigmoidOf(4, enclosure.Bias{}), sigmoidOf(1e-3, enclosure.Bias{}), sigmoidOf(1e6, enclosure.Bias{}), sigmoidOf(1e-6, enclosure.Bias{}),
	sigmoidOf(1, enclosure.Bias{Fixed: true}), sigmoidOf(4, enclosure.Bias{Fixed: true, Value: -2}), sigmoidOf(4, enclosure.Bias{Fixed: true, Value: -12}),
	sigmoidOf(0.5, enclosure.Bias{Fixed: true, Value: 9}),
	distanceSigmoidOf(1), distanceSigmoidOf(64), distanceSigmoidOf(1e-4), distanceSigmoidOf(1e6),
}

// at evaluates, at m, the gradient, the least eigenvalue of the curvature, jointly with a free bias, and the size of the terms of the gradient.
func (d defined) at(m float64, parts []definition) (gradient, curvature, size float64) {
	b := d.bias
	var slope, mm, mb, bb float64
	for range 200 {
		gradient, slope, mm, mb, bb, size = 0, 0, 0, 0, 0, 0
		for _, p := range parts {
			for i, x := range p.x {
				u := p.sign * (m*x + b)
				s := 1 / (1 + math.Exp(-u))
				w := p.factor * p.p[i]
				gradient += w * p.sign * s * x
				size += w * s * math.Abs(x)
				slope += w * p.sign * s
				c := w * s / (1 + math.Exp(u))
				mm, mb, bb = mm+c*x*x, mb+c*x, bb+c
			}
		}
		step := -slope / bb
		if !d.free || math.Abs(step) < 1e-14 {
			break
		}
		b += math.Max(-1, math.Min(1, step))
	}
	if !d.free {
		return gradient, mm, size
	}
	half := (mm + bb) / 2
	return gradient, (mm*bb - mb*mb) / (half + math.Sqrt((mm-bb)*(mm-bb)/4+mb*mb)), size
}

// In one dimension the gradient Σ m ε E[σ(u) X] and the curvature E[σ′(u) X²], jointly with the bias, are double integrals, which Gauss–Hermite rules
// give to ten digits where the score is not steep: digits of the sizes of their terms, which are small where σ is.
func TestLogisticAgainstTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 1))
	rule := newNormal(100)
	for _, k := range kinds {
		lost := max(1, k.lost)
		for i := range 6 {
			v := side(t, rng, 2+i%2, 1, 1)
			m, delta := 0.12*rng.NormFloat64(), []float64{1, 0.5, 0}[i%3]
			gradient, curvature, size := k.at(m, k.parts(v, delta, rule))
			term := k.of(v, mat.NewDense(1, 1, []float64{m}), delta)
			const digits = 1e-9
			g, err := term.Bounded(1e-3*digits*size, nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			if off := math.Abs(g.Matrix.At(0, 0) - gradient); off > g.Err+digits*size || !(g.Err < digits*lost*size) {
				t.Errorf("%s, case %d: the gradient is %.14g, by its definition %.14g, off by %.2g with a bound of %.2g, terms of size %.2g", k.name, i, g.Matrix.At(0, 0), gradient, off, g.Err, size)
			}
			if got := term.Modulus(0); !(got <= curvature*(1+digits) && got >= curvature*(1-1e-5*lost)) {
				t.Errorf("%s, case %d: the modulus is %.10g, the curvature %.10g", k.name, i, got, curvature)
			}
		}
	}
}

// What a coarse rule leaves is within its bound, whatever the dimension, the size of M and the law.
func TestLogisticBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 2))
	ran, tight := 0, 0
	for i := range enough.Cases(8 * len(kinds)) {
		k, d := kinds[i%len(kinds)], 1+i%3
		v := side(t, rng, 2+i%2, d, math.Exp(3*rng.Float64()))
		m := randomSymmetric(rng, d, math.Exp(-4*rng.Float64()))
		delta := []float64{1, 0.25}[rng.IntN(2)]
		fine, err := k.of(v, m, delta).Bounded(1e-13*k.of(v, m, delta).Scale(), nil)
		if err != nil {
			continue
		}
		ran++
		for _, tolerance := range []float64{1e-1, 1e-3, 1e-6} {
			term := k.of(v, m, delta)
			coarse, err := term.Bounded(tolerance*term.Scale(), nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			var off mat.Dense
			off.Sub(coarse.Matrix, fine.Matrix)
			distance := mat.Norm(&off, 2)
			if distance > coarse.Err+fine.Err {
				t.Errorf("%s, case %d: off by %.3g with a bound of %.3g", k.name, i, distance, coarse.Err)
			}
			if distance > coarse.Err/1e4 {
				tight++
			}
		}
	}
	if ran < enough.Least(5*len(kinds)) || tight < enough.Least(len(kinds)) {
		t.Errorf("%d cases ran, and %d bounds were within 10⁴ of what they bound: too few", ran, tight)
	}
}

// The gradient moves at least as the modulus says, and no faster than the steepest slope: along random lines to points within its reach.
func TestLogisticModulus(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 3))
	ran := map[string]int{}
	for i := range enough.Cases(5 * len(kinds)) {
		k, d := kinds[i%len(kinds)], 1+i%3
		v := side(t, rng, 2+i%2, d, 1+rng.Float64())
		m, direction := randomSymmetric(rng, d, 0.15), randomSymmetric(rng, d, 1)
		direction.Scale(1/mat.Norm(direction, 2), direction)
		here := k.of(v, m, 1)
		h := here.Modulus(0)
		if !(h > 0) {
			t.Fatalf("%s, case %d: no modulus", k.name, i)
		}
		fine := 1e-12 * here.Scale()
		one, err := k.of(v, m, 1).Bounded(fine, nil)
		if err != nil {
			t.Fatal(k.name, err)
		}
		for g := h; g > h/1e7; g /= 4 {
			c := here.Modulus(g)
			if c == 0 {
				continue
			}
			ran[k.name]++
			var moved, rise mat.Dense
			step := g / c
			moved.Scale(step, direction)
			moved.Add(&moved, m)
			two, err := k.of(v, &moved, 1).Bounded(fine, nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			rise.Sub(two.Matrix, one.Matrix)
			var slope float64
			for a := range d {
				for b := range d {
					slope += rise.At(a, b) * direction.At(a, b)
				}
			}
			off := one.Err + two.Err
			if slope < g-off {
				t.Errorf("%s, case %d: the slope rises by %.6g over %.3g, where at least %.6g is claimed", k.name, i, slope, step, g)
			}
			if most := step * here.Steepest(); slope > most+off {
				t.Errorf("%s, case %d: the slope rises by %.6g over %.3g, where at most %.6g is claimed", k.name, i, slope, step, most)
			}
		}
	}
	for _, k := range kinds {
		if ran[k.name] < enough.Least(2) {
			t.Errorf("%s: %d steps ran: too few", k.name, ran[k.name])
		}
	}
}
