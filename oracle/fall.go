package oracle

import (
	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Fall is a lower bound of f(M) − f(P_L M P_R), of own covariances too, P_L and P_R being projectors, orthogonal where Σ̄ is the identity, on subspaces that contain the
// Fisher subspaces and that every covariance maps into itself. Given V = M − P_L M P_R in original coordinates and, whitened, Σ_k ⪰ c on either side, W = I + C, it is
//
//	½c tr(V²W) of InfoNCE,   ½(c_L + c_R)‖V‖² of CLIP,   ½c²‖V‖² of the Donsker–Varadhan loss,   tr(VWVW) of the spectral loss,
//
// and 0 of other convex losses of dot scores. It fails where the mixtures cannot be whitened.
func (l Loss) Fall(p gmm.Pairs, v *mat.Dense) (float64, error) {
	if l.falls == nil {
		return 0, nil
	}
	w, err := p.WhitenFull()
	if err != nil {
		return 0, err
	}
	return l.falls(p, v, w.Left.LeastEigenvalue, w.Right.LeastEigenvalue), nil
}

// product4 is tr(V B Vᵀ A).
func product4(a, v, b mat.Matrix) float64 {
	var left, right mat.Dense
	left.Mul(a, v)
	right.Mul(v, b)
	return mat.Dot(flat(&left), flat(&right))
}

// flat is a matrix as a vector.
func flat(a *mat.Dense) *mat.VecDense {
	rows, columns := a.Dims()
	out := mat.NewVecDense(rows*columns, nil)
	for i := range rows {
		for j := range columns {
			out.SetVec(i*columns+j, a.At(i, j))
		}
	}
	return out
}

// secondMomentOf is Σ̄ + C.
func secondMomentOf(m *gmm.Mixture) *mat.SymDense {
	s := gmm.RawScatter(m.Weights(), m.Means().T())
	s.AddSym(s, m.Covariance())
	return s
}
