package campaign_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/frontier"
	"contrastcheck/losses"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// found is a value, or the end of the test.
func found[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}

// What the tests ask for: small, of every kind.
var (
	claims  = found(theorems.Find("equality", "equality-line", "svd-shared", "convexity"))
	few     = theorems.Options{Cases: 20, Seed: 3}
	draws   = campaign.Question{Claim: "equality"}
	many    = search.Options{Evaluations: 700, Seed: 5}
	lines   = mapping("two-points", campaign.Question{}, "delta=1/20:1:3", "separation=1/2:8:20")
	rare    = mapping("rare-outlier", campaign.Question{}, "delta=1/10:1:5")
	tenth   = found(frontier.NewNarrow(big.NewRat(1, 10)))
	rareMap = found(frontier.Sweep(context.Background(), rare.Grid, frontier.Options{}))
)

// mapping is a grid of a family.
func mapping(family string, q campaign.Question, axes ...string) campaign.Mapping {
	var all []frontier.Axis
	for _, text := range axes {
		all = append(all, found(frontier.ParseAxis(text)))
	}
	return campaign.Mapping{Question: q, Grid: found(frontier.NewGrid(found(frontier.FamilyNamed(family)), all...))}
}

// requests are one of every kind.
var requests = []campaign.Request{
	campaign.NewVerification(claims, few),
	campaign.NewSearch(draws, many),
	campaign.NewFrontier(lines, frontier.Options{}),
	campaign.NewRefinement(rare, found(rareMap.Brackets()), tenth, frontier.Options{}),
}

// opened is the job of a request that was sent and read.
func opened(t testing.TB, r campaign.Request) campaign.Job {
	t.Helper()
	var sent campaign.Request
	if err := json.Unmarshal(found(json.Marshal(r)), &sent); err != nil {
		t.Fatal(err)
	}
	job, err := campaign.Open(sent)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// The shards of a request are the same, whoever does them and in whatever order.
func TestShardsDependOnTheRequestAlone(t *testing.T) {
	t.Parallel()
	for _, r := range requests {
		job := opened(t, r)
		want := make([][]byte, job.Shards())
		for n := job.Shards() - 1; n >= 0; n-- { // the last first
			var err error
			if want[n], err = opened(t, r).Run(t.Context(), n); err != nil {
				t.Fatal(err)
			}
			if bytes.ContainsAny(want[n], "\n") || !json.Valid(want[n]) {
				t.Errorf("%s, shard %d: %s", r.Kind, n, want[n])
			}
			if err := job.Check(t.Context(), n, want[n]); err != nil {
				t.Errorf("%s: an honest result is refused: %v", r.Kind, err)
			}
		}
		if r.Kind != campaign.KindRefine && job.Shards() < 3 {
			t.Errorf("%s: %d shards", r.Kind, job.Shards())
		}
		for _, workers := range []int{2, 5} { // one has done them above
			err := campaign.Local(t.Context(), job, workers, func(n int, result []byte) error {
				if !bytes.Equal(result, want[n]) {
					t.Errorf("%s, %d workers, shard %d: %s, want %s", r.Kind, workers, n, result, want[n])
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A verification in shards comes to what one process without any comes to.
func TestVerifyIsTheSame(t *testing.T) {
	t.Parallel()
	want, err := theorems.Verify(t.Context(), claims, few)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 2} {
		steps, brief := 0, few
		brief.Progress, brief.Brief = func() { steps++ }, workers == 2
		got, err := campaign.Verify(t.Context(), campaign.InProcess(workers), claims, brief)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got {
			expected := want[i]
			if brief.Brief {
				expected.Outcomes = nil
			}
			if a, b := described(r), described(expected); a != b {
				t.Errorf("%d workers: %s\nwant %s", workers, a, b)
			}
		}
		if most := few.Checks(claims); steps == 0 || steps > most {
			t.Errorf("%d steps of at most %d", steps, most)
		}
	}
}

func described(r theorems.Result) string {
	s := fmt.Sprintln(r.Claim.ID, r.Complete, r.Cases, r.Holds, r.Refuted, r.Undecided, r.Worst, r.Grade, r.Replayed, r.Stored, r.Found())
	for _, c := range r.Counterexamples {
		s += fmt.Sprintln(c.Name, c.Number, c.Case.GoString(), c.Outcome, c.Outcome.Certificate != nil)
	}
	return s + fmt.Sprint(r.Outcomes)
}

// A hunt in shards finds what one without any finds, by draws and walks, near a mixture, of conjectures and where a predicate holds.
func TestHuntIsTheSame(t *testing.T) {
	t.Parallel()
	claim := func(q campaign.Question) theorems.Claim {
		return found(found(theorems.FindHunted(q.Claim)).Of(found(losses.Choose(q.Loss))))
	}
	hunts := []struct {
		q campaign.Question
		o search.Options
	}{
		{draws, many},
		{draws, search.Options{Evaluations: 1000, Seed: 2, Limits: search.Limits{Centred: false, Separation: big.NewRat(4, 1), Constraints: search.Constraints{
			Weights: found(search.ParseWeights("1:3:5")), Integers: 4, Spherical: true, Lightest: big.NewRat(1, 20)}}}},
		{draws, search.Options{Evaluations: 1000, Seed: 1, Limits: search.Limits{Constraints: search.Constraints{Where: found(predicate.Parse("separation <= 4 && margin(dv) > 0"))}}}},
		{draws, search.Options{Evaluations: 1500, Seed: 1, Objective: search.Balanced, Limits: search.Limits{Delta: big.NewRat(1, 1), Components: theorems.Range{Least: 3, Most: 3}}}},
		{campaign.Question{Claim: "equality", Loss: losses.Settings{Loss: "dv"}}, search.Options{Evaluations: 600}},
		{campaign.Question{Claim: "svd-shared"}, search.Options{Evaluations: 300}},
		{draws, search.Options{Evaluations: 500, Limits: search.Limits{Constraints: search.Constraints{
			Near: found(search.NewNear(theorems.Stored("equality")[0].Case.Pairs, big.NewRat(1, 5)))}}}},
	}
	for _, h := range hunts {
		want, err := search.Hunt(t.Context(), claim(h.q), h.o)
		got, failed := campaign.Hunt(t.Context(), campaign.InProcess(2), h.q, h.o)
		if fmt.Sprint(err) != fmt.Sprint(failed) {
			t.Errorf("%v: %v, want %v", h.q, failed, err)
		}
		if err == nil && foundHow(got) != foundHow(want) {
			t.Errorf("%v: found %s\nwant %s", h.q, foundHow(got), foundHow(want))
		}
	}
	finds, failed, err := campaign.All(t.Context(), campaign.InProcess(3), draws, many)
	if err != nil {
		t.Fatal(err)
	}
	var all, wanted []string
	for f := range finds {
		all = append(all, foundHow(f))
	}
	for f := range found(search.All(t.Context(), claim(draws), many)) {
		wanted = append(wanted, foundHow(f))
	}
	if failed() != nil || len(all) < 2 || !reflect.DeepEqual(all, wanted) {
		t.Errorf("%v: found %v, want %v", failed(), all, wanted)
	}
}

func foundHow(f search.Find) string {
	if f.Case.Pairs.Left == nil {
		return "nothing"
	}
	return fmt.Sprint(f.Case.GoString(), f.Outcome, f.Where, f.Start, f.Evaluations, f.Outcome.Certificate != nil)
}

// A map in shards is the map, and so are its brackets, of equality and of other claims.
func TestSweepIsTheSame(t *testing.T) {
	t.Parallel()
	asked := mapping("rare-outlier", campaign.Question{Claim: "equality-centred", Loss: losses.Settings{Loss: "dv"}}, "delta=1/2:1:5")
	claim := found(found(theorems.FindHunted("equality-centred")).Of(found(losses.Choose(asked.Loss))))
	asked.Grid = found(asked.Grid.Ask(frontier.Asked{Claim: claim, Seed: 4}))
	stable := mapping("octahedron", campaign.Question{Claim: frontier.CosineStable, Loss: losses.Settings{Score: losses.CosineScore}}, "temperature=1/10:1:2", "separation=1:6:3")
	stable.Grid = found(stable.Grid.Stable(big.NewRat(1, 1)))
	other := mapping("two-points", campaign.Question{Loss: losses.Settings{Loss: "spectral"}}, "weight=1/10:1/2:4")
	other.Grid = found(other.Grid.Of(found(losses.Choose(other.Loss))))
	for _, m := range []campaign.Mapping{lines, asked, stable, other} {
		want := found(frontier.Sweep(t.Context(), m.Grid, frontier.Options{}))
		points := 0
		got, err := campaign.Sweep(t.Context(), campaign.InProcess(2), m, frontier.Options{Progress: func() { points++ }})
		if err != nil || points != m.Grid.Size() {
			t.Fatalf("%v after %d points", err, points)
		}
		for i, p := range got.Points {
			q := want.Points[i]
			if fmt.Sprint(p, p.Evidence.String(), p.Steps) != fmt.Sprint(q, q.Evidence.String(), q.Steps) || m.Grid.Asked == nil && !reflect.DeepEqual(p.Evidence, q.Evidence) || !p.Reached {
				t.Errorf("%+v, want %+v", p, q)
			}
		}
	}
	want, err := frontier.Refine(t.Context(), rareMap, tenth, frontier.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := campaign.Refine(t.Context(), campaign.InProcess(2), rare, rareMap, tenth, frontier.Options{})
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for i, b := range got {
		if a, c := fmt.Sprintf("%v %v %v %v", b.Row, b.Low, b.High, b.Reason), fmt.Sprintf("%v %v %v %v", want[i].Row, want[i].Low, want[i].High, want[i].Reason); a != c || !b.Proved() || b.Low.Bound != want[i].Low.Bound {
			t.Errorf("%s, want %s", a, c)
		}
	}
}
