package closure

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"contrastcheck/gmm/modular"

	"gonum.org/v1/gonum/mat"
)

const plenty Work = 1e9

func whole(rows ...[]int64) [][]*big.Int {
	out := make([][]*big.Int, len(rows))
	for i, row := range rows {
		for _, x := range row {
			out[i] = append(out[i], big.NewInt(x))
		}
	}
	return out
}

// chain has E = the span of its first two coordinates, and for a coupling c ≠ 0 of these with the others all of them.
func chain(c *big.Int) Problem {
	b := whole([]int64{0, 1, 0, 0}, []int64{1, 0, 0, 0}, []int64{0, 0, 0, 1}, []int64{0, 0, 1, 0})
	b[1][2], b[2][1] = c, c
	return Problem{
		Metric:    whole([]int64{1, 0, 0, 0}, []int64{0, 1, 0, 0}, []int64{0, 0, 1, 0}, []int64{0, 0, 0, 1}),
		Operators: [][][]*big.Int{b}, Vectors: whole([]int64{1, 0, 0, 0}), Most: 4,
	}
}

func TestSolve(t *testing.T) {
	s := chain(new(big.Int)).Solve(plenty)
	if s.Least != 2 || s.Most != 2 || len(s.Columns) != 2 {
		t.Fatalf("%+v", s)
	}
	// A coupling that the first n primes divide.
	c, f := big.NewInt(1), modular.Mersenne
	for n := range 6 {
		if s := chain(c).Solve(plenty); s.Least != 4 || s.Most != 4 {
			t.Errorf("a coupling that %d primes divide: %+v", n, s)
		}
		c = new(big.Int).Mul(c, new(big.Int).SetUint64(uint64(f)))
		f = f.Next()
	}
}

// A prime that shows less of E than those before it is left out: it divides the coupling of w = (1, L, 0, 0, 0), L a number of many primes, and e₃.
func TestPrimesThatShowLess(t *testing.T) {
	second := new(big.Int).SetUint64(uint64(modular.Mersenne.Next()))
	long := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 400), big.NewInt(7))
	p := Problem{Vectors: whole([]int64{1, 0, 0, 0, 0}), Most: 5}
	for i := range 5 {
		row := make([]int64, 5)
		row[i] = 1
		p.Metric = append(p.Metric, whole(row)...)
	}
	p.Vectors[0][1] = long
	b := whole(make([]int64, 5), make([]int64, 5), make([]int64, 5), make([]int64, 5), make([]int64, 5))
	b[0][2], b[1][2] = second, new(big.Int).Mul(second, long)
	b[2][0], b[2][1] = b[0][2], b[1][2]
	p.Operators = [][][]*big.Int{b}
	s := p.Solve(plenty)
	if s.Least != 2 || s.Most != 2 || len(s.Columns) != 2 || s.Columns[0][1].Cmp(long) != 0 {
		t.Errorf("%+v, want the span of (1, L, 0, 0, 0) and (0, 0, 1, 0, 0)", s)
	}
}

// What the limit of work leaves open is not guessed, and what is said until then is true.
func TestLimitOfWork(t *testing.T) {
	hidden := new(big.Int).SetUint64(uint64(modular.Mersenne))
	for _, c := range []struct {
		p    Problem
		want int
	}{{chain(new(big.Int)), 2}, {chain(hidden), 4}, {chain(big.NewInt(3)), 4}} {
		open, known := 0, false
		for work := Work(1); work < 1e7; work += 1 + work/8 {
			s := c.p.Solve(work)
			switch {
			case s.Least > c.want || s.Most < c.want:
				t.Fatalf("work %d: the dimension is %d to %d, which is %d", work, s.Least, s.Most, c.want)
			case s.Least < s.Most:
				if s.Columns != nil || known {
					t.Fatalf("work %d: %+v", work, s)
				}
				open++
			default:
				known = true
			}
			if moves, enough := c.p.Moves(work); enough && !slices.Equal(moves, []bool{true}) {
				t.Fatalf("work %d: the operator moves the first axis: %v", work, moves)
			}
		}
		if open == 0 || !known {
			t.Errorf("%d limits leave it open; known in the end: %v", open, known)
		}
	}
}

// verified refuses columns that are wrong in one number, whatever it is.
func TestVerifiedRefuses(t *testing.T) {
	p := chain(new(big.Int))
	right := func() basis { return basis{[]int{0, 1}, whole([]int64{1, 0, 0, 0}, []int64{0, 1, 0, 0})} }
	if !p.started(plenty).verified(right(), right()) {
		t.Fatal("the right columns are refused")
	}
	alone := Problem{Metric: p.Metric, Vectors: p.Vectors, Most: 4} // V is held by the metric alone
	if alone.started(plenty).verified(basis{[]int{0, 2}, whole([]int64{1, 0, 0, 0}, []int64{0, 0, 1, 0})}, right()) {
		t.Error("V is another subspace than W")
	}
	for _, off := range []*big.Int{big.NewInt(1), new(big.Int).SetUint64(uint64(modular.Mersenne)),
		new(big.Int).Mul(new(big.Int).SetUint64(uint64(modular.Mersenne)), new(big.Int).SetUint64(uint64(modular.Mersenne.Next())))} {
		for i := range 2 {
			for j := 2; j < 4; j++ {
				v, w := right(), right()
				v.columns[i][j] = off
				if p.started(plenty).verified(v, right()) {
					t.Errorf("V is off by %v at %d, %d", off, i, j)
				}
				w.columns[i][j] = off
				if p.started(plenty).verified(right(), w) {
					t.Errorf("W is off by %v at %d, %d", off, i, j)
				}
			}
		}
	}
}

// Columns are put together again from their residues, as soon as there are enough primes.
func TestColumnsFromResidues(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		d := 2 + r.IntN(6)
		want := []*big.Int{below(r, 1+r.IntN(300))}
		want[0].Add(want[0], big.NewInt(1))
		common := new(big.Int).Set(want[0])
		for len(want) < d {
			x := below(r, 1+r.IntN(300))
			if r.IntN(2) == 0 {
				x.Neg(x)
			}
			want = append(want, x)
			common.GCD(nil, nil, common, new(big.Int).Abs(x))
		}
		longest := 0
		for _, x := range want {
			x.Quo(x, common)
			longest = max(longest, x.BitLen())
		}
		l := newLift(echelon{rows: [][]uint64{make([]uint64, d)}, pivots: []int{0}})
		run := chain(common).started(plenty)
		primes := 0
		for f := modular.Mersenne; ; f = f.Next() {
			row := f.Row(want)
			inverse := f.Inverse(row[0])
			for i := range row {
				row[i] = f.Times(row[i], inverse)
			}
			l.add(f, echelon{rows: [][]uint64{row}, pivots: []int{0}})
			primes++
			if got, ok := l.basis(run); ok && slices.EqualFunc(got.columns[0], want, func(a, b *big.Int) bool { return a.Cmp(b) == 0 }) {
				break
			}
			if 61*primes > 2*longest+spare+2*61 {
				t.Fatalf("%v is not found from %d primes", want, primes)
			}
		}
	}
}

// below draws a number below 2^n.
func below(r *rand.Rand, n int) *big.Int {
	x := new(big.Int)
	for range 5 {
		x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(r.Uint64()))
	}
	return x.Rsh(x, uint(320-n))
}

// An eigenspace of several dimensions is reached in part only.
func TestNearlyWithinEigenspaces(t *testing.T) {
	identity := mat.NewSymDense(4, []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1})
	split := mat.NewSymDense(4, []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2})
	along := mat.NewDense(4, 1, []float64{.6, .8, 0, 0})
	across := mat.NewDense(4, 1, []float64{.5, .5, .5, .5})
	two := mat.NewDense(4, 2, []float64{1, 1, 0, 1e-17, 0, 0, 0, 0})
	for _, c := range []struct {
		name      string
		operators []*mat.SymDense
		u         *mat.Dense
		want      int
	}{
		{"no operator", nil, across, 1}, {"identity", []*mat.SymDense{identity}, across, 1}, {"one eigenspace", []*mat.SymDense{identity, split}, along, 1},
		{"two eigenspaces", []*mat.SymDense{split, identity}, across, 2}, {"equal to rounding", nil, two, 1},
		{"nothing", []*mat.SymDense{split}, mat.NewDense(4, 1, nil), 0},
	} {
		if got := Nearly(c.operators, c.u, 1e-15); got != c.want {
			t.Errorf("%s: dimension %d, want %d", c.name, got, c.want)
		}
	}
}
