package term

import (
	"math"
	"slices"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// unseen estimates what a rule may miss of the gradient and of the loss between its nodes. Where x is of a wide component j, a narrow k has the larger logit in a window about
// its mean only, and outside of it all is a polynomial of degree 2, of which every rule has the same, exact average: none whose nodes leave the window out
// sees it, and levels agree. What is missed of k is no more than in the narrowest of its windows, against any one other component.
func (l *ownLaw) unseen(sections []*section, rule ownRule) (gradient, loss float64) {
	for j, s := range sections {
		for k := range s.forms {
			least, pull := math.Inf(1), 0.0
			for other := range s.forms {
				if missed, moved, narrow := s.window(k, other, rule); narrow && missed < least {
					least, pull = missed, moved
				}
			}
			if !math.IsInf(least, 1) {
				loss += l.Weights[j] * least
				gradient += l.Weights[j] * pull
			}
		}
	}
	return gradient, loss
}

// window is what is missed of the loss and of the gradient where k's logit exceeds that of another component, along the axes of their difference
//
//	φ_l − φ_k = c + λ(s − s₀)²,   λ > 0,
//
// of which the narrowest that falls between two nodes counts. The softmax has it where the difference is below 1: |s − s₀| ≤ r = √((1 − min(c, 0))/λ).
func (s *section) window(k, other int, rule ownRule) (loss, gradient float64, narrow bool) {
	q := s.directions()
	if k == other || q == 0 {
		return 0, 0, false
	}
	difference := mat.DenseCopyOf(s.forms[other])
	difference.Sub(difference, s.forms[k])
	values, vectors := dense.Eigen(mat.DenseCopyOf(difference.Slice(1, 1+q, 1, 1+q)))
	loss = math.Inf(1)
	for i, bend := range values {
		if !(bend > 0) {
			continue
		}
		axis := mat.Col(nil, i, vectors)
		var slope float64
		for a, u := range axis {
			slope += u * difference.At(0, 1+a)
		}
		centre, depth := -slope/bend, difference.At(0, 0)-slope*slope/bend
		radius := math.Sqrt((1 - math.Min(depth, 0)) / bend)
		if 2*radius >= rule.gap(axis, centre) {
			continue
		}
		mass := (math.Erfc((centre-radius)/math.Sqrt2) - math.Erfc((centre+radius)/math.Sqrt2)) / 2
		height := math.Max(0, -depth) + math.Log1p(math.Exp(-math.Abs(depth)))
		if missed := height * mass; missed < loss {
			share := 1 / (1 + math.Exp(depth))
			loss, gradient, narrow = missed, 2*share*mass*max(s.lengthAlong(axis, centre-radius), s.lengthAlong(axis, centre+radius)), true
		}
	}
	return loss, gradient, narrow
}

// gap is what windows about a place of an axis must be as wide as to be seen: of a tensor rule the distance of the nodes on either side, of points what so many of them are in that some are whatever the shift, but
// no more than tensor rules ask for; 0 beyond all.
func (r *ownRule) gap(axis []float64, centre float64) float64 {
	const many, most, beyond = 200, 1, 4
	switch {
	case r.scattered == nil:
		return gap(r.Directions[mostAlong(axis)].Nodes, centre)
	case math.Abs(centre) > beyond:
		return 0
	}
	return math.Min(most, many/float64(r.Nodes())*math.Sqrt(2*math.Pi)*math.Exp(centre*centre/2))
}

// gap is the distance of the nodes on either side of x, ascending or descending; 0 beyond all.
func gap(nodes []float64, x float64) float64 {
	below, above := math.Inf(-1), math.Inf(1)
	for _, node := range nodes {
		if node <= x {
			below = max(below, node)
		}
		if node >= x {
			above = min(above, node)
		}
	}
	switch width := above - below; {
	case math.IsInf(width, 0):
		return 0
	case width == 0: // x is a node, which sees the window
		return 0
	default:
		return width
	}
}

// mostAlong is the place of the largest coordinate.
func mostAlong(axis []float64) int {
	at := 0
	for i, u := range axis {
		if math.Abs(u) > math.Abs(axis[at]) {
			at = i
		}
	}
	return at
}

// lengthAlong is lengthAt at t = xu.
func (s *section) lengthAlong(axis []float64, x float64) float64 {
	v := &node{z: slices.Concat([]float64{1}, axis), pairs: make([]float64, s.pairs.count())}
	for i := range axis {
		v.z[1+i] *= x
	}
	s.pairs.of(v.pairs, v.z)
	return s.lengthAt(v)
}
