package descent

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// bowl is f(M) = ½ Σ b_ij (M_ij − T_ij)² + s Σ cosh(M_ij − T_ij): its least is T, and on the cone, of one weight, the
// positive part of T.
type bowl struct {
	metric Metric
	target *mat.Dense
	steep  float64 // s
}

type bowlPoint struct {
	at   Iterate
	bowl *bowl
}

func (b *bowl) Metric() Metric    { return b.metric }
func (b *bowl) New() Point        { return new(bowlPoint) }
func (b *bowl) Coarsest() float64 { return 1 }
func (b *bowl) Budget() *Budget   { return nil }

func (b *bowl) At(into Point, m *mat.Dense, tolerance float64) error {
	g := new(mat.Dense)
	g.Apply(func(i, j int, x float64) float64 {
		off := x - b.target.At(i, j)
		return b.metric.Weights.At(i, j)*off + b.steep*math.Sinh(off)
	}, m)
	pt := into.(*bowlPoint)
	*pt = bowlPoint{Iterate{M: mat.DenseCopyOf(m), Tolerance: tolerance, Gradient: g, Norm: b.metric.Dual(g), Err: 1e-15, Of: pt}, b}
	return nil
}

func (pt *bowlPoint) Iterate() *Iterate { return &pt.at }

func (pt *bowlPoint) Value() (value, err float64) {
	b := pt.bowl
	off := new(mat.Dense)
	off.Sub(pt.at.M, b.target)
	for _, x := range off.RawMatrix().Data {
		value += b.steep * (math.Cosh(x) - 1)
	}
	return value + math.Pow(b.metric.Primal(off), 2)/2, 1e-15
}

// Hessian is diagonal.
func (b *bowl) Hessian(at Point, _ float64) (Operator, error) {
	d := new(mat.Dense)
	d.Apply(func(i, j int, x float64) float64 {
		return b.metric.Weights.At(i, j) + b.steep*math.Cosh(x-b.target.At(i, j))
	}, at.Iterate().M)
	return diagonal{d}, nil
}

type diagonal struct{ entries *mat.Dense }

func (d diagonal) Apply(into, v *mat.Dense) { into.MulElem(d.entries, v) }

// newBowl draws one, of weights between 1 and 1 + spread, symmetric if it is square.
func newBowl(rng *rand.Rand, rows, columns int, spread, steep float64) *bowl {
	b := &bowl{metric: Metric{mat.NewDense(rows, columns, nil)}, target: mat.NewDense(rows, columns, nil), steep: steep}
	for _, a := range []*mat.Dense{b.metric.Weights, b.target} {
		a.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, a)
		if rows == columns {
			dense.Symmetrise(a)
		}
	}
	b.metric.Weights.Apply(func(_, _ int, x float64) float64 { return 1 + spread*math.Abs(math.Sin(x)) }, b.metric.Weights)
	return b
}

func off(a, b mat.Matrix) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return mat.Norm(&diff, 2)
}

func TestNewtonAndConjugateGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for range 50 {
		f := newBowl(rng, 1+rng.IntN(4), 1+rng.IntN(4), 10, 0.5)
		var s State
		zero := mat.NewDense(f.target.RawMatrix().Rows, f.target.RawMatrix().Cols, nil)
		if steps, _, err := Newton(f, &s, zero, 1e-12); err != nil || off(s.Here().Iterate().M, f.target) > 1e-12 {
			t.Errorf("Newton: %d steps, %v, off by %.2g", steps, err, off(s.Here().Iterate().M, f.target))
		}
		f.steep = 0
		if err := Quadratic(f, &s, zero, 1e-14); err != nil || off(s.Here().Iterate().M, f.target) > 1e-13 {
			t.Errorf("conjugate gradients: %v, off by %.2g", err, off(s.Here().Iterate().M, f.target))
		}
	}
}

// Of one weight, a bowl's least on the cone is the positive part of its target, and over r columns the r largest of that.
func TestConeAndFactors(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	faces := 0
	for range 50 {
		m := 2 + rng.IntN(3)
		f := newBowl(rng, m, m, 0, 0)
		want := positivePart(f.target, 0)
		if want.Rank() < m {
			faces++
		}
		var s State
		if _, _, err := Newton(f, &s, mat.NewDense(m, m, nil), 1e-12); err != nil {
			t.Fatal(err)
		}
		got, err := Cone(f, &s, s.Here().Iterate(), 1e-12, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rank() != want.Rank() || off(got.M, want.matrix(m)) > 1e-9+got.Residual || got.Residual > 1e-9 {
			t.Errorf("rank %d, want %d; off by %.2g, residual %.2g", got.Rank(), want.Rank(), off(got.M, want.matrix(m)), got.Residual)
		}
		for _, symmetric := range []bool{true, false} {
			const columns = 1
			found, err := Factored(f, Factoring{Columns: columns, Starts: 5, Size: 0.5, Symmetric: symmetric, Tolerance: 1e-10, Rand: rng})
			if err != nil {
				t.Fatal(err)
			}
			lost := 0.0 // half the squares of all eigenvalues but the best
			values, _ := dense.Eigen(f.target)
			for i, x := range values {
				if values[i] = x; symmetric {
					values[i] = max(0, x)
				} else {
					values[i] = math.Abs(x)
				}
				lost += x * x / 2
			}
			lost -= math.Pow(slices.Max(values), 2) / 2
			if value, _ := found.Point.Value(); math.Abs(value-lost) > 1e-9 || found.Slope > 1e-6 {
				t.Errorf("symmetric %v: with a column f = %.12g, want %.12g, slope %.2g", symmetric, value, lost, found.Slope)
			}
		}
	}
	if faces < 20 {
		t.Errorf("only %d minima lay on a proper face", faces)
	}
}

// |⟨G, V⟩| ≤ ‖G‖_d ‖V‖, with equality for V = b⁻¹∘G.
func TestMetricsAreDual(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for range 20 {
		f := newBowl(rng, 3, 2, 10, 0)
		v := mat.NewDense(3, 2, nil)
		f.metric.Apply(v, f.target)
		if got, want := dense.Inner(f.target, v), f.metric.Dual(f.target)*f.metric.Primal(v); math.Abs(got-want) > 1e-13*want {
			t.Errorf("⟨G, V⟩ = %.15g, ‖G‖_d‖V‖ = %.15g", got, want)
		}
	}
}
