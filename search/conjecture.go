package search

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
	"strings"
	"sync"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/search/predicate"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// conjectured begins the ids of claims that predicates make.
const conjectured = "conjecture-"

// ConjectureID is the id of the claim that a predicate makes.
func ConjectureID(p predicate.Predicate) string {
	h := fnv.New32a()
	h.Write([]byte(p.String()))
	return fmt.Sprintf("%s%08x", conjectured, h.Sum32())
}

// Conjecture is the claim that a predicate holds of every mixture of one shared covariance whose means are not all equal, for 0 < δ ≤ 1.
func Conjecture(p predicate.Predicate) theorems.Claim {
	return theorems.Claim{
		ID: ConjectureID(p), Statement: p.String(), Source: "a conjecture of your own",
		Hypotheses: "One shared covariance; means not all equal; 0 < δ ≤ 1", Drawn: "Mixtures of any shared covariance, and rare outliers",
		Stance: theorems.Open, Recorded: oracle.Holds, Measure: "violation",
		Draw:  drawnAnyhow(2, 2, big.NewRat(1, 1)),
		Check: func(c theorems.Case) theorems.Outcome { return check(p, c) },
		Hunt: &theorems.Hunt{
			Score:      func(c theorems.Case) float64 { return scored(p, c) },
			Hypotheses: theorems.Hypotheses{Distinct: true},
			Draw:       drawnAnyhow,
			Ascent:     theorems.ByWalking,
			Components: theorems.Range{Least: 2, Most: 4}, Dimension: theorems.Range{Least: 2, Most: 2},
		},
	}
}

func drawnAnyhow(k, d int, delta *big.Rat) *rapid.Generator[theorems.Case] {
	families := rapid.OneOf(generators.SharedCovarianceOf(k, k, d, d), generators.RareOutliersOf(max(k, 2), d))
	return rapid.Custom(func(t *rapid.T) theorems.Case {
		p, err := gmm.NewPairs(families.Draw(t, "mixture"), delta)
		if err != nil {
			panic("search: " + err.Error())
		}
		return theorems.Case{Pairs: p}
	})
}

func check(p predicate.Predicate, c theorems.Case) theorems.Outcome {
	j := p.Judge(c.Pairs)
	return theorems.Outcome{Verdict: j.Verdict, Grade: j.Grade, Value: scored(p, c), Detail: j.Detail}
}

func scored(p predicate.Predicate, c theorems.Case) float64 {
	if c.Pairs.WantSingle() != nil {
		return math.NaN()
	}
	memory := workspaces.Get().(*solver.Workspace)
	defer workspaces.Put(memory)
	return p.Score(c.Pairs, memory)
}

var workspaces = sync.Pool{New: func() any { return new(solver.Workspace) }}

// shape is a number of components and of dimensions.
type shape struct{ components, dimension int }

// possible leaves of the ranges, and of δ, what predicates leave of them; it refuses limits that leave nothing.
func (l Limits) possible(claim theorems.Claim) (Limits, error) {
	if !l.Where.Given() && !l.Conjecture.Given() {
		return l, nil
	}
	first := l.delta(claim)
	deltas := []*big.Rat{first}
	if l.Delta == nil && l.Near == nil {
		deltas = append(deltas, simpleDeltas(claim.Hunt.Hypotheses.Delta)...)
	}
	for _, delta := range deltas {
		if l.shapes = l.left(delta); l.shapes != nil {
			l.simplest = delta
			return l, nil
		}
	}
	var what []string
	if l.Where.Given() {
		what = append(what, "meets "+l.Where.String())
	}
	if l.Conjecture.Given() {
		what = append(what, "refutes "+l.Conjecture.String())
	}
	at, other := "", ""
	if l.left(nil) != nil {
		at = " at δ = " + gmm.FormatNumber(first)
		if len(deltas) > 1 {
			at, other = at+" or at another δ that was tried", "; choose one by --delta"
		}
	}
	return l, fmt.Errorf("%w: no mixture of %d to %d components in %d to %d dimensions%s %s%s", ErrLimits,
		l.Components.Least, l.Components.Most, l.Dimension.Least, l.Dimension.Most, at, strings.Join(what, " and "), other)
}

// left are the shapes within the ranges that predicates leave at δ, or at any where that is nil.
func (l Limits) left(delta *big.Rat) (shapes []shape) {
	for k := l.Components.Least; k <= l.Components.Most; k++ {
		for d := l.Dimension.Least; d <= l.Dimension.Most; d++ {
			s := predicate.Shape{Components: k, Dimension: d, Lightest: l.Lightest, Separation: l.Separation, Delta: delta}
			if (!l.Where.Given() || l.Where.Possible(s)) && (!l.Conjecture.Given() || l.Conjecture.Refutable(s)) {
				shapes = append(shapes, shape{k, d})
			}
		}
	}
	return shapes
}

// simpleDeltas are some of a range, the simplest first.
func simpleDeltas(within theorems.DeltaRange) (out []*big.Rat) {
	for _, q := range []int64{2, 3, 4, 5, 10, 20, 100} {
		for p := q - 1; p > 0; p-- {
			if x := big.NewRat(p, q); within.Admits(x) && x.Denom().Int64() == q {
				out = append(out, x)
			}
		}
	}
	return out
}
