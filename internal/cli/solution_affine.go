package cli

import (
	"fmt"

	"contrastcheck/oracle"
)

// biasWords say what becomes of the linear representation when it is given a bias: of what it loses, and what it keeps.
func (s solution) biasWords() string {
	if s.Affine == nil || s.Findings.Evidence.Own() || s.Findings.Evidence.Exact || s.Findings.Evidence.Stationary() { // M* = 0 either way; of few columns nothing is judged
		return ""
	}
	f := s.Affine.Linear.Findings
	lost, of := f.Directions().Lost, f.Sides[0].Dimension
	affine := s.Findings.Equality()
	without := fmt.Sprintf("Without a bias %d of the %d directions of S_F are lost", lost, of)
	if lost == 1 {
		without = fmt.Sprintf("Without a bias 1 of the %d directions of S_F is lost", of)
	}
	switch linear := f.Equality(); {
	case linear == oracle.Undecided:
		return "Whether the representation without a bias keeps all of S_F was not decided."
	case linear == oracle.Refuted && affine == oracle.Holds:
		return without + fmt.Sprintf("; with one all that tells the classes apart is kept, and the loss falls from %.10g to %.10g: the bias mends it.", s.Affine.Linear.Candidate.Constrained.Loss, float64(s.Minimiser.Loss))
	case linear == oracle.Refuted && affine == oracle.Refuted:
		return without + "; a bias does not mend that."
	case linear == oracle.Refuted && s.Minimiser.None:
		return without + "; a bias does not mend that, as there is no best one."
	case linear == oracle.Refuted:
		return without + "; whether a bias mends that is open, as it is not known that there is a best one."
	case affine == oracle.Holds:
		return fmt.Sprintf("Without a bias all of S_F is kept, too; with one the loss falls from %.10g to %.10g.", s.Affine.Linear.Candidate.Constrained.Loss, float64(s.Minimiser.Loss))
	}
	return "Without a bias all of S_F is kept: that cannot be said with one."
}
