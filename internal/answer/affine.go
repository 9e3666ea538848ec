package answer

import (
	"context"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Affine is what a solution of affine maps has besides.
type Affine struct {
	CentredB, CentredC []float64        // of the centred mixture
	Linear             *losses.Decision // what the same loss of linear maps does
}

// linear decides the loss of linear maps on the same pairs.
func linear(ctx context.Context, given gmm.Pairs, o losses.Options) (*losses.Decision, error) {
	o.Method, o.Columns, o.Starts = solver.Reduced, 0, 0
	d, err := losses.Decide(ctx, losses.InfoNCE, given, o)
	return &d, err
}

// withBias adds b and c, in the coordinates of the mixture that was given: scores are xᵀMy + c·x + c·y with c = c′ − Mμ̄, and b = b′ − Aᵀμ̄, those with a prime being of the centred one.
func (s *Solution) withBias(given *gmm.Mixture, c solver.Candidate, f oracle.Findings) {
	mean := MeanOf(given)
	s.Affine = &Affine{}
	if s.Unconstrained != nil {
		s.Affine.CentredC = vectorOf(c.Free.Shift, given.Dimension())
		s.Unconstrained.C = slices.Clone(s.Affine.CentredC)
		floats.Sub(s.Unconstrained.C, s.Unconstrained.M.times(mean, false))
	}
	s.Affine.CentredB = make([]float64, s.Rank)
	copy(s.Affine.CentredB, c.Constrained.Offset)
	s.Minimiser.B = slices.Clone(s.Affine.CentredB)
	floats.Sub(s.Minimiser.B, s.Minimiser.A.times(mean, true))
	if f.Evidence.Own() && f.Existence == oracle.Undecided {
		off := Number(c.Constrained.OffRange)
		s.Minimiser.OffRange = &off
	}
	if f.Existence != oracle.Undecided {
		attained := f.Existence == oracle.Holds
		s.Attained, s.Minimiser.None = &attained, !attained
	}
}

// Recentred is the solution of the centred mixture: the same but for b and c.
func (s Solution) Recentred() *Solution {
	if s.Unconstrained != nil {
		u := *s.Unconstrained
		u.C = s.Affine.CentredC
		s.Unconstrained = &u
	}
	s.Minimiser.B = s.Affine.CentredB
	return &s
}

// MeanOf is μ̄, each coordinate rounded once.
func MeanOf(m *gmm.Mixture) (mean []float64) {
	for _, x := range m.Exact().Mean() {
		rounded, _ := x.Float64()
		mean = append(mean, rounded)
	}
	return mean
}

// vectorOf is a factor of one column, 0 where it is empty.
func vectorOf(f solver.Factor, d int) []float64 {
	if f.Columns == nil {
		return make([]float64, d)
	}
	return mat.Col(nil, 0, f.Columns)
}

// times is the product with x, or that of the transpose.
func (m Matrix) times(x []float64, transposed bool) []float64 {
	n := len(m)
	if transposed && n > 0 {
		n = len(m[0])
	}
	out := make([]float64, n)
	for i, row := range m {
		for j, y := range row {
			if transposed {
				out[j] += y.Value * x[i]
			} else {
				out[i] += y.Value * x[j]
			}
		}
	}
	return out
}
