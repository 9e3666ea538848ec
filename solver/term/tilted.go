package term

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// tilted is the log-partition where components have their own covariances, x = μ_j + R_j t and y ∼ N(ν_k, T_k) with probability w_k,
//
//	f(M) = −⟨M, X_δ⟩ + E_x log Σ_k exp φ_k(x),   φ_k = log w_k + xᵀMν_k + ½xᵀMT_kMᵀx,
//
// X_δ = E xyᵀ over pairs. With p(x) the softmax of φ, and y given x
// drawn from the components N(ν_k + T_kMᵀx, T_k) with weights p_k,
//
//	∇f(M)     = −X_δ + E_x[ x E[y|x]ᵀ ]
//	D²f(M)[V] = E_x[ x xᵀ V Cov(y|x) ]
//
// as xᵀMy has the log-Laplace transform log Σ_k exp φ_k, whose derivatives in M are moments of
// the tilted law of y. Cov(y|x) ⪰ cI for T_k ⪰ cI, so D²f[V, V] ≥ c⟨VVᵀ, W⟩.
type tilted struct {
	ownLaw            // x of its left side, y of its right side
	target *mat.Dense // X_δ, m×n
}

func newTilted(l *Law) *tilted {
	left, right := gmm.Mean(l.Weights, l.Left.Means), gmm.Mean(l.Weights, l.Right.Means)
	target := gmm.CrossMoment(l.Weights, l.Left.Means, l.Right.Means)
	target.Apply(func(i, j int, c float64) float64 {
		return l.Delta*c + (1-l.Delta)*left.AtVec(i)*right.AtVec(j)
	}, target)
	f := &tilted{newOwnLaw(l), target}
	f.many.measured = f.measured
	return f
}

// measured are the forms of ⟨Z, Z_j E[p_k zzᵀ] Y_kᵀ⟩ = ⟨Z_jᵀZY_k, E[p_k zzᵀ]⟩.
func (f *tilted) measured(_ int, s *section, z *mat.Dense) [][]float64 {
	var out [][]float64
	pulled := dense.Times(s.points.T(), z)
	for _, centre := range s.centres {
		form := dense.Times(pulled, centre)
		dense.Symmetrise(form)
		out = append(out, s.pairs.form(form))
	}
	return out
}

func (f *tilted) traits() traits {
	m, k := f.Left.Means.Dims()
	n, _ := f.Right.Means.Dims()
	return traits{modulus: f.Right.Modulus, pull: 1, coarsest: coarse, relative: float64(4*m*n+4*k+64)*unitRoundoff + f.inputError()}
}

func (f *tilted) evaluation(evaluation) evaluation { return &tiltedPoint{of: f} }

// tiltedPoint is a tilted log-partition at one M.
type tiltedPoint struct {
	of       *tilted
	sections []*section // one a component
	tiltedAverage
}

func (pt *tiltedPoint) accuracy() accuracy {
	return accuracy{err: pt.ruleError, moved: pt.terms + pt.of.norm(mat.DenseCopyOf(pt.of.target)), nodes: pt.tensor.Nodes() * len(pt.of.Weights), blur: pt.blur()}
}

func (pt *tiltedPoint) value(float64) (value, err, size float64) {
	return pt.loss, pt.lossRuleError, pt.lossTerms
}

func (pt *tiltedPoint) rule() string { return pt.tensor.String() }

func (pt *tiltedPoint) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := pt.of
	pt.sections = f.sections(m)
	found, err := f.resolve(m, pt.sections, tolerance, func(rule ownRule) *tiltedAverage { return f.average(pt.sections, m, rule) })
	if err != nil {
		return nil, err
	}
	pt.tiltedAverage = *found
	return mat.DenseCopyOf(found.gradient), nil
}

// average evaluates f and ∇f at M by a rule: E[x E[y|x]ᵀ] = Σ_j w_j Z_j Σ_k E_j[p_k zzᵀ] Y_kᵀ.
func (f *tilted) average(sections []*section, m *mat.Dense, rule ownRule) *tiltedAverage {
	a := f.sum(sections, rule, func(j int, moments []*mat.Dense) *mat.Dense {
		s := sections[j]
		_, width := s.points.Dims()
		n, _ := s.centres[0].Dims()
		inner := mat.NewDense(width, n, nil)
		for k, moment := range moments {
			dense.AddScaled(inner, 1, dense.Times(moment, s.centres[k].T()))
		}
		return dense.Times(s.points, inner)
	})
	if f.Symmetric() {
		dense.Symmetrise(a.gradient)
	}
	a.gradient.Sub(a.gradient, f.target)
	pull := dense.Inner(m, f.target)
	a.loss -= pull
	a.lossTerms += math.Abs(pull)
	return a
}

// sections are those of all components at M.
func (f *tilted) sections(m *mat.Dense) []*section {
	return f.seenBy(m, func(_ int, s *section) { f.see(s, m) })
}

// see fills in y given x = Zz: y_k = ν_k + T_kMᵀx and the logit log w_k + ½(Mᵀx)ᵀ(ν_k + y_k).
func (f *tilted) see(s *section, m *mat.Dense) {
	pulled := dense.Times(m.T(), s.points) // MᵀZ
	s.squares = append(s.squares, dense.Times(s.points.T(), s.points))
	n, width := pulled.Dims()
	for k, own := range f.covariances {
		centres := dense.Times(own, pulled)
		twice := mat.DenseCopyOf(centres) // ν_ke₀ᵀ + Y_k
		for i := range n {
			nu := f.Right.Means.At(i, k)
			centres.Set(i, 0, centres.At(i, 0)+nu)
			twice.Set(i, 0, twice.At(i, 0)+2*nu)
		}
		form := mat.NewDense(width, width, nil)
		dense.ProductLeft(form, pulled, twice)
		form.Scale(0.5, form)
		dense.Symmetrise(form)
		form.Set(0, 0, form.At(0, 0)+f.LogWeights[k])
		s.centres, s.forms, s.squares = append(s.centres, centres), append(s.forms, form), append(s.squares, dense.Times(centres.T(), centres))
	}
}
