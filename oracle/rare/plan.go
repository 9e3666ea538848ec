package rare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/internal/cores"

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
// left out changes no more than about negligible, unless that takes more than so many visits.
// Components whose absence uncovers others are removed with them. The source must be
// independent of the points.
func (s Softmax) Plan(points int, negligible float64, visits int, source rand.Source) Plan {
	k, pilot := len(s.Weight), s.pilot(points, source)
	plan := Plan{Kept: make([][]bool, k)}
	reach := reachedBy(points)
	parts, removed := make([]part, k), make([][]pair, k)
	cores.Each(k, func(j int) {
		parts[j] = part{s, j, reach, pilot, s.steps()}
		plan.Kept[j] = parts[j].resolved()
		for i, kept := range plan.Kept[j] {
			if !kept {
				removed[j] = append(removed[j], pair{j, i, s.Weight[j] * parts[j].effect(i, choice{parts[j].seen(), i})})
			}
		}
	})
	visited := slices.Concat(removed...)
	slices.SortStableFunc(visited, func(a, b pair) int { return cmp.Compare(a.share, b.share) })
	leave := func(n int) {
		for _, x := range visited[:n] {
			plan.Bound += x.share
		}
		plan.Left += n
		visited = visited[n:]
	}
	for len(visited) > 0 && plan.Bound+visited[0].share <= negligible {
		leave(1)
	}
	for plan.Visits = s.visits(parts, plan.Kept, visited); len(plan.Visits) > visits; plan.Visits = s.visits(parts, plan.Kept, visited) {
		leave(len(plan.Visits) - visits) // at least as many pairs as visits
	}
	plan.Visited = len(visited)
	hidden := make([]float64, len(plan.Visits))
	cores.Each(k, func(j int) { // those of one component share its Newton steps, in their order
		for i, v := range plan.Visits {
			if v.j == j {
				hidden[i] = v.weight * parts[j].hidden(v)
			}
		}
	})
	for _, x := range hidden {
		plan.Bound += x
	}
	return plan
}

// visits plans those of the given pairs.
func (s Softmax) visits(parts []part, kept [][]bool, pairs []pair) []Visit {
	visited := make([][]bool, len(parts))
	for _, x := range pairs {
		if visited[x.j] == nil {
			visited[x.j] = make([]bool, len(parts))
		}
		visited[x.j][x.k] = true
	}
	visits := make([][]Visit, len(parts))
	cores.Each(len(parts), func(j int) {
		if visited[j] != nil {
			visits[j] = parts[j].visits(kept[j], visited[j])
		}
	})
	return slices.Concat(visits...)
}

// steps is how many Newton steps the searches under one component may take together,
// which is what they cost: a few seconds. Beyond, searches end where they are, and bounds are loose.
func (s Softmax) steps() *int {
	const operations = 1 << 33
	k, q := len(s.Weight), len(s.Slope[0])
	left := operations / (k * (k*(q+1)*(q+1) + q*q*q))
	return &left
}

// part is what is planned of one component that points come from.
type part struct {
	Softmax
	j     int
	reach float64 // of the points
	pilot pilot
	left  *int // Newton steps
}

// reachedBy is how far out a step may be for so many random points to see it: as far as
// 200 of them reach. Half of the mass that bounds p_k² lies beyond the design point.
// Sixteen replicates then have a dozen each, and a factor of 8 on their standard error is
// exceeded by one in 10⁶, of 5 by one in 5,000 (simulated for a step alone).
func reachedBy(points int) float64 {
	const enough = 200
	return distuv.UnitNormal.Quantile(1 - enough/float64(points))
}

// seen is the softmax under the component.
func (p part) seen() seen { return seen{p.Offset[p.j], p.Slope} }

// about searches for the design point of a product of chances.
func (p part) about(c chances) search {
	origin := make([]float64, len(p.Slope[0]))
	return search{c, origin, origin, p.left}
}

// resolved marks the components that points see which reach so far: those whose p_k² has
// its design point within reach, and for which enough points count, each in the softmax over the marked
// alone, and the likeliest at t = 0, whose variation is that of the others.
func (p part) resolved() []bool {
	k := len(p.Weight)
	present := make([]bool, k)
	for i := range present {
		present[i] = true
	}
	shares, origin := make([]float64, k), make([]float64, len(p.Slope[0]))
	for changed := true; changed; {
		changed = false
		now := p.seen().over(present)
		now.shares(shares, origin)
		mean, likeliest, counts := now.mean(shares), 0, p.pilot.counts(now)
		for i, x := range shares {
			if x > shares[likeliest] {
				likeliest = i
			}
		}
		for i := range k {
			if !present[i] || i == likeliest {
				continue
			}
			// |t*| ≤ |∇F(0)| = 2|g|, so that p_k(t*) ≤ p_k(0)e^{2|g|²}.
			g := distance(p.Slope[i], mean)
			if 2*g <= p.reach && counts[i] >= fewest*math.Pow(min(1, shares[i]*math.Exp(2*g*g)), 2) {
				continue
			}
			squared := chances{[]choice{{now, i}}, 2}
			t, off := p.about(squared).designPoint()
			log, _, _ := squared.logarithm(t)
			if !(length(t)+off <= p.reach) || !(counts[i] >= fewest*math.Exp(log)) {
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

// effect bounds ‖E_j[x Π p (ν_k − ν)ᵀ]‖_d for every mean ν of the components' ν.
func (p part) effect(k int, of ...choice) float64 {
	c := chances{of, 1}
	t, _ := p.about(c).designPoint()
	return slices.Max(p.Between[k]) * c.bound(t, p.place()).moment
}

func (p part) place() place {
	m, _ := p.Anchor.Dims()
	out := place{mean: mat.Col(nil, p.j, p.Anchor), along: make([][]float64, m), noise: p.Noise}
	for i := range m {
		out.along[i] = p.Along.RawRowView(i)
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
