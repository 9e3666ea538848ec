package theorems

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
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
	Claim Claim
	Case  Case
	// Outcome, where a Theorem says the verdict, has that and the theorem's name alone, not what the check measured.
	Outcome Outcome
	// Theorem says by which theorem the verdict is known where the check could not tell, as where the smallest eigenvalue is exactly 0; "" where the check tells.
	Theorem string
	// Outside says which hypothesis of the claim the mixture does not meet, and wraps ErrOutside; nil where the claim is about the mixture. All but Claim is then zero.
	Outside error
}

// Examine asks claims of one mixture, in their order: those that are about it are checked, and proved where they are refuted and a proof is found. What it returns does not depend on the number of workers. When ctx ends, so does it, at once,
// with its error and with what was examined until then.
func Examine(ctx context.Context, claims []Claim, d gmm.Document, o Examination) ([]Examined, error) {
	progress := o.Progress
	if progress == nil {
		progress = func() {}
	}
	kept := new(memory)
	out, done := make([]Examined, len(claims)), make([]bool, len(claims))
	err := workers.Run(ctx, o.Workers, len(claims), func(n int, keep func(func()) bool) {
		found := claims[n].examined(d, o, kept)
		keep(func() { out[n], done[n] = found, true; progress() })
	})
	if err != nil {
		var whole []Examined
		for n, e := range out {
			if done[n] {
				whole = append(whole, e)
			}
		}
		return whole, fmt.Errorf("theorems: examination ended early: %w", err)
	}
	return out, nil
}

func (c Claim) examined(d gmm.Document, o Examination, kept *memory) Examined {
	on, err := c.remembered(d, o.Temperature, o.Seed, kept)
	if err != nil {
		return Examined{Claim: c, Outside: err}
	}
	e := Examined{Claim: c, Case: on, Outcome: c.Check(on)}
	if e.Outcome.Verdict == oracle.Undecided {
		if verdict, name := c.byTheorem(d, on); name != "" { // nothing that the check found is evidence of it
			e.Outcome, e.Theorem = Outcome{Verdict: verdict, Detail: "by theorem, " + name}, name
		}
	}
	if e.Theorem == "" {
		e.Outcome = c.Proved(on, e.Outcome)
	}
	return e
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
