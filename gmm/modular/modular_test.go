package modular_test

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/gmm/modular"

	"pgregory.net/rapid"
)

// fields are the first three.
func fields() []modular.Field {
	out := []modular.Field{modular.Mersenne}
	for range 2 {
		out = append(out, out[len(out)-1].Next())
	}
	return out
}

// element draws an element, often an extreme one.
func element(t *rapid.T, f modular.Field) uint64 {
	last := uint64(f) - 1
	return rapid.OneOf(rapid.Uint64Range(0, last), rapid.Map(rapid.Uint64Range(0, 3), func(x uint64) uint64 { return last - x }), rapid.Uint64Range(0, 3)).Draw(t, "element")
}

func TestFieldsArePrimeAndDescend(t *testing.T) {
	last := uint64(1) << 61
	for _, f := range fields() {
		if p := new(big.Int).SetUint64(uint64(f)); uint64(f) >= last || bits.Len64(uint64(f)) != 61 || !p.ProbablyPrime(20) {
			t.Errorf("%d after %d", f, last)
		}
		last = uint64(f)
	}
	if got := modular.Mersenne.Next(); got != 1<<61-31 {
		t.Errorf("the prime before 2⁶¹ − 1 is 2⁶¹ − 31, not %d", got)
	}
}

// Arithmetic is that of big integers modulo p.
func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(fields()).Draw(t, "field")
		p := new(big.Int).SetUint64(uint64(f))
		n := rapid.IntRange(0, 200).Draw(t, "length")
		a, b, want := make([]uint64, n), make([]uint64, n), new(big.Int)
		for i := range a {
			a[i], b[i] = element(t, f), element(t, f)
			want.Add(want, new(big.Int).Mul(new(big.Int).SetUint64(a[i]), new(big.Int).SetUint64(b[i])))
		}
		if got := f.Dot(a, b); got != want.Mod(want, p).Uint64() {
			t.Fatalf("a dot product is %d, want %v", got, want)
		}
		c := element(t, f)
		y := slices.Clone(b)
		f.Subtract(y, c, a)
		for i := range y {
			want := new(big.Int).Mul(new(big.Int).SetUint64(c), new(big.Int).SetUint64(a[i]))
			want.Mod(want.Sub(new(big.Int).SetUint64(b[i]), want), p)
			if y[i] != want.Uint64() {
				t.Fatalf("%d − %d·%d is %d, want %v", b[i], c, a[i], y[i], want)
			}
		}
		if c != 0 && f.Times(c, f.Inverse(c)) != 1 {
			t.Fatalf("%d is no inverse of %d", f.Inverse(c), c)
		}
		x := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "whole number"))
		if rapid.Bool().Draw(t, "negative") {
			x.Neg(x)
		}
		if got, want := f.Of(x), new(big.Int).Mod(x, p).Uint64(); got != want {
			t.Fatalf("%v is %d, want %d", x, got, want)
		}
	})
}

// The largest products of all are summed without overflow.
func TestDotOfTheLargest(t *testing.T) {
	for _, f := range fields() {
		for n := range 300 {
			a := make([]uint64, n)
			for i := range a {
				a[i] = uint64(f) - 1 // −1
			}
			if got := f.Dot(a, a); got != uint64(n) {
				t.Fatalf("modulo %d, %d products of (−1)² sum to %d", f, n, got)
			}
		}
	}
}

// random returns a symmetric matrix.
func random(r *rand.Rand, f modular.Field, n int) [][]uint64 {
	a := make([][]uint64, n)
	for i := range a {
		a[i] = make([]uint64, n)
		for j := range i + 1 {
			a[i][j] = r.Uint64N(uint64(f))
			a[j][i] = a[i][j]
		}
	}
	return a
}

func TestSolve(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, f := range fields() {
		for _, n := range []int{1, 2, 5, 63, 64, 65, 130} {
			a, b := random(r, f, n), random(r, f, n)[0]
			factor, ok := f.Factorise(a)
			if !ok {
				t.Fatalf("modulo %d, a random matrix has a minor that is 0", f)
			}
			if got := f.Product(a, factor.Solve(b)); !slices.Equal(got, b) {
				t.Errorf("modulo %d, n = %d: A A⁻¹b is not b", f, n)
			}
		}
		if _, ok := f.Factorise([][]uint64{{1, 2}, {2, 4}}); ok {
			t.Error("a singular matrix was factored")
		}
	}
}

// A span, elimination and dependent columns agree on which of the vectors are combinations of others.
func TestSpans(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	f := modular.Mersenne
	for range 300 {
		d, rank, n := 1+r.IntN(12), 1+r.IntN(6), 1+r.IntN(12)
		basis := make([][]uint64, min(rank, d))
		for i := range basis {
			basis[i] = make([]uint64, d)
			for j := range basis[i] {
				basis[i][j] = r.Uint64N(3)
			}
		}
		vectors := make([][]uint64, n)
		for i := range vectors {
			vectors[i] = make([]uint64, d)
			for _, b := range basis {
				f.Subtract(vectors[i], r.Uint64N(3), b)
			}
		}
		span := f.Span(d)
		var dependent []int
		columns := make([][]uint64, d)
		for i, v := range vectors {
			contained := span.Contains(v)
			if grew := span.Insert(v); grew == contained {
				t.Fatalf("%v: contained %v, then grew %v", v, contained, grew)
			}
			if contained {
				dependent = append(dependent, i)
			}
			if !span.Contains(v) {
				t.Fatalf("%v was inserted and is not contained", v)
			}
			for j, x := range v {
				columns[j] = append(columns[j], x)
			}
		}
		if got := f.DependentColumns(columns); !slices.Equal(got, dependent) {
			t.Fatalf("columns %v depend on those before them, want %v: %v", got, dependent, vectors)
		}
		rows := make([][]uint64, n)
		for i, v := range vectors {
			rows[i] = slices.Clone(v)
		}
		pivots := f.Reduce(rows)
		if len(pivots) != span.Dimension() || !slices.IsSorted(pivots) {
			t.Fatalf("%d pivots %v, want %d", len(pivots), pivots, span.Dimension())
		}
		for i, row := range rows {
			for j, pivot := range pivots {
				if want := i == j; (row[pivot] == 1) != want || !want && row[pivot] != 0 {
					t.Fatalf("not reduced: %v", rows)
				}
			}
			if i < len(pivots) && !span.Contains(row) || i >= len(pivots) && slices.Max(row) > 0 {
				t.Fatalf("row %d of %v", i, rows)
			}
		}
	}
}

func BenchmarkFactorise(b *testing.B) {
	a := random(rand.New(rand.NewPCG(1, 1)), modular.Mersenne, 300)
	for b.Loop() {
		modular.Mersenne.Factorise(a)
	}
}
