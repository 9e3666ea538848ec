package solver

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Margin returns λ_min of the whitened M_u on S_F, whose sign decides equality
// (mathematics: Col(A*) = S_F ⟺ λ_min > 0), no more accurately than its sign
// needs: to about a quarter of its size, and never finer than 1e-10. It is a
// score to rank mixtures by, not a verdict. NaN where S_F = {0} or the mixture is
// beyond the solver.
func Margin(p gmm.Pairs) float64 { return new(Workspace).Margin(p) }

// Margin is the function Margin in the memory of ws.
func (ws *Workspace) Margin(p gmm.Pairs) float64 {
	const first, last, finer = 1e-2, 1e-10, 64
	if checkSingle(p) != nil {
		return math.NaN()
	}
	w, err := p.Left.WhitenFisher()
	if err != nil || w.Means == nil || checkScale(w.Means) != nil {
		return math.NaN()
	}
	f, _ := newInfoNCE(p, w)
	s := len(f.second)
	start := mat.NewDense(s, s, nil)
	signal := f.signal()
	for tolerance := first; ; {
		pt, err := f.minimise(ws, start, tolerance*signal)
		if err != nil {
			return math.NaN()
		}
		ws.scratch.reset()
		margin := smallestEigenvalue(&ws.scratch, pt.m)
		off := pt.norm + pt.err
		if math.Abs(margin) > 4*off || tolerance <= last {
			return margin
		}
		tolerance = max(last, min(tolerance/finer, math.Abs(margin)/(8*signal)))
		start.Copy(pt.m)
	}
}
