package cli

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// limited is the flag of a command that has limits on its work.
type limited struct {
	Limit multiple `default:"1" placeholder:"N" help:"Allow N times the time and memory that is allowed otherwise: about a minute on two cores and 4 GB."`
}

// multiple is a factor of limits.
type multiple float64

// mostMultiple is where a limit is none any more.
const mostMultiple = 1e6

// Validate is called by the parser.
func (m multiple) Validate() error {
	if x := float64(m); !(x > 0 && x <= mostMultiple) || math.IsNaN(x) {
		return fmt.Errorf("expected a positive number of at most %.0g, found %v", float64(mostMultiple), x)
	}
	return nil
}

// inFile returns an error with the name of the file that it arose in, unless it has one or a signal was the cause.
func inFile(source string, err error) error {
	var input *gmm.InputError
	switch {
	case errors.Is(err, errInterrupted):
		return err
	case !errors.As(err, &input):
		return fmt.Errorf("%s: %w", source, err)
	}
	return gmm.InSource(source, err)
}

// inFlag returns an error of a flag's value with the name of the flag.
func inFlag(flag string, err error) error {
	if refusal := (*gmm.InputError)(nil); errors.As(err, &refusal) {
		refusal.Key = flag
	}
	return err
}

// blindly refuses a solve in all dimensions that would take more than the limit.
func (l limited) blindly(dimension int) error {
	return l.reading().Allows("", fmt.Sprintf("a solve in all %d dimensions", dimension), solver.BlindCost(dimension))
}

// apart refuses a solve of covariances of components' own, in their envelope or blindly in all dimensions, that would take more than the limit.
func (l limited) apart(loss losses.Loss, p gmm.Pairs, blind bool) error {
	components, dimension := p.Components(), p.Left.Dimension()
	if e := loss.EnvelopeOf(p.Left); !blind && e.Known() {
		dimension = e.Dimension()
	}
	return l.reading().Allows("", fmt.Sprintf("a solve of %d covariances in all %d dimensions", components, dimension), solver.OwnCost(components, dimension))
}

// solving waits for a solve, with a sign of life on a terminal, until a signal ends it.
func solving[T any](s *session, solve func() (T, error)) (T, error) {
	return await(s, "solving", solve)
}

// fitting waits for a mixture to be fitted to a table, likewise.
func fitting[T any](s *session, fit func() (T, error)) (T, error) {
	return await(s, "fitting", fit)
}

// reading is the limit on reading a mixture or a table.
func (l limited) reading() gmm.Limit { return gmm.Limit(l.Limit) }

// proving is the limit on finding or checking a proof.
func (l limited) proving() proof.Limit { return proof.Limit(l.Limit) }
