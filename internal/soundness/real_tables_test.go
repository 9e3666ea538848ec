package soundness

import (
	"context"
	"math/big"
	"os"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/tables"
)

// realTables are the tables in testdata that people measured, with what InfoNCE keeps of each, raw and centred.
var realTables = []struct {
	file         string
	options      tables.Options
	raw, centred oracle.Directions
}{
	{"iris.csv", tables.Options{Label: "species"}, oracle.Directions{Kept: 2, Lost: 1}, oracle.Directions{Kept: 2}},
	{"wine.csv", tables.Options{Label: "cultivar"}, oracle.Directions{Kept: 2, Lost: 1}, oracle.Directions{Kept: 2}},
	{"breast_cancer.csv", tables.Options{Label: "diagnosis"}, oracle.Directions{Kept: 1, Lost: 1}, oracle.Directions{Kept: 1}},
	{"glass.csv", tables.Options{Label: "type"}, oracle.Directions{Kept: 5, Lost: 1}, oracle.Directions{Kept: 5}},
	{"crabs.csv", tables.Options{Label: "group"}, oracle.Directions{Kept: 4}, oracle.Directions{Kept: 3}},
	{"penguins.csv", tables.Options{Label: "species", Drop: []string{"island", "sex", "year"}, DropMissing: true},
		oracle.Directions{Kept: 2, Lost: 1}, oracle.Directions{Kept: 2}},
	{"digits.csv.gz", tables.Options{Label: "65", NoHeader: true}, oracle.Directions{Kept: 10}, oracle.Directions{Kept: 9}},
}

// fitted reads a table of testdata and fits its mixture, constant columns left out.
func fitted(t *testing.T, file string, o tables.Options) *gmm.Mixture {
	t.Helper()
	f, err := os.Open(shared(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := tables.Read(file, f, o)
	if err != nil {
		t.Fatal(err)
	}
	table, _, err = table.Varying()
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := table.Fit(table.All(), tables.Shrinkage{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What is said of tables that people measured is not contradicted, direction by direction, by a solve with twice the points along each direction and a
// hundredth of the tolerance; and it is what it was.
func TestRealTablesSurviveRefinement(t *testing.T) {
	t.Parallel()
	for _, of := range realTables {
		m := fitted(t, of.file, of.options)
		raw, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		centred, err := raw.Centre()
		if err != nil {
			t.Fatal(err)
		}
		for _, reading := range []struct {
			name  string
			pairs gmm.Pairs
			want  oracle.Directions
		}{{"raw", raw, of.raw}, {"centred", centred, of.centred}} {
			judged := func(o solver.Options) oracle.Findings {
				d, err := losses.Decide(context.Background(), losses.InfoNCE, reading.pairs, o)
				if err != nil {
					t.Fatalf("%s, %s: %v", of.file, reading.name, err)
				}
				return d.Findings
			}
			first := judged(solver.Options{Cores: 2})
			if got := first.Directions(); got != reading.want {
				t.Errorf("%s, %s: expected directions %+v, found %+v", of.file, reading.name, reading.want, got)
			}
			if !enough.Attack() && m.Components() > 6 { // seconds each
				continue
			}
			tolerance := map[bool]float64{true: 1e-12, false: 1e-8}[m.Components() <= 5]
			again := judged(solver.Options{Tolerance: tolerance, Oversampling: 2, Cores: 2})
			if contradict(first.Equality(), again.Equality()) || contradict(first.Sides[0].Containment, again.Sides[0].Containment) {
				t.Errorf("%s, %s: equality %v, then %v; containment %v, then %v", of.file, reading.name, first.Equality(), again.Equality(),
					first.Sides[0].Containment, again.Sides[0].Containment)
			}
			one, other, s := first.Directions(), again.Directions(), first.Sides[0].Dimension
			if one.Kept+other.Lost > s || other.Kept+one.Lost > s {
				t.Errorf("%s, %s: of %d directions %+v, then %+v", of.file, reading.name, s, one, other)
			}
		}
	}
}
