package theorems

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// ErrFixed says that a claim is about one loss, or about no loss.
var ErrFixed = errors.New("theorems: the claim is not one that can be asked of another loss")

// equalities are the claims on equality for InfoNCE that can be asked of other losses.
var equalities = []string{"equality", "equality-centred", "equality-biased"}

// Of returns the same claim about another loss, whose label its id ends with: of those about equality for InfoNCE. It refuses other claims, and losses that the claim's cases are no law of, with ErrFixed.
func (c Claim) Of(l losses.Loss) (Claim, error) {
	if l.Settings == losses.InfoNCE.Settings {
		return c, nil
	}
	if !slices.Contains(equalities, c.ID) {
		return c, fmt.Errorf("%w: expected equality, equality-centred or equality-biased with the %s, found %s", ErrFixed, l.Title, c.ID)
	}
	if l.Admit(c.Draw.Example(0).Pairs) != nil {
		return c, fmt.Errorf("%w: expected a loss of one modality, found the %s", ErrFixed, l.Title)
	}
	c.ID, c.Statement = c.ID+"-of-"+strings.ReplaceAll(l.Label(), "/", "-"), "Of the "+l.Title+": "+c.Statement
	return c.aboutEquality(func(Case) []losses.Loss { return []losses.Loss{l} }), nil
}

// aboutEquality makes a claim on equality for InfoNCE one for other losses, that a case may choose: refuted where any of them loses a direction.
func (c Claim) aboutEquality(of func(Case) []losses.Loss) Claim {
	c.Check = func(on Case) Outcome { return allEqual(of(on), on) }
	c.Prove, c.equal = nil, of
	if c.Hunt != nil {
		h := *c.Hunt
		if h.Ascent == ByLifting {
			h.Ascent = ByScore
		}
		h.Score = func(on Case) float64 {
			score := math.Inf(-1)
			for _, l := range of(on) {
				score = max(score, losing(l, on.Pairs))
			}
			return score
		}
		c.Hunt = &h
	}
	return c
}

// allEqual judges equality for losses, until one refutes it: it holds where it does for all, with the weakest of their grades.
func allEqual(of []losses.Loss, c Case) Outcome {
	var worst Outcome
	weakest := oracle.Proved
	for i, l := range of {
		o := judgeEquality(l, c)
		o.Detail = l.Title + ": " + o.Detail
		if o.Verdict == oracle.Refuted {
			return o
		}
		weakest = min(weakest, o.Grade)
		if i == 0 || o.Verdict == oracle.Undecided || worst.Verdict == oracle.Holds && o.Value < worst.Value {
			worst = o
		}
	}
	worst.Grade = weakest
	return worst
}

// chosen returns the loss of settings that are known to be good.
func chosen(s losses.Settings) losses.Loss {
	l, err := losses.Choose(s)
	if err != nil {
		panic("theorems: " + err.Error())
	}
	return l
}

// withNegatives returns a loss with each of some numbers of negatives.
func withNegatives(s losses.Settings, numbers ...string) []losses.Loss {
	var out []losses.Loss
	for _, n := range numbers {
		s.Negatives = n
		out = append(out, chosen(s))
	}
	return out
}

// always chooses the same losses for all cases.
func always(ls []losses.Loss) func(Case) []losses.Loss {
	return func(Case) []losses.Loss { return ls }
}

// alternately chooses one of the losses for drawn cases, by their seed, as they are many; and all of them where the claim is asked of one mixture.
func alternately(ls []losses.Loss) func(Case) []losses.Loss {
	return func(c Case) []losses.Loss {
		if c.asked {
			return ls
		}
		return ls[c.Seed%uint64(len(ls)):][:1]
	}
}
