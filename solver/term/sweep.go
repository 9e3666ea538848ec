package term

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Minimise finds the minimiser of f over all matrices of its shape from start, as descent.Newton does. The point is the state's
// present one.
func (f *Sum) Minimise(s *descent.State, start *mat.Dense, tolerance float64) (steps int, spent bool, err error) {
	const forTheCone = 0.5 // of the budget
	if f.Law.Symmetric() {
		f.Budget().Keep(forTheCone)
		defer f.Budget().Keep(0)
	}
	for _, t := range f.terms {
		if about, ok := t.(flatAboutZero); ok {
			start = about.leave(start)
		}
	}
	f.watch(true)
	spent, err = f.sweep(s, tolerance, start, func(from *mat.Dense) (bool, error) {
		more, spent, err := descent.Newton(f, s, from, tolerance)
		steps += more
		return spent, err
	})
	f.watch(false)
	return steps, spent, err
}

// flatAboutZero is a term of which Newton's method learns nothing near M = 0: leave returns a start that is far enough from it.
type flatAboutZero interface {
	leave(start *mat.Dense) *mat.Dense
}

// MinimisePSD finds the minimiser of f over positive semidefinite matrices from that over all, as descent.Cone
// does. The point is the state's present one, as the unconstrained may be.
func (f *Sum) MinimisePSD(s *descent.State, unconstrained *descent.Iterate, uncertainty, tolerance float64) (*descent.FacePoint, error) {
	found, err := descent.Cone(f, s, unconstrained, uncertainty, tolerance)
	if err != nil || found.Iterate == unconstrained {
		return found, err
	}
	first := true
	spent, err := f.sweep(s, tolerance, found.M, func(from *mat.Dense) (bool, error) {
		if first {
			first = false
			return found.Spent, nil
		}
		start := &descent.Iterate{M: from}
		again, err := descent.Cone(f, s, start, uncertainty, tolerance)
		if err == nil && again.Iterate == start { // M ≻ 0, which has not been evaluated
			if again.Iterate, err = s.Try(f, from, tolerance); err == nil {
				s.Accept()
				again.Residual = again.Norm
			}
		}
		if err != nil {
			return false, err
		}
		found = again
		return found.Spent, nil
	})
	found.Spent = spent
	return found, err
}

// sweep minimises from start, and again as long as the end, the present point, or a trial that was
// given up shows that it was averaged without seeing all that counts. Where the budget does not pay for another time, the
// end before stands, with what it misses in its error.
func (f *Sum) sweep(s *descent.State, tolerance float64, start *mat.Dense, minimise func(from *mat.Dense) (spent bool, err error)) (spent bool, err error) {
	first := start
	ended, before := false, f.sights() // whether the present point is the end of a minimisation, and by what sights
	for n := range mostSweeps {
		spent, err = minimise(start)
		pt := s.Here()
		switch {
		case errors.Is(err, descent.ErrHidden):
			pt = s.There()
			f.each(func(_ int, a *logPartition) { a.drawFunctionals() })
		case ended && f.Budget().Exhausted(err):
			f.see(before)
			return true, nil
		case errors.Is(err, descent.ErrSteep) && f.sees() && len(f.Law.Weights)-1 <= quadrature.TensorDirections:
			f.see(make([]*sight, len(f.terms))) // a tensor rule falls short, but serves
			f.watch(false)
			return minimise(first)
		case err != nil:
			return spent, err
		}
		ended, before = err == nil, f.sights()
		if again := f.Look(pt, tolerance, n >= mostSweeps/2, n < mostSweeps-1); ended && !again {
			break
		}
		if n >= mostSweeps/2 {
			f.watch(false)
		}
		start = mat.DenseCopyOf(pt.Iterate().M)
	}
	return spent, nil
}

// Look compares what is to be seen at a point with how it was averaged, and adds what was missed to its error. If asked to mend
// that, it sets how f is averaged from then on, and tells whether that is otherwise.
func (f *Sum) Look(at descent.Point, tolerance float64, steady, mend bool) (changed bool) {
	pt := at.(*Point)
	f.each(func(i int, a *logPartition) {
		s, magnified := pt.softmax(i)
		fresh, other := a.look(s, tolerance/magnified/float64(len(f.terms)), steady)
		pt.iterate.Err += magnified * s.blind.gradient
		pt.hasLoss = pt.hasLoss && s.blind.loss == 0
		if other && mend {
			a.sight, changed = fresh, true
		}
	})
	return changed
}

// softmaxed is a term that a softmax is averaged for.
type softmaxed interface{ softmax() *logPartition }

// each visits the softmaxes among the terms, with the term's number.
func (f *Sum) each(visit func(i int, a *logPartition)) {
	for i, t := range f.terms {
		if turned, ok := t.(transposed); ok {
			t = turned.Term
		}
		if t, ok := t.(softmaxed); ok {
			visit(i, t.softmax())
		}
	}
}

// watch makes rules stop early where there is something that they cannot see.
func (f *Sum) watch(on bool) { f.each(func(_ int, a *logPartition) { a.watchful = on }) }

// sights are those of the softmaxes, one a term.
func (f *Sum) sights() []*sight {
	out := make([]*sight, len(f.terms))
	f.each(func(i int, a *logPartition) { out[i] = a.sight })
	return out
}

func (f *Sum) see(sights []*sight) {
	f.each(func(i int, a *logPartition) { a.sight = sights[i] })
}

// sees tells whether a softmax is not averaged over all components alike.
func (f *Sum) sees() bool {
	return slices.ContainsFunc(f.sights(), func(g *sight) bool { return g != nil })
}

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
	size float64 // bounds what it adds to the gradient, once a plan asks
}

// hidden bounds what each component adds that is not seen, or that the present sight leaves out.
func (a *logPartition) hidden(views []*view, seen [][]int, frame *tangentFrame) []hidden {
	var out []hidden
	for j, kept := range seen {
		for k := range seen {
			if !slices.Contains(kept, k) || a.sight != nil && !a.sight.keeps(j, k) {
				out = append(out, hidden{from: j, k: k})
			}
		}
	}
	dense.InChunks(len(out), a.Cores, func(_, n int) {
		h := &out[n]
		kept := seen[h.from]
		if slices.Contains(kept, h.k) {
			kept = a.sight.seen[h.from]
		}
		v := views[h.from].over(append(slices.Clone(kept), h.k))
		h.rareBound = frame.rareBound(h.from, rarity{{v, h.k}}, v, v.designPoint(h.k))
		// −log(1 − p) ≤ 2 log 2·p + 2 p max(0, l), l the logit against the rest, which is at most that
		// against the largest of these at 0.
		largest := slices.MaxFunc(kept, func(i, l int) int { return cmp.Compare(v.offsets[i], v.offsets[l]) })
		above := max(0, v.offsets[h.k]-v.offsets[largest])
		h.loss = a.Weights[h.from] * 2 * ((math.Ln2+above)*h.mass + floats.Distance(v.slopes[h.k], v.slopes[largest], 2)*h.linear)
	})
	return out
}

// missedBy bounds what a sight neither keeps visibly nor visits.
func (a *logPartition) missedBy(g *sight, missed []hidden, frame *tangentFrame) blindness {
	var out blindness
	for _, h := range missed {
		reached := all(len(a.Weights))
		if g != nil {
			if slices.Contains(g.visitedFrom(h.from), h.k) {
				continue
			}
			reached = g.reached(h.from)
		}
		out.gradient += a.Weights[h.from] * frame.missed(h.k, reached, h.rareBound)
		out.loss += h.loss
	}
	return out
}

// corners bounds what lines do not see. On a line steps of any slope are integrated, so
// that lines miss only what hides across them: a component l that rises, far
// from the middle line, among the kept or among the visited. It is seen there as it is by other rules, from
// the node 0 of the grid across. With log p_k, log a_l + log p_k is concave, a the
// softmax over the kept, and bounds by tangents hold for the product a_l p_k, which
// is all that l moves in the group's terms; for a visited l, p_l and the p_k that there is without it.
func (a *logPartition) corners(s *softmaxPoint, frame *tangentFrame) blindness {
	beams := a.beams(s)
	found := make([]blindness, len(beams))
	dense.InChunks(len(beams), a.Cores, func(_, n int) {
		b, from := beams[n], a.sight.groups[n].from
		section := b.section()
		kept, visited := b.members[:b.seen], b.members[b.seen:]
		missed := func(l int, of *view, others []int) {
			risen := oneOf{of, l}
			for _, k := range a.sight.groups[n].members {
				if k == l {
					continue
				}
				product := rarity{{b.over(others), k}, risen}
				bound := frame.rareBound(from, product, &b.view, designPointOf(product))
				w := a.Weights[from]
				found[n].gradient += w * frame.missed(k, b.members, bound)
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
		out.offsets[k] = b.offsets[k] + b.centre*dense.Dot(slope, b.axis)
		for _, e := range basis {
			out.slopes[k] = append(out.slopes[k], dense.Dot(slope, e))
		}
	}
	out.mean = make([]float64, len(basis))
	return out
}

// unseen returns those of the members that are not seen among them.
func (v *view) unseen(members []int) []int {
	left := v.rising(members)
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
