package enclosure

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Logistic is the term
//
//	f(M) = min_b Σ_p m_p E log(1 + e^{ε_p(t_p + b)}),   ε_p = ±1,
//
// of a loss beside a matrix M, with scores t_p = ⟨M, X_p⟩ of its parts and a bias b that is free, fixed or 0. With a free bias all bounds are of the
// joint function of (M, b), of which f is the minimum over b: ∇f(M) = ∇_M at the best b, where ∂_b = 0. Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type Logistic struct {
	parts       []part
	left, right *mat.Dense // the singular vectors of M, or the eigenvectors of a symmetric one, which are the same
	bias        bias
	work        *Budget // of the judgement
	// curvatures bound D²[V, V] from below over V of norm 1, symmetric ones beside a symmetric M, jointly with the bias; nil until they are asked for.
	curvatures []curvature
}

// part is one score with a logistic function.
type part struct {
	scores
	factor float64 // m_p > 0
	sign   float64 // ε_p
	unit   float64 // X_p is so many times x vᵀ of the law
}

// A Bias is what is added to all scores: the best one, by default.
type Bias struct {
	Fixed bool
	Value float64 // where it is fixed
}

// NewTriplets returns the term E log(1 + e^t), t = xᵀM(y − x̂), of a side at a symmetric M, (x, x̂) a positive pair and y an independent draw, whose
// curvature is to cost no more than is left of the work.
func NewTriplets(side *whitened.Mixture, m *mat.Dense, delta float64, work *Budget) *Logistic {
	l, s := symmetric(m, work)
	l.parts = []part{{triplets(turn(side, l.left), delta, s), 1, 1, 1}}
	return l
}

// NewDistanceTriplets returns the same for t = ½|x − x̂|²_M − ½|x − y|²_M.
func NewDistanceTriplets(side *whitened.Mixture, m *mat.Dense, delta float64, work *Budget) *Logistic {
	l, s := symmetric(m, work)
	unit := math.Sqrt(middle)
	for i := range s {
		s[i] *= unit
	}
	l.parts = []part{{distanceTriplets(turn(side, l.left), delta, s), 1, 1, unit}}
	return l
}

// NewSigmoid returns the term E log(1 + e^{−s₀−b}) + m E log(1 + e^{s₁+b}) of two sides, which may be the same, of scores s₀ = xᵀMx̂ of positive pairs and
// s₁ = xᵀMy of independent ones, m > 0.
func NewSigmoid(left, right *whitened.Mixture, m *mat.Dense, delta, negatives float64, b Bias, work *Budget) *Logistic {
	var l *Logistic
	var s []float64
	if left == right {
		l, s = symmetric(m, work)
	} else {
		l, s = general(m, work)
	}
	x, y := turn(left, l.left), turn(right, l.right)
	l.sigmoid(pairs(x, y, delta, s), pairs(x, y, 0, s), negatives, b)
	return l
}

// NewDistanceSigmoid returns the same with a free bias for s = −½|x − y|²_M, M symmetric.
func NewDistanceSigmoid(side *whitened.Mixture, m *mat.Dense, delta, negatives float64, work *Budget) *Logistic {
	l, s := symmetric(m, work)
	x := turn(side, l.left)
	l.sigmoid(distances(x, delta, s), distances(x, 0, s), negatives, Bias{})
	return l
}

// symmetric begins a term at a symmetric M, of these eigenvalues.
func symmetric(m *mat.Dense, work *Budget) (*Logistic, []float64) {
	values, vectors := dense.Eigen(m)
	return &Logistic{left: vectors, right: vectors, work: work}, values
}

// general begins a term at any M, of these singular values.
func general(m *mat.Dense, work *Budget) (*Logistic, []float64) {
	u, values, v := dense.FullSVD(m)
	return &Logistic{left: u, right: v, work: work}, values
}

// sigmoid adds the parts and the bias, which is −log m beside M = 0.
func (l *Logistic) sigmoid(positive, negative scores, negatives float64, b Bias) {
	l.parts = []part{{positive, 1, -1, 1}, {negative, negatives, 1, 1}}
	l.bias = bias{free: !b.Fixed, value: b.Value}
	if l.bias.free {
		l.bias.value = -math.Log(negatives)
	}
}

func (l *Logistic) isSymmetric() bool { return l.left == l.right }

// dims are those of M.
func (l *Logistic) dims() (rows, columns int) {
	rows, _ = l.left.Dims()
	columns, _ = l.right.Dims()
	return rows, columns
}

// mostOfLogistic bounds the work of one evaluation: nodes times labels times what each costs, in products. A logarithm, an exponential and
// divisions of complex numbers cost some 64 of these a coordinate.
const mostOfLogistic, perCoordinate = 4e9, 64

// Bounded evaluates the gradient: Σ_p m_p ε_p E[σ(ε_p(t_p + b)) X_p].
func (l *Logistic) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	rows, columns := l.dims()
	rules, err := l.settle(tolerance, max(rows, columns)*perCoordinate+rows*columns, work)
	if err != nil {
		return Gradient{}, err
	}
	gradient, mixed := mat.NewDense(rows, columns, nil), mat.NewDense(rows, columns, nil) // E σX and E σ′X
	var rounding, off, mixedRounding, mixedOff float64
	var t tilted
	for i, p := range l.parts {
		rule := rules[i]
		sums := float64(rule.n + len(p.labels())) // nested ones
		rounding += (sums + 8) * l.scale(p)
		off += rule.gradient + l.offBy(p).first
		mixedOff += rule.hessian + l.offBy(p).second
		factor := p.factor * p.sign * p.unit
		if rule.shift == 0 {
			for c, q := range p.labels() {
				p.tilt(&t, 0, c)
				t.addProducts(gradient, complex(factor*q/2, 0))
			}
		}
		for n := range rule.n {
			theta, weight := rule.node(n)
			weight *= l.weighed(p, theta)
			at := mat.NewDense(rows, columns, nil)
			for c, q := range p.labels() {
				p.tilt(&t, theta*complex(p.sign, 0), c)
				t.addProducts(at, complex(factor*q, 0)*weight)
				if l.bias.free {
					t.addProducts(mixed, complex(p.factor*p.unit*q, 0)*weight*theta)
				}
				x, v := t.lengths()
				rounded := p.factor * p.unit * q * cmplx.Abs(weight*t.mass) * x * v * (sums + t.roundings() + l.biasRoundings(theta))
				rounding += rounded
				mixedRounding += rounded * cmplx.Abs(theta)
			}
			gradient.Add(gradient, at)
		}
	}
	rounding += 4 * float64(rows*columns) * mat.Norm(gradient, 2) // of turning it back
	var half mat.Dense
	half.Mul(l.left, gradient)
	back := new(mat.Dense)
	back.Mul(&half, l.right.T())
	if l.bias.free { // ∇f moves with the bias by E σ′X there, and that by no more than bend
		slope := mat.Norm(mixed, 2) + mixedOff + dense.Roundoff*mixedRounding
		off += l.bias.off * (slope + l.bias.off*l.bend())
	}
	return Gradient{Matrix: back, Err: roundedUp * (off + dense.Roundoff*rounding), Rule: named(rules)}, nil
}

// named names rules.
func named(rules []logisticRule) string {
	if len(rules) == 1 {
		return fmt.Sprintf("trapezoidal %d in frequency (h = %.3g)", rules[0].n, rules[0].h)
	}
	return fmt.Sprintf("trapezoidal %d and %d in frequency (h = %.3g, %.3g)", rules[0].n, rules[1].n, rules[0].h, rules[1].h)
}

// roundedUp makes up for the rounding of bounds themselves.
const roundedUp = 1 + 1e-9

// weighed is e^{θεb}: what the bias makes of the weight of a node.
func (l *Logistic) weighed(p part, theta complex128) complex128 {
	if l.bias.value == 0 {
		return 1
	}
	return cmplx.Exp(theta * complex(p.sign*l.bias.value, 0))
}

// biasRoundings counts the roundings of e^{θεb}.
func (l *Logistic) biasRoundings(theta complex128) float64 {
	return 4 * cmplx.Abs(theta) * math.Abs(l.bias.value)
}

// size bounds, at a real θ, the moments E e^{θu} of 1, |X| and |X|² of a part, u = ε(t + b), or, where the bias is free, of (X, 1), beside E e^{θu}.
func (l *Logistic) size(p part, theta float64) moments {
	m := l.jointly(p, momentsOf(p.scores, theta*p.sign))
	return moments{}.plus(math.Exp(theta*p.sign*l.bias.value), m)
}

// jointly turns moments of x vᵀ into those of X, or of (X, 1), of square length |X|² + 1.
func (l *Logistic) jointly(p part, m moments) moments {
	m.first, m.second = p.unit*m.first, p.unit*p.unit*m.second
	if l.bias.free {
		m.first, m.second = m.first+m.mass, m.second+m.mass
	}
	return m
}

// offBy is what the errors of a part's points do to the gradient (first) and to the curvature (second), jointly with the bias: the form
// E σ′(u)(⟨V, X⟩ + β)² has mixed terms, which are off by at most 2E σ′|δX| ≤ E|δX| more.
func (l *Logistic) offBy(p part) moments {
	m := p.scores.offBy()
	m.first, m.second = p.unit*m.first, p.unit*p.unit*m.second
	if l.bias.free {
		m.first, m.second = m.first+m.mass, m.second+m.first+m.mass
	}
	return moments{}.plus(p.factor, m)
}

// scale is the size of the terms that a part of the gradient is made of.
func (l *Logistic) scale(p part) float64 {
	c := l.shift(p)
	if c == 0 {
		return p.factor * l.size(p, 0).first
	}
	return p.factor * l.size(p, c).first / math.Sin(math.Pi*c)
}

// bend bounds how fast the gradient's slope in the bias, or the curvature, changes with a bias as near to this as it is known: by Σ m E|σ″(u)|(1 + |X|²), where |σ″| ≤ 1/(6√3), and
// |σ″(u)| ≤ steepest e^{cu}.
func (l *Logistic) bend() float64 {
	var sum float64
	for _, p := range l.parts {
		c, most := l.shift(p), 1/(6*math.Sqrt(3))
		if c > 0 {
			most = steepest(c)
		}
		sum += p.factor * most * l.size(p, c).second * math.Exp(c*l.bias.off)
	}
	return roundedUp * sum
}

// steepest is the largest of σ′(u)e^{−cu}, 0 < c < 1, and |σ″| ≤ σ′.
func steepest(c float64) float64 {
	return math.Pow((1-c)/2, 1-c) * math.Pow((1+c)/2, 1+c)
}

// Sampled knows nothing: what is out of reach of one integral is of points, too.
func (l *Logistic) Sampled(int, float64, *Budget) Sampling {
	rows, columns := l.dims()
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return mat.NewDense(rows, columns, nil) }, Off: math.Inf(1)}
}

// Scale is Σ m E|X|, or less where the integrals' lines are moved.
func (l *Logistic) Scale() float64 {
	var sum float64
	for _, p := range l.parts {
		sum += l.scale(p)
	}
	return sum
}

// Steepest is that of σ′ ≤ ¼: ¼ Σ m E|X|², or of (X, 1).
func (l *Logistic) Steepest() float64 {
	var sum float64
	for _, p := range l.parts {
		sum += p.factor * l.size(p, 0).second / 4
	}
	return sum
}
