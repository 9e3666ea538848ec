package solver

import (
	"gonum.org/v1/gonum/mat"
)

// averages are K×K E_j p_k and q×K Σ_j w_j E_j t_i p_k.
type averages struct{ p, tp *mat.Dense }

// add adds factor·b.
func (a averages) add(factor float64, b averages) {
	addScaled(a.p, factor, b.p)
	addScaled(a.tp, factor, b.tp)
}

// less returns a − b.
func (a averages) less(b averages) averages {
	out := averages{mat.DenseCopyOf(a.p), mat.DenseCopyOf(a.tp)}
	out.add(-1, b)
	return out
}
