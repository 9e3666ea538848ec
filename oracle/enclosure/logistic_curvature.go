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
// b is 0 at the best one.
func (l *Logistic) Modulus(g float64) float64 {
	if math.IsInf(g, 1) {
		return 0
	}
	if math.IsInf(l.curvature, -1) {
		l.curvature = l.leastCurvature()
	}
	if !(l.curvature > 0) {
		return 0
	}
	near := 4 * g / l.curvature // 2g/h from an M that is off by g/Steepest, for the h below
	third := l.third(near)
	h := l.curvature - third*g/l.Steepest() // g allows for an M that is off by so much
	rest := h*h - 2*third*g*roundedUp
	if !(h > 0.75*l.curvature && rest > 0) {
		return 0
	}
	return (h + math.Sqrt(rest)) / 2
}

// third is τ as far as r from M: Σ m E|X|³/(6√3), as max|σ″| = 1/(6√3), or of (X, 1), where E(1 + |X|²)^{3/2} ≤ (1 + (E|X|³)^{2/3})^{3/2} by Minkowski's inequality;
// or less, where σ″ is small beside M.
func (l *Logistic) third(r float64) float64 {
	var sum float64
	for _, p := range l.parts {
		cubes := p.unit * p.unit * p.unit * p.cubes()
		if l.bias.free {
			cubes = math.Pow(1+math.Pow(cubes, 2.0/3), 1.5)
		}
		sum += p.factor * min(cubes/(6*math.Sqrt(3)), l.thirdNear(p, r))
	}
	return roundedUp * sum
}

// thirdNear bounds E|σ″||X|³ of a part, or of (X, 1), as far as r from M, where u is at most r|(X, 1)| ≤ r(1 + |X|) larger than beside M: by the bound of |σ″(u)| by e^{cu} that bend has.
func (l *Logistic) thirdNear(p part, r float64) float64 {
	c := edge(p)
	reach := 0.0 // of a bias's change
	if l.bias.free {
		reach = r + l.bias.off
	}
	near, scale := p.near(c * r * p.unit)
	if near == nil {
		return math.Inf(1)
	}
	m := thirdsOf(near, c*p.sign)
	thirds := math.Pow(scale*p.unit, 3) * m.third
	if l.bias.free { // by the same inequality, under the weight
		thirds = math.Pow(math.Pow(m.mass, 2.0/3)+math.Pow(thirds, 2.0/3), 1.5)
	}
	return steepest(c) * math.Exp(c*(p.sign*l.bias.value+reach)) * thirds
}

// leastCurvature bounds the eigenvalues of D², jointly with a free bias, from below; −1 where it is out of reach.
func (l *Logistic) leastCurvature() float64 {
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
		return -1
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
	values, _ := dense.Eigen(mat.DenseCopyOf(hessian))
	rounding += float64(16*n) * math.Max(math.Abs(values[0]), math.Abs(values[n-1]))
	return values[0] - roundedUp*(off+l.bias.off*l.bend()+dense.Roundoff*rounding)
}
