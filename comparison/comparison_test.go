package comparison_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

func readPairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

func readTable(t *testing.T, file, label string) *tables.Table {
	t.Helper()
	f, err := os.Open("../testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := tables.Read(file, f, tables.Options{Label: label})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

var certain = big.NewRat(1, 1)

// byName returns the rows of a result by projection, all five of which it must have.
func byName(t *testing.T, r comparison.Result) map[comparison.Projection]comparison.Row {
	t.Helper()
	rows := map[comparison.Projection]comparison.Row{}
	for _, row := range r.Rows {
		rows[row.Projection] = row
	}
	if len(rows) != 5 || len(r.Rows) != 5 {
		t.Fatalf("%d rows of %d projections, want five", len(r.Rows), len(rows))
	}
	return rows
}

// scores are the numbers of a row that are at most 1, which is best.
func scores(r comparison.Row) map[string]comparison.Estimate {
	return map[string]comparison.Estimate{
		"adjusted Rand index": r.AdjustedRand, "adjusted mutual information": r.AdjustedMutualInformation,
		"nearest neighbour": r.NearestNeighbour, "nearest centroid": r.NearestCentroid,
	}
}

// matches checks that two rows agree within the standard error of their difference,
// those of independent samples.
func matches(t *testing.T, name string, a, b comparison.Row) {
	t.Helper()
	other := scores(b)
	for what, x := range scores(a) {
		y := other[what]
		if math.Abs(x.Mean-y.Mean) > math.Hypot(x.StandardError, y.StandardError) {
			t.Errorf("%s: %s is %.4f ± %.4f for %s, %.4f ± %.4f for %s", name, what,
				x.Mean, x.StandardError, a.Projection, y.Mean, y.StandardError, b.Projection)
		}
	}
}

// In 50 dimensions the widest of parallel pancakes' directions, which SVD finds, says
// nothing of the components; InfoNCE finds what LDA finds, which needs labels.
func TestSVDFailsOnParallelPancakes(t *testing.T) {
	text, err := os.ReadFile("../testdata/pancakes.json")
	if err != nil {
		t.Fatal(err)
	}
	p := readPairs(t, string(text))
	result, err := comparison.OfMixture(context.Background(), p, 400, comparison.Options{Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if result.Dimension != 50 || result.Seeds != 10 || result.Test != 400 {
		t.Errorf("%d dimensions, %d seeds, %d test samples", result.Dimension, result.Seeds, result.Test)
	}
	rows := byName(t, result)
	svd, infonce, original := rows[comparison.SVD], rows[comparison.InfoNCE], rows[comparison.Original]
	// Right angles up to rounding; independent labels score 0 on average.
	if svd.LargestAngle.Mean < 89.9 || svd.Discriminant.Mean > 1e-12 || math.Abs(svd.AdjustedRand.Mean) > 0.02 || svd.NearestCentroid.Mean > 0.6 {
		t.Errorf("SVD: %+v", svd)
	}
	if math.Abs(original.AdjustedRand.Mean) > 0.05 || original.NearestNeighbour.Mean > 0.6 {
		t.Errorf("the data as they are: %+v", original)
	}
	// The means are 8 standard deviations apart: one sample in 30,000 is on the wrong side.
	if infonce.LargestAngle.Mean > 1e-6 || infonce.AdjustedRand.Mean < 0.99 || infonce.NearestNeighbour.Mean < 0.99 {
		t.Errorf("InfoNCE: %+v", infonce)
	}
	if j := infonce.Discriminant.Mean; math.Abs(j-16) > 1e-9 || math.Abs(original.Discriminant.Mean-16) > 1e-9 {
		t.Errorf("J is %g for InfoNCE and %g for everything, want 1/(1/16)", j, original.Discriminant.Mean)
	}
	matches(t, "pancakes", infonce, rows[comparison.LDA])
}

// On mixtures fitted to real data, centred, equality holds, so that InfoNCE and LDA
// find one subspace and score alike.
func TestInfoNCEMatchesLDAOnIrisAndWine(t *testing.T) {
	for _, c := range []struct{ name, file, label string }{{"Iris", "iris.csv", "species"}, {"Wine", "wine.csv", "cultivar"}} {
		result, err := comparison.OfTable(context.Background(), readTable(t, c.file, c.label), certain, comparison.Options{Seeds: 20, Seed: 1, Workers: 2, Centred: true})
		if err != nil {
			t.Fatal(err)
		}
		rows := byName(t, result)
		infonce, lda, svd := rows[comparison.InfoNCE], rows[comparison.LDA], rows[comparison.SVD]
		matches(t, c.name, infonce, lda)
		if infonce.AdjustedRand.Mean < 0.85 || infonce.AdjustedRand.Mean < svd.AdjustedRand.Mean+0.1 {
			t.Errorf("%s: InfoNCE has the adjusted Rand index %.3f, SVD %.3f", c.name, infonce.AdjustedRand.Mean, svd.AdjustedRand.Mean)
		}
		for _, row := range result.Rows {
			if row.Discriminant.Mean > rows[comparison.Original].Discriminant.Mean*(1+1e-12) {
				t.Errorf("%s: J is %g for %s, more than for the whole space", c.name, row.Discriminant.Mean, row.Projection)
			}
			if s := row.AdjustedRand.StandardError; row.AdjustedRand.Mean < 0.99 && !(s > 0 && s < 0.2) {
				t.Errorf("%s: the standard error of %s is %g", c.name, row.Projection, s)
			}
		}
	}
}

// Of a table losses learn from the mixture as it is, too, as solve does: on Iris and Wine that loses some of what separates the classes, and the rows of the centred one
// are those that it has alone.
func TestTablesAreLearnedRawAndCentred(t *testing.T) {
	for file, label := range map[string]string{"iris.csv": "species", "wine.csv": "cultivar"} {
		table := readTable(t, file, label)
		run := func(centred bool) map[comparison.Projection]comparison.Row {
			result, err := comparison.OfTable(context.Background(), table, certain, comparison.Options{Seeds: 3, Workers: 2, Centred: centred})
			if err != nil {
				t.Fatal(err)
			}
			rows := map[comparison.Projection]comparison.Row{}
			for _, row := range result.Rows {
				rows[row.Projection] = row
			}
			return rows
		}
		both, alone := run(false), run(true)
		if len(both) != 6 || len(alone) != 5 {
			t.Fatalf("%s: %d projections of both readings, %d of the centred one", file, len(both), len(alone))
		}
		raw, centred := both[comparison.InfoNCE], both[comparison.InfoNCE.Centred()]
		if centred.Scores != alone[comparison.InfoNCE].Scores {
			t.Errorf("%s: the centred reading is %+v beside the raw one, %+v alone", file, centred, alone[comparison.InfoNCE])
		}
		if !(raw.Discriminant.Mean < 0.99*centred.Discriminant.Mean) {
			t.Errorf("%s: raw, J is %g, and centred %g", file, raw.Discriminant.Mean, centred.Discriminant.Mean)
		}
		if name := comparison.InfoNCE.Centred().Name(); name != "InfoNCE centred" {
			t.Errorf("it is called %q", name)
		}
	}
}

// Where equality fails InfoNCE has fewer columns than S_F has dimensions, and with
// fewer columns than that it is still there; nothing has more than it was asked for.
func TestRank(t *testing.T) {
	p := readPairs(t, `{"weights": [1, 3], "means": [[2, 0, 0], [0, 1, 0]], "covariance": "identity"}`)
	for rank, want := range map[int]map[comparison.Projection]float64{
		0: {comparison.Original: 3, comparison.Random: 2, comparison.SVD: 2, comparison.LDA: 1, comparison.InfoNCE: 1},
		1: {comparison.Original: 3, comparison.Random: 1, comparison.SVD: 1, comparison.LDA: 1, comparison.InfoNCE: 1},
		3: {comparison.Original: 3, comparison.Random: 3, comparison.SVD: 3, comparison.LDA: 1, comparison.InfoNCE: 1},
	} {
		result, err := comparison.OfMixture(context.Background(), p, 30, comparison.Options{Seeds: 2, Rank: rank})
		if err != nil {
			t.Fatal(err)
		}
		for name, row := range byName(t, result) {
			if row.Dimension.Mean != want[name] || row.Dimension.StandardError != 0 {
				t.Errorf("rank %d: %s has %v columns, want %v", rank, name, row.Dimension.Mean, want[name])
			}
			if name == comparison.InfoNCE && row.LargestAngle.Mean > 1e-4 { // containment; a literal solve ends near 1e-8 of M
				t.Errorf("rank %d: InfoNCE leaves S_F by %g°", rank, row.LargestAngle.Mean)
			}
		}
	}
}

// The seed determines the result, whatever the number of workers; another seed gives another.
func TestSeedsDetermineTheResult(t *testing.T) {
	table := readTable(t, "iris.csv", "species")
	run := func(seed uint64, workers int) string {
		result, err := comparison.OfTable(context.Background(), table, certain, comparison.Options{Seeds: 4, Seed: seed, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%+v", result)
	}
	if one, four := run(7, 1), run(7, 4); one != four {
		t.Errorf("one worker finds\n%s\nfour find\n%s", one, four)
	}
	if run(7, 1) == run(8, 1) {
		t.Error("two seeds give one result")
	}
}

func TestEstimatesOfFewSeeds(t *testing.T) {
	p := readPairs(t, `{"weights": [1, 1], "means": [[2], [-2]], "covariance": "identity"}`)
	run := func(seeds int) comparison.Estimate {
		result, err := comparison.OfMixture(context.Background(), p, 50, comparison.Options{Seeds: seeds})
		if err != nil {
			t.Fatal(err)
		}
		return result.Rows[0].NearestNeighbour
	}
	one, two := run(1), run(2)
	if !math.IsNaN(one.StandardError) || !(one.Mean > 0.8) {
		t.Errorf("of one seed: %+v", one)
	}
	// Of two values a, b the standard error is |a − b|/2 = |a − mean|.
	if math.Abs(two.StandardError-math.Abs(one.Mean-two.Mean)) > 1e-15 {
		t.Errorf("the first seed gives %g, two give %+v", one.Mean, two)
	}
}

func TestRefusals(t *testing.T) {
	sound := `{"weights": [1, 1], "means": [[2, 0], [-2, 0]], "covariance": "identity"`
	for _, c := range []struct {
		name, text string
		samples    int
		o          comparison.Options
		want       string
	}{
		{"δ = 0", sound + `, "delta": 0}`, 10, comparison.Options{}, "expected δ > 0"},
		{"one component", `{"weights": [1], "means": [[2]], "covariance": "identity"}`, 10, comparison.Options{}, "components whose means differ"},
		{"too few samples", sound + `}`, 1, comparison.Options{}, "expected more samples: at least one for each of 2 components, found 1"},
		{"rank above the dimension", sound + `}`, 10, comparison.Options{Rank: 3}, "expected a rank from 1 to the dimension 2, found 3"},
		{"negative rank", sound + `}`, 10, comparison.Options{Rank: -1}, "expected a rank"},
	} {
		_, err := comparison.OfMixture(context.Background(), readPairs(t, c.text), c.samples, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	table, err := tables.Read("few.csv", strings.NewReader("x,c\n1,a\n2,a\n3,a\n5,b\n6,b\n"), tables.Options{Label: "c"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := comparison.OfTable(context.Background(), table, certain, comparison.Options{}); !errors.Is(err, comparison.ErrSamples) || !strings.Contains(err.Error(), `at least 3 in each class, found 2 in "b"`) {
		t.Errorf("a class of two samples gives %v", err)
	}
	constant, err := tables.Read("constant.csv", strings.NewReader("x,c\n1,a\n1,a\n1,a\n5,b\n5,b\n5,b\n"), tables.Options{Label: "c"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := comparison.OfTable(context.Background(), constant, certain, comparison.Options{}); !errors.Is(err, gmm.ErrNotPositiveDefinite) {
		t.Errorf("constant classes give %v", err)
	}
}

// A comparison that is interrupted averages over the seeds that were done.
func TestComparisonEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := readPairs(t, `{"weights": [1, 1], "means": [[2], [-2]], "covariance": "identity"}`)
	done := 0
	result, err := comparison.OfMixture(ctx, p, 20, comparison.Options{Seeds: 50, Progress: func() {
		if done++; done == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || result.Seeds < 3 || result.Seeds == 50 || len(result.Rows) != 5 {
		t.Errorf("%v after %d seeds, %d rows", err, result.Seeds, len(result.Rows))
	}
}
