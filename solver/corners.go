package solver

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// corners bounds what lines do not see. On a line steps of any slope are integrated, so
// that lines miss only what hides across them: a component l that rises, far
// from the middle line, among the kept or among the visited. It is seen there as it is by other rules, from
// the node 0 of the grid across. With log p_k, log a_l + log p_k is concave, a the
// softmax over the kept, and bounds by tangents hold for the product a_l p_k, which
// is all that l moves in the group's terms; for a visited l, p_l and the p_k that there is without it.
func (a *anchored) corners(s *softmaxPoint, frame *tangentFrame) blindness {
	beams := a.beams(s)
	found := make([]blindness, len(beams))
	inChunks(len(beams), a.cores, func(_, n int) {
		b, from := beams[n], a.sight.groups[n].from
		section := b.section()
		kept, visited := b.members[:b.seen], b.members[b.seen:]
		missed := func(l int, of *view, others []int) {
			risen := oneOf{of, l}
			for _, k := range a.sight.groups[n].members {
				if k == l {
					continue
				}
				product := both{oneOf{b.over(others), k}, risen}
				bound := frame.rareBound(from, product, &b.view, designPointOf(product, len(b.axis)))
				w := a.weights[from]
				found[n].gradient += w * frame.reach(k, b.members) * bound.moment
				found[n].loss += w * 2 * (math.Ln2*bound.mass + b.widest()*bound.linear)
			}
		}
		for _, l := range section.unseen(kept) {
			missed(l, b.over(kept), b.members)
		}
		for _, l := range section.unseen(visited) {
			missed(l, b.over(b.members), slices.DeleteFunc(slices.Clone(b.members), func(i int) bool { return i == l }))
		}
	})
	var out blindness
	for _, f := range found {
		out.add(f)
	}
	return out
}

// section is the softmax across the lines through the group's design point.
func (b *beam) section() *view {
	basis := b.across()
	out := &view{offsets: make([]float64, len(b.offsets)), slopes: make([][]float64, len(b.slopes))}
	for k, slope := range b.slopes {
		out.offsets[k] = b.offsets[k] + b.centre*dot(slope, b.axis)
		for _, e := range basis {
			out.slopes[k] = append(out.slopes[k], dot(slope, e))
		}
	}
	out.mean = make([]float64, len(basis))
	return out
}

// unseen returns those of the members that are not seen among them.
func (v *view) unseen(members []int) []int {
	w := v.over(members)
	left := members
	for more := true; more; {
		w = w.over(left)
		left, more = w.risingFrom(left)
	}
	return slices.DeleteFunc(slices.Clone(members), func(k int) bool { return slices.Contains(left, k) })
}

// widest returns the largest difference of two members' slopes.
func (b *beam) widest() float64 {
	var widest float64
	for n, i := range b.members {
		for _, l := range b.members[:n] {
			widest = max(widest, floats.Distance(b.slopes[i], b.slopes[l], 2))
		}
	}
	return widest
}
