package term

import (
	"cmp"
	"contrastcheck/solver/internal/dense"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// sight says which components the nodes of a rule for many directions can see, and
// how what they cannot see is made up for. Under component j the rule integrates the
// softmax over the kept components A_j alone; the visited V_j are added by lines
// through where they peak (type group); the others, U_j, are left out and bounded.
//
// A far component of little weight may take over beyond a step so distant that no node lands there,
// and rules that miss it agree with one another. But log p_k is concave, so a step can
// only hide where p_k φ, φ the normal density, peaks: at the design point t*_jk. The
// component k counts as seen from j if p_k(0) ≥ e⁻² p_k(t*_jk). Then |t*_jk| ≤ 2, as
// log p_k(t*) − |t*|²/2 ≥ log p_k(0); grids have the node 0, and 2 % of a lattice's lie beyond t*.
//
// With p^B the softmax over B and m^A = Σ_A p^A_k y_k, Σ_B p^B_k y_k = m^A + Σ_{B∖A} p^B_k (y_k − m^A),
// because the p^B_k of A are p^A_k times their sum. So sets nest exactly,
//
//	∇h^{A+V} = ∇h^A + Σ_j w_j Σ_{k∈V_j} E_j[ x p^{A+V}_k (y_k − m^A)ᵀ ],
//
// and as m^{A+V} is a mean of y_l, l ∈ A_j ∪ V_j, what is left out is bounded by
//
//	‖∇h − ∇h^{A+V}‖_d ≤ Σ_j w_j Σ_{k∈U_j} ρ_jk a_jk,   ρ_jk = max_l |y_k − y_l|_*
//
// with a_jk of rareBound, for every M and any sets; of distances as tangentFrame.missed has it.
type sight struct {
	seen   [][]int // K, A_j in order
	groups []group
}

// group is components that peak together as seen from one component.
type group struct {
	from    int
	members []int
	centre  []float64 // m, Rt* of the largest of them
}

// mostSweeps bounds how often a minimisation is repeated with another sight, which one or two changes settle.
const mostSweeps = 8

// hiddenRise is log p_k(t*) − log p_k(0) beyond which a component is not seen.
const hiddenRise = 2

// worthLooking is the number of nodes that a rule may take before it asks for a look.
const worthLooking = 10_000

// hides tells whether something is not seen.
func (a *logPartition) hides(s *softmaxPoint) bool {
	return anyHidden(visible(viewsOf(&s.contrasts), a.Cores))
}

func anyHidden(seen [][]int) bool {
	return slices.ContainsFunc(seen, func(kept []int) bool { return len(kept) < len(seen) })
}

// visible tells which components are seen under each.
func visible(views []*view, cores int) [][]int {
	seen := make([][]int, len(views))
	dense.InChunks(len(views), cores, func(_, j int) {
		seen[j] = views[j].rising(all(len(views)))
	})
	return seen
}

// all returns 0 … k − 1.
func all(k int) []int {
	out := make([]int, k)
	for i := range out {
		out[i] = i
	}
	return out
}

// rising returns those of the members that are seen. Without a component that is not seen others
// may rise that it held down, so this is repeated with those left until none is left out.
func (v *view) rising(members []int) []int {
	for {
		seen := v.over(members).seen()
		if len(seen) == len(members) {
			return seen
		}
		members = seen
	}
}

// seen returns the members that are seen beside all others. As F is
// 1-strongly concave (type designPoint) |t*| ≤ |∇F(0)| = |g(0)|, and the rise is at most
// |g(0)||t*|: one table tells nearly all.
func (v *view) seen() []int {
	var seen []int
	origin, g := make([]float64, len(v.mean)), make([]float64, len(v.mean))
	log := v.at(origin)
	mean, largest := slices.Clone(v.mean), v.members[floats.MaxIdx(v.p)]
	for _, k := range v.members {
		floats.SubTo(g, v.slopes[k], mean)
		if k == largest || dense.Dot(g, g) <= hiddenRise {
			seen = append(seen, k)
			continue
		}
		if d := v.designPoint(k); d.highest()-(v.offsets[k]-log) <= hiddenRise {
			seen = append(seen, k)
		}
	}
	return seen
}

// look compares what is seen at a point with the sight by which it was averaged. It
// bounds there what was missed, and returns the sight that the point should have had, and
// whether that is another. A steady sight keeps out what the present one does.
func (a *logPartition) look(s *softmaxPoint, tolerance float64, steady bool) (fresh *sight, changed bool) {
	s.blind = blindness{}
	if s.highdim == nil { // tensor rules are sized by the slopes
		return a.sight, false
	}
	views := viewsOf(&s.contrasts)
	seen := visible(views, a.Cores)
	if a.sight != nil && steady {
		for j, kept := range seen {
			both := slices.DeleteFunc(slices.Clone(kept), func(k int) bool { return !a.sight.keeps(j, k) })
			if len(both) > 0 {
				seen[j] = both
			}
		}
	}
	frame := a.tangentFrame(s.directions)
	missed := a.hidden(views, seen, frame)
	fresh = a.plan(views, seen, frame, missed, tolerance, s.directions)
	s.blind = a.missedBy(a.sight, missed, frame)
	if a.sight != nil {
		s.blind.add(a.corners(s, frame))
	}
	return fresh, !a.sight.serves(fresh)
}

// plan says what to visit: all that is hidden but a tail whose bounds sum to a share of
// tolerance, and of that what was kept or visited before, because of which it may have
// become rare: so sets stand still. It returns nil where everything is seen.
func (a *logPartition) plan(views []*view, seen [][]int, frame *tangentFrame, missed []hidden, tolerance float64, directions *mat.Dense) *sight {
	if !anyHidden(seen) {
		return nil
	}
	const share = 8
	rare := slices.DeleteFunc(slices.Clone(missed), func(h hidden) bool { return slices.Contains(seen[h.from], h.k) })
	for n, h := range rare {
		rare[n].size = a.Weights[h.from] * frame.missed(h.k, seen[h.from], h.rareBound)
	}
	slices.SortStableFunc(rare, func(a, b hidden) int { return cmp.Compare(a.size, b.size) })
	visited := make([][]int, len(views))
	var sum float64
	for _, h := range rare {
		before := a.sight != nil && slices.Contains(a.sight.reached(h.from), h.k)
		if sum += h.size; before || !(sum <= tolerance/share) {
			visited[h.from] = append(visited[h.from], h.k)
		}
	}
	out := &sight{seen: seen}
	for j, ks := range visited {
		slices.Sort(ks)
		out.groups = append(out.groups, gather(views[j].over(slices.Concat(seen[j], ks)), j, ks, directions)...)
	}
	return out
}

// gather puts components whose design points are near one another into one group.
func gather(v *view, from int, ks []int, directions *mat.Dense) []group {
	const near = 0.5
	type rare struct {
		designPoint
		k int
	}
	var points []rare
	for _, k := range ks {
		points = append(points, rare{v.designPoint(k), k})
	}
	slices.SortStableFunc(points, func(a, b rare) int { return cmp.Compare(b.peak(), a.peak()) })
	var groups []group
	var centres [][]float64
	for _, p := range points {
		at := slices.IndexFunc(centres, func(c []float64) bool { return floats.Distance(c, p.t, 2) <= near })
		if at < 0 {
			var centre mat.VecDense
			centre.MulVec(directions, mat.NewVecDense(len(p.t), p.t))
			at = len(groups)
			groups = append(groups, group{from: from, centre: centre.RawVector().Data})
			centres = append(centres, p.t)
		}
		groups[at].members = append(groups[at].members, p.k)
	}
	return groups
}

// serves tells whether a sight is as good as a fresh one: it keeps the same
// components and visits all that the other does, from about where they peak now.
func (g *sight) serves(fresh *sight) bool {
	if g == nil || fresh == nil {
		return g == nil && fresh == nil
	}
	const near = 0.25
	if !slices.EqualFunc(g.seen, fresh.seen, slices.Equal) {
		return false
	}
	for _, f := range fresh.groups {
		for _, k := range f.members {
			if !slices.ContainsFunc(g.groups, func(o group) bool {
				return o.from == f.from && slices.Contains(o.members, k) && floats.Distance(o.centre, f.centre, 2) <= 2*near
			}) {
				return false
			}
		}
	}
	return true
}

// keeps tells whether k is in A_j.
func (g *sight) keeps(j, k int) bool { return slices.Contains(g.seen[j], k) }

// visitedFrom returns V_j, in order.
func (g *sight) visitedFrom(j int) []int {
	var out []int
	for _, v := range g.groups {
		if v.from == j {
			out = append(out, v.members...)
		}
	}
	slices.Sort(out)
	return out
}

// reached returns A_j and V_j.
func (g *sight) reached(j int) []int { return slices.Concat(g.seen[j], g.visitedFrom(j)) }
