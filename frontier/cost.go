package frontier

import (
	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// Cost estimates what Sweep takes, from a decision of the grid's loss on its base: at each point a mixture is made anew, exactly, and decided.
func (g Grid) Cost(base losses.Decision) gmm.Cost {
	const bits, anew = 64, 4 // a mixture is made that often: of another weight, centred again, whitened
	mixture, decision := gmm.MixtureCost(g.Base.Components(), g.Base.Left.Dimension(), bits), base.Cost(g.Loss)
	return gmm.Cost{Seconds: float64(g.Size()) * (anew*mixture.Seconds + decision.Seconds), Bytes: mixture.Bytes + decision.Bytes}
}
