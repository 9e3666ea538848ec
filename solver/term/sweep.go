package term

import (
	"errors"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/quadrature"

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
	f.watch(true)
	spent, err = f.sweep(s, tolerance, start, func(from *mat.Dense) (bool, error) {
		more, spent, err := descent.Newton(f, s, from, tolerance)
		steps += more
		return spent, err
	})
	f.watch(false)
	return steps, spent, err
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
		s := pt.softmax(i)
		fresh, other := a.look(s, tolerance/float64(len(f.terms)), steady)
		pt.iterate.Err += s.blind.gradient
		pt.hasLoss = pt.hasLoss && s.blind.loss == 0
		if other && mend {
			a.sight, changed = fresh, true
		}
	})
	return changed
}

// each visits the softmaxes among the terms, with the term's number.
func (f *Sum) each(visit func(i int, a *logPartition)) {
	for i, t := range f.terms {
		if turned, ok := t.(transposed); ok {
			t = turned.Term
		}
		if a, ok := t.(*logPartition); ok {
			visit(i, a)
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
