package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Findings is what the oracle finds of a minimiser of the InfoNCE loss.
type Findings struct {
	// Containment says whether Col(A*) ⊆ S_F. Defect is (‖QM̂‖ + b)/‖M̂‖ with Q
	// the projector off S_F and b the bound of ‖M̂ − M*‖, whitened; 0 where
	// ByConstruction says that the form lies in S_F because of how it is written.
	Containment    Verdict
	Defect         float64
	ByConstruction bool
	// Equality says whether Col(A*) = S_F, that is whether λ_min(M_u|S_F) > 0.
	Equality Verdict
	// Eigenvalues are those of the whitened M̂_u on S_F, ascending; s of them.
	Eigenvalues []float64
	Certificate Certificate
}

// Margin is the smallest eigenvalue; NaN if S_F = {0}.
func (f Findings) Margin() float64 {
	if len(f.Eigenvalues) == 0 {
		return math.NaN()
	}
	return f.Eigenvalues[0]
}

// Certificate is the oracle's independent evidence for Equality.
type Certificate struct {
	Grade Grade
	// Epsilon bounds ‖M̂_u − M_u‖_F in whitened coordinates; +Inf where nothing
	// could be bounded. It is as fine as the verdict needed.
	Epsilon float64
	// Exact is set where M* = 0 was decided without arithmetic; Epsilon is then 0.
	Exact bool
	// Weighted is set where the verdict needed the sharper test: W^¼M̂_uW^¼, W =
	// I + C, has the smallest eigenvalue WeightedMargin on S_F, and differs from
	// W^¼M_uW^¼ by at most WeightedEpsilon.
	Weighted                        bool
	WeightedMargin, WeightedEpsilon float64
	// Rule says by which quadrature, or why nothing was bounded.
	Rule string
}

// costliest bounds the nodes times components of one bounded evaluation.
const costliest = 4e7

// Judge decides containment and equality for the InfoNCE loss of p, given a
// candidate for its minimiser over all symmetric matrices, one for its minimiser
// over positive semidefinite ones, and the distance bound that their finder
// claims for the first (used only where the grade is Estimated). Whatever the
// candidates are, a verdict other than Undecided is a consequence of p's
// definition: strong convexity bounds the distance of any matrix to the
// minimiser by the gradient there, which Judge computes itself.
func Judge(p gmm.Pairs, unconstrained, minimiser gmm.Form, claimed float64) Findings {
	if p.Uninformative() {
		return judgeUninformative(p, minimiser.Frame.Fisher)
	}
	f := Findings{Defect: math.Inf(1), Certificate: Certificate{Epsilon: math.Inf(1)}}
	if minimiser.Frame.Fisher {
		f.Containment, f.ByConstruction, f.Defect = Holds, true, 0
	}
	s := p.FisherDimension()
	if s.Ambiguous {
		f.Certificate.Rule = "none: rounding leaves the dimension of S_F ambiguous"
		return f
	}
	v, err := see(p, unconstrained.Frame)
	if err != nil {
		f.Certificate.Rule = "none: " + err.Error()
		return f
	}
	space := v.fisherSpace(s.Value, unconstrained.Frame.Fisher)
	v.judgeEquality(&f, v.matrix(unconstrained.N), space, claimed)
	if f.ByConstruction {
		return f
	}
	if minimiser.Frame != unconstrained.Frame {
		if v, err = see(p, minimiser.Frame); err != nil {
			return f
		}
		space = v.fisherSpace(s.Value, false)
	}
	v.judgeContainment(&f, v.matrix(minimiser.N), space)
	return f
}

// Distance bounds ‖M − M_u‖_F in whitened coordinates for any symmetric matrix M,
// M_u being the minimiser of the InfoNCE loss of p over all symmetric matrices.
// The bound is the norm of the gradient at M, evaluated to about the given
// tolerance, and the error of that evaluation; +Inf where nothing can be bounded.
func Distance(p gmm.Pairs, m gmm.Form, tolerance float64) float64 {
	if m.N == nil {
		return 0
	}
	v, err := see(p, m.Frame)
	if err != nil {
		return math.Inf(1)
	}
	x := v.matrix(m.N)
	e, err := v.boundedGradient(x, tolerance, costliest)
	if err != nil {
		return math.Inf(1)
	}
	return (e.norm+e.err)/v.least() + v.formError*mat.Norm(x, 2)
}

// least is √w for the smallest eigenvalue w ≥ 1 of W, by which the plain
// distance is smaller: ‖V‖_F ≤ ‖W^¼VW^¼‖_F/√w ≤ ‖∇f‖_d/√w.
func (v *view) least() float64 { return math.Sqrt(slices.Min(v.w)) }

// JudgeLine decides whether Col(M*) lies in the line of Σ⁻¹(μ_j − μ_i), M* being the
// minimiser of the InfoNCE loss of p over positive semidefinite matrices and
// minimiser a candidate for it. The defect is as in Findings.
func JudgeLine(p gmm.Pairs, minimiser gmm.Form, i, j int) (verdict Verdict, defect float64) {
	v, err := see(p, minimiser.Frame)
	if err != nil {
		return Undecided, math.Inf(1)
	}
	difference := new(mat.Dense)
	m, k := v.means.Dims()
	difference.Sub(v.means.Slice(0, m, j, j+1), v.means.Slice(0, m, i, i+1))
	s := v.span(difference, 1)
	// The difference can be shorter than the means that its error comes from.
	longest := 0.0
	for c := range k {
		longest = math.Max(longest, mat.Norm(v.means.ColView(c), 2))
	}
	s.angle = min(1, s.angle*2*longest/mat.Norm(difference, 2))
	var f Findings
	v.judgeContainment(&f, v.matrix(minimiser.N), s)
	return f.Containment, f.Defect
}

// judgeUninformative decides the two cases that need no arithmetic: ∇f(0) =
// −δB = 0, so M_u = M* = 0.
func judgeUninformative(p gmm.Pairs, reduced bool) Findings {
	s := p.FisherDimension()
	f := Findings{Containment: Holds, ByConstruction: reduced, Equality: Refuted, Eigenvalues: make([]float64, s.Value),
		Certificate: Certificate{Grade: Bounded, Exact: true, Rule: "exact: δB = 0, so M* = 0"}}
	_, exact := p.Exact()
	switch {
	case s.Ambiguous, !exact && p.Components() > 1 && p.Delta() > 0: // rounding may hide that means differ
		f.Equality = Undecided
		f.Certificate = Certificate{Epsilon: math.Inf(1), Rule: "none: the means coincide after rounding"}
	case s.Value == 0:
		f.Equality = Holds
	}
	return f
}

// space is an orthonormal basis of the Fisher subspace in a view, m×s and nil for
// s = 0, with a bound of the sine of its angle to the exact one.
type space struct {
	basis *mat.Dense
	angle float64
}

// fisherSpace spans the means. In a Fisher frame it is everything.
func (v *view) fisherSpace(s int, everything bool) space {
	if everything {
		m := len(v.w)
		basis := mat.NewDense(m, m, nil)
		for i := range m {
			basis.Set(i, i, 1)
		}
		return space{basis: basis}
	}
	return v.span(v.means, s)
}

// span is the space of the s leading directions of vectors whose columns are
// each off by at most meanError of their length.
func (v *view) span(vectors *mat.Dense, s int) space {
	if s == 0 {
		return space{}
	}
	m, k := vectors.Dims()
	unit := mat.DenseCopyOf(vectors)
	for j := range k {
		if size := mat.Norm(vectors.ColView(j), 2); size > 0 {
			for i := range m {
				unit.Set(i, j, unit.At(i, j)/size)
			}
		}
	}
	var svd mat.SVD
	if !svd.Factorize(unit, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	// Wedin's theorem: each column is off by meanError of its unit length.
	off := (v.meanError + float64(4*(m+k))*unitRoundoff) * math.Sqrt(float64(k))
	values := append(svd.Values(nil), 0)
	gap := values[s-1] - values[s] - off
	angle := 1.0
	if gap > 0 {
		angle = min(1, 2*off/gap)
	}
	return space{mat.DenseCopyOf(u.Slice(0, m, 0, s)), angle}
}

// judgeEquality compares λ_min(M̂_u|S) with the distance of M̂_u from M_u, first
// plainly, then weighted by W^¼, and refines the gradient's error until the
// comparison is decided or refinement can no longer help.
func (v *view) judgeEquality(f *Findings, m *mat.Dense, s space, claimed float64) {
	weighted := v.weighted(m)
	f.Eigenvalues = restrictedEigenvalues(m, s.basis)
	margin, weightedMargin := f.Eigenvalues[0], restrictedEigenvalues(weighted, s.basis)[0]
	slack := v.slack(m, s) + v.formError*mat.Norm(m, 2)
	weightedSlack := v.slack(weighted, s)
	c := &f.Certificate
	decide := func(e evaluation) bool {
		c.Rule = e.rule
		bound := (e.norm + e.err) * (1 + 4*v.meanError) // W is known to that only
		c.Epsilon = bound/v.least() + slack
		if f.Equality = compare(margin, c.Epsilon); f.Equality != Undecided {
			return true
		}
		if f.Equality = compare(weightedMargin, bound+weightedSlack); f.Equality != Undecided {
			c.Weighted, c.WeightedMargin, c.WeightedEpsilon = true, weightedMargin, bound+weightedSlack
			return true
		}
		return false
	}
	e, err := v.refine(m, math.Abs(margin)*v.least()/8, decide)
	if err == nil {
		c.Grade = Bounded
		return
	}
	c.Grade = Estimated
	e = v.sampledGradient(m, math.Abs(margin)*v.least()/8)
	if !(e.norm <= claimed+e.err) {
		c.Rule = e.rule + " contradicts the claimed distance bound"
		c.Epsilon = (e.norm+e.err)/v.least() + slack
		return
	}
	e.norm = claimed
	decide(e)
}

// finest is the relative error beyond which float64 gains nothing.
const finest = 1e-15

// scale is the size of the gradient's terms, Σ_j w_j reach_j (|μ_j|_* + 1).
func (v *view) scale() float64 {
	length, reach := v.lengths()
	var sum float64
	for j, w := range v.weights {
		sum += w * reach[j] * (length[j] + 1)
	}
	return sum
}

// refine evaluates the bounded gradient with ever smaller tolerances, from
// first on, until done says so or the gradient itself, or rounding, is what
// keeps it from being done. It fails where even the first is out of reach.
func (v *view) refine(m *mat.Dense, first float64, done func(evaluation) bool) (evaluation, error) {
	floor := finest * v.scale()
	tolerance := min(max(first, floor), coarsestGradient)
	e, err := v.boundedGradient(m, tolerance, costliest)
	for err == nil && !done(e) && tolerance > floor && e.norm <= 4*e.err {
		tolerance = max(tolerance/64, floor)
		finer, beyond := v.boundedGradient(m, tolerance, costliest)
		if beyond != nil {
			break // the last bound stands
		}
		e = finer
	}
	return e, err
}

// coarsestGradient is the first tolerance where the verdict would allow a
// coarser one; the rule costs next to nothing there.
const coarsestGradient = 1e-2

// judgeContainment refines the bound b of ‖M̂ − M*‖ until ‖QM̂‖ + b ≤ contained·‖M̂‖ or ‖QM̂‖ > b.
//
// The matrix is first replaced by its positive part M̂₊; with Z the positive
// part of ∇f(M̂₊) on its kernel, ⟨Z, M̂₊ − M*⟩ ≤ 0, so ‖M̂₊ − M*‖_F ≤ ‖∇f(M̂₊) − Z‖_d.
func (v *view) judgeContainment(f *Findings, m *mat.Dense, s space) {
	positive, kernel, removed := positivePart(m)
	size := mat.Norm(m, 2)
	outside := mat.Norm(v.off(m, s), 2)
	// The positive part and its kernel are orthogonal to rounding only: ∇f moves by
	// at most ‖D²f‖ ≤ max w + max reach² times that.
	dim, _ := m.Dims()
	_, reach := v.lengths()
	lipschitz := slices.Max(v.w) * (1 + math.Pow(slices.Max(reach), 2))
	slack := removed + (2*s.angle+v.formError)*size + 8*float64(dim)*unitRoundoff*size*lipschitz
	decide := func(e evaluation) bool {
		b := (v.dualNorm(lessPositivePart(e.gradient, kernel))+e.err)/v.least() + slack
		f.Defect = (outside + b) / size
		switch {
		case f.Defect <= contained:
			f.Containment = Holds
		case outside > b:
			f.Containment = Refuted
		default:
			return false
		}
		return true
	}
	for tolerance := contained * size / 8; ; tolerance /= 64 {
		e, err := v.boundedGradient(positive, tolerance, costliest)
		if err != nil {
			// A sampled error can certify containment, with that grade, but not refute a theorem.
			decide(v.sampledGradient(positive, tolerance))
			f.Certificate.Grade = Estimated
			if f.Containment == Refuted {
				f.Containment = Undecided
			}
			return
		}
		if decide(e) || tolerance <= finest*v.scale() {
			return
		}
	}
}

// contained is the defect up to which containment holds for all purposes.
const contained = 1e-8

// compare is the verdict on x > 0 for a value known to within epsilon.
func compare(x, epsilon float64) Verdict {
	switch {
	case x > epsilon:
		return Holds
	case x < -epsilon:
		return Refuted
	}
	return Undecided
}

// weighted returns W^¼ M W^¼.
func (v *view) weighted(m *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(m)
	out.Apply(func(i, j int, x float64) float64 { return x * math.Pow(v.w[i]*v.w[j], 0.25) }, out)
	return out
}

// slack bounds what rounding, and the error of the basis, change in an
// eigenvalue of m on the space.
func (v *view) slack(m *mat.Dense, s space) float64 {
	dim, _ := m.Dims()
	return (float64(16*dim)*unitRoundoff + 2*s.angle) * mat.Norm(m, 2)
}

// restrictedEigenvalues returns the eigenvalues of BᵀMB, ascending.
func restrictedEigenvalues(m, basis *mat.Dense) []float64 {
	var half, inside mat.Dense
	half.Mul(m, basis)
	inside.Mul(basis.T(), &half)
	values, _ := eigen(&inside)
	return values
}

// positivePart returns the positive part of a symmetric matrix, an orthonormal
// basis of its kernel (nil if none), and the distance to the matrix.
// Eigenvalues below float64's resolution count as 0: what that changes is in
// the distance.
func positivePart(m *mat.Dense) (positive, kernel *mat.Dense, distance float64) {
	dim, _ := m.Dims()
	values, vectors := eigen(m)
	threshold := 64 * float64(dim) * unitRoundoff * values[dim-1]
	first := 0
	for first < dim && values[first] <= threshold {
		distance = math.Hypot(distance, values[first])
		first++
	}
	positive = mat.NewDense(dim, dim, nil)
	if first < dim {
		v := vectors.Slice(0, dim, first, dim)
		var scaled mat.Dense
		scaled.CloneFrom(v)
		scaled.Apply(func(_, j int, x float64) float64 { return x * values[first+j] }, &scaled)
		positive.Mul(&scaled, v.T())
		symmetric(positive)
	}
	if first > 0 {
		kernel = mat.DenseCopyOf(vectors.Slice(0, dim, 0, first))
	}
	return positive, kernel, distance
}

// lessPositivePart returns G − Z, Z the positive part of G on the kernel's span.
func lessPositivePart(g, kernel *mat.Dense) *mat.Dense {
	if kernel == nil {
		return g
	}
	var half, block, lifted, z mat.Dense
	half.Mul(g, kernel)
	block.Mul(kernel.T(), &half)
	values, vectors := eigen(&block)
	scaled := mat.DenseCopyOf(vectors)
	scaled.Apply(func(_, j int, x float64) float64 { return x * math.Sqrt(max(0, values[j])) }, scaled)
	lifted.Mul(kernel, scaled)
	z.Mul(&lifted, lifted.T())
	out := new(mat.Dense)
	out.Sub(g, &z)
	return out
}

// eigen returns the eigenvalues, ascending, and eigenvectors of a symmetric matrix.
func eigen(a *mat.Dense) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, symmetric(mat.DenseCopyOf(a)).RawMatrix().Data), true) {
		panic("oracle: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}
