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
// with a_jk of rareBound, for every M and any sets.
type sight struct {
	seen   [][]bool // K×K: whether k is in A_j
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

func anyHidden(seen [][]bool) bool {
	return slices.ContainsFunc(seen, func(row []bool) bool { return slices.Contains(row, false) })
}

// visible tells which components are seen under each.
func visible(views []*view, cores int) [][]bool {
	seen := make([][]bool, len(views))
	dense.InChunks(len(views), cores, func(_, j int) {
		all := make([]int, len(views))
		for k := range all {
			all[k] = k
		}
		seen[j] = make([]bool, len(views))
		for _, k := range views[j].rising(all) {
			seen[j][k] = true
		}
	})
	return seen
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
		for j, row := range a.sight.seen {
			both := make([]bool, len(row))
			for k, ok := range row {
				both[k] = seen[j][k] && ok
			}
			if slices.Contains(both, true) {
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

// indices returns those that are true.
func indices(of []bool) []int {
	var out []int
	for i, ok := range of {
		if ok {
			out = append(out, i)
		}
	}
	return out
}

// plan says what to visit: all that is hidden but a tail whose bounds sum to a share of
// tolerance, and of that what was kept or visited before, because of which it may have
// become rare: so sets stand still. It returns nil where everything is seen.
func (a *logPartition) plan(views []*view, seen [][]bool, frame *tangentFrame, missed []hidden, tolerance float64, directions *mat.Dense) *sight {
	if !anyHidden(seen) {
		return nil
	}
	const share = 8
	sizes := make([]float64, len(missed))
	order := make([]int, len(missed))
	for n, h := range missed {
		order[n] = n
		sizes[n] = a.Weights[h.from] * frame.reach(h.k, indices(seen[h.from])) * h.moment
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	visited := make([][]int, len(views))
	var sum float64
	for _, n := range order {
		h := missed[n]
		if seen[h.from][h.k] {
			continue
		}
		before := a.sight != nil && (a.sight.seen[h.from][h.k] || a.sight.visitedFrom(h.from)[h.k])
		if sum += sizes[n]; before || !(sum <= tolerance/share) {
			visited[h.from] = append(visited[h.from], h.k)
		}
	}
	out := &sight{seen: seen}
	for j, ks := range visited {
		slices.Sort(ks)
		out.groups = append(out.groups, gather(views[j].over(append(indices(seen[j]), ks...)), j, ks, directions)...)
	}
	return out
}

// gather puts components whose design points are near one another into one group.
func gather(v *view, from int, ks []int, directions *mat.Dense) []group {
	const near = 0.5
	points := make([]designPoint, len(ks))
	order := make([]int, len(ks))
	for n, k := range ks {
		points[n], order[n] = v.designPoint(k), n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[b].peak(), points[a].peak()) })
	var groups []group
	var centres [][]float64
	for _, n := range order {
		at := slices.IndexFunc(centres, func(c []float64) bool { return floats.Distance(c, points[n].t, 2) <= near })
		if at < 0 {
			var centre mat.VecDense
			centre.MulVec(directions, mat.NewVecDense(len(points[n].t), points[n].t))
			at = len(groups)
			groups = append(groups, group{from: from, centre: centre.RawVector().Data})
			centres = append(centres, points[n].t)
		}
		groups[at].members = append(groups[at].members, ks[n])
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
	for j, row := range g.seen {
		if !slices.Equal(row, fresh.seen[j]) {
			return false
		}
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

// visitedFrom tells which components are visited from j.
func (g *sight) visitedFrom(j int) []bool {
	out := make([]bool, len(g.seen))
	for _, v := range g.groups {
		if v.from == j {
			for _, k := range v.members {
				out[k] = true
			}
		}
	}
	return out
}
