package tables_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// tableOf writes and reads a table of k classes in turn.
func tableOf(t testing.TB, x *mat.Dense, k int) *tables.Table {
	t.Helper()
	var text strings.Builder
	n, d := x.Dims()
	for c := range d {
		fmt.Fprintf(&text, "x%d,", c)
	}
	text.WriteString("class\n")
	for i := range n {
		for c := range d {
			fmt.Fprintf(&text, "%v,", x.At(i, c))
		}
		fmt.Fprintf(&text, "c%d\n", i%k)
	}
	table, err := tables.Read("t.csv", strings.NewReader(text.String()), tables.Options{Label: "class"})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// drawnTable draws k classes of samples in d coordinates, on quarters; some columns
// repeat others.
func drawnTable(t *rapid.T) (x *mat.Dense, k int) {
	k, d := rapid.IntRange(1, 3).Draw(t, "classes"), rapid.IntRange(1, 5).Draw(t, "columns")
	n := k * rapid.IntRange(2, 5).Draw(t, "samples of each class")
	x = mat.NewDense(n, d, nil)
	for c := range d {
		repeats := c > 0 && rapid.Bool().Draw(t, "repeats")
		for i := range n {
			if repeats {
				x.Set(i, c, x.At(i, c-1))
			} else {
				x.Set(i, c, float64(rapid.IntRange(-12, 12).Draw(t, "value"))/4)
			}
		}
	}
	return x, k
}

// residuals returns the samples less the means of their classes.
func residuals(x *mat.Dense, k int) *mat.Dense {
	n, d := x.Dims()
	out := mat.DenseCopyOf(x)
	for class := range k {
		for c := range d {
			var sum, count float64
			for i := class; i < n; i += k {
				sum += x.At(i, c)
				count++
			}
			for i := class; i < n; i += k {
				out.Set(i, c, x.At(i, c)-sum/count)
			}
		}
	}
	return out
}

// ledoitWolf is λ by sums of fourth powers, (1/n²)(Σ|x_i|⁴ − n‖S‖²) = Σ_i‖x_i x_iᵀ − S‖²/n²,
// and ‖S − mI‖² = ‖S‖² − d m².
func ledoitWolf(r *mat.Dense) float64 {
	n, d := r.Dims()
	var s mat.Dense
	s.Mul(r.T(), r)
	s.Scale(1/float64(n), &s)
	norm := math.Pow(mat.Norm(&s, 2), 2)
	distance := norm - math.Pow(mat.Trace(&s), 2)/float64(d)
	if distance <= 1e-13*norm { // S is a multiple of the identity
		return 0
	}
	var fourth float64
	for i := range n {
		fourth += math.Pow(mat.Norm(r.RowView(i), 2), 4)
	}
	return math.Min(1, (fourth-float64(n)*norm)/float64(n*n)/distance)
}

// Of any samples λ is in [0, 1] and what the sums of fourth powers say, and the shrunk
// covariance is (1 − λ) S + λ (tr S/d) I, exactly, where that is not singular.
func TestShrunkCovariance(t *testing.T) {
	const rounding = 1e-12 // of λ: sums of fourth powers of at most 15 samples cancel
	shrunk, refused, rescued := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		x, k := drawnTable(t)
		table := tableOf(&testing.T{}, x, k)
		given := big.NewRat(int64(rapid.IntRange(0, 8).Draw(t, "eighths")), 8)
		shrinkage, err := tables.ParseShrinkage(given.RatString())
		want := 0.0
		if rapid.Bool().Draw(t, "auto") {
			shrinkage, want = tables.LedoitWolf, ledoitWolf(residuals(x, k))
		} else {
			want, _ = given.Float64()
		}
		m, lambda, fitErr := table.Fit(table.All(), shrinkage)
		plain, _, plainErr := table.Fit(table.All(), tables.Shrinkage{})
		if err != nil || plainErr != nil && !errors.Is(plainErr, gmm.ErrNotPositiveDefinite) {
			t.Fatalf("%v, %v", err, plainErr)
		}
		r := residuals(x, k)
		if fitErr != nil {
			refused++
			if mat.Norm(r, 2) != 0 && (want > rounding || plainErr == nil) || !errors.Is(fitErr, gmm.ErrNotPositiveDefinite) {
				t.Fatalf("λ = %v: %v", want, fitErr)
			}
			return
		}
		shrunk++
		if plainErr != nil {
			rescued++
		}
		got, _ := lambda.Float64()
		if !(0 <= got && got <= 1) || math.Abs(got-want) > rounding {
			t.Fatalf("λ = %v, want %v", got, want)
		}
		if got == 0 && m.GoString() != plain.GoString() {
			t.Fatalf("λ = 0 made %s of %s", m.GoString(), plain.GoString())
		}
		n, d := x.Dims()
		var s mat.Dense
		s.Mul(r.T(), r)
		s.Scale(1/float64(n), &s)
		for i := range d {
			for j := range d {
				sigma := (1 - got) * s.At(i, j)
				if i == j {
					sigma += got * mat.Trace(&s) / float64(d)
				}
				if off := math.Abs(m.Covariance().At(i, j) - sigma); off > 1e-13*mat.Trace(&s) {
					t.Fatalf("Σ[%d][%d] = %v, want %v", i, j, m.Covariance().At(i, j), sigma)
				}
			}
		}
		var chol mat.Cholesky
		if !(m.LeastVariance() > 0) || got > rounding && !chol.Factorize(m.Covariance()) {
			t.Fatal("the covariance is not positive definite")
		}
	})
	t.Logf("%d fitted, of which %d had a singular covariance; %d refused", shrunk, rescued, refused)
	enough.Drawn(t, "fitted", shrunk, 30)
	enough.Drawn(t, "fitted by shrinking a singular covariance", rescued, 10)
}

// A rotation of the coordinates leaves λ alone, as does another unit.
func TestLedoitWolfIsInvariant(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	inside := 0
	for i := range 50 {
		k, d := 1+rng.IntN(3), 2+rng.IntN(4)
		n := k * (3 + rng.IntN(8))
		x, random := mat.NewDense(n, d, nil), mat.NewDense(d, d, nil)
		normal := func(c, _ int, _ float64) float64 { return rng.NormFloat64() }
		random.Apply(normal, random)
		x.Apply(func(_, c int, _ float64) float64 { return float64(1+c) * rng.NormFloat64() }, x)
		var qr mat.QR
		var rotation, turned mat.Dense
		qr.Factorize(random)
		qr.QTo(&rotation)
		turned.Mul(x, &rotation)
		turned.Scale(1000, &turned)
		before, after := tableOf(t, x, k), tableOf(t, &turned, k)
		a, b := before.LedoitWolf(before.All()), after.LedoitWolf(after.All())
		if a > 0 && a < 1 {
			inside++
		}
		if !(math.Abs(a-b) <= 1e-12) {
			t.Errorf("case %d: λ = %v, and %v after a rotation", i, a, b)
		}
	}
	if inside < 25 {
		t.Errorf("λ was between 0 and 1 in %d cases only", inside)
	}
}

// Of normal samples of covariance Σ, E β = ((tr Σ)² + tr Σ²)/n nearly, so that λ vanishes
// as 1/n for large n.
func TestLedoitWolfVanishes(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	deviations := []float64{1, 2, 3, 4}
	var trace, squares float64
	for _, x := range deviations {
		trace += x * x
		squares += x * x * x * x
	}
	distance := squares - trace*trace/4
	for _, n := range []int{400, 4000} {
		x := mat.NewDense(n, len(deviations), nil)
		x.Apply(func(_, c int, _ float64) float64 { return deviations[c] * rng.NormFloat64() }, x)
		table := tableOf(t, x, 2)
		got, want := table.LedoitWolf(table.All()), (trace*trace+squares)/distance/float64(n)
		if math.Abs(got/want-1) > 0.5 { // β is a mean of fourth powers, whose spread is some tenths here
			t.Errorf("%d samples: λ = %.4g, expected about %.4g", n, got, want)
		}
	}
}

// By hand: residuals ±(2, 0), ±(0, 1) twice over have S = diag(2, ½), so that
// β = (1/64)·4·[(2² + ½²) + (2² + ½²)] = 17/32, δ² = 9/8 and λ = 17/36.
func TestLedoitWolfByHand(t *testing.T) {
	x := mat.NewDense(8, 2, []float64{2, 0, 2, 0, -2, 0, -2, 0, 0, 1, 0, 1, 0, -1, 0, -1})
	table := tableOf(t, x, 2)
	if got := table.LedoitWolf(table.All()); math.Abs(got-17.0/36) > 1e-15 {
		t.Errorf("λ = %v, want 17/36 = %v", got, 17.0/36)
	}
	// S = mI: nothing to shrink.
	equal := tableOf(t, mat.NewDense(4, 2, []float64{1, 0, 0, 1, -1, 0, 0, -1}), 1)
	if got := equal.LedoitWolf(equal.All()); got != 0 {
		t.Errorf("λ = %v of a multiple of the identity", got)
	}
}

func TestParseShrinkage(t *testing.T) {
	for _, text := range []string{"0", "1", "1/3", "0.25", "auto"} {
		if s, err := tables.ParseShrinkage(text); err != nil || s.Auto() != (text == "auto") {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "-1/8", "1.01", "nan", "Auto", "2/0"} {
		if _, err := tables.ParseShrinkage(text); !errors.Is(err, gmm.ErrNumber) || !strings.Contains(err.Error(), `in [0, 1], or "auto"`) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Constant columns are dropped, the rest stays as it is.
func TestVarying(t *testing.T) {
	table, err := tables.Read("t.csv", strings.NewReader("a,b,class,c,d\n5,1,u,0,1\n5,1,u,0,3\n5.0,2,v,0,0\n5,2,v,0,7\n"), tables.Options{Label: "class"})
	if err != nil {
		t.Fatal(err)
	}
	varying, dropped, err := table.Varying()
	if err != nil || fmt.Sprint(varying.Columns, dropped, varying.Classes) != "[b d] [a c] [u v]" {
		t.Fatalf("%v, %v, %v", varying.Columns, dropped, err)
	}
	if x := varying.Rows([]int{3}); x.At(0, 0) != 2 || x.At(0, 1) != 7 {
		t.Errorf("row %v", x)
	}
	if len(table.Columns) != 4 {
		t.Errorf("the table itself has %d columns left", len(table.Columns))
	}
	if same, dropped, err := varying.Varying(); same != varying || dropped != nil || err != nil {
		t.Errorf("dropped %v of columns that vary, %v", dropped, err)
	}
	constant := tableOf(t, mat.NewDense(2, 2, []float64{1, 2, 1, 2}), 2)
	if _, _, err := constant.Varying(); !errors.Is(err, gmm.ErrNotPositiveDefinite) || !strings.HasPrefix(err.Error(), "gmm: t.csv: ") {
		t.Errorf("a table of constants: %v", err)
	}
}

// What is refused says which columns depend on others, and the remedy where there is one.
func TestSingularTablesNameTheRemedy(t *testing.T) {
	x := mat.NewDense(12, 7, nil)
	rng := rand.New(rand.NewPCG(5, 0))
	for i := range 12 {
		a, b := float64(rng.IntN(64)), float64(rng.IntN(64))
		x.SetRow(i, []float64{a, a + float64(i%2), b, a - b, b / 4, 3 * a, a + b})
	}
	table := tableOf(t, x, 2)
	_, _, err := table.Fit(table.All(), tables.Shrinkage{})
	want := `gmm: t.csv: columns "x1", "x3", "x4", "x5" and 1 more: expected columns that are linearly independent within the classes, ` +
		`and more samples than columns and classes together; or a shrunk covariance (--shrinkage auto), ` +
		`found a singular pooled covariance, as these columns depend on those before`
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	single := tableOf(t, mat.NewDense(2, 1, []float64{1, 2}), 2)
	for _, s := range []tables.Shrinkage{{}, tables.LedoitWolf} {
		if _, _, err := single.Fit(single.All(), s); !errors.Is(err, gmm.ErrNotPositiveDefinite) || strings.Contains(err.Error(), "--shrinkage") {
			t.Errorf("one sample a class, which nothing remedies: %v", err)
		}
	}
}
