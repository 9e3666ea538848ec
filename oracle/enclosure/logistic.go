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

// Logistic is the term E log(1 + e^t), t = xᵀM(y − x̂), of a loss beside a symmetric M, (x, x̂) a positive pair and y an independent draw of one side. Given the
// components j, k and l of x, x̂ and y, the score is a bilinear one of x ∼ N(μ_j, I) and v = y − x̂ ∼ N(μ_l − μ_k, 2I). Errors
// are in the Frobenius norm, the dual norm of whitened.Flat.
type Logistic struct {
	bilinear
	turn *mat.Dense // the eigenvectors of M
	work *Budget    // of the judgement
	// curvature bounds D²[V, V] = E[σ′(t) (xᵀVv)²] from below over symmetric V of norm 1; −Inf until it is asked for.
	curvature float64
}

// NewLogistic returns the term of a side at M, whose curvature is to cost no more than is left of the work.
func NewLogistic(side *whitened.Mixture, m *mat.Dense, delta float64, work *Budget) *Logistic {
	l := &Logistic{bilinear: bilinear{spread: 2}, work: work, curvature: math.Inf(-1)}
	l.s, l.turn = dense.Eigen(m)
	var means mat.Dense
	means.Mul(l.turn.T(), side.Means)
	off, w := side.MeansOff(), side.Weights
	for k, length := range dense.ColumnNorms(side.Means) { // turning rounds them
		off[k] += 16 * float64(len(l.s)) * dense.Roundoff * length
	}
	var x, v [][]float64
	add := func(p float64, j, k, i int) {
		a, b := mat.Col(nil, j, &means), mat.Col(nil, i, &means)
		for c := range b {
			b[c] -= means.At(c, k)
		}
		l.probabilities, x, v = append(l.probabilities, p), append(x, a), append(v, b)
		l.offX, l.offV = append(l.offX, off[j]), append(l.offV, off[i]+off[k])
	}
	for j := range w {
		alike := 0.0 // x̂ and y of one component, whichever it is
		for k := range w {
			partner := (1 - delta) * w[k]
			if k == j {
				partner += delta
			}
			for i := range w {
				switch p := w[j] * partner * w[i]; {
				case i == k:
					alike += p
				case p > 0:
					add(p, j, k, i)
				}
			}
		}
		add(alike, j, j, j)
		l.offV[len(l.offV)-1] = 0 // whatever the means are
	}
	l.x, l.v = columns(x), columns(v)
	return l
}

// columns returns the matrix of vectors as columns.
func columns(vectors [][]float64) *mat.Dense {
	out := mat.NewDense(len(vectors[0]), len(vectors), nil)
	for c, v := range vectors {
		out.SetCol(c, v)
	}
	return out
}

// mostOfLogistic bounds the work of one evaluation: nodes times labels times what each costs, in products. A logarithm, an exponential and
// divisions of complex numbers cost some 64 of these a coordinate.
const mostOfLogistic, perCoordinate = 4e9, 64

// Bounded evaluates ½E[x vᵀ] + ∫ Im E[x vᵀ e^{iωt}]/sinh πω dω.
func (l *Logistic) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	rule, err := l.affordable(tolerance, len(l.s)*(perCoordinate+len(l.s)), work)
	if err != nil {
		return Gradient{}, err
	}
	gradient := new(mat.Dense)
	gradient.Mul(dense.TimesDiagonal(l.x, l.probabilities), l.v.T())
	gradient.Scale(0.5, gradient)
	sums := float64(rule.n + len(l.probabilities)) // nested ones
	rounding := (sums + 8) * l.Scale()
	var t tilted
	for n := range rule.n {
		omega, weight := rule.node(n)
		at := mat.NewDense(len(l.s), len(l.s), nil)
		for c, p := range l.probabilities {
			l.tilt(&t, complex(0, omega), c)
			t.addProducts(at, p)
			x, v := t.lengths()
			rounding += weight * p * cmplx.Abs(t.mass) * x * v * (sums + t.roundings())
		}
		at.Scale(weight, at)
		gradient.Add(gradient, at)
	}
	rounding += 4 * float64(len(l.s)*len(l.s)) * mat.Norm(gradient, 2) // of turning it back
	return Gradient{Matrix: dense.Congruent(gradient, l.turn.T()), Err: roundedUp * (rule.gradient + l.offBy().first + dense.Roundoff*rounding),
		Rule: fmt.Sprintf("trapezoidal %d in frequency (h = %.3g)", rule.n, rule.h)}, nil
}

// roundedUp makes up for the rounding of bounds themselves.
const roundedUp = 1 + 1e-9

// affordable plans a rule whose nodes cost so many products a label.
func (l *Logistic) affordable(tolerance float64, products int, work *Budget) (logisticRule, error) {
	limit := work.within(mostOfLogistic)
	labels := float64(len(l.probabilities))
	if planning := 4 * lines * labels * float64(len(l.s)) * perCoordinate; planning > limit {
		return logisticRule{}, fmt.Errorf("%w: %.2g triples of components", ErrGrid, labels)
	}
	rule, err := l.plan(tolerance)
	if err != nil {
		return rule, err
	}
	cost := float64(rule.n) * labels * float64(products)
	if cost > limit {
		return rule, fmt.Errorf("%w: %d frequencies for %.2g triples of components", ErrGrid, rule.n, labels)
	}
	work.spend(cost)
	return rule, nil
}

// Modulus returns a c with |M − M*| ≤ g/c, and f(M) − f(M*) ≤ g²/2c, for a gradient of norm at most g at M, less anything that is ⪰ 0 and vanishes on
// M, where the minimiser M* is over the symmetric matrices or those ⪰ 0; 0 where there is none. f is convex, D²f ⪰ h at M, and |D³f[V, V, V]| ≤ τ|V|³
// everywhere, so that along the way to M* the slope rises by at least hr − ½τr² at a distance r up to h/τ, and can be g at
// most at ρ = (h − √(h² − 2τg))/τ, if h² > 2τg: c = g/ρ = ½(h + √(h² − 2τg)).
func (l *Logistic) Modulus(g float64) float64 {
	if math.IsInf(g, 1) {
		return 0
	}
	if math.IsInf(l.curvature, -1) {
		l.curvature = l.leastCurvature()
	}
	third := roundedUp * l.moments(0).third / (6 * math.Sqrt(3)) // max|σ″| = 1/(6√3)
	h := l.curvature - third*g/l.Steepest()                      // g allows for an M that is off by so much
	rest := h*h - 2*third*g*roundedUp
	if !(h > 0 && rest > 0) {
		return 0
	}
	return (h + math.Sqrt(rest)) / 2
}

// leastCurvature bounds the eigenvalues of D² from below; −1 where it is out of reach.
func (l *Logistic) leastCurvature() float64 {
	dim := len(l.s)
	n := dim * (dim + 1) / 2
	const fine = 1e-8  // beside the size of the terms
	const perPair = 32 // of entries: four means of four factors
	rule, err := l.affordable(fine*l.Scale(), perPair*n*n, l.work)
	if err != nil {
		return -1
	}
	hessian := mat.NewSymDense(n, nil)
	rounding, sums := 0.0, float64(rule.n+len(l.probabilities))
	var t tilted
	for i := range rule.n {
		omega, weight := rule.node(i)
		at := mat.NewSymDense(n, nil)
		for c, p := range l.probabilities {
			l.tilt(&t, complex(0, omega), c)
			t.addSquares(at, p)
			x, v := t.lengths()
			rounding += weight * omega * p * cmplx.Abs(t.mass) * 3 * x * x * v * v * (sums + t.roundings())
		}
		at.ScaleSym(weight*omega, at)
		hessian.AddSym(hessian, at)
	}
	values, _ := dense.Eigen(mat.DenseCopyOf(hessian))
	rounding += float64(16*n) * math.Max(math.Abs(values[0]), math.Abs(values[n-1]))
	return values[0] - roundedUp*(rule.hessian+l.offBy().second+dense.Roundoff*rounding)
}

// Sampled knows nothing: what is out of reach of one integral is of points, too.
func (l *Logistic) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return l.turn }, Off: math.Inf(1)}
}

// Scale is E|x||v|.
func (l *Logistic) Scale() float64 { return l.moments(0).first }

// Steepest is that of σ′ ≤ ¼: ¼E|x|²|v|².
func (l *Logistic) Steepest() float64 { return l.moments(0).second / 4 }
