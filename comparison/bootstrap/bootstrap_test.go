package bootstrap_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"contrastcheck/comparison/bootstrap"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/tables"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(15) // each is a bootstrap
	m.Run()
}

// classes has so many rows of each class: its mean, one step to either side along an axis, axis after axis.
func classes(means [][]float64, counts []int) *tables.Table {
	var text strings.Builder
	for c := range means[0] {
		fmt.Fprintf(&text, "x%d,", c)
	}
	text.WriteString("class\n")
	for k, mean := range means {
		for i := range counts[k] {
			for c, x := range mean {
				if i/2%len(mean) == c {
					x += float64(1 - 2*(i%2))
				}
				fmt.Fprintf(&text, "%v,", x)
			}
			fmt.Fprintf(&text, "c%d\n", k)
		}
	}
	t, err := tables.Read("rows", strings.NewReader(text.String()), tables.Options{Label: "class"})
	if err != nil {
		panic(err)
	}
	return t
}

func rows(t *tables.Table) bootstrap.Rows {
	return bootstrap.Rows{Tables: []*tables.Table{t}, Delta: big.NewRat(1, 1)}
}

// tied is a table of which one row decides whether a direction is lost.
func tied() *tables.Table {
	return classes([][]float64{{-0.25, -0.125}, {8, 3}, {17, 9}}, []int{420, 12, 1})
}

func run(t *testing.T, table *tables.Table, o bootstrap.Options) bootstrap.Result {
	t.Helper()
	r, err := bootstrap.Run(context.Background(), losses.InfoNCE, rows(table), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Balanced classes at the corners of a simplex, well apart, keep all their directions however rows are drawn.
func TestSeparatedClassesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 4).Draw(t, "classes")
		apart := float64(rapid.IntRange(3, 6).Draw(t, "apart"))
		means, counts := make([][]float64, k), make([]int, k)
		for i := range k {
			means[i], counts[i] = make([]float64, k), 40
			means[i][i] = apart
		}
		const resamples = 20
		r, err := bootstrap.Run(context.Background(), losses.InfoNCE, rows(classes(means, counts)),
			bootstrap.Options{Resamples: resamples, Seed: rapid.Uint64().Draw(t, "seed"), Readings: []bootstrap.Reading{bootstrap.Centred}})
		if err != nil {
			t.Fatal("no bootstrap")
		}
		want := []bootstrap.Directions{{Directions: oracle.Directions{Kept: k - 1}, Resamples: resamples}}
		if of := r.Readings[0]; of.Holds != resamples || !reflect.DeepEqual(of.Sides[0].Directions, want) {
			t.Fatal("a resample does not hold")
		}
	})
}

// At the boundary both verdicts come out, and the class of one row is missed by 37 % of all draws.
func TestBoundaryGivesBothVerdicts(t *testing.T) {
	const resamples = 300
	r := run(t, tied(), bootstrap.Options{Resamples: resamples, Readings: []bootstrap.Reading{bootstrap.Centred}, Workers: 2})
	of := r.Readings[0]
	if of.Holds < resamples/10 || of.Refuted < resamples/10 || of.Decided() != resamples {
		t.Errorf("%d hold, %d are refuted, %d undecided, want both of %d", of.Holds, of.Refuted, of.Undecided, resamples)
	}
	for _, d := range of.Sides[0].Directions {
		if d.Kept == 2 && d.Resamples != of.Holds || d.Lost == 1 && d.Resamples != of.Refuted {
			t.Errorf("%+v of %d that hold and %d that are refuted", d, of.Holds, of.Refuted)
		}
	}
	const missed = 0.3679 / (1 - 0.3679) // for each that is taken: 1/e of all draws
	if expected, off := missed*resamples, 5*math.Sqrt(missed/(1-0.3679)*resamples); math.Abs(float64(r.Redrawn)-expected) > off {
		t.Errorf("%d draws missed a class, want %.0f ± %.0f", r.Redrawn, expected, off)
	}
}

// Counts are those of rows drawn by the same streams, fitted and decided one by one to full accuracy; quantiles are those of their worst pairs.
func TestResamplesAreThoseOfTheTable(t *testing.T) {
	const resamples, seed = 60, 7
	table := tied()
	var want bootstrap.Tally
	var kept []float64
	redrawn := 0
	for n := range resamples {
		samples, missed, err := table.Resample(rand.New(rand.NewPCG(seed, uint64(n))))
		if err != nil {
			t.Fatal(err)
		}
		redrawn += missed
		f, err := table.Estimate(samples, tables.Shrinkage{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(f.Mixture, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		switch d.Findings.Equality() {
		case oracle.Holds:
			want.Holds++
		case oracle.Refuted:
			want.Refuted++
		default:
			want.Undecided++
		}
		e := d.Effects(losses.InfoNCE, losses.Options{})[0]
		if e.OnlyTheMean {
			want.OnlyTheMean++
		}
		kept = append(kept, e.Pairs[0].Kept)
	}
	r := run(t, table, bootstrap.Options{Resamples: resamples, Seed: seed, Workers: 2})
	got := r.Readings[0]
	if got.Holds != want.Holds || got.Refuted != want.Refuted || got.Undecided != want.Undecided || got.OnlyTheMean != want.OnlyTheMean || r.Redrawn != redrawn {
		t.Errorf("%+v, %d redrawn; one by one %+v, %d", got, r.Redrawn, want, redrawn)
	}
	below := 0
	q := got.Sides[0].Worst.Kept
	for _, x := range kept {
		if x <= q.Median*(1+1e-5) {
			below++
		}
	}
	if share := float64(below) / resamples; share < 0.5 || share > 0.52 || !(q.Low < q.Median && q.Median < q.High) {
		t.Errorf("a median that %.3f of all are below: %+v", share, q)
	}
}

func TestNumberOfCoresDoesNotMatter(t *testing.T) {
	o := bootstrap.Options{Resamples: 40, Seed: 3, Readings: []bootstrap.Reading{bootstrap.Raw, bootstrap.Centred}, Workers: 1}
	one := run(t, tied(), o)
	o.Workers = 4
	if four := run(t, tied(), o); !reflect.DeepEqual(one, four) {
		t.Errorf("one core finds %+v, four %+v", one, four)
	}
	o.Seed = 4
	if other := run(t, tied(), o); reflect.DeepEqual(one, other) {
		t.Error("another seed finds the same")
	}
}

// Rows too few for their columns give singular covariances, which are counted.
func TestSingularResamplesAreCounted(t *testing.T) {
	r := run(t, classes([][]float64{{0, 0, 0}, {3, 1, 0}}, []int{6, 6}), bootstrap.Options{Resamples: 200})
	if of := r.Readings[0]; r.Singular == 0 || r.Singular == r.Resamples || of.Decided()+r.Singular != 200 || r.Resamples != 200 {
		t.Errorf("%d of %d are singular, %d decided", r.Singular, r.Resamples, of.Decided())
	}
}

// A bootstrap beyond the limit is refused, and one that ends early keeps what is done.
func TestEndings(t *testing.T) {
	if _, err := bootstrap.Run(context.Background(), losses.InfoNCE, rows(tied()), bootstrap.Options{Resamples: 1000, Limit: 1e-6}); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("beyond the limit: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := 0
	r, err := bootstrap.Run(ctx, losses.InfoNCE, rows(tied()), bootstrap.Options{Resamples: 10_000, Limit: 100, Workers: 2, Progress: func() {
		if done++; done == 5 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || r.Resamples < 5 || r.Resamples == 10_000 || r.Readings[0].Decided() != r.Resamples {
		t.Errorf("%v after %d, %d kept", err, done, r.Resamples)
	}
}
