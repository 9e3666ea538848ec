package solver

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// blindness bounds what a rule misses, of the gradient in ‖·‖_d and of the loss.
type blindness struct{ gradient, loss float64 }

func (b *blindness) add(c blindness) {
	b.gradient += c.gradient
	b.loss += c.loss
}

// hidden is a component that is not seen, with what leaving it out may change.
type hidden struct {
	from, k int
	rareBound
	loss float64 // bounds w_j times what it adds to the loss
}

// hidden bounds what each component adds that is not seen, or that the present sight leaves out.
func (a *anchored) hidden(views []*view, seen [][]bool, frame *tangentFrame) []hidden {
	var out []hidden
	for j, row := range seen {
		for k, ok := range row {
			if !ok || a.sight != nil && !a.sight.seen[j][k] {
				out = append(out, hidden{from: j, k: k})
			}
		}
	}
	inChunks(len(out), a.cores, func(_, n int) {
		h := &out[n]
		kept := indices(seen[h.from])
		if seen[h.from][h.k] {
			kept = indices(a.sight.seen[h.from])
		}
		v := views[h.from].over(append(slices.Clone(kept), h.k))
		h.rareBound = frame.rareBound(h.from, oneOf{v, h.k}, v, v.designPoint(h.k))
		// −log(1 − p) ≤ 2 log 2·p + 2 p max(0, l), l the logit against the rest, which is at most that
		// against the largest of these at 0.
		largest := kept[0]
		for _, i := range kept {
			if v.offsets[i] > v.offsets[largest] {
				largest = i
			}
		}
		above := max(0, v.offsets[h.k]-v.offsets[largest])
		h.loss = a.weights[h.from] * 2 * ((math.Ln2+above)*h.mass + floats.Distance(v.slopes[h.k], v.slopes[largest], 2)*h.linear)
	})
	return out
}

// missedBy bounds what a sight neither keeps visibly nor visits.
func (a *anchored) missedBy(g *sight, missed []hidden, frame *tangentFrame) blindness {
	var out blindness
	for _, h := range missed {
		kept := make([]bool, len(a.weights))
		if g == nil {
			for k := range kept {
				kept[k] = true
			}
		} else {
			visited := g.visitedFrom(h.from)
			if visited[h.k] {
				continue
			}
			for k := range kept {
				kept[k] = visited[k] || g.seen[h.from][k]
			}
		}
		out.gradient += a.weights[h.from] * frame.reach(h.k, indices(kept)) * h.moment
		out.loss += h.loss
	}
	return out
}
