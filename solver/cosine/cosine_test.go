package cosine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/cosine"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(40)
	os.Exit(m.Run())
}

func pairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// symmetric is ±m e₁ in d dimensions, equal weights, δ = 1.
func symmetric(t testing.TB, m string, d int) gmm.Pairs {
	zeros := strings.Repeat(", 0", d-1)
	return pairs(t, fmt.Sprintf(`{"weights": [1, 1], "means": [["%s"%s], ["-%s"%[2]s]], "covariance": "identity"}`, m, zeros, m))
}

// diagonal is diag(1, ε, …).
func diagonal(d, r int, ε float64) *mat.Dense {
	a := mat.NewDense(d, r, nil)
	for i := range r {
		a.Set(i, i, ε)
	}
	a.Set(0, 0, 1)
	return a
}

// near compares with digits as they are printed.
func near(t *testing.T, what string, got float64, want string) {
	t.Helper()
	x, err := strconv.ParseFloat(want, 64)
	if err != nil {
		t.Fatal(err)
	}
	_, decimals, _ := strings.Cut(want, ".")
	const rounding = 2e-14
	if math.Abs(got-x) > max(rounding, 1.01*math.Pow(10, -float64(len(decimals)))) {
		t.Errorf("%s: expected %s, found %.16g", what, want, got)
	}
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The losses that are known, by programs that are not this one: of diag(1, ε), inside, and of the best A of two columns and of three.
func TestReference(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ M, Temperature, Inside, Epsilon, Loss, Best, Ball string }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		what := "m = " + r.M + ", τ = " + r.Temperature
		l := cosine.InfoNCE(number(t, r.Temperature))
		p := symmetric(t, r.M, 2)
		e, err := cosine.Evaluate(l, p, diagonal(2, 2, number(t, r.Epsilon)))
		if err != nil {
			t.Fatal(err)
		}
		near(t, what, e.Value, r.Loss)
		found, err := cosine.Minimise(l, p, cosine.Options{Columns: 2})
		if err != nil {
			t.Fatal(err)
		}
		near(t, what+" inside", found.Inside.Value, r.Inside)
		if r.Best != "" {
			near(t, what+" at best", found.Best.Value, r.Best)
		}
		if found.Best.Rank != 2 || found.Best.GradientNorm > 1e-9 || !(found.Best.LeastCurvature > 0) {
			t.Errorf("%s: %+v", what, found.Best)
		}
		if r.Ball != "" && (i == 0 || enough.Cases(2) > 2) { // dear
			three, err := cosine.Minimise(l, symmetric(t, r.M, 3), cosine.Options{Columns: 3})
			if err != nil {
				t.Fatal(err)
			}
			near(t, what+" of three columns", three.Best.Value, r.Ball)
		}
	}
}

// The sigmoid loss at its best bias, inside and at the best diag(1, ε), and the one column that leaves S_F where its mean is not 0.
func TestReferenceOfSigmoidAndOneColumn(t *testing.T) {
	for m, want := range map[string][2]string{"1": {"1.7172848494", "1.5094535733"}, "2": {"1.1032109982", "1.0840521245"}} {
		found, err := cosine.Minimise(cosine.Sigmoid(1, cosine.Bias{}, 0.5), symmetric(t, m, 2), cosine.Options{Columns: 2})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "sigmoid inside", found.Inside.Value, want[0])
		near(t, "sigmoid", found.Best.Value, want[1])
	}
	p := pairs(t, `{"weights": [4, 1], "means": [[6, 0], ["1/4", 0]], "covariance": "identity"}`)
	found, err := cosine.Minimise(cosine.InfoNCE(1), p, cosine.Options{Columns: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "one column inside", found.Inside.Value, "-.0012389274")
	near(t, "one column", found.Best.Value, "-.0128299057")
	a := found.Best.A
	near(t, "its cosine", math.Abs(a.At(0, 0))/mat.Norm(a, 2), ".5194891")
}

// The first-order gain κ of leaving S_F.
func TestSlopeOutOfTheFisherSubspace(t *testing.T) {
	const ε = 1e-3
	l, p := cosine.InfoNCE(0.5), symmetric(t, "1", 2)
	inside, err := cosine.Evaluate(l, p, diagonal(2, 2, 0))
	if err != nil {
		t.Fatal(err)
	}
	outside, err := cosine.Evaluate(l, p, diagonal(2, 2, 4*ε))
	if err != nil {
		t.Fatal(err)
	}
	const κ = 1.1909420438
	if slope := (inside.Value - outside.Value) / (4 * ε); !(slope < κ && slope > κ*0.98) {
		t.Errorf("(L_in − L)/ε = %.6g, κ = %g", slope, κ)
	}
}

// losses are of every kind.
func kinds(τ float64) map[string]cosine.Loss {
	return map[string]cosine.Loss{
		"infonce": cosine.InfoNCE(τ), "1 negative": cosine.Negatives(1, τ), "5 negatives": cosine.Negatives(5, τ),
		"sigmoid": cosine.Sigmoid(2, cosine.Bias{}, τ), "sigmoid, bias −1/2": cosine.Sigmoid(1, cosine.Bias{Fixed: true, Value: -0.5}, τ),
	}
}

// drawn is a mixture with a representation.
type drawn struct {
	p gmm.Pairs
	a *mat.Dense
	l cosine.Loss
}

func draw(t *rapid.T, most int) drawn {
	m := generators.SharedCovariance().Draw(t, "mixture")
	p, err := gmm.NewPairs(m, big.NewRat(int64(rapid.IntRange(0, 4).Draw(t, "delta")), 4))
	if err != nil {
		t.Fatal(err)
	}
	a := mat.NewDense(m.Dimension(), rapid.IntRange(1, most).Draw(t, "columns"), nil)
	a.Apply(func(_, _ int, _ float64) float64 { return float64(rapid.IntRange(-8, 8).Draw(t, "entry")) / 4 }, a)
	τ := rapid.SampledFrom([]float64{0.2, 0.5, 1, 3}).Draw(t, "temperature")
	return drawn{p, a, kinds(τ)[rapid.SampledFrom([]string{"infonce", "1 negative", "sigmoid", "sigmoid, bias −1/2"}).Draw(t, "loss")]}
}

// A loss does not change when the embedding is scaled or turned, nor when components are split, nor when a coordinate is added that A does not see.
func TestInvariances(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, 2)
		e, err := cosine.Evaluate(d.l, d.p, d.a)
		if err != nil {
			return
		}
		compared++
		same := func(p gmm.Pairs, a *mat.Dense) {
			other, err := cosine.Evaluate(d.l, p, a)
			if err != nil || math.Abs(other.Value-e.Value) > 1e-11+e.Error+other.Error {
				t.Fatalf("%#v: %.15g and %.15g, %v", p, e.Value, other.Value, err)
			}
		}
		_, r := d.a.Dims()
		turn := mat.NewDense(r, 3, nil) // into three columns, and scaled
		turn.Set(0, 1, -5)
		if r == 2 {
			turn.SetRow(0, []float64{3, 0, 4})
			turn.SetRow(1, []float64{4, 0, -3})
		}
		var turned mat.Dense
		turned.Mul(d.a, turn)
		same(d.p, &turned)
		split, err := gmm.NewPairs(d.p.Left.Split(0), d.p.ExactDelta())
		if err != nil {
			t.Fatal(err)
		}
		if d.p.Delta() == 0 { // elsewhere positives of the halves are others
			same(split, d.a)
		}
		wide, err := gmm.NewPairs(d.p.Left.Embed(), d.p.ExactDelta())
		if err != nil {
			t.Fatal(err)
		}
		same(wide, mat.DenseCopyOf(d.a.Grow(1, 0)))
	})
	enough.Drawn(t, "representations that are resolved", compared, 20)
}

// What a search finds is stationary as differences of Evaluate say, and no A nearby nor any that is drawn is better.
func TestMinimaAreStationary(t *testing.T) {
	found := 0
	for seed := range enough.Cases(4) {
		p, err := gmm.NewPairs(generators.Distinct().Example(seed), big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		for name, l := range kinds(0.5) {
			if strings.Contains(name, "negative") && seed > 0 {
				continue // dear
			}
			r, err := cosine.Minimise(l, p, cosine.Options{Columns: 2})
			if err != nil {
				if !errors.Is(err, cosine.ErrNarrow) {
					t.Fatalf("seed %d, %s: %v", seed, name, err)
				}
				continue
			}
			found++
			if r.Best.Value > r.Inside.Value {
				t.Errorf("seed %d, %s: inside %.12g, beyond %.12g", seed, name, r.Inside.Value, r.Best.Value)
			}
			at := func(a *mat.Dense) float64 {
				e, err := cosine.Evaluate(l, p, a)
				if err != nil {
					return math.Inf(1)
				}
				return e.Value
			}
			if here := at(r.Best.A); math.Abs(here-r.Best.Value) > 1e-10 {
				t.Errorf("seed %d, %s: the printed A has %.15g, the search %.15g", seed, name, here, r.Best.Value)
			}
			rng := rand.New(rand.NewPCG(uint64(seed), 3))
			for range 6 {
				moved, other := mat.DenseCopyOf(r.Best.A), mat.DenseCopyOf(r.Best.A)
				size := mat.Norm(r.Best.A, 2)
				moved.Apply(func(_, _ int, x float64) float64 { return x + 1e-3*size*rng.NormFloat64() }, moved)
				other.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, other)
				if value := min(at(moved), at(other)); value < r.Best.Value-1e-11 {
					t.Errorf("seed %d, %s: %.15g is below what was found, %.15g", seed, name, value, r.Best.Value)
				}
			}
		}
	}
	if least := 2 * enough.Cases(4); found < least {
		t.Errorf("only %d searches ended, want %d", found, least)
	}
}

// Refusals name what is served.
func TestRefusals(t *testing.T) {
	p := symmetric(t, "1", 4)
	wide := mat.NewDense(4, 4, nil)
	for i := range 4 {
		wide.Set(i, i, 1)
	}
	for a, want := range map[*mat.Dense]error{wide: cosine.ErrColumns, mat.NewDense(4, 2, nil): cosine.ErrColumns, diagonal(4, 2, 1e-6): cosine.ErrNarrow, diagonal(4, 3, 1e-3): cosine.ErrNarrow} {
		if _, err := cosine.Evaluate(cosine.InfoNCE(cosine.LeastTemperature), p, a); !errors.Is(err, want) {
			t.Errorf("expected %v, found %v", want, err)
		}
	}
	if _, err := cosine.Minimise(cosine.InfoNCE(1), p, cosine.Options{Columns: 4}); !errors.Is(err, cosine.ErrColumns) {
		t.Error(err)
	}
	own := pairs(t, `{"weights": [1, 1], "means": [[1], [2]], "covariance": [[[1]], [[2]]]}`)
	if _, err := cosine.Minimise(cosine.InfoNCE(1), own, cosine.Options{Columns: 1}); !errors.Is(err, gmm.ErrOtherModel) {
		t.Error(err)
	}
	zero := pairs(t, `{"weights": [1, 1], "means": [[0], [0]], "covariance": "identity"}`)
	if _, err := cosine.Minimise(cosine.InfoNCE(1), zero, cosine.Options{Columns: 1}); err == nil {
		t.Error("expected means that are all 0 to be refused")
	}
}
