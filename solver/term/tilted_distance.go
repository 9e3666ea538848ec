package term

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/closed"

	"gonum.org/v1/gonum/mat"
)

// tiltedDistance is, of one modality whose components have their own covariances T_k of the mean I, with the scatter B of their means,
//
//	f(M) = ½E D(x, x̂) + E_x log E_y e^{−½D(x, y)},   D(x, y) = (x − y)ᵀM(x − y),
//	     = ⟨M, I + (1−δ)B⟩ + E_x log Σ_k exp φ_k(x),   φ_k = log w_k − ½log det(I + MT_k) − ½(x − μ_k)ᵀMJ_k(x − μ_k),   J_k = (I + T_kM)⁻¹,
//
// finite where all I + T_k^½MT_k^½ ≻ 0. With p(x) the softmax of φ, and y given x drawn from the components for which x − y ∼ N(J_k(x − μ_k), S_k), S_k = J_kT_k =
// (T_k⁻¹ + M)⁻¹, with weights p_k,
//
//	∇f(M)    = I + (1−δ)B − ½E_x Σ_k p_k [S_k + J_k(x − μ_k)(x − μ_k)ᵀJ_kᵀ]
//	D²f(M)[V] = ¼E_x Cov_{y|x}( (x − y)(x − y)ᵀ, (x − y)ᵀV(x − y) ).
//
// Given the component of y the variance of (x − y)ᵀV(x − y) is at least 2‖S_k^½VS_k^½‖_F², so that D²f[V,V] ≥ ‖V‖_F²/2a² with a = 1/c + λ_max(M), T_k ⪰ cI. Along the
// way to the minimiser M*, over all M or those ⪰ 0, a grows by no more than the way: with r = ‖M − M*‖_F and the residual g of the gradient, r²/(2a(a + r)) ≤ gr, and so
// r ≤ 2ga²/(1 − 2ga) where 2ga < 1.
type tiltedDistance struct {
	ownLaw
	linear *mat.Dense // I + (1−δ)B
	metric closed.Metric
}

func newTiltedDistance(l *Law) *tiltedDistance {
	y := centredColumns(l.Weights, l.Left.Means)
	m, _ := y.Dims()
	f := &tiltedDistance{ownLaw: newOwnLaw(l), linear: gmm.CrossMoment(l.Weights, y, y), metric: closed.Flat(m)}
	f.many.measured = f.measured
	f.linear.Scale(1-l.Delta, f.linear)
	for i := range m {
		f.linear.Set(i, i, f.linear.At(i, i)+1)
	}
	return f
}

func (f *tiltedDistance) traits() traits {
	m, k := f.Left.Means.Dims()
	return traits{metric: &f.metric, pull: 1, coarsest: coarse, relative: float64(8*m*m+4*k+64)*unitRoundoff + f.inputError()}
}

// contains tells whether all I + T_k^½MT_k^½ ≻ 0.
func (f *tiltedDistance) contains(m *mat.Dense) bool {
	for _, root := range f.roots {
		if values, _ := dense.Eigen(dense.Times(root.T(), dense.Times(m, root))); !(values[0] > -1) {
			return false
		}
	}
	return true
}

func (f *tiltedDistance) evaluation(evaluation) evaluation { return &tiltedDistanceAt{of: f} }

// posterior is the law of x − y given x and the component k of y: N(J(x − μ_k), S) with the weight e^{−shift} exp(−½(x − μ_k)ᵀK(x − μ_k)) beside w_k.
type posterior struct {
	shrink     *mat.Dense // J
	covariance *mat.Dense // S
	kernel     *mat.Dense // K = MJ
	shift      float64    // ½log det(I + MT)
}

// tiltedDistanceAt is the term at one M.
type tiltedDistanceAt struct {
	of         *tiltedDistance
	m          *mat.Dense
	posteriors []posterior // K
	sections   []*section  // one a component
	tiltedAverage
}

// posterior of component k at M: with T_k = RRᵀ and I + RᵀMR = UeUᵀ it is S = RUe⁻¹UᵀRᵀ, and J = I − SM.
func (f *tiltedDistance) posterior(k int, m *mat.Dense) (posterior, error) {
	root := f.roots[k]
	values, vectors := dense.Eigen(dense.Times(root.T(), dense.Times(m, root)))
	if !(values[0] > -1) {
		return posterior{}, fmt.Errorf("%w: E exp(−½D) is infinite at a smallest eigenvalue of T_kM of %.6g ≤ −1", descent.ErrSteep, values[0])
	}
	var p posterior
	half := make([]float64, len(values))
	for i, x := range values {
		p.shift += math.Log1p(x) / 2
		half[i] = 1 / math.Sqrt(1+x)
	}
	turned := dense.WeightedColumns(dense.Times(root, vectors), half)
	p.covariance = dense.Times(turned, turned.T())
	p.shrink = dense.Times(p.covariance, m)
	p.shrink.Scale(-1, p.shrink)
	for i := range half {
		p.shrink.Set(i, i, p.shrink.At(i, i)+1)
	}
	p.kernel = dense.Times(m, p.shrink)
	dense.Symmetrise(p.kernel)
	return p, nil
}

func (e *tiltedDistanceAt) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := e.of
	e.m, e.posteriors = m, nil
	for k := range f.Weights {
		p, err := f.posterior(k, m)
		if err != nil {
			return nil, err
		}
		e.posteriors = append(e.posteriors, p)
	}
	e.sections = f.seenBy(m, func(_ int, s *section) { f.see(s, e.posteriors) })
	found, err := f.resolve(m, e.sections, tolerance, e.by)
	if err != nil {
		return nil, err
	}
	e.tiltedAverage = *found
	return mat.DenseCopyOf(found.gradient), nil
}

// see fills in x − y given x = Zz + e: with Z_k = Z − μ_ke₀ᵀ, and as J_ke = e, it is J_kZ_kz + e on average, and the logit −½zᵀZ_kᵀK_kZ_kz + log w_k − shift_k.
func (f *tiltedDistance) see(s *section, posteriors []posterior) {
	rows, width := s.points.Dims()
	all := mat.NewDense(width, width, nil)
	s.squares = append(s.squares, all)
	for k, p := range posteriors {
		apart := mat.DenseCopyOf(s.points)
		for i := range rows {
			apart.Set(i, 0, apart.At(i, 0)-f.Left.Means.At(i, k))
		}
		form := dense.Times(apart.T(), dense.Times(p.kernel, apart))
		form.Scale(-0.5, form)
		dense.Symmetrise(form)
		form.Set(0, 0, form.At(0, 0)+f.LogWeights[k]-p.shift)
		centres := dense.Times(p.shrink, apart)
		square := dense.Times(centres.T(), centres)
		all.Add(all, square)
		s.centres, s.forms, s.squares = append(s.centres, centres), append(s.forms, form), append(s.squares, square)
		s.spreads = append(s.spreads, p.covariance)
	}
}

// by evaluates f and ∇f at M by a rule: E_j Σ_k p_k (x − y)(x − y)ᵀ = N_j + Σ_k E_j[p_k] S_k + Σ_k Y_k E_j[p_k zzᵀ] Y_kᵀ for the covariance N_j of what M does not see of x.
func (e *tiltedDistanceAt) by(rule ownRule) *tiltedAverage {
	f := e.of
	a := f.sum(e.sections, rule, func(j int, moments []*mat.Dense) *mat.Dense {
		s := e.sections[j]
		out := mat.NewDense(len(f.Left.Second), len(f.Left.Second), nil)
		if s.rest != nil {
			out.Copy(s.rest)
		}
		for k, moment := range moments {
			dense.AddScaled(out, moment.At(0, 0), e.posteriors[k].covariance)
			dense.AddScaled(out, 1, congruent(s.centres[k], moment))
		}
		return out
	})
	a.gradient.Scale(-0.5, a.gradient)
	a.gradient.Add(a.gradient, f.linear)
	dense.Symmetrise(a.gradient)
	pull := dense.Inner(e.m, f.linear)
	a.loss += pull
	a.lossTerms += math.Abs(pull)
	return a
}

// accuracy: T_k, which are known as well as the means, are in the gradient beside what the logits make of it.
func (e *tiltedDistanceAt) accuracy() accuracy {
	moved := e.terms + dense.Norm(e.of.linear)
	for j, s := range e.sections {
		if s.rest != nil {
			moved += e.of.Weights[j] * dense.Norm(s.rest)
		}
	}
	for _, p := range e.posteriors {
		moved += dense.Norm(p.covariance)
	}
	return accuracy{err: e.ruleError, moved: moved, nodes: e.tensor.Nodes() * len(e.of.Weights), blur: e.blur()}
}

func (e *tiltedDistanceAt) value(float64) (value, err, size float64) {
	return e.loss, e.lossRuleError, e.lossTerms
}

func (e *tiltedDistanceAt) rule() string { return e.tensor.String() }

// modulus is that c of the distance to the minimiser being at most residual/c.
func (e *tiltedDistanceAt) modulus(_ descent.Metric, residual float64) float64 {
	values, _ := dense.Eigen(e.m)
	a := 1/e.of.Left.Modulus + max(0, values[len(values)-1])
	return max(0, 1-2*a*residual) / (2 * a * a)
}

// measured are the forms of −½(x − y)ᵀZ(x − y), but for the part of x that is alike for all k.
func (f *tiltedDistance) measured(_ int, s *section, z *mat.Dense) [][]float64 {
	var out [][]float64
	for k, centre := range s.centres {
		form := congruent(mat.DenseCopyOf(centre.T()), z)
		form.Set(0, 0, form.At(0, 0)+dense.Inner(z, s.spreads[k]))
		form.Scale(-0.5, form)
		dense.Symmetrise(form)
		out = append(out, s.pairs.form(form))
	}
	return out
}
