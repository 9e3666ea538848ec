package frontier

import (
	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// Cost estimates what Sweep takes, from a decision of the grid's loss on its base: at each point a mixture is made anew, exactly, and decided.
func (g Grid) Cost(base losses.Decision) gmm.Cost {
	const bits = 64
	one := gmm.MixtureCost(g.Base.Components(), g.Base.Left.Dimension(), bits).Plus(base.Cost(g.Loss))
	return gmm.Cost{Seconds: float64(g.Size()) * one.Seconds, Bytes: one.Bytes}
}
