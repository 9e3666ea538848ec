package frequency_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/frequency"
	"contrastcheck/oracle/proof/rational"
)

func always(float64) error { return nil }

// random returns a law of s dimensions with a few labels, and a place of it.
func random(rng *rand.Rand, s int, spread int64) (frequency.Law, *frequency.Place, rational.Matrix, *big.Rat) {
	number := func(size int64) *big.Rat { return big.NewRat(rng.Int64N(2*16*size+1)-16*size, 16) }
	rows := func(n int, size int64) rational.Matrix {
		m := make(rational.Matrix, n)
		for i := range m {
			for range s {
				m[i] = append(m[i], number(size))
			}
		}
		return m
	}
	half := rows(s, 1)
	law := frequency.Law{Gram: half.Times(half.Transposed()).Plus(big.NewRat(1, 2), rational.Identity(s)), X: rows(2, 2), V: rows(2, 2), Spread: spread, Free: true}
	for x := range 2 {
		for v := range 2 {
			law.Labels = append(law.Labels, frequency.Label{Weight: big.NewRat(1+rng.Int64N(16), 16), X: x, V: v})
		}
	}
	n := rows(s, 1)
	n = n.Plus(big.NewRat(1, 1), n.Transposed()).Scaled(big.NewRat(1, 4))
	bias := number(2)
	return law, law.At(n, bias), n, bias
}

// In one dimension, the means over x and v of σ − ½ and σ′ by sums over a fine grid, from the definition.
func TestMeansAreThoseOfTheDefinition(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		law, place, n, bias := random(rng, 1, 1+rng.Int64N(2))
		c := interval.NewContext(64)
		const accuracy = 1e-9
		slope, err := place.Slope(c, accuracy, always)
		if err != nil {
			t.Fatal(err)
		}
		form, err := place.Form(c, accuracy, always)
		if err != nil {
			t.Fatal(err)
		}
		g, m, b := float(law.Gram[0][0]), float(n[0][0]), float(bias)
		var matrix, along, curvature, crossed, level float64
		const step, reach = 1.0 / 8, 9.0
		for _, label := range law.Labels {
			for p := -reach; p <= reach; p += step {
				for q := -reach; q <= reach; q += step { // whitened noise: in the basis W a unit is 1/√g
					x := float(law.X[label.X][0]) + p/math.Sqrt(g)
					v := float(law.V[label.V][0]) + q*math.Sqrt(float64(law.Spread)/g)
					weight := float(label.Weight) * step * step / (2 * math.Pi) * math.Exp(-(p*p+q*q)/2)
					score := x*g*m*g*v + b
					sigma := 1 / (1 + math.Exp(-score))
					matrix += weight * (sigma - 0.5) * x * v
					along += weight * (sigma - 0.5)
					curvature += weight * sigma * (1 - sigma) * x * v * x * v
					crossed += weight * sigma * (1 - sigma) * x * v
					level += weight * sigma * (1 - sigma)
				}
			}
		}
		for name, pair := range map[string]struct {
			got  interval.Interval
			want float64
		}{
			"slope": {slope.Matrix[0][0], matrix}, "slope along the bias": {slope.Bias, along},
			"D²[V,V]": {form.Rows[0][0], curvature}, "D²[V,β]": {form.Rows[1][0], crossed}, "D²[β,β]": {form.Rows[1][1], level},
		} {
			const sums = 1e-7 // the grid's error, generously, beside scores of these slopes
			if got := middle(pair.got); math.Abs(got-pair.want) > sums*(1+math.Abs(pair.want)) {
				t.Errorf("%s: %.10g, want %.10g", name, got, pair.want)
			}
		}
	}
}

// What a coarse rule leaves is within its bound: a fine rule's sums are no farther off.
func TestCoarseRulesKnowTheirErrors(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		law, place, _, _ := random(rng, 2, 1+rng.Int64N(2))
		c := interval.NewContext(96)
		fine, err := place.Slope(c, 1e-18, always)
		if err != nil {
			t.Fatal(err)
		}
		coarse, err := place.Slope(c, 1e-2, always)
		if err != nil {
			t.Fatal(err)
		}
		off, _ := coarse.Off.Upper().Float64()
		if off > 0.02 {
			t.Errorf("a coarse rule leaves %g, want about 0.01", off)
		}
		inverse, total := rational.Inverse(law.Gram), 0.0
		for a := range 2 {
			for b := range 2 {
				length := math.Sqrt(float(inverse[a][a]) * float(inverse[b][b]))
				gap := math.Abs(middle(coarse.Matrix[a][b]) - middle(fine.Matrix[a][b]))
				total += gap
				if gap > off*length {
					t.Errorf("an entry is off by %g, more than the bound %g", gap, off*length)
				}
			}
		}
		if gap := math.Abs(middle(coarse.Bias) - middle(fine.Bias)); gap > off {
			t.Errorf("the bias's is off by %g, more than the bound %g", gap, off)
		}
		if total < 1e-12 {
			t.Errorf("a coarse rule is off by %g: the test says little", total)
		}
	}
}

// D² is the slope's derivative, and Least and Third bound it and its change.
func TestFormIsTheDerivativeOfTheSlope(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	for range enough.Cases(2) {
		law, place, n, bias := random(rng, 2, 1+rng.Int64N(2))
		c := interval.NewContext(96)
		form, err := place.Form(c, 1e-15, always)
		if err != nil {
			t.Fatal(err)
		}
		var moves [3]rational.Matrix // of N, for the three steps of gNg
		inverse := rational.Inverse(law.Gram)
		for i, at := range [][2]int{{0, 0}, {0, 1}, {1, 1}} {
			step := rational.New(2, 2)
			step[at[0]][at[1]].SetInt64(1)
			step[at[1]][at[0]].SetInt64(1)
			moves[i] = inverse.Times(step).Times(inverse)
		}
		h := big.NewRat(1, 1<<16)
		slope := func(n rational.Matrix, bias *big.Rat) [4]float64 {
			found, err := law.At(n, bias).Slope(c, 1e-18, always)
			if err != nil {
				t.Fatal(err)
			}
			m := found.Matrix
			return [4]float64{middle(m[0][0]), middle(m[0][1]) + middle(m[1][0]), middle(m[1][1]), middle(found.Bias)}
		}
		for column := range 4 {
			above, below := slope(n, new(big.Rat).Add(bias, h)), slope(n, new(big.Rat).Sub(bias, h))
			if column < 3 {
				above, below = slope(n.Plus(h, moves[column]), bias), slope(n.Plus(new(big.Rat).Neg(h), moves[column]), bias)
			}
			for row := column; row < 4; row++ {
				want := (above[row] - below[row]) / (2 * float(h))
				const differences = 1e-6 // of steps of 2^−16
				if got := middle(form.Rows[row][column]); math.Abs(got-want) > differences*(1+math.Abs(want)) {
					t.Errorf("entry %d, %d: %.9g, the slope's difference is %.9g", row, column, got, want)
				}
			}
		}
		least := float(law.Least(form))
		if bound := middle(form.Rows[3][3]); least > bound || least <= 0 {
			t.Errorf("the least curvature is %g, the bias's is %g", least, bound)
		}
	}
}

// A law that is too steep is refused, and so is what is not allowed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	law, _, n, bias := random(rand.New(rand.NewPCG(7, 8)), 2, 1)
	if _, err := law.At(n.Scaled(big.NewRat(1<<20, 1)), bias).Slope(interval.NewContext(64), 1e-6, always); err == nil {
		t.Error("steep scores are not refused")
	}
	if _, err := law.At(n, bias).Slope(interval.NewContext(64), 1e-6, func(float64) error { return frequency.ErrRule }); err != frequency.ErrRule {
		t.Errorf("%v, want the refusal", err)
	}
}

func BenchmarkSlope(b *testing.B) {
	benchmark(b, func(p *frequency.Place, c *interval.Context) { _, _ = p.Slope(c, 1e-6, always) })
}

func BenchmarkForm(b *testing.B) {
	benchmark(b, func(p *frequency.Place, c *interval.Context) { _, _ = p.Form(c, 1e-6, always) })
}

func benchmark(b *testing.B, run func(*frequency.Place, *interval.Context)) {
	for s := 1; s <= 4; s++ {
		_, place, _, _ := random(rand.New(rand.NewPCG(1, uint64(s))), s, 2)
		b.Run(string(rune('0'+s)), func(b *testing.B) {
			evaluations := 0.0
			_, _ = place.Slope(interval.NewContext(48), 1e-6, func(n float64) error { evaluations = n; return nil })
			for b.Loop() {
				run(place, interval.NewContext(48))
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/evaluations, "µs/evaluation")
		})
	}
}

func middle(x interval.Interval) float64 {
	sum := new(big.Float).Add(x.Lower(), x.Upper())
	m, _ := sum.Float64()
	return m / 2
}

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}
