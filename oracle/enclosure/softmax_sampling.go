package enclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/rare"

	"gonum.org/v1/gonum/mat"
)

// Sampled averages the softmax over random points.
func (l LogPartition) Sampled(points int, negligible float64, work *Budget) Sampling {
	s := l.softmax(0)
	return s.sampling(l.rare(s), l.seed(), points, negligible, work,
		func(p *mat.Dense, tp []*mat.Dense) *mat.Dense { return l.assemble(s.directions, p, tp) },
		func(left float64, g grid) float64 {
			return left + l.roundingError(s, g) + l.constantError() + l.inputError()
		})
}

// sampling averages the softmax by plain points over those of the
// components that so many points can see, by visits over what others change; what the
// rest may change is the plan's bound. See package rare. off is the error for what is left and for points that reach so far.
func (s softmax) sampling(whole rare.Softmax, seed uint64, points int, negligible float64, work *Budget,
	assemble func(p *mat.Dense, tp []*mat.Dense) *mat.Dense, off func(left float64, g grid) float64) Sampling {
	k, q := len(s.offset), max(1, len(s.ranges))
	plain, visit := float64(replicates*k*(k+q)), float64(2*replicates*k*(q+2))
	visits := int((work.sampling()/float64(points) - plain) / visit)
	plan := whole.Plan(2*replicates*points, negligible, max(0, visits), stream(seed, points, planning))
	kept, each := s.keep(plan.Kept), plain+visit*float64(len(plan.Visits))
	out := Sampling{
		Replicate: func(points int, source rand.Source) *mat.Dense {
			return assemble(kept.sample(whole.Weight, points, source, plan.Visits))
		},
		Off:  off(plan.Bound, s.extent(plan.Farthest())),
		Each: each,
		Most: int(min(work.times(mostPoints), work.times(float64(mostCoordinates/q)), work.sampling()/each)),
	}
	if plan.Visited+plan.Left > 0 { // nothing in ordinary mixtures
		out.Seen = fmt.Sprintf(", %d rare choices visited, %d bounded by %.2g", plan.Visited, plan.Left, plan.Bound)
	}
	return out
}

// planning is the stream of what is sampled before replicates are.
const planning = -1

// rare states the softmax for package rare.
func (l LogPartition) rare(s softmax) rare.Softmax {
	out := rare.Softmax{Weight: l.anchors.Weights, Offset: s.offset, Slope: s.slopes(), Anchor: l.anchors.Light(l.anchors.Means),
		Noise: math.Pow(slices.Min(l.anchors.W), -0.25), Between: l.partners.Between()}
	if s.directions != nil {
		out.Along = l.anchors.Light(s.directions)
	}
	return out
}

// slopes returns those of each component, K×q.
func (s softmax) slopes() [][]float64 {
	out := make([][]float64, len(s.offset))
	for j := range out {
		out[j] = make([]float64, len(s.slope))
		for i, row := range s.slope {
			out[j][i] = row[j]
		}
	}
	return out
}

// keep returns the softmax without those components that are not kept.
func (s softmax) keep(kept [][]bool) softmax {
	offset := make([][]float64, len(s.offset))
	for j, row := range s.offset {
		offset[j] = make([]float64, len(row))
		for k, o := range row {
			offset[j][k] = o
			if !kept[j][k] {
				offset[j][k] = math.Inf(-1)
			}
		}
	}
	s.offset = offset
	return s
}

// extent is how far the points reach, for what rounding does to logits there.
func (s softmax) extent(farthest float64) grid {
	const reach = 8.3 // of all but one normal number in 10¹⁶
	g := grid{step: make([]float64, len(s.ranges)), half: make([]int, len(s.ranges))}
	for i := range g.step {
		g.step[i], g.half[i] = 1, int(math.Ceil(max(reach, farthest)))
	}
	return g
}
