package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/subspace"
)

// Judge decides containment and equality for a loss of p, given candidates for its minimisers. Whatever the
// candidates are, a verdict other than Undecided is a consequence of p's
// definition: strong convexity bounds the distance of any matrix to the
// minimiser by the gradient there, which Judge computes itself.
//
// In two modalities containment says whether Col(M*) ⊆ S_L and Col(M*ᵀ) ⊆ S_R: so lie the columns of the minimising
// pair of least norm. Equality of a side holds where rank M* is certain to be its Fisher dimension, and is refuted where
// the other side's is smaller.
//
// Own covariances are judged for containment alone where the loss depends on more than their mean; see judgeOwn.
//
// It panics if p is of a model that the loss is not judged for, such as InfoNCE of two modalities, or a matrix of one
// modality is not written as a symmetric one.
func Judge(l Loss, p gmm.Pairs, c Candidates) Findings { return Limit(1).Judge(l, p, c) }

// Limit multiplies the work that one judgement may spend on its gradients: > 0. 1 stands for some 20 seconds on two
// cores, and is what functions without a limit use. Where it is spent, what is not decided is Undecided.
type Limit float64

// Judge is the function Judge with another limit.
func (limit Limit) Judge(l Loss, p gmm.Pairs, c Candidates) Findings {
	must(l.admits(p))
	l.linear = c.Linear
	f, work := unjudged(l, p, c), enclosure.NewBudget(float64(limit))
	rule, zero := l.vanishes(p)
	switch {
	case zero:
		f.vanish(rule)
	case f.Evidence.own && l.affine:
		l.settleAffine(&f, p)
		return f
	case f.Evidence.own:
		l.judgeOwn(&f, p, c, work)
	case p.Modalities() == 2:
		l.judgePaired(&f, p, c, work)
		l.settle(&f, p)
	default:
		l.judgeSingle(&f, p, c, work)
		l.settle(&f, p)
	}
	if l.affine {
		l.judgeExistence(&f, p, c, work)
	}
	return f
}

// must panics where pairs are of a model that a judgement has no theory of, so that none is given: who asks for
// it knows what the pairs are.
func must(err error) {
	if err != nil {
		panic("oracle: " + err.Error())
	}
}

// judgeSingle judges one modality: equality by the free minimiser, containment by that over M ⪰ 0.
func (l Loss) judgeSingle(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	if side := &f.Sides[0]; l.repelled == nil && side.Dimension > 1 {
		side.Directions.Kept = 1 // as M* = 0 was ruled out exactly; that a line is then all kept is a theorem's to say, and no judgement's
	}
	at, err := see(l, p, c.Free, work)
	if err != nil {
		f.Evidence.Rule = l.unbounded(p, err)
		l.judgeBlocks(f, p, c, work)
		l.countFar(&f.Sides[0], p, c, work)
		return
	}
	f.seen = at
	s := f.Sides[0].Dimension
	at.judgeEquality(f, subspace.FisherIn(at.left, s), c.Claimed)
	l.judgeBlocks(f, p, c, work)
	if l.repelled != nil && l.repelled(p) {
		f.Sides[0].Directions.Lost = s // M* = 0
	} else if err := at.judgeDirections(f, p, c); err != nil {
		f.Evidence.Rule += "; directions: " + l.unbounded(p, err)
	}
	l.countFar(&f.Sides[0], p, c, work)
	if f.ByConstruction() {
		return
	}
	if l.repelled != nil && l.repelled(p) {
		f.Sides[0].Containment, f.Sides[0].Defect = Holds, 0
		return
	}
	if form := c.constrained(); form != c.Free {
		if at, err = see(l, p, form, work); err != nil {
			return
		}
	}
	at.judgeContainment(&f.Sides[0], &f.Evidence, subspace.FisherIn(at.left, s))
}

// exactRank is the rank of M* where a theorem gives it.
func (l Loss) exactRank(p gmm.Pairs) (of string, rank int, known bool) {
	if l.rank == nil {
		return "", 0, false
	}
	return l.rank(p)
}

// settle decides in dimensions and rationals what float64 left open.
func (l Loss) settle(f *Findings, p gmm.Pairs) {
	for i := range f.Sides {
		if s := &f.Sides[i]; s.Dimension > least(p) {
			s.Equality = Refuted // the other Fisher subspace is smaller
		} else if of, rank, known := l.exactRank(p); known {
			switch want := rankVerdict(rank, s.Dimension); {
			case s.Equality == want:
			case s.Equality != Undecided:
				s.Equality, f.Evidence.Rule = Undecided, "contradiction: "+exactRule(of, rank)
			default:
				s.Equality, f.Evidence.Exact, f.Evidence.Rule = want, true, exactRule(of, rank)
			}
		}
		_, rank, known := l.exactRank(p)
		if f.Sides[i].count(least(p), rank, known) {
			f.Evidence.counted = true
		}
	}
}
