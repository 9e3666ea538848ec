package proof

import (
	"errors"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"
)

// refutation is what refutes containment of a mixture on a line by two values of the loss, the bounds B.
type refutation[B any] interface {
	Affordable(l line.Mixture, limit float64) error
	Check(l line.Mixture) (B, error)
}

// inDecimals has the decimals of an upper bound of the loss at what reads noise, and of a lower bound of all that sees S_F alone.
type inDecimals interface {
	Written() (outside, inside string)
}

// checkTwoValues proves a certificate's bounds anew and refuses one that states others than are stated. What the theorem has of its kind is left to the caller.
func checkTwoValues[B inDecimals](l Limit, c Certificate, r refutation[B], statedOutside, statedInside string) (bounds B, t Theorem, err error) {
	on, err := l.line(c.Pairs)
	if err != nil {
		if errors.Is(err, line.ErrShape) {
			err = fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return bounds, Theorem{}, err
	}
	if c.Verdict != oracle.Refuted {
		return bounds, Theorem{}, refused("the verdict %v", "%v", oracle.Refuted, c.Verdict)
	}
	if err := r.Affordable(on, float64(l)); err != nil {
		return bounds, Theorem{}, fmt.Errorf("%w: %w", ErrNotProved, err)
	}
	if bounds, err = r.Check(on); err != nil {
		return bounds, Theorem{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if outside, inside := bounds.Written(); outside != statedOutside || inside != statedInside {
		return bounds, Theorem{}, refused("the bounds %s and %s, which are what is proved", "%s and %s", outside, inside, statedOutside, statedInside)
	}
	return bounds, Theorem{Verdict: oracle.Refuted, Dimension: 1, Hypotheses: c.Hypotheses(), Statement: c.statement(), By: ByComparison, Containment: true}, nil
}

// unfound is the error of a search for two values that has ended with err: ErrNotProved where that is undecided, or of a cost.
func unfound(err, undecided error) error {
	if errors.Is(err, undecided) || errors.Is(err, gmm.ErrCost) {
		return fmt.Errorf("%w: %w", ErrNotProved, err)
	}
	return err
}

// line returns the mixture of pairs on a line, within the limit.
func (l Limit) line(p gmm.Pairs) (line.Mixture, error) {
	if p.Modalities() == 1 && p.Shared() {
		if err := l.affordable(p.Left.Exact()); err != nil {
			return line.Mixture{}, err
		}
	}
	return line.Of(p)
}
