package tables

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// dataset draws samples of several classes on a dyadic grid, far from the origin where asked, one of each class first.
func dataset(t *rapid.T) (x [][]*big.Rat, class []int, classes int) {
	d, n := rapid.IntRange(1, 6).Draw(t, "d"), rapid.IntRange(1, 400).Draw(t, "n")
	classes = rapid.IntRange(1, 4).Draw(t, "classes")
	seed := rapid.Uint64().Draw(t, "seed")
	far := rapid.IntRange(0, 40).Draw(t, "far")
	thirds := rapid.Bool().Draw(t, "thirds")
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range n + classes {
		row := make([]*big.Rat, d)
		for a := range row {
			row[a] = big.NewRat(int64(rng.IntN(1<<20))-1<<19, 1<<16)
			if thirds {
				row[a].Quo(row[a], big.NewRat(3, 1)) // which float64 does not hold
			}
			row[a].Add(row[a], new(big.Rat).SetInt64(1<<far-1))
		}
		x, class = append(x, row), append(class, i%classes)
	}
	return x, class, classes
}

// roundedOf is what a big table keeps of samples.
func roundedOf(x [][]*big.Rat) *rounded[float64] {
	r := newRounded[float64](len(x[0]))
	for _, row := range x {
		into := r.next()
		for a, v := range row {
			var exact bool
			into[a], exact = v.Float64()
			r.inexact = r.inexact || !exact
		}
	}
	return r
}

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

// Moments in float64 differ from exact ones by less than their bound; means of numbers that are float64 do not differ at all.
func TestMomentsOfFloatsWithinTheirBound(t *testing.T) {
	closest := 0.0
	rapid.Check(t, func(t *rapid.T) {
		x, class, classes := dataset(t)
		names := numbered(len(x[0]))
		kept, err := newExact(names, x)
		if err != nil {
			t.Fatal(err)
		}
		r := roundedOf(x)
		of := classed{make([]int, len(x)), class, classes}
		for i := range x {
			of.samples[i] = i
		}
		want, got := kept.moments(of), r.moments(of)
		n := float64(len(x))
		for a := range names {
			for b := range a + 1 {
				off := math.Abs(float(new(big.Rat).Sub(got.Covariance[a][b], want.Covariance[a][b])))
				sa, sb := math.Sqrt(float(want.Covariance[a][a])), math.Sqrt(float(want.Covariance[b][b]))
				ra, rb := got.sizes[a], got.sizes[b]
				bound := got.sums*sa*sb + got.spread*unitRoundoff*(sa*rb+sb*ra) + 2*unitRoundoff*unitRoundoff*ra*rb
				if !(off <= bound) {
					t.Fatalf("S[%d][%d] is off by %g, beyond its bound %g", a, b, off, bound)
				}
				if bound > 0 {
					closest = max(closest, off/bound)
				}
			}
			for k, count := range of.counts() {
				off := math.Abs(float(new(big.Rat).Sub(got.Means[k][a], want.Means[k][a])))
				if bound := got.spread * unitRoundoff * got.sizes[a] * math.Sqrt(n/float64(count)); !(off <= bound) {
					t.Fatalf("mean %d, coordinate %d is off by %g, beyond its bound %g", k, a, off, bound)
				}
			}
		}
	})
	if closest == 0 {
		t.Error("nothing was rounded")
	}
	t.Logf("errors were up to %.2g of their bounds", closest)
}

// Rounding bounds the difference of whole mixtures, in every direction: of the difference of covariances in the metric of either.
func TestRoundingOfMixtures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, class, classes := dataset(t)
		table := &Table{Columns: numbered(len(x[0])), Class: class, limit: 1, numbers: roundedOf(x)}
		for k := range classes {
			table.Classes = append(table.Classes, fmt.Sprint(k))
		}
		whole := *table
		var err error
		if whole.numbers, err = newExact(table.Columns, x); err != nil {
			t.Fatal(err)
		}
		got, failed := table.Estimate(table.All(), Shrinkage{})
		want, err := whole.Estimate(table.All(), Shrinkage{})
		if failed != nil {
			return // refused: float64 says less than rationals, never more
		}
		if err != nil {
			t.Fatalf("rationals refuse what float64 does not: %v", err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for range 10 {
			v := make([]*big.Rat, len(table.Columns))
			for a := range v {
				v[a] = big.NewRat(int64(rng.IntN(201)-100), 16)
			}
			form := func(s [][]*big.Rat) *big.Rat {
				sum := new(big.Rat)
				for a, row := range s {
					for b, y := range row {
						term := new(big.Rat).Mul(v[a], y)
						sum.Add(sum, term.Mul(term, v[b]))
					}
				}
				return sum
			}
			exactly, rounded := form(want.Mixture.Exact().Covariance), form(got.Mixture.Exact().Covariance)
			off := math.Abs(float(new(big.Rat).Sub(exactly, rounded)))
			if !(off <= got.Rounding*float(rounded)) {
				t.Fatalf("the variance in a direction is off by %g of itself, beyond %g", off/float(rounded), got.Rounding)
			}
			for k, mean := range want.Mixture.Exact().Means {
				shift := new(big.Rat)
				for a, m := range mean {
					term := new(big.Rat).Sub(got.Mixture.Exact().Means[k][a], m)
					shift.Add(shift, term.Mul(term, v[a]))
				}
				if !(math.Abs(float(shift)) <= got.Rounding*math.Sqrt(float(rounded))) {
					t.Fatalf("a mean is off by %v, beyond %g standard deviations", float(shift), got.Rounding)
				}
			}
		}
	})
}

// A sum is exact, whatever cancels and however far apart the numbers are.
func TestSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOf(rapid.Custom(func(t *rapid.T) float64 {
			return math.Ldexp(float64(rapid.IntRange(-1<<52, 1<<52).Draw(t, "mantissa")), rapid.IntRange(-300, 40).Draw(t, "exponent"))
		})).Draw(t, "xs")
		var s sum
		want := new(big.Rat)
		for _, x := range xs {
			s.add(x)
			want.Add(want, new(big.Rat).SetFloat64(x))
		}
		if s.value().Cmp(want) != 0 {
			t.Fatalf("the sum is %v, want %v", s.value(), want)
		}
	})
}

// What parseFloat reads is what gmm.ParseNumber reads, rounded, and it refuses the same.
func TestParseFloat(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		x, exact, err := parseFloat([]byte(text))
		want, refusal := gmm.ParseNumber(strings.TrimSpace(text))
		if (err == nil) != (refusal == nil) {
			t.Fatalf("%q: %v, want %v", text, err, refusal)
		}
		if err != nil {
			return
		}
		if nearest, _ := want.Float64(); x != nearest || exact && new(big.Rat).SetFloat64(x).Cmp(want) != 0 {
			t.Fatalf("%q: %v (exact: %v), want %v", text, x, exact, nearest)
		}
	}
	for _, text := range []string{"", "-", ".", "+.", "1.", ".5", "-0", "00012", "1e5", "1e-300", "1e31", "0x10", "1_000", "inf", "NaN", "1/3", "010/1", " 7 ", "\t-1.25",
		"9007199254740993", "123456789012345.6", "0.1", "1e00005", "1e99999", "1.7976931348623157e308", "999999999999999", "0.000000000000001", "1-", "1+2", "--1", "1.2.3", "1e", "e5"} {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.StringMatching(`[-+]?[0-9]{0,20}\.?[0-9]{0,8}([eE][-+]?[0-9]{0,3})?`).Draw(t, "text"))
	})
}

// A table that turns big while it is read has the numbers of one that does not, rounded.
func TestReadOfBigTables(t *testing.T) {
	const d, n = 200, 900
	most := 0
	for ; !isBig(most+1, d); most++ {
	}
	var text strings.Builder
	text.WriteString(strings.Join(numbered(d), ",") + ",class\n")
	rng := rand.New(rand.NewPCG(3, 0))
	for i := range n {
		for range d {
			fmt.Fprintf(&text, "%.6f,", rng.NormFloat64())
		}
		fmt.Fprintf(&text, "k%d\n", i%3)
	}
	small, err := Read("t.csv", strings.NewReader(text.String()), Options{Label: "class", Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	big, err := Read("t.csv", strings.NewReader(text.String()), Options{Label: "class"})
	if err != nil {
		t.Fatal(err)
	}
	if small.Rounded() || !big.Rounded() {
		t.Fatalf("rounded: %v with --exact, %v without", small.Rounded(), big.Rounded())
	}
	for _, i := range []int{0, 1, most - 1, most, most + 1, n - 1} {
		x, y := small.Rows([]int{i}), big.Rows([]int{i})
		for c := range d {
			if x.At(0, c) != y.At(0, c) {
				t.Fatalf("row %d, column %d: %v and %v", i, c, x.At(0, c), y.At(0, c))
			}
		}
	}
	one, err := small.Estimate(small.All(), Shrinkage{})
	if err != nil || one.Rounding != 0 {
		t.Fatal(one.Rounding, err)
	}
	two, err := big.Estimate(big.All(), Shrinkage{})
	if err != nil || !(0 < two.Rounding && two.Rounding < 1e-9) {
		t.Fatal(two.Rounding, err)
	}
	auto, err := big.Estimate(big.All(), LedoitWolf)
	if err != nil || auto.Lambda.Sign() <= 0 {
		t.Fatal(auto.Lambda, err)
	}
	if a, b := float(auto.Lambda), small.LedoitWolf(small.All()); math.Abs(a/b-1) > 1e-9 {
		t.Errorf("λ = %v and %v", a, b)
	}
}

// Columns of a big table that depend on others are refused and named, where float64 cannot tell.
func TestBigSingularTables(t *testing.T) {
	r := newRounded[float64](4)
	table := &Table{Columns: []string{"a", "b", "c", "d"}, Classes: []string{"k"}, limit: 1, numbers: r, source: "t.csv"}
	rng := rand.New(rand.NewPCG(4, 0))
	for range 5000 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		copy(r.next(), []float64{a, b, a/3 + b, rng.NormFloat64()})
		table.Class = append(table.Class, 0)
	}
	_, err := table.Estimate(table.All(), Shrinkage{})
	var refusal *gmm.InputError
	if !errors.As(err, &refusal) || refusal.Key != `columns "c"` || !strings.Contains(refusal.Expected, "--exact") {
		t.Errorf("%v", err)
	}
	half, _ := ParseShrinkage("1/2")
	if f, err := table.Estimate(table.All(), half); err != nil || !(f.Rounding < 1e-12) {
		t.Errorf("shrunk: rounding %g, %v", f.Rounding, err)
	}
}

// Text read by lines has the fields that encoding/csv finds.
func TestDelimiters(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"comma", "x,class,y\n1,a,2\n3,b,4.5\n2,b,7\n"},
		{"semicolon", "x;class;y\n1;a;2\n3;b;4.5\n2;b;7\n"},
		{"tab", "x\tclass\ty\n1\ta\t2\n3\tb\t4.5\n2\tb\t7\n"},
		{"byte order mark and \\r\\n", "\ufeffx,class,y\r\n1,a,2\r\n\r\n3,b,4.5\r\n2,b,7\r\n"},
		{"quotes", "\"x\",\"class\",y\n\"1\",\"a\",2\n\"3\",b,4.5\n2,b,\"7\"\n"},
		{"no last line end", "x,class,y\n1,a,2\n3,b,4.5\n2,b,7"},
		{"spaces", "x,class,y\n 1,a,2 \n3,b,\t4.5\n2,b,7\n"},
	} {
		table, err := Read("t", strings.NewReader(c.text), Options{Label: "class"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		x := table.Rows(table.All())
		if got := fmt.Sprint(table.Columns, table.Classes, table.Class, x.RawMatrix().Data); got != "[x y] [a b] [0 1 1] [1 2 3 4.5 2 7]" {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	table, err := Read("t", bytes.NewReader([]byte("x,\"a, \"\"class\"\"\nof two lines\"\n1,\"p;q\nr\"\n")), Options{Label: "a, \"class\"\nof two lines"})
	if err != nil || table.Classes[0] != "p;q\nr" {
		t.Errorf("quoted delimiters and line ends: %v, %v", table, err)
	}
}
