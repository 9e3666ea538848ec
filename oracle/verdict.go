package oracle

import "fmt"

// Verdict is what the oracle says of a statement. The zero value is Undecided.
type Verdict int

// The three verdicts. Holds and Refuted are given only where a certificate
// excludes the other; everything else is Undecided.
const (
	Undecided Verdict = iota
	Holds
	Refuted
)

// String returns "undecided", "holds" or "refuted".
func (v Verdict) String() string {
	switch v {
	case Undecided:
		return "undecided"
	case Holds:
		return "holds"
	case Refuted:
		return "refuted"
	}
	return fmt.Sprintf("Verdict(%d)", int(v))
}

// Grade tells how far a certificate can be trusted. The zero value is Estimated.
type Grade int

const (
	// Estimated rests on the solver's own error estimate, accepted after the oracle's
	// randomised quasi-Monte Carlo gradient agreed with it. What is theorem in it: components whose
	// part in the softmax random points cannot see are found beforehand and taken out, what that
	// changes is bounded (package oracle/rare), and it is either sampled where they
	// are or added to the error. What is statistics: a pilot tells which parts are too thin to be seen
	// within reach, and the average of replicates, each of which sees all that it averages, lies within 5 of their standard errors (8 where one direction
	// dominates), a chance of about 10⁻⁶ per look; and the estimate of the solver's quadrature.
	Estimated Grade = iota
	// Bounded rests on float64 arithmetic with an a-priori bound of the
	// gradient's error: strip bound, tail, whitening and rounding.
	Bounded
	// Proved rests on interval arithmetic and exact rationals: package proof made
	// a certificate, and its checker accepted it.
	Proved
)

// String returns "estimated", "bounded" or "proved".
func (g Grade) String() string {
	switch g {
	case Estimated:
		return "estimated"
	case Bounded:
		return "bounded"
	case Proved:
		return "proved"
	}
	return fmt.Sprintf("Grade(%d)", int(g))
}
