package cli

import (
	"cmp"
	"fmt"
	"math/big"
	"runtime"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

type checkCommand struct {
	input    `embed:""`
	chosen   `embed:""`
	Claims   []string `arg:"" optional:"" name:"claim" help:"Ids of claims; all of them if none is given."`
	AsStated bool     `help:"Judge every claim as its authors state it: exit with 1 if one is false of this mixture."`
}

// Help is shown by contrastcheck check --help.
func (checkCommand) Help() string {
	return `Asks every claim of a mixture, or of a table of labelled samples: which are true of it, which are false, how well that is known, and by which numbers. A
claim that is about other mixtures is named with the hypothesis that this one does not meet. Equality is asked of every loss.

  proved      by interval arithmetic and exact rationals
  bounded     in float64, every error bounded beforehand
  estimated   beyond that, as where a definition is sampled
  by theorem  the check could not tell, and a theorem does, which is named

Where a claim is about every representation, one is drawn by --seed, unless the file has one; of claims about a kind of loss the standard parameters are checked. --loss and its like choose
one loss, and the claims that there are about it; --score cosine those about embeddings of length 1, and --map network those about encoders with a hidden layer. --temperature is that of
cosines.

With --format json a list, refuted claims first: docs/check-schema.md describes it.

Exit codes: 0 done, whatever the verdicts; 1, with --as-stated, a claim that the authors assert or leave open, or that is
known to be true, is false of this mixture; 2 bad input; 3 interrupted, with what was checked until then.

Examples:
  contrastcheck check testdata/two-points.json
  contrastcheck check testdata/two-points.json equality containment --as-stated
  contrastcheck check testdata/rare-outlier.json --loss triplet
  contrastcheck check --data testdata/iris.csv --label species --centre`
}

// Run executes the command.
func (c *checkCommand) Run(s *session) error {
	if c.Data != "" && c.File != "" { // with a table, whatever stands there is the id of a claim
		c.Claims, c.File = append([]string{c.File}, c.Claims...), ""
	}
	asked, temperature, err := c.asked()
	if err != nil {
		return err
	}
	d, err := c.document(s)
	if err != nil {
		return err
	}
	claims, err := asked(d)
	if err != nil {
		return err
	}
	bar := s.progress(len(claims), "checking claims")
	found, ended := theorems.Examine(s.context(), claims, d,
		theorems.Examination{Temperature: temperature, Seed: s.Seed, Workers: runtime.GOMAXPROCS(0), Progress: func() { _ = bar.Add(1) }})
	_ = bar.Finish()
	out := newChecked(d, found, c.AsStated)
	if err := s.print(out); err != nil {
		return err
	}
	switch {
	case ended != nil:
		return errPartly
	case c.AsStated && out.contradicted() > 0:
		return errNotAsExpected
	}
	return nil
}

// asked is what chooses the claims for a mixture, and the temperature of those about cosines.
func (c *checkCommand) asked() (func(gmm.Document) ([]theorems.Claim, error), *big.Rat, error) {
	fixed := func(claims []theorems.Claim) func(gmm.Document) ([]theorems.Claim, error) {
		return func(gmm.Document) ([]theorems.Claim, error) { return theorems.Among(claims, c.Claims...) }
	}
	cosines := c.settings()
	if !strings.EqualFold(c.Score, losses.CosineScore) { // whose temperature is asked for, whatever the loss
		cosines = losses.Settings{Temperature: c.Temperature}
	}
	l, err := losses.ChooseCosine(cosines)
	if err != nil {
		return nil, nil, err
	}
	temperature, err := gmm.ParseNumber(l.Settings.Temperature)
	if err != nil {
		return nil, nil, inFlag("--temperature", err)
	}
	rest := c.chosen
	rest.Temperature = ""
	switch {
	case strings.EqualFold(c.Score, losses.CosineScore):
		if standard, err := losses.ChooseCosine(losses.Settings{Loss: l.Settings.Loss, Temperature: c.Temperature}); err != nil || standard.Settings != l.Settings {
			return nil, nil, fmt.Errorf("--negatives, --bias: expected none with --score cosine, as claims are about the standard ones, found %s", c.Negatives+c.Bias)
		}
		return fixed(theorems.AboutCosines(l.Settings.Loss)), temperature, nil
	case strings.EqualFold(c.Map, networks):
		if rest.Map = losses.Linear; !rest.standard() {
			return nil, nil, fmt.Errorf("--map: expected %s without another flag of the loss, as each of these claims has its own", networks)
		}
		return fixed(theorems.AboutNetworks()), temperature, nil
	}
	loss, err := rest.loss()
	if err != nil {
		return nil, nil, err
	}
	return func(d gmm.Document) ([]theorems.Claim, error) { return theorems.Asked(d, loss, c.Claims...) }, temperature, nil
}

// checked is the output of check: a list in JSON.
type checked struct {
	name     string
	asStated bool
	claims   []checkedClaim
}

// checkedClaim is what a claim comes to, with the keys of its JSON form.
type checkedClaim struct {
	Claim     string  `json:"claim"`
	Verdict   string  `json:"verdict"`
	Grade     string  `json:"grade"`
	Measure   string  `json:"measure"`
	Value     *number `json:"value"`
	Detail    string  `json:"detail"`
	Theorem   string  `json:"theorem,omitempty"`
	Statement string  `json:"statement"`
	Source    string  `json:"source"`
	Stance    string  `json:"stance"`
	AsStated  *bool   `json:"as_stated,omitempty"` // with --as-stated, of claims about the mixture

	found theorems.Examined
}

// Words of verdicts and grades that package oracle does not have.
const notApplicable, byTheorem = "not applicable", "by theorem"

func newChecked(d gmm.Document, found []theorems.Examined, asStated bool) checked {
	out := checked{name: cmp.Or(printable(d.Pairs.Name()), "mixture"), asStated: asStated, claims: []checkedClaim{}}
	for _, e := range found {
		c := newCheckedClaim(e)
		if stated := !c.contradicts(); asStated && e.Outside == nil {
			c.AsStated = &stated
		}
		out.claims = append(out.claims, c)
	}
	order := []string{oracle.Refuted.String(), oracle.Holds.String(), oracle.Undecided.String(), notApplicable}
	slices.SortStableFunc(out.claims, func(a, b checkedClaim) int {
		return cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict))
	})
	return out
}

func newCheckedClaim(e theorems.Examined) checkedClaim {
	c := checkedClaim{Claim: e.Claim.ID, Measure: e.Claim.Measure, Statement: e.Claim.Statement, Source: e.Claim.Source, Stance: e.Claim.Stance.String(), found: e}
	o := e.Outcome
	if e.Outside != nil {
		c.Verdict, c.Detail = notApplicable, e.Reason()
		return c
	}
	c.Verdict, c.Detail, c.Theorem = o.Verdict.String(), o.Detail, e.Theorem
	switch {
	case e.Theorem != "":
		c.Grade = byTheorem
	case o.Verdict != oracle.Undecided:
		c.Grade = o.Grade.String()
	}
	if value := number(o.Value); e.Theorem == "" && value.Finite() && (o.Verdict != oracle.Undecided || o.Value != 0) {
		c.Value = &value
	}
	return c
}

// contradicts tells that the claim is false of this mixture though its authors assert it or leave it open, or though it is known to be a theorem.
func (c checkedClaim) contradicts() bool {
	of := c.found.Claim
	return c.found.Outside == nil && c.found.Outcome.Verdict == oracle.Refuted &&
		(of.Stance == theorems.Asserted || of.Stance == theorems.Open || of.Recorded == oracle.Holds)
}

func (c checked) contradicted() (n int) {
	for _, claim := range c.claims {
		if claim.contradicts() {
			n++
		}
	}
	return n
}

// value is a number with its measure, for a table.
func (c checkedClaim) value() string {
	if c.Value == nil {
		return ""
	}
	return fmt.Sprintf("%s %.3g", c.Measure, float64(*c.Value))
}

// count is the number of claims of a verdict.
func (c checked) count(verdict string) (n int) {
	for _, claim := range c.claims {
		if claim.Verdict == verdict {
			n++
		}
	}
	return n
}
