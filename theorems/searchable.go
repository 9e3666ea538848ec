package theorems

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/oracle"
)

// ErrUnsearchable says that no search is known for a claim; the errors that wrap it say why.
var ErrUnsearchable = errors.New("theorems: the claim cannot be searched")

// Searchable returns an error that says why the claim has no Hunt; nil where it has one.
func (c Claim) Searchable() error {
	if c.Hunt != nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %s", ErrUnsearchable, c.ID, c.Unsearchable)
}

// Reasons why claims cannot be searched.
const (
	bySampling  = "its check samples, and what a sample misses by is chance, which no search ascends"
	byRounding  = "what it compares differs by errors of computing alone, which no search ascends"
	byIdentity  = "it is an identity between exact numbers, which holds or does not, by no degrees"
	byCounting  = "what it measures is a count, which no search ascends by degrees"
	byCancelled = "it is about couplings that cancel exactly, which no small step keeps"
	byWitness   = "its check looks for a proof of it, and never for one against it"
)

// searched gives a claim that has neither a Hunt nor a reason why not the one that its own check scores, and has the check complete what a search builds. A score is the outcome's value, positive where it refutes.
func (c Claim) searched() Claim {
	check := c.Check
	c.Check = func(on Case) Outcome { return check(c.Subject.completed(on)) }
	if c.Hunt == nil && c.Unsearchable == "" {
		c.Hunt = &Hunt{Score: c.score, Hypotheses: c.Subject.Hypotheses}
	}
	return c
}

// score is how far the check is from refuting a case: above 0 by what a refutation measures, below by what is lacking, and NaN where the case is none of the claim's or the check can't tell.
func (c Claim) score(on Case) float64 {
	if c.Subject.check(on) != nil {
		return math.NaN()
	}
	o := c.Check(on)
	size := math.Abs(o.Value)
	switch {
	case o.Verdict == oracle.Refuted:
		return max(size, math.SmallestNonzeroFloat64)
	case o.Verdict == oracle.Undecided && (o.Value == 0 || math.IsInf(size, 0)):
		return math.NaN()
	case c.Measure == "gap":
		return min(o.Value, -math.SmallestNonzeroFloat64)
	case !c.smallIsBad(): // a defect, an angle: the larger the nearer
		return -1 / (1 + size)
	case o.Value < 0: // beyond 0, but not beyond the error
		return -math.SmallestNonzeroFloat64
	}
	return -size
}

// smallIsBad tells whether the smallest values of the measure are the least favourable to the claim.
func (c Claim) smallIsBad() bool { return c.Measure == "margin" || c.Measure == "slack" }
