package cli

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// constrained are the flags that say what a counterexample must look like.
type constrained struct {
	Weights   string  `placeholder:"equal|1:3:5" help:"These weights only, in any order: all equal, or in given proportions."`
	Lightest  *string `placeholder:"W" help:"Smallest weight allowed, as a share: 1/20 or 0.05."`
	Near      string  `placeholder:"FILE" help:"Near this mixture only: every number within --radius times its scale. Of a weight and δ that is itself, of a mean the larger of itself and the standard deviation, of a covariance the product of two of these."`
	Radius    *string `placeholder:"R" help:"With --near: between 0 and 1. Default: 1/10."`
	Spherical bool    `help:"Covariances that are multiples of the identity only."`
	Centred   bool    `aliases:"centered" help:"Mixtures of mean 0 only."`
	Integers  *int    `placeholder:"N" help:"Means whose numerators and denominators are at most N only."`
}

// constrain reads the flags.
func (c constrained) constrain(s *session, l *search.Limits) (err error) {
	if c.Weights != "" {
		if l.Weights, err = search.ParseWeights(c.Weights); err != nil {
			return fmt.Errorf("--weights: %w", err)
		}
	}
	if l.Lightest, err = positiveNumber("--lightest", c.Lightest); err != nil {
		return err
	}
	if c.Integers != nil {
		if l.Integers = *c.Integers; l.Integers < 1 {
			return fmt.Errorf("--integers: expected a positive number, found %d", l.Integers)
		}
	}
	l.Spherical, l.Centred = c.Spherical, c.Centred
	l.Near, err = c.near(s)
	return err
}

// claim is the one that is asked about, of the loss that is asked for.
func (c *searchCommand) claim() (claim theorems.Claim, loss losses.Loss, err error) {
	if loss, err = c.loss(); err != nil {
		return claim, loss, err
	}
	switch {
	case c.Refute == "" && c.Claim == "":
		return claim, loss, errors.New("expected a claim, or --refute PREDICATE, or --list DIR/; found none of them")
	case c.Refute == "":
		if claim, err = theorems.FindHunted(c.Claim); err != nil {
			return claim, loss, err
		}
		if claim, err = claim.Of(loss); err != nil {
			return claim, loss, fmt.Errorf("--loss: %w", err)
		}
		return claim, loss, nil
	case c.Claim != "":
		return claim, loss, fmt.Errorf("--refute: expected no claim beside it, found %s", c.Claim)
	case !c.standard():
		return claim, loss, errors.New("--refute: expected no --loss and its like beside it, as the predicate names its own, such as margin(infonce-16)")
	}
	p, err := predicate.Parse(c.Refute)
	if err != nil {
		return claim, loss, fmt.Errorf("--refute: %w", err)
	}
	return search.Conjecture(p), loss, nil
}

// predicates reads --where and --refute into limits.
func (c *searchCommand) predicates(l *search.Limits) (err error) {
	if c.Where != "" {
		if l.Where, err = predicate.Parse(c.Where); err != nil {
			return fmt.Errorf("--where: %w", err)
		}
	}
	if c.Refute != "" {
		l.Conjecture, err = predicate.Parse(c.Refute)
	}
	return err
}

// near reads --near and --radius.
func (c constrained) near(s *session) (*search.Near, error) {
	if c.Near == "" {
		if c.Radius != nil {
			return nil, fmt.Errorf("--radius: expected none without --near, found %s", *c.Radius)
		}
		return nil, nil
	}
	i := input{File: c.Near, limited: limited{Limit: 1}}
	d, err := i.read(s)
	if err != nil {
		return nil, err
	}
	radius, err := positiveNumber("--radius", c.Radius)
	if err != nil {
		return nil, err
	}
	const standard = 10
	if radius == nil {
		radius = big.NewRat(1, standard)
	}
	n, err := search.NewNear(d.Pairs, radius)
	if err != nil {
		return nil, fmt.Errorf("--near %s: %w", c.Near, err)
	}
	return n, nil
}

// positiveNumber reads a flag's number > 0; nil for nothing.
func positiveNumber(flag string, text *string) (*big.Rat, error) {
	if text == nil {
		return nil, nil
	}
	x, err := gmm.ParseNumber(*text)
	if err != nil || x.Sign() <= 0 {
		return nil, fmt.Errorf("%s: expected a positive number, found %s", flag, *text)
	}
	return x, nil
}
