package solver

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"
)

// Margin returns λ_min of the whitened M_u of a loss of p on S_F, whose sign decides equality
// (mathematics: Col(A*) = S_F ⟺ λ_min > 0), no more accurately than its sign
// needs: to about a quarter of its size, and never finer than 1e-10. It is a
// score to rank mixtures by, not a verdict. NaN where S_F = {0} or the mixture is
// beyond the solver.
func Margin(l Loss, p gmm.Pairs) float64 { return new(Workspace).Margin(l, p) }

// Margin is the function Margin in the memory of ws.
func (ws *Workspace) Margin(l Loss, p gmm.Pairs) float64 {
	const first, last, finer = 1e-2, 1e-10, 64
	if l.Admit(p) != nil || !p.Shared() || p.Modalities() == 2 {
		return math.NaN()
	}
	w, err := p.WhitenFisher()
	if err != nil || w.Left.Means == nil {
		return math.NaN()
	}
	f, err := state(l, p, w, Options{})
	if err != nil {
		return math.NaN()
	}
	if q, ok := f.Quadratic(); ok {
		ws.state.Scratch.Reset()
		return dense.SmallestEigenvalue(&ws.state.Scratch, q.Minimiser())
	}
	start := f.zero()
	signal := f.Signal()
	for tolerance := first; ; {
		if _, _, err := f.Minimise(&ws.state, start, tolerance*signal); err != nil {
			return math.NaN()
		}
		at := ws.state.Here().Iterate()
		ws.state.Scratch.Reset()
		margin := dense.SmallestEigenvalue(&ws.state.Scratch, at.M)
		off := f.Distance(at, at.Norm)
		if math.Abs(margin) > 4*off || tolerance <= last {
			return margin
		}
		tolerance = max(last, min(tolerance/finer, math.Abs(margin)/(8*signal)))
		start.Copy(at.M)
	}
}
