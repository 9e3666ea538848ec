package tables_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Own covariances are those of the classes by definition, shrunk each by its own λ, and their weighted mean is the pooled one where nothing is shrunk.
func TestOwnCovariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, k := drawnTable(t)
		table := tableOf(&testing.T{}, x, k)
		lambda := big.NewRat(int64(rapid.IntRange(0, 8).Draw(t, "eighths")), 8)
		shrinkage, err := tables.ParseShrinkage(lambda.RatString())
		if err != nil {
			t.Fatal(err)
		}
		f, err := table.EstimateOwn(table.All(), shrinkage)
		if err != nil {
			if !errors.Is(err, gmm.ErrNotPositiveDefinite) {
				t.Fatal(err)
			}
			return
		}
		r := residuals(x, k)
		n, d := x.Dims()
		for class := range k {
			want := mat.NewDense(d, d, nil)
			for i := class; i < n; i += k {
				want.Add(want, product(r.RowView(i)))
			}
			want.Scale(float64(k)/float64(n), want)
			share, _ := lambda.Float64()
			target := share * mat.Trace(want) / float64(d)
			want.Scale(1-share, want)
			for i := range d {
				want.Set(i, i, want.At(i, i)+target)
			}
			const rounding = 1e-12
			if !mat.EqualApprox(f.Mixture.Own(class), want, rounding*(1+mat.Norm(want, 2))) || f.Lambdas[class].Cmp(lambda) != 0 {
				t.Fatalf("class %d: covariance and λ differ", class)
			}
		}
		if lambda.Sign() != 0 {
			return
		}
		m, _, err := table.Fit(table.All(), tables.Shrinkage{})
		if err != nil {
			t.Fatal(err)
		}
		own, shared := f.Mixture.Pooled().Exact().Covariance, m.Exact().Covariance
		for i := range d {
			for j := range d {
				if own[i][j].Cmp(shared[i][j]) != 0 {
					t.Fatal("the mean of own covariances is not the pooled one")
				}
			}
		}
	})
}

func product(x mat.Vector) *mat.Dense {
	var out mat.Dense
	out.Outer(1, x, x)
	return &out
}

// A class with too few rows is refused by its name, with the ways out.
func TestOwnCovariancesOfFewRows(t *testing.T) {
	const few = "x,y,c\n1,2,a\n2,5,a\n4,1,a\n7,7,a\n3,4,b\n4,6,b\n"
	table, err := tables.Read("few.csv", strings.NewReader(few), tables.Options{Label: "c"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = table.EstimateOwn(table.All(), tables.Shrinkage{})
	if !errors.Is(err, gmm.ErrNotPositiveDefinite) || !strings.Contains(err.Error(), `class "b"`) || !strings.Contains(err.Error(), "--shrinkage") || !strings.Contains(err.Error(), "--covariance shared") {
		t.Errorf("refused with %v", err)
	}
	if _, err = table.EstimateOwn(table.All(), tables.LedoitWolf); err == nil || !strings.Contains(err.Error(), "auto finds λ = 0") { // of two rows
		t.Errorf("two rows: %v", err)
	}
	table, err = tables.Read("few.csv", strings.NewReader(few+"9,1,b\n"), tables.Options{Label: "c"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := table.EstimateOwn(table.All(), tables.LedoitWolf)
	if err != nil || f.Lambdas[0].Cmp(f.Lambdas[1]) == 0 {
		t.Errorf("λ = %v, %v", f.Lambdas, err)
	}
}
