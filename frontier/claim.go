package frontier

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/internal/words"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
	"contrastcheck/theorems/proofs"
)

// Equality is the claim that a grid is about that is neither Stable nor asked about another.
const Equality = "equality"

// Asked is a claim that a grid is asked about in place of equality.
type Asked struct {
	theorems.Claim
	// Temperature of claims about cosines, and the Seed of what a claim needs besides a mixture, such as a representation.
	Temperature *big.Rat
	Seed        uint64
}

// Ask returns the grid for a claim. Its margins are then what the claim measures, and points that do not meet its hypotheses are undecided. It refuses, with ErrAxis, an axis of negatives, which are
// those of a loss, and one of temperature where the claim is not about cosines.
func (g Grid) Ask(a Asked) (Grid, error) {
	g.Asked = &a
	for _, axis := range g.Axes {
		switch {
		case axis.Parameter == Negatives:
			return g, fmt.Errorf("%w: an axis of negatives goes with the claim equality, found %s", ErrAxis, a.ID)
		case axis.Parameter == Temperature && !a.OfCosines():
			return g, fmt.Errorf("%w: an axis of temperature goes with claims about cosines, found %s", ErrAxis, a.ID)
		}
	}
	return g, nil
}

// asked is the case at values of the axes.
func (g Grid) asked(values []*big.Rat) (theorems.Case, error) {
	pairs, err := g.At(values)
	if err != nil {
		return theorems.Case{}, err
	}
	temperature := g.Asked.Temperature
	for i, a := range g.Axes {
		if a.Parameter == Temperature {
			temperature = values[i]
		}
	}
	return g.Asked.CaseOf(gmm.Document{Pairs: pairs}, temperature, g.Asked.Seed)
}

// judgeAsked fills in one point of a grid that is asked about a claim.
func (g Grid) judgeAsked(p *Point) error {
	on, err := g.asked(p.At)
	if err != nil {
		return err
	}
	o := g.Asked.Check(on)
	p.Verdict, p.Margin, p.Evidence = o.Verdict, o.Value, oracle.Evidence{Grade: o.Grade, Epsilon: math.NaN(), Rule: o.Detail}
	return nil
}

// certificate proves what is true at a point, as far as there are proofs of it.
func (g Grid) certificate(p Point, limit float64) (proof.Certificate, error) {
	switch {
	case g.Asked != nil && g.Asked.Prove == nil:
		return proof.Certificate{}, fmt.Errorf("there are no proofs about the claim %s", g.Asked.ID)
	case g.Asked != nil:
		on, err := g.asked(p.At)
		if err != nil {
			return proof.Certificate{}, err
		}
		return g.Asked.Prove(on)
	case g.Temperature != nil:
		return proof.Certificate{}, fmt.Errorf("there are no proofs about the claim %s", CosineStable)
	}
	loss, pairs, err := g.question(p.At)
	if err != nil {
		return proof.Certificate{}, err
	}
	s := loss.Settings
	l, err := proof.Named(proof.Words{Loss: s.Loss, Score: s.Score, Negatives: s.Negatives, Bias: s.Bias, Map: s.Map})
	if err != nil {
		return proof.Certificate{}, fmt.Errorf("there are no proofs about the %s", loss.Title)
	}
	return proofs.ProveEquality(l, pairs, proof.Limit(limit))
}

// errContradiction says that a proof and the oracle do not agree.
var errContradiction = errors.New("a mistake in this program")

// prove proves the verdict at a point and has the checker accept the proof, which must not find another verdict than is known.
func (g Grid) prove(e *End, limit float64) error {
	certificate, err := g.certificate(e.Point, limit)
	if err != nil {
		return err
	}
	theorem, err := proofs.Check(certificate, proof.Limit(limit))
	switch {
	case err != nil:
		return err
	case theorem.OffRange != nil:
		return errors.New("no affine minimiser exists")
	case e.Verdict != oracle.Undecided && e.Verdict != theorem.Verdict:
		return fmt.Errorf("%w: %v is proved, and %v was found", errContradiction, theorem.Verdict, e.Verdict)
	}
	e.Verdict, e.Certificate, e.Bound, e.Evidence.Grade = theorem.Verdict, &certificate, theorem.Bound(), oracle.Proved
	return nil
}

// plain is an error without the names of packages, for users.
func plain(err error) string { return words.WithoutPackages(err.Error()) }
