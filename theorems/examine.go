package theorems

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// Examination says how claims are asked of a mixture. The zero value asks for the defaults.
type Examination struct {
	// Temperature is that of cosine scores: > 0. Nil means 1.
	Temperature *big.Rat
	// Seed determines the representations that a claim needs and the mixture's file does not give.
	Seed uint64
	// Workers is the number of claims under way at once. Zero means one.
	Workers int
	// Progress, if not nil, is called after every claim, from one goroutine.
	Progress func()
}

// Examined is what a claim comes to for one mixture.
type Examined struct {
	Claim   Claim
	Case    Case
	Outcome Outcome
	// Theorem says by which theorem the verdict is known where the check could not tell, as where the smallest eigenvalue is exactly 0; "" where the check tells.
	Theorem string
	// Outside says which hypothesis of the claim the mixture does not meet, and wraps ErrOutside; nil where the claim is about the mixture. All but Claim is then zero.
	Outside error
}

// Examine asks claims of one mixture, in their order: those that are about it are checked, and proved where they are refuted and a proof is found. What it returns does not depend on the number of workers. When ctx ends, so does it, with
// its error.
func Examine(ctx context.Context, claims []Claim, d gmm.Document, o Examination) ([]Examined, error) {
	progress := o.Progress
	if progress == nil {
		progress = func() {}
	}
	kept := new(memory)
	out := make([]Examined, len(claims))
	err := workers.Run(ctx, o.Workers, len(claims), func(n int, keep func(func()) bool) {
		found := claims[n].examined(d, o, kept)
		keep(func() { out[n] = found; progress() })
	})
	if err != nil {
		return nil, fmt.Errorf("theorems: examination ended early: %w", err)
	}
	return out, nil
}

func (c Claim) examined(d gmm.Document, o Examination, kept *memory) Examined {
	on, err := c.CaseOf(d, o.Temperature, o.Seed)
	if err != nil {
		return Examined{Claim: c, Outside: err}
	}
	on.memory = kept
	e := Examined{Claim: c, Case: on, Outcome: c.Check(on)}
	if e.Outcome.Verdict == oracle.Undecided {
		e.Outcome.Verdict, e.Theorem = c.byTheorem(d, on)
	}
	if e.Theorem == "" {
		e.Outcome = c.Proved(on, e.Outcome)
	}
	return e
}

// byTheorem is what theorems say of a claim about equality, and which one does.
func (c Claim) byTheorem(d gmm.Document, on Case) (verdict oracle.Verdict, name string) {
	if c.equal == nil {
		return oracle.Undecided, ""
	}
	for _, l := range c.equal(on) {
		switch settled, by := settledBy(d, l); settled {
		case oracle.Refuted:
			return settled, by
		case oracle.Undecided:
			return oracle.Undecided, ""
		default:
			verdict, name = settled, by
		}
	}
	return verdict, name
}

// settledBy is what a theorem says of equality for a loss, and which one does.
func settledBy(d gmm.Document, l losses.Loss) (oracle.Verdict, string) {
	if l.Theorem.Covers(d.Pairs) {
		return oracle.Holds, l.Theorem.Source
	}
	if l.Settings == losses.InfoNCE.Settings {
		for _, c := range All() {
			if c.Settles == oracle.Undecided {
				continue
			}
			if _, err := c.CaseOf(d, nil, 0); err == nil {
				return c.Settles, c.ID
			}
		}
	}
	return oracle.Undecided, ""
}

// OfMixture are the claims to be asked of a mixture: all of them, and equality for every loss that no other of them asks it of.
func OfMixture(d gmm.Document) []Claim {
	all := All()
	asked := map[losses.Settings]bool{losses.InfoNCE.Settings: true}
	for _, c := range all {
		on, err := c.CaseOf(d, nil, 0)
		if err != nil {
			continue
		}
		for _, l := range losses.All() {
			if c.ID == l.Name()+"-equality" {
				asked[l.Settings] = true
			}
		}
		if c.equal != nil {
			for _, l := range c.equal(on) {
				asked[l.Settings] = true
			}
		}
	}
	if d.Pairs.WantSingle() != nil {
		return all
	}
	for _, l := range append(append(losses.All(), distances...), affineMaps) {
		if !asked[l.Settings] && l.Admit(d.Pairs) == nil {
			asked[l.Settings] = true
			all = append(all, equalityFor(l))
		}
	}
	return all
}

// equalityFor asks whether a loss keeps every direction of one mixture, whatever δ > 0 and the mean.
func equalityFor(l losses.Loss) Claim {
	c := equality
	c.Statement, c.Source = "Col(A*) = S_F", "Theorem 0.1, second sentence (slides), asked of other losses and of any δ"
	c.Hypotheses, c.Stance, c.Recorded = "Means not all equal; δ > 0", Ours, oracle.Undecided
	c.Subject = Subject{Hypotheses: Hypotheses{Distinct: true}}
	c.Hunt = nil
	of, err := c.Of(l)
	if err != nil {
		panic("theorems: " + err.Error())
	}
	return of
}

// Reason is the hypothesis that is not met, without what is said of every one.
func (e Examined) Reason() string {
	if e.Outside == nil {
		return ""
	}
	var one interface{ Unwrap() []error }
	if errors.As(e.Outside, &one) {
		return undecided(one.Unwrap()[1]).Detail
	}
	return undecided(e.Outside).Detail
}
