package comparison_test

import (
	"math"
	"math/big"
	"os"
	"reflect"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// Projections of Iris: LDA and InfoNCE learn the same plane, where distances are at most
// those of the data, and in which the first axis has the greater variance.
func TestScattersOfIris(t *testing.T) {
	f, err := os.Open("../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := tables.Read("iris", f, tables.Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	scatters, err := comparison.ScattersOfTable(table, big.NewRat(1, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(table.Class))
	for i := range all {
		all[i] = i
	}
	rows := table.Rows(all)
	found := map[comparison.Projection]comparison.Scatter{}
	for _, s := range scatters {
		found[s.Projection] = s
		if s.Dimension != 2 || len(s.Points) != 150 || !reflect.DeepEqual(s.Labels, table.Class) {
			t.Fatalf("%s: %d points in %d dimensions, or wrong labels", s.Projection, len(s.Points), s.Dimension)
		}
		var variance [2]float64
		for i, p := range s.Points {
			variance[0] += p[0] * p[0]
			variance[1] += p[1] * p[1]
			for j := range i {
				apart := 0.
				for c := range 4 {
					apart += math.Pow(rows.At(i, c)-rows.At(j, c), 2)
				}
				if q := s.Points[j]; math.Hypot(p[0]-q[0], p[1]-q[1]) > math.Sqrt(apart)*(1+1e-9)+1e-9 {
					t.Fatalf("%s: points %d and %d are farther apart than the samples", s.Projection, i, j)
				}
			}
		}
		if variance[0] < variance[1] {
			t.Errorf("%s: variances %v, want the greater one first", s.Projection, variance)
		}
	}
	if len(found) != 4 {
		t.Fatalf("found %d projections, want 4", len(found))
	}
	for i, p := range found[comparison.LDA].Points {
		if q := found[comparison.InfoNCE].Points[i]; math.Hypot(p[0]-q[0], p[1]-q[1]) > 1e-6 {
			t.Fatalf("sample %d: LDA %v, InfoNCE %v; centred Iris has one Fisher plane", i, p, q)
		}
	}
}

// On pancakes InfoNCE's line parts the components, and SVD's does not.
func TestScattersOfPancakes(t *testing.T) {
	f, err := os.Open("../testdata/pancakes.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := gmm.Read("pancakes", f)
	if err != nil {
		t.Fatal(err)
	}
	scatters, err := comparison.ScattersOfMixture(file.Pairs, 200, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scatters {
		if s.Dimension != 1 {
			t.Fatalf("%s learned %d dimensions", s.Projection, s.Dimension)
		}
		right, apart := 0, 0
		for i, p := range s.Points {
			if p[1] != 0 {
				t.Fatalf("%s: a second coordinate of %g on a line", s.Projection, p[1])
			}
			if (p[0] > 0) == (s.Labels[i] == 1) {
				right++
			}
			apart++
		}
		share := math.Max(float64(right), float64(apart-right)) / float64(apart)
		if parts := s.Projection == comparison.LDA || s.Projection == comparison.InfoNCE; parts != (share > 0.95) {
			t.Errorf("%s: %.2f of the samples on their component's side", s.Projection, share)
		}
	}
	again, err := comparison.ScattersOfMixture(file.Pairs, 200, 1)
	if err != nil || !reflect.DeepEqual(scatters, again) {
		t.Errorf("the same seed gives other samples (%v)", err)
	}
}
