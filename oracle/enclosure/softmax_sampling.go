package enclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/rare"

	"gonum.org/v1/gonum/mat"
)

// softmaxSampling samples the averages of a softmax: by plain points those of the
// components that so many points can see, by visits what others change in them; what the
// rest may change is plan.Bound.
type softmaxSampling struct {
	softmax // over the kept components
	plan    rare.Plan
	weights []float64
	each    float64 // what a point of all replicates costs, in products
	most    int     // affordable points of one of the replicates
}

// sampling plans the averages of the term's softmax.
func (l LogPartition) sampling(s softmax, points int, negligible float64, work *Budget) softmaxSampling {
	k, q := len(s.offset), max(1, len(s.ranges))
	plain, visit := float64(replicates*k*(k+q)), float64(2*replicates*k*(q+2))
	visits := int((work.sampling()/float64(points) - plain) / visit)
	plan := l.rare(s).Plan(2*replicates*points, negligible, max(0, visits), stream(l.seed, points, planning))
	x := softmaxSampling{softmax: s.keep(plan.Kept), plan: plan, weights: l.anchors.Weights, each: plain + visit*float64(len(plan.Visits))}
	x.most = int(min(work.times(mostPoints), work.times(float64(mostCoordinates/q)), work.sampling()/x.each))
	return x
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

func (x softmaxSampling) averages(points int, source rand.Source) (p *mat.Dense, tp []*mat.Dense) {
	return x.sample(x.weights, points, source, x.plan.Visits)
}

// extent is how far the points reach, for what rounding does to logits there.
func (x softmaxSampling) extent() grid {
	const reach = 8.3 // of all but one normal number in 10¹⁶
	g := grid{step: make([]float64, len(x.ranges)), half: make([]int, len(x.ranges))}
	for i := range g.step {
		g.step[i], g.half[i] = 1, int(math.Ceil(max(reach, x.plan.Farthest())))
	}
	return g
}

// seen says what is sampled beside plain points; nothing in ordinary mixtures.
func (x softmaxSampling) seen() string {
	if x.plan.Visited+x.plan.Left == 0 {
		return ""
	}
	return fmt.Sprintf(", %d rare choices visited, %d bounded by %.2g", x.plan.Visited, x.plan.Left, x.plan.Bound)
}
