package comparison_test

import (
	"math/big"
	"os"
	"slices"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"
	"contrastcheck/tables"

	"pgregory.net/rapid"
)

// Of labels as many are chosen as are asked for, or a few more, of every class some or all, each place once; all where there are no more.
func TestChosen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(1, 6).Draw(t, "classes")
		labels := rapid.SliceOfN(rapid.IntRange(0, classes-1), 1, 300).Draw(t, "labels")
		most := rapid.IntRange(1, 300).Draw(t, "most")
		chosen := comparison.Chosen(labels, classes, most, 1)
		if !slices.IsSorted(chosen) || len(slices.Compact(slices.Clone(chosen))) != len(chosen) {
			t.Fatal("places are not ascending, each once")
		}
		all, some := make([]int, classes), make([]int, classes)
		for _, k := range labels {
			all[k]++
		}
		for _, i := range chosen {
			some[labels[i]]++
		}
		const few = 10
		if len(chosen) > max(most, 0)+few*classes {
			t.Fatal("too many are chosen")
		}
		for k := range classes {
			if some[k] < min(all[k], few) || len(labels) <= most && some[k] != all[k] || some[k]*len(labels) < min(most, len(labels))*all[k] {
				t.Fatal("a class has less than its share")
			}
		}
		if !slices.Equal(chosen, comparison.Chosen(labels, classes, most, 1)) {
			t.Fatal("the same seed gives other places")
		}
	})
}

// Rows shown on LDA's columns are those that ScattersOfTable shows.
func TestShowIsAScatter(t *testing.T) {
	f, err := os.Open("../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := tables.Read("iris.csv", f, tables.Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := table.Fit(table.All(), tables.Shrinkage{})
	if err != nil {
		t.Fatal(err)
	}
	lda, err := subspace.LDA(m, 3)
	if err != nil {
		t.Fatal(err)
	}
	shown := comparison.Show(comparison.LDA, lda, table.Rows(table.All()), table.Class)
	known, err := comparison.ScattersOfTable(table, big.NewRat(1, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range known {
		if s.Projection != comparison.LDA {
			continue
		}
		for i, p := range s.Points {
			const rounding = 1e-9
			if q := shown.Points[i]; shown.Dimension != 2 || max(p[0]-q[0], q[0]-p[0], p[1]-q[1], q[1]-p[1]) > rounding || shown.Labels[i] != s.Labels[i] {
				t.Fatalf("row %d at %v, want %v", i, q, p)
			}
			compared++
		}
	}
	if compared != 150 {
		t.Errorf("%d rows were compared", compared)
	}
}

// Points are drawn from the components that their labels name, on both sides.
func TestDrawn(t *testing.T) {
	p, err := gmm.NewPairs(planar(t), big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	left, right, labels, err := comparison.Drawn(p, 300, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]int{}
	for i, k := range labels {
		seen[k]++
		for _, x := range []float64{left.At(i, 0), right.At(i, 0)} {
			if (x > 0) != (k == 1) { // fifty standard deviations from 0
				t.Fatalf("a point at %v of component %d", x, k+1)
			}
		}
	}
	if seen[0] == 0 || seen[1] < seen[0] {
		t.Errorf("components are drawn %v times, with weights 1 : 3", seen)
	}
}

// planar has two components far apart.
func planar(t *testing.T) *gmm.Mixture {
	t.Helper()
	m, err := gmm.NewExact(gmm.Exact{Weights: gmm.Rationals(1, 3), Means: [][]*big.Rat{gmm.Rationals(-50, 0), gmm.Rationals(50, 0)}, Covariance: gmm.IdentityRows(2)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
