package enclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/rare"

	"gonum.org/v1/gonum/mat"
)

// Sampled averages the softmax over random points: by plain points over those of the
// components that so many points can see, by visits over what others change; what the
// rest may change is the plan's bound. See package rare.
func (l LogPartition) Sampled(points int, negligible float64, work *Budget) Sampling {
	s := l.softmax(0)
	k, q := len(s.offset), max(1, len(s.ranges))
	plain, visit := float64(replicates*k*(k+q)), float64(2*replicates*k*(q+2))
	visits := int((work.sampling()/float64(points) - plain) / visit)
	plan := l.rare(s).Plan(2*replicates*points, negligible, max(0, visits), stream(l.seed(), points, planning))
	kept, each := s.keep(plan.Kept), plain+visit*float64(len(plan.Visits))
	out := Sampling{
		Replicate: func(points int, source rand.Source) *mat.Dense {
			p, tp := kept.sample(l.anchors.Weights, points, source, plan.Visits)
			return l.assemble(s.directions, p, tp)
		},
		Off:  plan.Bound + l.roundingError(s, s.extent(plan.Farthest())) + l.constantError() + l.inputError(),
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
	k := len(s.offset)
	out := rare.Softmax{Weight: l.anchors.Weights, Offset: s.offset, Slope: make([][]float64, k), Anchor: l.anchors.Light(l.anchors.Means),
		Noise: math.Pow(slices.Min(l.anchors.W), -0.25), Between: l.partners.Between()}
	for j := range k {
		out.Slope[j] = make([]float64, len(s.slope))
		for i, row := range s.slope {
			out.Slope[j][i] = row[j]
		}
	}
	if s.directions != nil {
		out.Along = l.anchors.Light(s.directions)
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
