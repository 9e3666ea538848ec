package term

import (
	"contrastcheck/solver/internal/dense"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// beam is a softmax under one component along lines t = u·axis + across, for the group
// that peaks at u = centre, across = 0. Along a line logits are linear in u, so that
// the softmax changes hands at the corners of their upper envelope: panels graded
// about these, with Gauss's rule on each, integrate steps of any slope.
type beam struct {
	view
	seen int    // how many of the members are kept, before those that are visited
	own  []bool // of the members: whether the group holds them
	axis []float64
	// centre is |t*|.
	centre float64

	base, along []float64 // of the members' logits on the line
	edges       []float64
	// At a node: the softmax over the kept and over the visited, each of sum 1, and how
	// likely the visited are among all, and the group.
	kept, others   []float64
	visited, group float64
	logOdds        float64 // −log(1 − visited)
}

// beamOf is the beam of a group as its component sees it: its axis is the direction of the
// design point of the group's largest member, beside all that is kept and visited.
func (g *sight) beamOf(v *view, of group) *beam {
	members, seen := g.reached(of.from), len(g.seen[of.from])
	n := len(members)
	b := &beam{view: *v.over(members), seen: seen, own: make([]bool, n),
		base: make([]float64, n), along: make([]float64, n), kept: make([]float64, seen), others: make([]float64, n-seen)}
	for i, k := range members {
		b.own[i] = slices.Contains(of.members, k)
	}
	b.axis = b.designPoint(of.members[0]).t
	if b.centre = floats.Norm(b.axis, 2); b.centre == 0 {
		b.axis[0] = 1
	} else {
		floats.Scale(1/b.centre, b.axis)
	}
	return b
}

// across returns an orthonormal basis of what is orthogonal to the axis, first the
// directions in which the kept differ most among themselves, and the visited: a
// grid adapts to directions.
func (b *beam) across() [][]float64 {
	q := len(b.axis)
	spread := mat.NewSymDense(q, nil)
	trace := 1.0
	for _, side := range [][]int{b.members[:b.seen], b.members[b.seen:]} {
		mean := make([]float64, q)
		for _, i := range side {
			floats.AddScaled(mean, 1/float64(len(side)), b.slopes[i])
		}
		for _, i := range side {
			off := mat.NewVecDense(q, slices.Clone(b.slopes[i]))
			floats.Sub(off.RawVector().Data, mean)
			floats.AddScaled(off.RawVector().Data, -dense.Dot(off.RawVector().Data, b.axis), b.axis)
			spread.SymRankOne(spread, 1, off)
			trace += mat.Dot(off, off)
		}
	}
	spread.SymRankOne(spread, 2*trace, mat.NewVecDense(q, b.axis)) // the axis becomes the last
	_, vectors := dense.Eigen(spread)
	out := make([][]float64, q-1)
	for i := range out {
		out[i] = mat.Col(nil, q-2-i, vectors)
	}
	return out
}

// on moves the beam to another line.
func (b *beam) on(across []float64) {
	for n, i := range b.members {
		b.base[n] = b.offsets[i] + dense.Dot(b.slopes[i], across)
		b.along[n] = dense.Dot(b.slopes[i], b.axis)
	}
	b.cut()
}

// extent is how far from the centre a line is followed: p_k φ is at most its peak times e^{−|t − t*|²/2}.
const extent = 8

// cut places the edges of the panels.
func (b *beam) cut() {
	least, most := b.centre-extent, b.centre+extent
	b.edges = b.edges[:0]
	const panel = 2
	for n := range 2*extent/panel + 1 {
		b.edges = append(b.edges, least+float64(n*panel))
	}
	for at := b.leader(least); ; {
		next, turn := -1, most
		for i, s := range b.along {
			if s > b.along[at] {
				if u := (b.base[at] - b.base[i]) / (s - b.along[at]); u < turn || u == turn && next >= 0 && s > b.along[next] {
					next, turn = i, u
				}
			}
		}
		if next < 0 {
			break
		}
		const first, last = 1, 1
		for distance := first / (b.along[next] - b.along[at]); 0 < distance && distance < last; distance *= 2 {
			for _, u := range [2]float64{turn - distance, turn + distance} {
				if u > least && u < most {
					b.edges = append(b.edges, u)
				}
			}
		}
		at = next
	}
	slices.Sort(b.edges)
	const narrowest = 1e-9
	b.edges = slices.CompactFunc(b.edges, func(a, b float64) bool { return math.Abs(b-a) < narrowest })
}

// leader returns the member whose logit is largest at u, the steepest of several.
func (b *beam) leader(u float64) int {
	best := 0
	for i := range b.base {
		x, most := b.base[i]+b.along[i]*u, b.base[best]+b.along[best]*u
		if x > most || x == most && b.along[i] > b.along[best] {
			best = i
		}
	}
	return best
}

// gauss is Gauss's rule of ten points on [−1, 1].
var gauss = sync.OnceValue(func() (rule struct{ nodes, weights []float64 }) {
	const points = 10
	rule.nodes, rule.weights = make([]float64, points), make([]float64, points)
	quad.Legendre{}.FixedLocations(rule.nodes, rule.weights, -1, 1)
	return rule
})

// each visits the nodes of the line with their weights, the density of u included.
func (b *beam) each(visit func(u, weight float64)) {
	rule, used := gauss(), b.useful()
	for i, u := range b.edges[1:] {
		if !used[i] {
			continue
		}
		middle, half := (u+b.edges[i])/2, (u-b.edges[i])/2
		for n, x := range rule.nodes {
			at := middle + half*x
			b.evaluate(at)
			visit(at, half*rule.weights[n]*math.Exp(-at*at/2)/math.Sqrt(2*math.Pi))
		}
	}
}

// useful tells which panels count: on a line log p_k is at most l_k less the envelope,
// which is concave, and with −u²/2 as well; so beside an edge from which that falls it is nowhere larger.
func (b *beam) useful() []bool {
	const negligible = 34 // e^−34 of the peak
	used := make([]bool, len(b.edges)-1)
	rise := make([]float64, len(b.edges))
	for k, own := range b.own {
		if !own {
			continue
		}
		most := math.Inf(-1)
		for i, u := range b.edges {
			lead := b.leader(u)
			rise[i] = b.base[k] - b.base[lead] + (b.along[k]-b.along[lead])*u - u*u/2
			most = max(most, rise[i])
		}
		for i := range used {
			above := i+2 < len(rise) && rise[i+2] >= rise[i+1] && rise[i+1] < most-negligible // rises through the panel
			below := i > 0 && rise[i-1] >= rise[i] && rise[i] < most-negligible
			used[i] = used[i] || !above && !below
		}
	}
	return used
}

// evaluate computes the softmax at a node.
func (b *beam) evaluate(u float64) {
	most, mostVisited := math.Inf(-1), math.Inf(-1)
	for n, x := range b.base {
		l := x + b.along[n]*u
		if n < b.seen {
			b.kept[n], most = l, max(most, l)
		} else {
			b.others[n-b.seen], mostVisited = l, max(mostVisited, l)
		}
	}
	kept, visited := exponentials(b.kept, most), exponentials(b.others, mostVisited)
	// The odds kept:visited are kept : visited·e^gap.
	if gap := mostVisited - most; gap <= 0 {
		odds := visited / kept * math.Exp(gap)
		b.visited, b.logOdds = odds/(1+odds), math.Log1p(odds)
	} else {
		odds := kept / visited * math.Exp(-gap)
		b.visited, b.logOdds = 1/(1+odds), gap+math.Log(visited/kept)+math.Log1p(odds)
	}
	b.group = 0
	for n, p := range b.others {
		if b.own[b.seen+n] {
			b.group += p
		}
	}
	b.logOdds *= b.group
	b.group *= b.visited
}

// exponentials replaces logits by e^{l − most} over their sum, which it returns.
func exponentials(l []float64, most float64) float64 {
	var sum float64
	for n, x := range l {
		l[n] = math.Exp(x - most)
		sum += l[n]
	}
	for n := range l {
		l[n] /= sum
	}
	return sum
}
