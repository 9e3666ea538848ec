package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/subspace"
)

// judgeWhole decides equality of own covariances where S_F is everything, so that containment holds: as of a shared covariance, M* spans S_F if and only if the
// minimiser over all symmetric matrices is positive definite, and strong convexity bounds the distance to that.
func (l Loss) judgeWhole(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	side := &f.Sides[0]
	side.Containment, side.Defect, side.Invariant, side.Margin = Holds, 0, true, math.NaN()
	f.Evidence.own = false
	at, err := see(l, p, c.Free, work)
	if err != nil {
		f.Evidence.Rule = l.unbounded(p, err)
		return
	}
	f.seen = at
	at.judgeEquality(f, subspace.FisherIn(at.left, side.Dimension), c.Claimed)
	if err := at.judgeDirections(f, p, c); err != nil {
		f.Evidence.Rule += "; directions: " + l.unbounded(p, err)
	}
	l.settle(f, p)
}
