package solver

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// outward minimises over M ⪰ 0 where components have their own covariances and a rule over all dimensions would be too large, in one modality: a point enters
// the loss by as many directions as M has ranks. It starts at the best matrix inside the Fisher subspace, and walks along faces of the cone.
func (f *stated) outward(ws *Workspace, o Options) (Candidate, error) {
	none := Minimum{Form: f.whitened.Form(nil), Bias: math.NaN()}
	c := Candidate{Method: o.Method.String(), Free: none, Constrained: none, Inside: none}
	size := len(f.Law.Left.Second)
	start := &descent.Iterate{M: mat.NewDense(size, size, nil)}
	var uncertainty float64
	if f.pairs.Left.FisherDimension() > 0 {
		inner, found, err := f.bestInside(ws, o)
		if err != nil {
			return Candidate{}, err
		}
		c.Inside, c.Steps = found.Constrained, found.Steps
		whole := inner.turnedBack(ws.state.Here().Iterate().M)
		rotation := f.Law.Left.Rotation
		start.M = dense.Times(rotation.T(), dense.Times(whole, rotation))
		dense.Symmetrise(start.M)
		uncertainty = c.Inside.DistanceBound
	}
	ws.state = descent.State{} // of points of another size
	tolerance := o.tolerance(f.Sum) * f.Signal()
	found, err := f.MinimisePSD(&ws.state, start, uncertainty, tolerance)
	if err != nil {
		return Candidate{}, err
	}
	c.Constrained = f.minimum(found.Iterate, found.Residual)
	c.Constrained.Rank = found.Rank()
	c.Constrained.factored(f, found.Root())
	c.Rule, c.Points, c.RuleError = found.Of.(*term.Point).Rule()
	switch {
	case found.Spent:
		c.Rule += descent.AtLimit
	case found.Rank() == term.MostScatteredDimensions && found.Residual > 10*tolerance: // the loss falls out of them
		c.Rule += fmt.Sprintf("; M* has more than %d directions, which are as many as rules go over", term.MostScatteredDimensions)
	}
	return c, nil
}

// bestInside is the candidate of the loss of matrices inside the Fisher subspace of one modality, and that loss.
func (f *stated) bestInside(ws *Workspace, o Options) (*stated, Candidate, error) {
	s := f.pairs.Left.FisherDimension()
	inner := f.within(s, s, o)
	found, err := inner.candidate(ws, o, mat.NewDense(s, s, nil))
	return inner, found, err
}

// Inside finds the best M ⪰ 0 with columns in the Fisher subspace alone, of one modality. It refuses what Minimise does.
func Inside(l Loss, p gmm.Pairs, o Options) (Minimum, error) {
	if err := l.Admit(p); err != nil {
		return Minimum{}, err
	}
	w, err := p.WhitenFull()
	if err != nil {
		return Minimum{}, err
	}
	if p.Left.FisherDimension() == 0 || w.Left.Means == nil {
		return Minimum{Form: w.Form(nil), Bias: math.NaN()}, nil
	}
	f, err := state(l, p, w, o)
	if err != nil {
		return Minimum{}, err
	}
	_, found, err := f.bestInside(new(Workspace), o)
	return found.Constrained, err
}

// within is the loss of matrices whose columns and rows lie in the Fisher subspaces, of the given dimensions > 0.
func (f *stated) within(left, right int, o Options) *stated {
	law := *f.Law
	law.Left = law.Left.Within(law.Weights, left)
	if law.Right = law.Left; f.pairs.Modalities() == 2 {
		law.Right = f.Law.Right.Within(law.Weights, right)
	}
	law.Budget = descent.NewBudget(o.Limit) // another solve may have left nothing
	return &stated{term.NewSum(&law, f.loss.terms(&law)...), f.loss, f.pairs, f.whitened}
}

// checkDirections refuses own covariances that need a rule of too many directions: of one modality as many as the Fisher subspace has, of two all
// dimensions.
func checkDirections(p gmm.Pairs) error {
	most, found, of := term.MostScatteredDimensions, p.Left.FisherDimension(), "means that"
	if p.Modalities() == 2 {
		most, found, of = term.MostWholeDimensions, max(p.Left.Dimension(), p.Right.Dimension()), "modalities that"
	}
	if found > most {
		return fmt.Errorf("%w: %s span at most %d dimensions, found %d", ErrDimension, of, most, found)
	}
	return nil
}
