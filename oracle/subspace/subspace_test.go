package subspace_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// largest returns the largest principal angle.
func largest(a, b *mat.Dense) float64 {
	angles := subspace.PrincipalAngles(a, b)
	return angles[len(angles)-1]
}

// The error of S_F bounds its angle to columns that are exact: Σ⁻¹μ_k is dyadic for
// this family. The bound is of use, and the angle itself not always 0.
func TestErrorOfTheFisherSubspace(t *testing.T) {
	fine, inexact, ran := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := generators.SharedCovarianceOf(2, 3, 4, 5).Draw(t, "mixture")
		s := subspace.Fisher(m)
		if s.Dimension() != m.Components() { // dependent columns are no basis to compare with
			return
		}
		exact := mat.NewDense(m.Dimension(), m.Components(), nil)
		for k, row := range m.Gram().Precision {
			for i, x := range row {
				exact.Set(i, k, x.Float64())
			}
		}
		ran++
		const rounding = 1e-15 // of the angle's own computation, for columns within a factor 100
		angle := largest(s.Basis, exact)
		if s.Error < 1e-10 {
			fine++
		}
		if angle > 0 {
			inexact++
		}
		if math.Sin(angle) > s.Error+64*rounding {
			t.Fatalf("an angle exceeds its bound")
		}
	})
	if ran < 10 || fine < ran/2 || inexact == 0 {
		t.Errorf("%d cases, %d bounds below 1e-10, %d angles above 0", ran, fine, inexact)
	}
}

func TestSVDSubspaceByHand(t *testing.T) {
	// E[xxᵀ] = I/4 + (3, 4)(3, 4)ᵀ/25·25: the mean's direction leads.
	p := read(t, `{"weights": [1, 1], "means": [[3, 4], [-3, -4]], "covariance": [["1/4", 0], [0, "1/4"]]}`)
	got := subspace.SVD(p.Left, 1)
	if angle := largest(got.Basis, mat.NewDense(2, 1, []float64{3, 4})); angle > got.Error || got.Error > 1e-13 {
		t.Errorf("off by %g, bound %g", angle, got.Error)
	}
	if all := subspace.SVD(p.Left, 2); all.Error != 0 || all.Dimension() != 2 {
		t.Errorf("the whole space has the error %g", all.Error)
	}
	tie := read(t, `{"weights": [1], "means": [[0, 0]], "covariance": "identity"}`)
	if got := subspace.SVD(tie.Left, 1); got.Error != 1 {
		t.Errorf("among equal eigenvalues the error is %g, want 1", got.Error)
	}
}

// The error bounds the angle to the eigenvectors of a diagonal covariance, whatever
// the coordinates are mixed by an exact rotation, and is never more than 1.
func TestErrorOfTheSVDSubspace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Σ = R diag(4^i) Rᵀ in the plane of the first two axes, R by (3, 4)/5: eigenvectors are rational.
		gap := math.Ldexp(1, -rapid.IntRange(0, 40).Draw(t, "log2 of the gap"))
		m, err := gmm.New([]float64{1}, mat.NewDense(1, 2, nil), mat.NewSymDense(2, []float64{
			25 + 9*gap, 12 * gap, 12 * gap, 25 + 16*gap}))
		if err != nil {
			t.Fatal(err)
		}
		s := subspace.SVD(m, 1)
		if angle := largest(s.Basis, mat.NewDense(2, 1, []float64{3, 4})); math.Sin(angle) > s.Error || s.Error > 1 {
			t.Fatalf("an angle exceeds its bound")
		}
		if gap > 1e-3 && s.Error > 1e-10 {
			t.Fatalf("a bound is of no use")
		}
	})
}

// The samples of a table and the raw mixture fitted to them have one second moment.
func TestSampleSVDIsThatOfTheFittedMixture(t *testing.T) {
	f, err := os.Open("../../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := tables.Read("iris.csv", f, tables.Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	rows := rand.New(rand.NewPCG(1, 1)).Perm(len(table.Class))[:100]
	m, _, err := table.Fit(rows, tables.Shrinkage{})
	if err != nil {
		t.Fatal(err)
	}
	for r := range 3 {
		fitted := subspace.SVD(m, r+1)
		if angle := largest(fitted.Basis, subspace.SampleSVD(table.Rows(rows), r+1)); angle > 1e-11 {
			t.Errorf("%d singular vectors: an angle of %g", r+1, angle)
		}
	}
}

func TestRandomSubspaceIsUniform(t *testing.T) {
	const d, r, draws = 4, 2, 4000
	rng := rand.New(rand.NewPCG(5, 5))
	var projector mat.Dense
	projector.ReuseAs(d, d)
	for range draws {
		basis := subspace.Random(d, r, rng)
		var p mat.Dense
		p.Mul(basis, basis.T())
		projector.Add(&projector, &p)
		if trace := mat.Trace(&p); math.Abs(trace-r) > 1e-13 {
			t.Fatalf("a projector of trace %g", trace)
		}
	}
	// E P = (r/d) I, and each entry of P is at most 1 in size: six standard deviations.
	allowed := 6 / math.Sqrt(draws)
	for i := range d {
		for j := range d {
			want := 0.0
			if i == j {
				want = float64(r) / d
			}
			if got := projector.At(i, j) / draws; math.Abs(got-want) > allowed {
				t.Errorf("the average projector has %g at %d, %d, want %g", got, i, j, want)
			}
		}
	}
}
