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

// Hinge is the term E (α + t)₊ of a loss beside a symmetric M, t a score that is linear in M and, given the components of its points, the bilinear
// one t = xᵀ(γM)v of independent x ∼ N(a_c, I) and v ∼ N(b_c, τI). With u = α + t
//
//	∇f(M)      = γ E[1(u > 0) x vᵀ]
//	D²f[V, V]  = γ² E[δ(u) (xᵀVv)²],
//
// and by contours C from −∞ to ∞ above ω = 0, on which ω = κ sinh(s + iφ) (type contour),
//
//	E[1(u > 0) X] = E X + (1/2πi) ∫_C E[X e^{iωu}] dω/ω = E X + (1/π) ∫_0^∞ Im(coth(s + iφ) E[X e^{iωu}]) ds
//	E[δ(u) X]     = (1/2π) ∫_C E[X e^{iωu}] dω = (1/π) ∫_0^∞ Re(κ cosh(s + iφ) E[X e^{iωu}]) ds.
//
// Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type Hinge struct {
	bilinear
	margin, gain float64    // α and γ
	turn         *mat.Dense // the eigenvectors of M
	work         *Budget    // of the judgement
	// curvature and steepest bound the eigenvalues of D² at M from below and above; ∓Inf until curvature is asked for.
	curvature, steepest float64
}

// NewHinge returns the term of scores t = xᵀM(y − x̂) of a side at a symmetric M, (x, x̂) a positive pair and y an independent draw, whose curvature is to cost no more than
// is left of the work.
func NewHinge(side *whitened.Mixture, m *mat.Dense, delta, margin float64, work *Budget) *Hinge {
	h, s := newHinge(m, margin, 1, work)
	h.bilinear = triplets(turn(side, h.turn), delta, s)
	return h
}

// NewDistanceHinge returns the same for t = ½|x − x̂|²_M − ½|x − y|²_M.
func NewDistanceHinge(side *whitened.Mixture, m *mat.Dense, delta, margin float64, work *Budget) *Hinge {
	h, s := newHinge(m, margin, math.Sqrt(middle), work)
	h.bilinear = distanceTriplets(turn(side, h.turn), delta, s)
	return h
}

// newHinge begins a term, whose law is of γM of these eigenvalues.
func newHinge(m *mat.Dense, margin, gain float64, work *Budget) (*Hinge, []float64) {
	s, vectors := dense.Eigen(m)
	for i := range s {
		s[i] *= gain
	}
	return &Hinge{margin: margin, gain: gain, turn: vectors, work: work, curvature: math.Inf(-1), steepest: math.Inf(1)}, s
}

// Bounded evaluates γ E[1(u > 0) x vᵀ].
func (h *Hinge) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	rules, nodes, err := h.affordable(tolerance, len(h.s)*(perCoordinate+len(h.s)), work)
	if err != nil {
		return Gradient{}, err
	}
	gradient := new(mat.Dense)
	gradient.Mul(dense.TimesDiagonal(h.x, h.probabilities), h.v.T())
	labels := float64(len(h.probabilities))
	rounding, rule := (labels+8)*h.Scale(), 0.0
	var t tilted
	for c, p := range h.probabilities {
		at := rules[c]
		sums := float64(at.n) + labels // nested ones
		rule += p * at.gradient
		own := mat.NewDense(len(h.s), len(h.s), nil)
		for n := range at.n {
			omega, overOmega, _ := at.node(n)
			h.weigh(&t, omega, c)
			x, v := t.lengths()
			rounding += p * cmplx.Abs(t.mass*overOmega) * x * v * (sums + t.roundings())
			t.addProducts(own, complex(0, -p)*overOmega)
		}
		gradient.Add(gradient, own)
	}
	rounding += 4 * float64(len(h.s)*len(h.s)) * mat.Norm(gradient, 2) // of turning it back
	gradient.Scale(h.gain, gradient)
	return Gradient{Matrix: dense.Congruent(gradient, h.turn.T()),
		Err:  roundedUp * h.gain * (rule + h.offBy().first + dense.Roundoff*rounding),
		Rule: fmt.Sprintf("trapezoidal %d on contours", nodes)}, nil
}

// weigh is the law of x and v under label c, weighed by e^{iωu}.
func (h *Hinge) weigh(t *tilted, omega complex128, c int) {
	h.tilt(t, complex(0, 1)*omega, c)
	turned := complex(0, h.margin) * omega
	t.size += cmplx.Abs(turned)
	t.mass *= cmplx.Exp(turned)
}

// affordable plans rules, one a label, whose nodes cost so many products, with an error of the gradient without γ of about tolerance.
func (h *Hinge) affordable(tolerance float64, products int, work *Budget) (rules []contour, nodes int, err error) {
	limit, labels := work.within(mostOfLogistic), float64(len(h.probabilities))
	if planning := float64(contours) * labels * float64(len(h.s)) * perCoordinate; planning > limit {
		return nil, 0, fmt.Errorf("%w: %.2g triples of components", ErrGrid, labels)
	}
	for c, p := range h.probabilities {
		rule, err := h.plan(c, tolerance/(labels*p))
		if err != nil {
			return nil, 0, err
		}
		rules, nodes = append(rules, rule), nodes+rule.n
	}
	cost := float64(nodes) * float64(products)
	if cost > limit {
		return nil, 0, fmt.Errorf("%w: %d nodes for %.2g triples of components", ErrGrid, nodes, labels)
	}
	work.spend(cost)
	return rules, nodes, nil
}

// Modulus returns a c with |M − M*| ≤ g/c, and f(M) − f(M*) ≤ g²/2c, as Logistic's does, with |D³f[V, V, V]| ≤ τ₃|V|³.
func (h *Hinge) Modulus(g float64) float64 {
	if math.IsInf(g, 1) {
		return 0
	}
	if math.IsInf(h.curvature, -1) {
		h.curvature, h.steepest = h.curvatures()
	}
	if !(h.curvature > 0) {
		return 0
	}
	off := g / h.Steepest()                                     // g allows for an M that is off by so much
	third := roundedUp * h.steepnessWithin(2*g/h.curvature+off) // if rest > 0, g/c ≤ 2g/h
	least := h.curvature - third*off
	rest := least*least - 2*third*g*roundedUp
	if !(least > 0 && rest > 0) {
		return 0
	}
	return (least + math.Sqrt(rest)) / 2
}

// curvatures bound the eigenvalues of D² from below and above; −1 and +Inf where they are out of reach.
func (h *Hinge) curvatures() (least, most float64) {
	dim := len(h.s)
	basis := forms(dim, dim, true)
	n := len(basis)
	const fine = 1e-10 // beside the size of the terms
	const perPair = 32 // of entries: four means of four factors
	rules, _, err := h.affordable(fine*h.Scale(), perPair*n*n, h.work)
	if err != nil {
		return -1, math.Inf(1)
	}
	hessian := mat.NewSymDense(n, nil)
	rounding, rule, labels := 0.0, 0.0, float64(len(h.probabilities))
	var t tilted
	for c, p := range h.probabilities {
		at := rules[c]
		sums := float64(at.n) + labels
		rule += p * at.hessian
		own := mat.NewSymDense(n, nil)
		for i := range at.n {
			omega, _, along := at.node(i)
			h.weigh(&t, omega, c)
			x, v := t.lengths()
			rounding += p * cmplx.Abs(t.mass*along) * 3 * x * x * v * v * (sums + t.roundings())
			t.addSquares(own, basis, along*complex(p, 0))
		}
		hessian.AddSym(hessian, own)
	}
	values, _ := dense.Eigen(mat.DenseCopyOf(hessian))
	rounding += float64(16*n) * math.Max(math.Abs(values[0]), math.Abs(values[n-1]))
	off, square := roundedUp*(rule+h.offBy().second+dense.Roundoff*rounding), h.gain*h.gain
	return square * (values[0] - off), square * (values[n-1] + off)
}

// Sampled knows nothing: what is out of reach of one integral is of points, too.
func (h *Hinge) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return h.turn }, Off: math.Inf(1)}
}

// Scale bounds γ E|x||v|.
func (h *Hinge) Scale() float64 {
	var sum float64
	for c, p := range h.probabilities {
		x, v := h.sides(c)
		ofX, _, _, _ := x.moment()
		ofV, _, _, _ := v.moment()
		sum += p * ofX * ofV
	}
	return h.gain * math.Sqrt(h.spread) * sum
}

// Steepest bounds D²f[V, V] for |V| = 1, everywhere, or about M once the curvature there is known.
func (h *Hinge) Steepest() float64 {
	const alike = 1e-9 // matrices that rounding may not tell from M
	everywhere := h.steepness()
	return min(everywhere.second, h.steepest+everywhere.third*alike*largest(h.s)/h.gain*math.Sqrt(float64(len(h.s))))
}
