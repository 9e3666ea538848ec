package rare

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Softmax is a softmax of K components as seen from each of K components, in q
// directions, and what its averages are multiplied by.
type Softmax struct {
	Weight []float64   // K, of the components that points come from
	Offset [][]float64 // K×K, offset_jk
	Slope  [][]float64 // K×q
	// Anchor, m×K, holds W^−¼μ_j of the components that points come from, Along, m×q,
	// W^−¼R, and Noise is max W^−¼; Between, K×K, holds |ν_k − ν_l|_* of those that they
	// choose among. |v|_* = |W^−¼v|, so that ‖a bᵀ‖_d ≤ |a|_*|b|_*. Along is nil if q = 0.
	Anchor, Along *mat.Dense
	Noise         float64
	Between       [][]float64
}

// Plan says which components are sampled where.
type Plan struct {
	// Kept tells, for each component j that points come from, which components stay in the
	// softmax that plain points sample, A_j.
	Kept [][]bool
	// Visits sample what some of the others, V_j, change in it.
	Visits []Visit
	// Visited and Left count the pairs (j, k) that are visited, and left out.
	Visited, Left int
	// Bound is that of what visits may not see, and of what the rest, U_j, change in
	//
	//	G = Σ_j w_j E_j[ x Σ_k p_k(x) ν_kᵀ ],   ‖G − G_{A∪V}‖_d ≤ Σ_j w_j Σ_{k∈U_j} ρ_jk a_jk,
	//
	// as Σ_k p_kν_k = ν̄ + Σ_{k∈U} p_k(ν_k − ν̄) with ν̄ the mean over the softmax without
	// U. Here ρ_jk = max_l |ν_k − ν_l|_* and a_jk bounds sup E_j[p_k |Vᵀx|] over
	// ‖V‖_F = 1 in scaled coordinates.
	Bound float64
}

// Plan plans for averages over so many points, antithetic ones counted, in which what is
// left out changes no more than about negligible. Components whose absence uncovers others
// are removed with them.
func (s Softmax) Plan(points int, negligible float64) Plan {
	k := len(s.Weight)
	plan := Plan{Kept: make([][]bool, k)}
	reached := reachedBy(points)
	var removed []pair
	for j := range k {
		all := s.seenFrom(j)
		plan.Kept[j] = all.resolved(reached)
		for i, kept := range plan.Kept[j] {
			if !kept {
				removed = append(removed, s.removed(all, j, i))
			}
		}
	}
	slices.SortStableFunc(removed, func(a, b pair) int { return cmp.Compare(a.share, b.share) })
	left := 0
	for left < len(removed) && plan.Bound+removed[left].share <= negligible {
		plan.Bound += removed[left].share
		left++
	}
	plan.Left, plan.Visited = left, len(removed)-left
	plan.Visits = s.visits(plan.Kept, removed[left:])
	for _, v := range plan.Visits {
		plan.Bound += s.hidden(v, reached)
	}
	return plan
}

// reachedBy is how far out a step may be for so many random points to see it: as far as
// 200 of them reach. Half of the mass that bounds p_k² lies beyond the design point.
// Sixteen replicates then have a dozen each, and a factor of 8 on their standard error is
// exceeded by one in 10⁶, of 5 by one in 5,000 (simulated for a step alone).
func reachedBy(points int) float64 {
	const enough = 200
	return distuv.UnitNormal.Quantile(1 - enough/float64(points))
}

// seenFrom is the softmax under component j.
func (s Softmax) seenFrom(j int) seen { return seen{s.Offset[j], s.Slope} }

// resolved marks the components that points which reach so far see: those whose p_k² has
// its design point within reach, each in the softmax over the marked alone, and the
// likeliest at t = 0, whose variation is that of the others.
func (s seen) resolved(reach float64) []bool {
	k := len(s.offset)
	present := make([]bool, k)
	for i := range present {
		present[i] = true
	}
	p, origin := make([]float64, k), make([]float64, len(s.slope[0]))
	for changed := true; changed; {
		changed = false
		now := s.over(present)
		now.shares(p, origin)
		mean, likeliest := now.mean(p), 0
		for i, x := range p {
			if x > p[likeliest] {
				likeliest = i
			}
		}
		for i := range k {
			// |t*| ≤ |t| + |∇F(t)|, first at t = 0.
			if !present[i] || i == likeliest || 2*distance(s.slope[i], mean) <= reach {
				continue
			}
			t, off := chances{[]choice{{now, i}}, 2}.designPoint(origin, origin)
			if !(length(t)+off <= reach) {
				present[i], changed = false, true
			}
		}
	}
	return present
}

// pair is a component k that is out of the softmax under j.
type pair struct {
	j, k  int
	share float64 // w_j ρ_jk a_jk
}

func (s Softmax) removed(all seen, j, k int) pair {
	return pair{j, k, s.Weight[j] * slices.Max(s.Between[k]) * s.moment(j, chances{[]choice{{all, k}}, 1})}
}

// moment is bounds.moment of a product under component j.
func (s Softmax) moment(j int, c chances) float64 {
	origin := make([]float64, len(s.Slope[j]))
	t, _ := c.designPoint(origin, origin)
	return c.bound(t, s.place(j)).moment
}

func (s Softmax) place(j int) place {
	m, _ := s.Anchor.Dims()
	out := place{mean: mat.Col(nil, j, s.Anchor), along: make([][]float64, m), noise: s.Noise}
	for i := range m {
		out.along[i] = s.Along.RawRowView(i)
	}
	return out
}

// Farthest is the largest |t| that the visits' points reach, in all but one of 10¹⁶.
func (p Plan) Farthest() float64 {
	const beyond = 8.3
	farthest := 0.0
	for _, v := range p.Visits {
		farthest = math.Max(farthest, v.distance+beyond)
	}
	return farthest
}
