package answer

import (
	"context"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// Decided is what a solution is made of.
type Decided struct {
	losses.Decision
	Loss losses.Loss
	// Effects are what is kept, one for each modality.
	Effects []oracle.Effect
	// Seconds is the time that the decision and its effects took.
	Seconds float64

	raw, seen gmm.Pairs
	linear    *losses.Decision // of affine maps, what linear ones do
}

// Decide solves and judges a loss of pairs that it admits: raw as they were given, seen as the loss sees them.
func Decide(ctx context.Context, loss losses.Loss, raw, seen gmm.Pairs, o losses.Options) (Decided, error) {
	start := time.Now()
	found, err := losses.Decide(ctx, loss, seen, o)
	if err != nil {
		return Decided{}, err
	}
	d := Decided{Decision: found, Loss: loss, Effects: found.Effects(loss, o), raw: raw, seen: seen}
	d.Seconds = time.Since(start).Seconds()
	if loss.Affine() {
		d.linear, err = linear(ctx, raw, o)
	}
	return d, err
}

// Solution writes what was decided, with representations of so many columns.
func (d Decided) Solution(rank int, made Made) Solution {
	s := newSolution(d.Loss, d.seen, rank, d.Decision)
	s.Made, s.Seconds, s.Decision, s.Effects = made, d.Seconds, d.Decision, d.Effects
	if d.Loss.Affine() {
		s.withBias(d.raw.Left, d.Candidate, d.Findings)
		s.Affine.Linear = d.linear
	}
	if !s.Minimiser.None {
		s.withEffects(d.Effects, made.Classes)
	}
	return s
}
