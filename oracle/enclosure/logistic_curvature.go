package enclosure

import (
	"math"
	"math/cmplx"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Modulus returns a c with |M − M*| ≤ g/c, and f(M) − f(M*) ≤ g²/2c, for a gradient of norm at most g at M, less anything that is ⪰ 0 and vanishes on
// M, where the minimiser M* is over the matrices of M's kind or those ⪰ 0; 0 where there is none. f is convex, D²f ⪰ h at M, and |D³f[V, V, V]| ≤ τ|V|³
// as far as 2g/h away, so that along the way to M* the slope rises by at least hr − ½τr² at a distance r up to h/τ, and can be g at
// most at ρ = (h − √(h² − 2τg))/τ ≤ 2g/h, if h² > 2τg: c = g/ρ = ½(h + √(h² − 2τg)). With a free bias all of this is of the joint function of M and b, whose slope in
// b is 0 at the best one, with |(V, β)|² = |V|² + (β/ρ)²: for any unit ρ the way of M alone is no longer, and the best of some is taken.
func (l *Logistic) Modulus(g float64) (c float64) {
	if math.IsInf(g, 1) {
		return 0
	}
	if l.curvatures == nil {
		l.curvatures = l.leastCurvatures()
	}
	for _, of := range l.curvatures {
		c = max(c, l.modulus(g, of))
	}
	return c
}

// curvature is a bound of the eigenvalues of D² from below, jointly with a free bias in units of ρ.
type curvature struct{ unit, least float64 }

func (l *Logistic) modulus(g float64, of curvature) float64 {
	if !(of.least > 0) {
		return 0
	}
	near := 4 * g / of.least // 2g/h from an M that is off by g/Steepest, for the h below
	third := l.third(near, of.unit)
	h := of.least - third*g/l.Steepest() // g allows for an M that is off by so much
	rest := h*h - 2*third*g*roundedUp
	if !(h > 0.75*of.least && rest > 0) {
		return 0
	}
	return (h + math.Sqrt(rest)) / 2
}

// third is τ as far as r from M: Σ m E|X|³/(6√3), as max|σ″| = 1/(6√3), or of (X, ρ), where E(ρ² + |X|²)^{3/2} ≤ (ρ² + (E|X|³)^{2/3})^{3/2} by Minkowski's inequality;
// or less, where σ″ is small beside M.
func (l *Logistic) third(r, unit float64) float64 {
	var sum float64
	for _, p := range l.parts {
		cubes := p.unit * p.unit * p.unit * p.cubes()
		if l.bias.free {
			cubes = math.Pow(unit*unit+math.Pow(cubes, 2.0/3), 1.5)
		}
		sum += p.factor * min(cubes/(6*math.Sqrt(3)), l.thirdNear(p, r, unit))
	}
	return roundedUp * sum
}

// thirdNear bounds E|σ″||X|³ of a part, or of (X, ρ), as far as r from M, where u is at most r|(X, ρ)| ≤ r(ρ + |X|) larger than beside M: by the bound of |σ″(u)| by e^{cu} that bend has.
func (l *Logistic) thirdNear(p part, r, unit float64) float64 {
	c := edge(p)
	reach := 0.0 // of a bias's change
	if l.bias.free {
		reach = r*unit + l.bias.off
	}
	near, scale := p.near(c * r * p.unit)
	if near == nil {
		return math.Inf(1)
	}
	m := thirdsOf(near, c*p.sign)
	thirds := math.Pow(scale*p.unit, 3) * m.third
	if l.bias.free { // by the same inequality, under the weight
		thirds = math.Pow(unit*unit*math.Pow(m.mass, 2.0/3)+math.Pow(thirds, 2.0/3), 1.5)
	}
	return steepest(c) * math.Exp(c*(p.sign*l.bias.value+reach)) * thirds
}

// leastCurvatures bounds the eigenvalues of D², jointly with a free bias in some units, from below; −1 where it is out of reach.
func (l *Logistic) leastCurvatures() []curvature {
	rows, columns := l.dims()
	basis := forms(rows, columns, l.isSymmetric())
	n := len(basis)
	if l.bias.free {
		n++
	}
	const fine = 1e-11 // beside the size of the terms
	const perPair = 32 // of entries: four means of four factors
	rules, err := l.settle(fine*l.Scale(), perPair*n*n, l.work)
	if err != nil {
		return []curvature{{1, -1}}
	}
	hessian := mat.NewSymDense(n, nil)
	var rounding, off float64
	var t tilted
	for i, p := range l.parts {
		rule := rules[i]
		sums := float64(rule.n + len(p.labels()))
		off += rule.hessian + l.offBy(p).second
		for node := range rule.n {
			theta, weight := rule.node(node)
			weight *= theta * l.weighed(p, theta) * complex(p.factor, 0)
			at := mat.NewSymDense(n, nil)
			for c, q := range p.labels() {
				p.tilt(&t, theta*complex(p.sign, 0), c)
				t.addSquares(at, basis, weight*complex(q*p.unit*p.unit, 0))
				if l.bias.free {
					t.addMixed(at, basis, weight*complex(q*p.unit, 0), weight*complex(q, 0))
				}
				x, v := t.lengths()
				size := p.unit * x * v
				if l.bias.free {
					size++
				}
				rounding += q * cmplx.Abs(weight*t.mass) * 3 * size * size * (sums + t.roundings() + l.biasRoundings(theta))
			}
			hessian.AddSym(hessian, at)
		}
	}
	bound := off + l.bias.off*l.bend() + dense.Roundoff*rounding
	if !l.bias.free {
		return []curvature{{1, leastOf(hessian, bound)}}
	}
	var out []curvature
	for _, unit := range units(hessian) {
		scaled := mat.NewSymDense(n, nil)
		scaled.CopySym(hessian)
		for i := range n - 1 {
			scaled.SetSym(i, n-1, unit*hessian.At(i, n-1))
		}
		scaled.SetSym(n-1, n-1, unit*unit*hessian.At(n-1, n-1))
		out = append(out, curvature{unit, leastOf(scaled, unit*unit*bound)})
	}
	return out
}

// leastOf bounds the eigenvalues of a matrix that is off by at most a bound from below.
func leastOf(a *mat.SymDense, bound float64) float64 {
	values, _ := dense.Eigen(mat.DenseCopyOf(a))
	n := len(values)
	rounding := float64(16*n) * dense.Roundoff * math.Max(math.Abs(values[0]), math.Abs(values[n-1]))
	return values[0] - roundedUp*(bound+rounding)
}

// units are those of a bias beside D² = (A, C; C, c), the last coordinate its own: ρ = |C|/c, if that is more than 1, is of the size of X; then a change of either moves the score as much, and
// the least eigenvalue is near that of f alone, which it is ρ² times smaller than in units of 1. D³ is larger, so that both are of use, and one between.
func units(hessian *mat.SymDense) []float64 {
	last := hessian.SymmetricDim() - 1
	var mixed float64
	for i := range last {
		mixed = math.Hypot(mixed, hessian.At(i, last))
	}
	if unit := mixed / hessian.At(last, last); unit > 1 && !math.IsInf(unit, 1) {
		return []float64{unit, math.Sqrt(unit), 1}
	}
	return []float64{1}
}
