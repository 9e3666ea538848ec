package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"

	"contrastcheck/losses"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// Question is whose counterexamples are hunted.
type Question struct {
	// Claim is the id of a searchable claim; "" for the Conjecture of the limits.
	Claim string
	// Loss is the one that a claim about equality is asked of. The zero value is InfoNCE.
	Loss losses.Settings
}

// claim is the one of the question.
func (q Question) claim(l search.Limits) (theorems.Claim, error) {
	if q.Claim == "" {
		if !l.Conjecture.Given() {
			return theorems.Claim{}, errors.New("expected a claim or a conjecture, found neither")
		}
		return search.Conjecture(l.Conjecture), nil
	}
	claim, err := theorems.FindHunted(q.Claim)
	if err != nil {
		return claim, err
	}
	loss, err := losses.Choose(q.Loss)
	if err != nil {
		return claim, err
	}
	return claim.Of(loss)
}

// NewSearch is the request of a hunt, with the options that change the result: whose Evaluations are bounded.
func NewSearch(q Question, o search.Options) Request {
	return newRequest(KindSearch, huntOf(q, o))
}

// Hunt is search.Hunt with a Runner, which has the workers. Beside its errors it has those of the Runner, with the find until then where there is one.
func Hunt(ctx context.Context, run Runner, q Question, o search.Options) (search.Find, error) {
	o.Unshrunk = o.Objective.Unshrunk()
	claim, failed, err := fromElsewhere(run, q, &o, o.Compared())
	if err != nil {
		return search.Find{}, err
	}
	f, err := search.Hunt(ctx, claim, o)
	if failure := failed(); failure != nil && ctx.Err() == nil {
		err = failure
	}
	return f, err
}

// All is search.All with a Runner, which has the workers. What the Runner has to say, failed returns after the last find; nothing where ctx has ended.
func All(ctx context.Context, run Runner, q Question, o search.Options) (finds iter.Seq[search.Find], failed func() error, err error) {
	claim, failing, err := fromElsewhere(run, q, &o, 0)
	if err != nil {
		return nil, nil, err
	}
	finds, err = search.All(ctx, claim, o)
	return finds, func() error {
		if ctx.Err() != nil {
			return nil
		}
		return failing()
	}, err
}

// fromElsewhere has a hunt take its attempts from a Runner, of which the first few finds may be enough.
func fromElsewhere(run Runner, q Question, o *search.Options, finds int) (claim theorems.Claim, failed func() error, err error) {
	h, err := newHunting(q, *o)
	if err != nil {
		return claim, nil, err
	}
	asked := huntOf(q, *o)
	asked.Finds = finds
	request := newRequest(KindSearch, asked)
	var failure error
	o.Attempts = func(ctx context.Context) iter.Seq[search.Attempt] {
		return func(yield func(search.Attempt) bool) {
			failure = run(ctx, request, func(n int, text []byte) error {
				attempts, err := h.read(n, text)
				if err != nil {
					return err
				}
				for _, a := range attempts {
					if !yield(a) {
						return ErrEnough
					}
				}
				return nil
			})
		}
	}
	return h.claim, func() error { return failure }, nil
}

// hunting is a hunt made ready.
type hunting struct {
	search.Starts
	claim theorems.Claim
	of    string // the request
	size  int    // starts a shard
	finds int    // that are enough; 0 if all are wanted
}

func openSearch(parameters json.RawMessage) (Job, error) {
	var asked hunt
	if err := decode(parameters, &asked); err != nil {
		return nil, err
	}
	q, o, err := asked.options()
	if err != nil {
		return nil, err
	}
	h, err := newHunting(q, o)
	h.finds = asked.Finds
	return h, err
}

func newHunting(q Question, o search.Options) (hunting, error) {
	claim, err := q.claim(o.Limits)
	if err != nil {
		return hunting{}, err
	}
	starts, err := search.NewStarts(claim, o)
	if err != nil {
		return hunting{}, err
	}
	return hunting{starts, claim, digest(huntOf(q, o)), startsAShard(q.Claim, starts), 0}, nil
}

// Shards is their number.
func (h hunting) Shards() int { return (h.Len() + h.size - 1) / h.size }

// starts are those of shard n, without the last.
func (h hunting) starts(n int) (first, beyond int) {
	return n * h.size, min((n+1)*h.size, h.Len())
}

// Run makes the starts of a shard.
func (h hunting) Run(ctx context.Context, n int) ([]byte, error) {
	first, beyond := h.starts(n)
	out := attempts{Of: h.of, First: first, Beyond: beyond}
	var ended error
	for start := first; start < beyond && ended == nil; start++ {
		var a search.Attempt
		a, ended = h.Starts.Run(ctx, start)
		out.Attempts = append(out.Attempts, newAttempt(a))
	}
	return encode(out), ended
}

// Check examines each find anew, by the oracle: the case must meet the limits, refute the claim, and come to the same outcome.
func (h hunting) Check(ctx context.Context, n int, text []byte) error {
	said, err := h.read(n, text)
	if err != nil {
		return err
	}
	first, beyond := h.starts(n)
	if len(said) != beyond-first {
		return &False{n, fmt.Sprintf("%d starts", beyond-first), fmt.Sprint(len(said))}
	}
	for i, a := range said {
		if a.Find == nil {
			continue
		}
		if err := h.examine(ctx, n, first+i, a); err != nil {
			return err
		}
	}
	return nil
}

// examine judges what a start is said to have found.
func (h hunting) examine(ctx context.Context, shard, start int, said search.Attempt) error {
	text := encode(newAttempt(said))
	if c := said.Find.Case; !bytes.Equal(encode(newCase(c)), encode(newCase(theorems.Case{Pairs: c.Pairs, Seed: c.Seed}))) { // of a claim about more than mixtures: as it was drawn
		known, err := h.Starts.Run(ctx, start)
		if err != nil {
			return err
		}
		if known := encode(newAttempt(known)); !bytes.Equal(known, text) {
			return &False{shard, fmt.Sprintf("%.200s", known), fmt.Sprintf("%.200s", text)}
		}
		return nil
	}
	found, err := awaited(ctx, func() *search.Find {
		if f, refuted := h.Examine(start, said.Find.Case); refuted {
			return &f
		}
		return nil
	})
	if err != nil {
		return err
	}
	if found == nil {
		return &False{shard, "a counterexample that meets the limits", said.Find.Case.Pairs.GoString()}
	}
	if known := encode(newAttempt(search.Attempt{Tried: said.Tried, Find: found})); !bytes.Equal(known, text) {
		return &False{shard, fmt.Sprintf("%.200s", known), fmt.Sprintf("%.200s", text)}
	}
	return nil
}

// read is what is said of a shard, an ErrFalse where it is not of that shard.
func (h hunting) read(n int, text []byte) (all []search.Attempt, err error) {
	said, err := read[attempts](n, text)
	if err != nil {
		return nil, err
	}
	first, beyond := h.starts(n)
	if said.Of != h.of || said.First != first || said.Beyond != beyond || len(said.Attempts) > beyond-first {
		return nil, &False{n, fmt.Sprintf("starts %d to %d of %s", first, beyond-1, h.of),
			fmt.Sprintf("%d starts, %d to %d, of %.40q", len(said.Attempts), said.First, said.Beyond-1, said.Of)}
	}
	for i, a := range said.Attempts {
		if a.Evaluations < 0 || a.Evaluations > h.Most() || math.IsNaN(float64(a.Best)) {
			return nil, &False{n, fmt.Sprintf("at most %d candidates, and a best score", h.Most()), fmt.Sprintf("%d and %v", a.Evaluations, a.Best)}
		}
		out := search.Attempt{Tried: search.Tried{Evaluations: a.Evaluations, Best: float64(a.Best)}}
		if a.Find != nil {
			f, err := h.found(first+i, *a.Find)
			if err != nil {
				return nil, &False{n, "a find", err.Error()}
			}
			out.Find = &f
		}
		all = append(all, out)
	}
	return all, nil
}

// found is the find of a start.
func (h hunting) found(start int, f find) (search.Find, error) {
	if left := f.Case.Pairs.Left; len(left.Means) == 0 || !h.Admits(len(left.Means), len(left.Means[0])) { // before any work is done on it
		return search.Find{}, errors.New("expected a mixture within the limits")
	}
	if f.Outcome.Certificate != nil { // finds are proved after a hunt
		return search.Find{}, errors.New("expected no certificate, found one")
	}
	on, err := f.Case.theorem()
	if err != nil {
		return search.Find{}, err
	}
	o, err := f.Outcome.theorem()
	if err != nil {
		return search.Find{}, err
	}
	var where *predicate.Judgement
	if f.Where != nil {
		where, err = f.Where.predicate()
	}
	return h.Found(start, on, o, where), err
}
