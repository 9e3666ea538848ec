package term

import (
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// tiltedHessian is V ↦ E_x[x xᵀ V Cov(y|x)].
type tiltedHessian struct {
	f        *tilted
	sections []*bentSection
}

// bentSection is a section with the averages that its share in the Hessian is made of: with x = Zz + e and Cov(y|x) = Σ p_k(T_k + y_ky_kᵀ) − Σ p_kp_l y_ky_lᵀ,
//
//	E_j[x xᵀ V Cov(y|x)] = N V E_j[Cov] + Σ_k Z E_j[p_k zzᵀ] Zᵀ V T_k + Z Σ_kl E_j[(p_k δ_kl − p_kp_l) z (zᵀBz) zᵀ] Y_lᵀ,   B = ZᵀVY_k.
type bentSection struct {
	*section
	spread *mat.Dense     // E_j[Cov(y|x)]; nil if N is 0
	second []*mat.Dense   // K, Z E_j[p_k zzᵀ] Zᵀ
	fourth [][]symmetric4 // K×K, E_j[(p_k δ_kl − p_kp_l) z⊗z⊗z⊗z]
}

// hessian averages D²f by the rule of the gradient: its tolerance is
// finer than what a Hessian is asked for, and refining again would cost more.
func (pt *tiltedPoint) hessian(float64) (descent.Operator, error) {
	h := tiltedHessian{pt.of, make([]*bentSection, len(pt.sections))}
	rule := pt.of.forHessian(pt.sections, &pt.tensor)
	dense.InChunks(len(h.sections), pt.of.Cores, func(_, j int) { h.sections[j] = pt.of.bend(pt.sections[j], rule) })
	return h, nil
}

func (f *tilted) bend(s *section, rule *ownRule) *bentSection {
	own, fourth := s.fourths(rule)
	b := &bentSection{section: s, fourth: fourth}
	for _, moment := range own {
		b.second = append(b.second, congruent(s.points, moment.lower()))
	}
	if s.rest == nil {
		return b
	}
	n, _ := s.centres[0].Dims()
	b.spread = mat.NewDense(n, n, nil)
	for k := range own {
		dense.AddScaled(b.spread, own[k].at(0, 0, 0, 0), f.covariances[k])
		for l := range own {
			dense.AddScaled(b.spread, 1, dense.Times(s.centres[k], dense.Times(b.fourth[k][l].lower(), s.centres[l].T())))
		}
	}
	return b
}

// fourths averages E_j[p_k z⊗z⊗z⊗z] and E_j[(p_k δ_kl − p_kp_l) z⊗z⊗z⊗z].
func (s *section) fourths(rule *ownRule) (own []symmetric4, covariances [][]symmetric4) {
	products := newProducts4(s.pairs)
	components := len(s.forms)
	for range components {
		row := make([]symmetric4, components)
		for l := range row {
			row[l] = products.zero()
		}
		covariances = append(covariances, row)
		own = append(own, products.zero())
	}
	s.visit(rule, func(weight float64, v *node) {
		all := products.of(v.pairs)
		for k, p := range v.p {
			dense.AddTo(own[k].values, weight*p, all)
			for l, q := range v.p[:k+1] {
				dense.AddTo(covariances[k][l].values, -weight*p*q, all)
			}
		}
	})
	for k := range components {
		for l := range k {
			covariances[l][k] = covariances[k][l]
		}
		dense.AddTo(covariances[k][k].values, 1, own[k].values)
	}
	return own, covariances
}

// congruent is ZSZᵀ.
func congruent(z, s *mat.Dense) *mat.Dense { return dense.Times(z, dense.Times(s, z.T())) }

// Apply writes D²f(M)[V].
func (h tiltedHessian) Apply(into, v *mat.Dense) {
	parts := make([]*mat.Dense, len(h.sections))
	dense.InChunks(len(parts), h.f.Cores, func(_, j int) { parts[j] = h.f.bent(h.sections[j], v) })
	into.Zero()
	for j, w := range h.f.Weights {
		dense.AddScaled(into, w, parts[j])
	}
}

// bent is E_j[x xᵀ V Cov(y|x)].
func (f *tilted) bent(s *bentSection, v *mat.Dense) *mat.Dense {
	rows, columns := v.Dims()
	out := mat.NewDense(rows, columns, nil)
	if s.rest != nil {
		out.Add(out, dense.Times(s.rest, dense.Times(v, s.spread)))
	}
	for k, second := range s.second {
		out.Add(out, dense.Times(second, dense.Times(v, f.covariances[k])))
	}
	width := 1 + s.directions()
	pulled := dense.Times(s.points.T(), v) // ZᵀV
	within := make([]*mat.Dense, len(s.forms))
	for k := range within {
		within[k] = dense.Times(pulled, s.centres[k])
	}
	inner := mat.NewDense(width, columns, nil)
	for l := range s.forms {
		sum := mat.NewDense(width, width, nil)
		for k, b := range within {
			s.fourth[k][l].contract(sum, b)
		}
		inner.Add(inner, dense.Times(sum, s.centres[l].T()))
	}
	out.Add(out, dense.Times(s.points, inner))
	return out
}
