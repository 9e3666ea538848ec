package cli

import (
	"context"
	"fmt"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// affine is what a solution of affine maps has besides.
type affine struct {
	centredB, centredC []float64        // of the centred mixture
	linear             *losses.Decision // what the same loss of linear maps does
}

// linear decides the loss of linear maps on the same pairs.
func linear(ctx context.Context, given gmm.Pairs, o losses.Options) (*losses.Decision, error) {
	o.Method, o.Columns, o.Starts = solver.Reduced, 0, 0
	d, err := losses.Decide(ctx, losses.InfoNCE, given, o)
	return &d, err
}

// withBias adds b and c, in the coordinates of the mixture that was given: scores are xᵀMy + c·x + c·y with c = c′ − Mμ̄, and b = b′ − Aᵀμ̄, those with a prime being of the centred one.
func (s *solution) withBias(given *gmm.Mixture, c solver.Candidate, f oracle.Findings) {
	mean := meanOf(given)
	s.affine = &affine{}
	if s.Unconstrained != nil {
		s.affine.centredC = vectorOf(c.Free.Shift, given.Dimension())
		s.Unconstrained.C = slices.Clone(s.affine.centredC)
		floats.Sub(s.Unconstrained.C, s.Unconstrained.M.times(mean, false))
	}
	s.affine.centredB = make([]float64, s.Rank)
	copy(s.affine.centredB, c.Constrained.Offset)
	s.Minimiser.B = slices.Clone(s.affine.centredB)
	floats.Sub(s.Minimiser.B, s.Minimiser.A.times(mean, true))
	if f.Evidence.Own() && f.Existence == oracle.Undecided {
		off := number(c.Constrained.OffRange)
		s.Minimiser.OffRange = &off
	}
	if f.Existence != oracle.Undecided {
		attained := f.Existence == oracle.Holds
		s.Attained, s.Minimiser.none = &attained, !attained
	}
}

// recentred is the solution of the centred mixture: the same but for b and c.
func (s solution) recentred() *solution {
	if s.Unconstrained != nil {
		u := *s.Unconstrained
		u.C = s.affine.centredC
		s.Unconstrained = &u
	}
	s.Minimiser.B = s.affine.centredB
	return &s
}

// meanOf is μ̄, each coordinate rounded once.
func meanOf(m *gmm.Mixture) (mean []float64) {
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
func (m matrix) times(x []float64, transposed bool) []float64 {
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

// biasWords say what becomes of the linear representation when it is given a bias: of what it loses, and what it keeps.
func (s solution) biasWords() string {
	if s.affine == nil || s.findings.Evidence.Own() || s.findings.Evidence.Exact || s.findings.Evidence.Stationary() { // M* = 0 either way; of few columns nothing is judged
		return ""
	}
	f := s.affine.linear.Findings
	lost, of := f.Directions().Lost, f.Sides[0].Dimension
	affine := s.findings.Equality()
	without := fmt.Sprintf("Without a bias %d of the %d directions of S_F are lost", lost, of)
	if lost == 1 {
		without = fmt.Sprintf("Without a bias 1 of the %d directions of S_F is lost", of)
	}
	switch linear := f.Equality(); {
	case linear == oracle.Undecided:
		return "Whether the representation without a bias keeps all of S_F was not decided."
	case linear == oracle.Refuted && affine == oracle.Holds:
		return without + fmt.Sprintf("; with one all that tells the classes apart is kept, and the loss falls from %.10g to %.10g: the bias mends it.", s.affine.linear.Candidate.Constrained.Loss, float64(s.Minimiser.Loss))
	case linear == oracle.Refuted && affine == oracle.Refuted:
		return without + "; a bias does not mend that."
	case linear == oracle.Refuted && s.Minimiser.none:
		return without + "; a bias does not mend that, as there is no best one."
	case linear == oracle.Refuted:
		return without + "; whether a bias mends that is open, as it is not known that there is a best one."
	case affine == oracle.Holds:
		return fmt.Sprintf("Without a bias all of S_F is kept, too; with one the loss falls from %.10g to %.10g.", s.affine.linear.Candidate.Constrained.Loss, float64(s.Minimiser.Loss))
	}
	return "Without a bias all of S_F is kept: that cannot be said with one."
}
