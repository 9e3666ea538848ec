package cli

import (
	"errors"
	"fmt"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"github.com/jedib0t/go-pretty/v6/table"
)

// againstShared is what it changes that each class of a table has its own covariance, beside the answer of one for all: the block of that name.
type againstShared struct {
	ToFisher    angle        `json:"angle_to_fisher"`
	ToShared    angle        `json:"angle_to_shared"`
	Leak        number       `json:"leak"`
	Rank        besideShared `json:"rank"`
	Kept        besideShared `json:"discriminant_kept"`
	Rows        int          `json:"rows"`
	NearestMean ruleErrors   `json:"nearest_mean_error"`
	Quadratic   ruleErrors   `json:"quadratic_error"`
	Trust       string       `json:"trust"`
	Sentence    string       `json:"sentence"`

	found comparison.CovarianceEffect
}

// angle is one in degrees, known to ±Error.
type angle struct {
	Degrees number `json:"degrees"`
	Error   number `json:"error"`
}

type besideShared struct {
	Own    number `json:"own"`
	Shared number `json:"shared"`
}

// ruleErrors are shares of rows, by leave-one-out.
type ruleErrors struct {
	Own    estimate `json:"own"`
	Shared estimate `json:"shared"`
	P      number   `json:"p"`
}

func newAgainstShared(e comparison.CovarianceEffect) *againstShared {
	of := func(a comparison.Angle) angle { return angle{number(a.Degrees), number(a.Error)} }
	mean := func(x comparison.Estimate) estimate { return estimate{number(x.Mean), number(x.StandardError)} }
	rule := func(x comparison.Errors) ruleErrors { return ruleErrors{mean(x.Own), mean(x.Shared), number(x.P)} }
	return &againstShared{ToFisher: of(e.ToFisher), ToShared: of(e.ToShared), Leak: number(e.Leak),
		Rank: besideShared{number(e.Own.Rank), number(e.Shared.Rank)}, Kept: besideShared{number(e.Own.DiscriminantKept), number(e.Shared.DiscriminantKept)},
		Rows: e.Rows, NearestMean: rule(e.NearestMean), Quadratic: rule(e.Quadratic), Trust: string(e.Trust()), Sentence: e.Sentence(), found: e}
}

// against decides for the shared covariance, too, and compares; nil where the loss sees no more than that, or the pairs are of no table with own covariances.
func (c *solveCommand) against(s *session, loss losses.Loss, p gmm.Pairs, own losses.Decision, effects []oracle.Effect, o losses.Options) (*againstShared, error) {
	if c.ownRows == nil || !loss.Oracle.Own(p) || p.Modalities() == 2 {
		return nil, nil
	}
	return solving(s, func() (*againstShared, error) {
		e, err := comparison.Covariances(s.context(), loss, own, effects[0], o, c.ownRows, c.preparation.classLambdas())
		if err != nil {
			return nil, err
		}
		return newAgainstShared(e), nil
	})
}

// classLambdas are the λ of the classes; nil where nothing is shrunk.
func (p *preparation) classLambdas() (lambdas []float64) {
	if p == nil || !p.shrunk {
		return nil
	}
	for _, x := range p.Lambdas {
		lambdas = append(lambdas, float64(x))
	}
	return lambdas
}

// advised adds what to do about a table whose means span more directions than own covariances are solved in.
func (i *input) advised(err error) error {
	if i.ownRows == nil {
		return err
	}
	return advised(err)
}

func advised(err error) error {
	if !errors.Is(err, solver.ErrDimension) {
		return err
	}
	return fmt.Errorf("%w; a table of fewer classes has fewer, a centred one (--centre) one less than its classes, and --covariance shared has no such bound", err)
}

// rows adds it to a table of details.
func (a *againstShared) rows(t table.Writer) {
	if a == nil {
		return
	}
	e := a.found
	t.AppendRow(table.Row{"Own or shared", fmt.Sprintf("A* leaves %s by %v and lies %v from the shared-covariance answer, in the metric of Σ̄", e.Space(), e.ToFisher, e.ToShared)})
	t.AppendRow(table.Row{"", fmt.Sprintf("own: %s, %s of the discriminant; shared: %s, %s", count(e.Own.Rank, "direction"), share(a.Kept.Own), count(e.Shared.Rank, "direction"), share(a.Kept.Shared))})
	t.AppendRow(table.Row{"Errors", fmt.Sprintf("of %s, leaving each out once; nearest mean %v, shared %v", count(e.Rows, "row"), a.NearestMean.Own.share(), a.NearestMean.Shared.share())})
	t.AppendRow(table.Row{"", fmt.Sprintf("quadratic rule %v, shared %v", a.Quadratic.Own.share(), a.Quadratic.Shared.share())})
}

// share shows a part of 1 in percent.
func share(x number) string {
	if !x.Finite() {
		return "?"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(x))
}

// share shows an estimate in percent.
func (e estimate) share() string {
	if !e.Mean.Finite() {
		return "?"
	}
	return fmt.Sprintf("%.1f ± %.1f %%", 100*float64(e.Mean), 100*float64(e.StandardError))
}
