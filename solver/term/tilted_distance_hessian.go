package term

import (
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// tiltedDistanceHessian is V ↦ ¼E_x Cov_{y|x}((x − y)(x − y)ᵀ, (x − y)ᵀV(x − y)).
//
// Given x = Zz + e under component j, and the component k of y, x − y ∼ N(Y_kz + e, S_k). So with C_k = S_k + Y_kzzᵀY_kᵀ, what Gaussians have among themselves and what
// the components' means (C_k and 2 sym Y_kz eᵀ, less what they share) have, e ∼ N(0, N) being independent of z,
//
//	4 D²f[V] = Σ_j w_j E_j[ Σ_k p_k (2S_kVS_k + 4 sym S_kV(Y_kzzᵀY_kᵀ + N)) + Σ_kl q_kl (C_k ⟨V, C_l⟩ + 4 sym Y_kzzᵀY_lᵀVN) ],   q_kl = p_k δ_kl − p_kp_l.
type tiltedDistanceHessian struct {
	*tiltedDistanceAt
	own    [][]symmetric4   // K×K, E_j[p_k z⊗z⊗z⊗z] of component j
	fourth [][][]symmetric4 // K×K×K, E_j[q_kl z⊗z⊗z⊗z]
}

func (e *tiltedDistanceAt) hessian(float64) (descent.Operator, error) {
	k := len(e.sections)
	h := tiltedDistanceHessian{e, make([][]symmetric4, k), make([][][]symmetric4, k)}
	rule := e.of.forHessian(e.sections, &e.tensor)
	dense.InChunks(k, e.of.Cores, func(_, j int) { h.own[j], h.fourth[j] = e.sections[j].fourths(rule) })
	return h, nil
}

// Apply writes D²f(M)[V] for a symmetric V.
func (h tiltedDistanceHessian) Apply(into, v *mat.Dense) {
	parts := make([]*mat.Dense, len(h.sections))
	dense.InChunks(len(parts), h.of.Cores, func(_, j int) { parts[j] = h.bent(j, v) })
	into.Zero()
	for j, w := range h.of.Weights {
		dense.AddScaled(into, w/4, parts[j])
	}
	dense.Symmetrise(into)
}

// bent is component j's share in 4 D²f[V], to be made symmetric.
func (h tiltedDistanceHessian) bent(j int, v *mat.Dense) *mat.Dense {
	s := h.sections[j]
	n, width := s.points.Dims()
	out := mat.NewDense(n, n, nil)
	components := len(s.forms)
	seen := make([]*mat.Dense, components)   // Y_lᵀVY_l
	along := make([]float64, components)     // ⟨V, S_l⟩
	unseen := make([]*mat.Dense, components) // Y_lᵀVN
	for l, p := range h.posteriors {
		pulled := dense.Times(v, s.centres[l])
		seen[l], along[l] = dense.Times(s.centres[l].T(), pulled), dense.Inner(v, p.covariance)
		if s.rest != nil {
			unseen[l] = dense.Times(pulled.T(), s.rest)
		}
	}
	for k, p := range h.posteriors {
		weight, second := h.own[j][k].at(0, 0, 0, 0), h.own[j][k].lower()
		around := congruent(s.centres[k], second)
		if s.rest != nil {
			dense.AddScaled(around, weight, s.rest)
		}
		dense.AddScaled(around, weight/2, p.covariance)
		dense.AddScaled(out, 4, dense.Times(dense.Times(p.covariance, v), around))

		inner := mat.NewDense(width, width, nil) // of Y_k · Y_kᵀ
		var outer float64                        // of S_k
		across := mat.NewDense(width, n, nil)    // of Y_k ·
		for l := range components {
			fourth := h.fourth[j][k][l]
			lower := fourth.lower()
			outer += along[l]*fourth.at(0, 0, 0, 0) + dense.Inner(seen[l], lower)
			dense.AddScaled(inner, along[l], lower)
			fourth.contract(inner, seen[l])
			if s.rest != nil {
				dense.AddScaled(across, 4, dense.Times(lower, unseen[l]))
			}
		}
		dense.AddScaled(out, outer, p.covariance)
		dense.AddScaled(out, 1, congruent(s.centres[k], inner))
		dense.AddScaled(out, 1, dense.Times(s.centres[k], across))
	}
	return out
}
