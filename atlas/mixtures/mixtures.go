// Package mixtures tells what each loss keeps of one mixture.
package mixtures

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// Kept is what one loss keeps of a mixture.
type Kept struct {
	Loss losses.Loss
	// Directions counts those of the subspace of the loss; of two modalities those of the larger Fisher subspace.
	oracle.Directions
	// Margin is the smallest eigenvalue, known to ±Epsilon; NaN where nothing was computed.
	Margin, Epsilon float64
	// Bias is the fixed or the best one; NaN where the loss has none, or M* is 0.
	Bias float64
	// Equality and its Grade are the verdict on keeping all.
	Equality oracle.Verdict
	Grade    oracle.Grade
	// Reason says why nothing could be told; "" elsewhere.
	Reason string
	// Own is what is told of components with own covariances, which the loss sees one by one; nil elsewhere.
	Own *Contained
}

// Contained says where Col(A*) lies where components have their own covariances.
type Contained struct {
	// Containment is the verdict on Col(A*) in the subspace of the loss; Departure, where it is refuted, by how much a condition of optimality is violated inside, beyond its error: < 0.
	// It is NaN elsewhere.
	Containment oracle.Verdict
	Departure   float64
	// Envelope is the dimension of the subspace that holds Col(A*) by theorem: the envelope, of distances the central subspace. 0 where it is not known.
	Envelope int
}

// Of judges every loss that pairs admit, in the order of the losses, with the standard parameters of each. When ctx ends, so does it, with its error.
func Of(ctx context.Context, p gmm.Pairs, o losses.Options, cores int, all []losses.Loss) ([]Kept, error) {
	var of []losses.Loss
	for _, l := range all {
		if l.Admit(p) == nil {
			of = append(of, l)
		}
	}
	kept := make([]Kept, len(of))
	err := workers.Run(ctx, cores, len(of), func(job int, keep func(func()) bool) {
		k := keptBy(of[job], p, o)
		keep(func() { kept[job] = k })
	})
	if err != nil {
		return nil, fmt.Errorf("atlas: ended early: %w", err)
	}
	return kept, nil
}

func keptBy(l losses.Loss, p gmm.Pairs, o losses.Options) Kept {
	k := Kept{Loss: l, Margin: math.NaN(), Epsilon: math.Inf(1), Bias: math.NaN()}
	d, err := losses.Decide(context.Background(), l, p, o)
	if err != nil {
		k.Reason = err.Error()
		k.Undecided = dimension(l, p)
		return k
	}
	f := d.Findings
	if l.Settings.Bias != "" {
		k.Bias = d.Candidate.Constrained.Bias
	}
	k.Equality, k.Grade, k.Margin, k.Epsilon = f.Equality(), f.Evidence.Grade, f.Margin(), f.Evidence.Epsilon
	switch {
	case f.Evidence.Own() && f.Containment() == oracle.Refuted:
		k.Margin, k.Epsilon, k.Reason = math.NaN(), math.Inf(1), f.ContainmentReason(0)
	case f.Evidence.Own():
		k.Margin, k.Epsilon = math.NaN(), math.Inf(1)
		k.Reason = "equality is not judged where components have covariances of their own"
	case !f.Evidence.Known():
		k.Reason = f.Evidence.Reason()
	}
	k.Directions = f.Directions()
	k.Own = contained(l, d)
	return k
}

// contained is what a decision tells of own covariances.
func contained(l losses.Loss, d losses.Decision) *Contained {
	if !l.Oracle.Own(d.Given) {
		return nil
	}
	f := d.Findings
	c := &Contained{Containment: f.Containment(), Departure: math.NaN()}
	if f.Evidence.Own() && c.Containment == oracle.Refuted {
		c.Departure = f.Margin()
	}
	if e := l.EnvelopeOf(d.Given.Left); e.Known() {
		c.Envelope = e.Dimension()
	}
	return c
}

// dimension is that of the largest subspace of the loss.
func dimension(l losses.Loss, p gmm.Pairs) int {
	if seen, err := l.Sees(p); err == nil {
		p = seen
	}
	return max(p.Left.FisherDimension(), p.Right.FisherDimension())
}

// Usual are the losses with the parameters that people ask of: every kind, with few negatives and with many.
func Usual() []losses.Loss {
	var out []losses.Loss
	for _, l := range losses.All() {
		out = append(out, l)
		for _, n := range map[string][]int64{"negatives": {256}, "sigmoid": {64}}[l.Name()] {
			if other, err := l.WithNegatives(big.NewRat(n, 1)); err == nil {
				out = append(out, other)
			}
		}
	}
	return out
}

// Advice says in a sentence or two which losses lose something of pairs, and which ones lose nothing.
func Advice(p gmm.Pairs, kept []Kept) string {
	var whole, part, open, always, beside []string
	for _, k := range kept {
		name := k.Loss.Title
		switch {
		case k.Lost > 0:
			part = append(part, fmt.Sprintf("%s (%d of %d)", name, k.Lost, k.Kept+k.Lost+k.Undecided))
		case k.Equality == oracle.Holds:
			whole = append(whole, name)
		case k.Own != nil && k.Own.Containment == oracle.Refuted:
			beside = append(beside, name)
		default:
			open = append(open, name)
		}
		if k.Loss.Theorem.Covers(p) {
			always = append(always, name)
		}
	}
	var says []string
	add := func(format string, names []string) {
		if len(names) > 0 {
			says = append(says, fmt.Sprintf(format, strings.Join(names, ", ")))
		}
	}
	add("Directions are lost by the %s.", part)
	if len(whole) == len(kept) && len(whole) > 1 {
		says = append(says, "Every loss keeps all directions.")
	} else {
		add("All are kept by the %s.", whole)
		add("Not decided: %s.", open)
	}
	add("Other directions are seen by the %s, as covariances differ.", beside)
	add("By theorem, whatever the mixture, at this δ: %s.", always)
	if best := recommended(p, kept); best != "" && len(kept) > 1 {
		says = append(says, "Recommended: the "+best+".")
	}
	if len(says) == 0 {
		return "No loss is judged for this law."
	}
	return strings.Join(says, "\n")
}

// recommended says which loss to train with, and why: of those that keep all directions of pairs one that does so by theorem, whatever the mixture, of distances first: there
// only the score of the usual code changes. "" where none keeps all.
func recommended(p gmm.Pairs, kept []Kept) string {
	best, reason := "", ""
	for _, k := range kept {
		if k.Equality != oracle.Holds {
			continue
		}
		proved := k.Loss.Theorem.Covers(p)
		switch {
		case proved && k.Loss.Differences():
			return k.Loss.Title + ", whose score is −½‖Aᵀx − Aᵀy‖² in the place of xᵀAAᵀy: it keeps all, of every such mixture"
		case proved && reason != "proved":
			best, reason = k.Loss.Title+": it keeps all, of every such mixture", "proved"
		case best == "":
			best = k.Loss.Title + ", which keeps all directions of this mixture"
		}
	}
	return best
}
