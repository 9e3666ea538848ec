package search_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// What is found meets each constraint exactly, as it is defined here anew, after it was made simple; without the constraint it does not.
func TestHuntKeepsConstraints(t *testing.T) {
	stored := theorems.Stored("equality-centred")[0].Case.Pairs // 1:11:420
	near, err := search.NewNear(stored, big.NewRat(1, 10))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, claim string
		of          search.Constraints
		centred     bool
		evaluations int
		meets       func(gmm.Exact) bool
	}{
		{"equal", "equality", search.Constraints{Weights: parsedWeights(t, "equal")}, false, 6000,
			func(e gmm.Exact) bool { return e.Weights[0].Cmp(e.Weights[len(e.Weights)-1]) == 0 }},
		{"given", "equality", search.Constraints{Weights: parsedWeights(t, "5:2:2")}, false, 3000, func(e gmm.Exact) bool {
			return slices.EqualFunc(slices.SortedFunc(slices.Values(e.Weights), (*big.Rat).Cmp), []int64{2, 2, 5},
				func(x *big.Rat, whole int64) bool { return x.Cmp(big.NewRat(whole, 9)) == 0 })
		}},
		{"lightest", "equality", search.Constraints{Lightest: big.NewRat(2, 5)}, false, 3000,
			func(e gmm.Exact) bool { return slices.MinFunc(e.Weights, (*big.Rat).Cmp).Cmp(big.NewRat(2, 5)) >= 0 }},
		{"spherical", "equality", search.Constraints{Lightest: big.NewRat(1, 5), Spherical: true}, false, 3000,
			func(e gmm.Exact) bool { return gmm.IsScalar(e.Covariance) }},
		{"short and centred", "equality-centred", search.Constraints{Integers: 30}, true, 9000, func(e gmm.Exact) bool {
			return !slices.ContainsFunc(slices.Concat(e.Means...), func(x *big.Rat) bool {
				return x.Denom().Int64() > 30 || x.Num().CmpAbs(big.NewInt(30)) > 0
			})
		}},
		{"near", "equality-centred", search.Constraints{Near: near}, true, 600, func(e gmm.Exact) bool { return within(e, stored.Left.Exact(), 0.1) }},
		{"where", "equality", search.Constraints{Where: parsed(t, "separation <= 4 && margin(dv) > 0")}, false, 3000, func(e gmm.Exact) bool {
			m, err := gmm.NewExact(e)
			return err == nil && m.SquaredSeparation().Cmp(big.NewRat(16, 1)) <= 0
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := search.Hunt(context.Background(), claimOf(t, c.claim), search.Options{Limits: search.Limits{Constraints: c.of}, Evaluations: c.evaluations, Seed: 3, Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Log(f.Case.Pairs.GoString())
			e := f.Case.Pairs.Left.Exact()
			if !c.meets(e) {
				t.Errorf("%v does not meet the constraint", f.Case)
			}
			for _, x := range e.Mean() {
				if c.centred && x.Sign() != 0 {
					t.Errorf("%v is not centred", f.Case)
				}
			}
			if f.Outcome.Verdict != oracle.Refuted || claimOf(t, c.claim).Check(f.Case).Verdict != oracle.Refuted {
				t.Errorf("%v: %v", f.Case, f.Outcome)
			}
			if c.name == "where" && (f.Where == nil || f.Where.Verdict != oracle.Holds || f.Grade() > f.Where.Grade || (f.Outcome.Certificate != nil) != (f.Outcome.Grade == oracle.Proved)) {
				t.Errorf("graded %v, of %v, the condition is %+v", f.Grade(), f.Outcome, f.Where)
			}
		})
	}
}

// within is the definition of near, in floats, for an identity covariance.
func within(e, of gmm.Exact, radius float64) bool {
	off := func(x, y *big.Rat, least float64) bool {
		d, _ := new(big.Rat).Sub(x, y).Float64()
		s, _ := y.Float64()
		return max(d, -d) > radius*max(s, -s, least)*(1+1e-12)
	}
	for k, w := range e.Weights {
		if off(w, of.Weights[k], 0) {
			return false
		}
		for i, x := range e.Means[k] {
			if off(x, of.Means[k][i], 1) {
				return false
			}
		}
	}
	return true
}

// What no mixture meets is refused, in one line that says why.
func TestHuntRefusesConstraints(t *testing.T) {
	near, err := search.NewNear(theorems.Stored("equality-centred")[0].Case.Pairs, big.NewRat(1, 10))
	if err != nil {
		t.Fatal(err)
	}
	three := theorems.Range{Least: 3, Most: 3}
	i := [][]*big.Rat{gmm.Rationals(1)}
	own := nearTo(t, gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{gmm.Rationals(0), gmm.Rationals(1)}, Covariances: [][][]*big.Rat{i, {gmm.Rationals(2)}}})
	alone := nearTo(t, gmm.Exact{Weights: gmm.Rationals(1), Means: [][]*big.Rat{gmm.Rationals(1)}, Covariance: i})
	wide := nearTo(t, gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{filled(0), filled(1)}, Covariance: gmm.IdentityRows(13)})
	for _, c := range []struct {
		claim string
		of    search.Limits
		says  string
	}{
		{"equality", search.Limits{Components: three, Constraints: search.Constraints{Lightest: big.NewRat(2, 5)}}, "smallest weight of at most 1/3"},
		{"equality", search.Limits{Components: three, Constraints: search.Constraints{Weights: parsedWeights(t, "1:2")}}, "2 weights"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: near}, Components: theorems.Range{Least: 4, Most: 5}}, "3 components of the mixture to be near to"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: near}, Dimension: three}, "dimension"},
		{"equality-biased", search.Limits{Constraints: search.Constraints{Near: near}}, "expected δ within"},
		{"equality", search.Limits{Constraints: search.Constraints{Integers: -1}}, "positive number"},
		{"equality", search.Limits{Constraints: search.Constraints{Where: parsed(t, "separation > 3 && separation <= 3")}}, "no mixture of 2 to 4 components in 2 to 3 dimensions meets"},
		{"equality-biased", search.Limits{Constraints: search.Constraints{Where: parsed(t, "delta == 1/7")}}, "dimensions at δ = 0.5 or at another δ that was tried meets delta == 1/7; choose one by --delta"},
		{"equality-biased", search.Limits{Constraints: search.Constraints{Where: parsed(t, "delta < 1/200")}}, "choose one by --delta"},
		{"equality-biased", search.Limits{Delta: big.NewRat(1, 3), Constraints: search.Constraints{Where: parsed(t, "delta < 1/4")}}, "at δ = 1/3 meets"},
		{"equality-biased", search.Limits{Constraints: search.Constraints{Where: parsed(t, "delta > 1")}}, "dimensions meets"},
		{"equality", search.Limits{Components: theorems.Range{Least: 21, Most: 21}}, "within 1:20"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: wide}}, "dimension within 1:12, found 13:13"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: alone}}, "at least two components"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: own}}, "expected a mixture to be near to with a shared covariance"},
		{"containment-own-covariance", search.Limits{Constraints: search.Constraints{Near: near}}, "near to with components with covariances of their own"},
		{"equality", search.Limits{Constraints: search.Constraints{Weights: parsedWeights(t, "1:100"), Lightest: big.NewRat(1, 3)}}, "at most 1/101, as the lightest of the weights given"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: near, Lightest: big.NewRat(1, 300)}}, "at most 11/4320, as the lightest near to the mixture's"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: near, Weights: parsedWeights(t, "equal")}}, "found the share 1/3 beside 1/432"},
		{"equality", search.Limits{Constraints: search.Constraints{Near: near, Weights: parsedWeights(t, "420:2:10")}}, "found the share 1/216 beside 1/432"},
	} {
		_, err := search.Hunt(context.Background(), claimOf(t, c.claim), search.Options{Limits: c.of, Evaluations: 10})
		if !errors.Is(err, search.ErrLimits) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v gives %v, want %q", c.of, err, c.says)
		}
	}
	given := search.Limits{Constraints: search.Constraints{Weights: parsedWeights(t, "1:2")}}
	if _, err := search.Hunt(context.Background(), claimOf(t, "equality"), search.Options{Limits: given, Objective: search.Balanced, Evaluations: 10}); !errors.Is(err, search.ErrLimits) {
		t.Errorf("balance of given weights gives %v", err)
	}
	for _, text := range []string{"", "1", "1:0", "1:-2", "1:x", "equals", "1:2:", strings.Repeat("1:", 20) + "1"} {
		if _, err := search.ParseWeights(text); !errors.Is(err, search.ErrWeights) {
			t.Errorf("ParseWeights(%q) gives %v", text, err)
		}
	}
	for _, radius := range []int64{0, 1, 2} {
		if _, err := search.NewNear(theorems.Stored("equality")[0].Case.Pairs, big.NewRat(radius, 1)); !errors.Is(err, search.ErrNear) {
			t.Errorf("a radius of %d gives %v", radius, err)
		}
	}
}

// What was tried in vain is told.
func TestNothingFoundSaysWhatWasTried(t *testing.T) {
	l := search.Limits{Components: theorems.Range{Least: 3, Most: 20}, Constraints: search.Constraints{Weights: parsedWeights(t, "equal")}}
	_, err := search.Hunt(context.Background(), claimOf(t, "equality-centred"), search.Options{Limits: l, Evaluations: 600, Workers: 2})
	var nothing search.NothingFound
	if !errors.As(err, &nothing) || !errors.Is(err, search.ErrNothingFound) || nothing.Evaluations == 0 || nothing.Evaluations > 700 || !(nothing.Best < 0) {
		t.Errorf("%v: %+v", err, nothing)
	}
}

func nearTo(t *testing.T, e gmm.Exact) *search.Near {
	t.Helper()
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	n, err := search.NewNear(withDelta(m, big.NewRat(1, 1)).Pairs, big.NewRat(1, 10))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// filled are 13 coordinates.
func filled(x int64) []*big.Rat { return slices.Repeat([]*big.Rat{big.NewRat(x, 1)}, 13) }

func parsedWeights(t *testing.T, text string) search.Weights {
	t.Helper()
	w, err := search.ParseWeights(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func parsed(t *testing.T, text string) predicate.Predicate {
	t.Helper()
	p, err := predicate.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
