package cosine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(12)
	os.Exit(m.Run())
}

func pairsOf(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func lineOf(t testing.TB, text string) line.Mixture {
	t.Helper()
	l, err := line.Of(pairsOf(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// symmetric has equally likely means ±m in the plane.
func symmetric(t testing.TB, m string) line.Mixture {
	t.Helper()
	return lineOf(t, fmt.Sprintf(`{"weights": [1, 1], "means": [["%s", 0], ["-%s", 0]], "covariance": "identity"}`, m, m))
}

const uneven = `{"weights": [3, 7], "means": [["3/2", 0], ["-1/2", 0]], "covariance": "identity"}`

// agrees tells that a decimal is the number, to a unit of its last place and the number's error.
func agrees(t *testing.T, what string, found Enclosure, decimal string) {
	t.Helper()
	want := 0.0
	if _, err := fmt.Sscan(decimal, &want); err != nil {
		t.Fatal(err)
	}
	places := len(decimal) - strings.Index(decimal, ".") - 1
	if off := math.Abs(found.Value - want); !(off <= found.Error+math.Pow(10, -float64(places))+4*unit) {
		t.Errorf("%s: %.16g ± %.2g, expected %s", what, found.Value, found.Error, decimal)
	}
	const most = 1e-11
	if !(found.Error < most) {
		t.Errorf("%s is known to ±%.2g only", what, found.Error)
	}
}

// Values of InfoNCE that other programs found, to all their digits.
func TestReference(t *testing.T) {
	for _, c := range []struct {
		m                  string
		temperature        float64
		inside             string
		noise              float64
		outside            string
		best, least        float64
		slope              string
		gainOverTenPerCent bool
	}{
		{"1", .5, ".39287286200908", .55, ".180025881201336", .5496395, .180025835966, "1.1909420438", true},
		{"2", .5, "-.49713674508598", .28, "-.523825380164887", .2787289, -.523825785283, "", true},
		{"3", .5, "-.66421264618666", .140625, "-.665398456279362", .1394038, -.665398532970, "", false},
		{"1", 1, "-.03228411219137", .4375, "-.100658788151868", .4352096, -.100659801965, "", true},
		{"2", .125, ".01829496219985", .15625, "-.04389172882765", .1645546, -.044018734951, "", true},
		{"1", .5, ".39287286200908", 1, ".22641109526", .5496395, .180025835966, "", true},
	} {
		name := fmt.Sprintf("m = %s, τ = %g, ε = %g", c.m, c.temperature, c.noise)
		l := symmetric(t, c.m)
		agrees(t, name+" inside", InfoNCE.Inside(l, c.temperature), c.inside)
		outside, err := InfoNCE.Outside(l, c.noise, c.temperature)
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, name, outside, c.outside)
		best, err := Best(l, InfoNCE, c.temperature)
		if err != nil {
			t.Fatal(err)
		}
		least, err := InfoNCE.Outside(l, best, c.temperature)
		if err != nil {
			t.Fatal(err)
		}
		const near, flat = 5e-3, 1e-6
		if math.Abs(best/c.best-1) > near || least.Value < c.least-1e-12 || least.Value > c.least+flat {
			t.Errorf("%s: %.10g at ε = %.7g, expected %.12g at %.7g", name, least.Value, best, c.least, c.best)
		}
		if c.slope != "" {
			slope, err := Slope(l, c.temperature)
			if err != nil {
				t.Fatal(err)
			}
			agrees(t, name+" slope", slope, c.slope)
		}
	}
	slope, err := Slope(lineOf(t, uneven), .5)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "slope of uneven weights", slope, "1.4041961969")
}

// Values of the sigmoid loss that another program found, with the best bias.
func TestSigmoidReference(t *testing.T) {
	for _, c := range []struct {
		m       string
		inside  string
		noise   float64
		outside string
	}{
		{"1", "1.7172848494", .72413, "1.5094535733"},
		{"2", "1.1032109982", .31052, "1.0840521245"},
	} {
		l := symmetric(t, c.m)
		agrees(t, c.m+" inside", Sigmoid(1).Inside(l, .5), c.inside)
		outside, err := Sigmoid(1).Outside(l, c.noise, .5)
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, c.m, outside, c.outside)
	}
}

// The values are the definition's, of draws of pairs and negatives, inside and outside, whatever the coordinates, δ, weights and columns.
func TestDefinition(t *testing.T) {
	const text = `{"weights": [3, 1, 2], "means": [["1", "2"], ["-1/2", "-1"], ["1/4", "1/2"]], "covariance": [[2, "1/2"], ["1/2", 1]], "delta": "3/4"}`
	p := pairsOf(t, text)
	l := lineOf(t, text)
	whitened, inside := whiten(p, 0.6)
	rng := rand.New(rand.NewPCG(1, 2))
	anchors := enough.Cases(2400)
	for _, c := range []struct {
		loss Loss
		of   oracle.Loss
	}{{InfoNCE, oracle.InfoNCE}, {Sigmoid(2), oracle.Sigmoid(2, oracle.Bias{})}} {
		for name, a := range map[string]*mat.Dense{"inside": inside, "outside": whitened} {
			want := c.loss.Inside(l, .5)
			if name == "outside" {
				noise, err := Noise(p, a)
				if err != nil || math.Abs(noise-0.6) > 1e-12 {
					t.Fatalf("a noise of %v, %v", noise, err)
				}
				if want, err = c.loss.Outside(l, noise, .5); err != nil {
					t.Fatal(err)
				}
			}
			e, err := oracle.SampledCosine(c.of, .5, p, a, anchors, 200, rng)
			if err != nil {
				t.Fatal(err)
			}
			const far = 4.5
			if z := e.Z(want.Value); math.Abs(z) > far {
				t.Errorf("%s, %s: %.6g, sampled %+v, z = %.2g", c.of.Name, name, want.Value, e, z)
			}
		}
	}
}

// whiten returns A = L⁻ᵀ[e₁, ε n] R of some R in original coordinates, Σ = LLᵀ, e₁ along the first whitened mean and n across, and one with columns in S_F only.
func whiten(p gmm.Pairs, noise float64) (outside, inside *mat.Dense) {
	var factor mat.Cholesky
	factor.Factorize(p.Left.Covariance())
	var lower mat.TriDense
	factor.LTo(&lower)
	var mean mat.VecDense
	if err := mean.SolveVec(&lower, p.Left.Means().RowView(0)); err != nil {
		panic(err)
	}
	length := mat.Norm(&mean, 2)
	x, y := mean.AtVec(0)/length, mean.AtVec(1)/length
	turn := mat.NewDense(2, 3, []float64{3, 0, 4, -4, 0, 3}) // 5 times an isometry
	of := func(noise float64) *mat.Dense {
		whitened := mat.NewDense(2, 2, []float64{x, -noise * y, y, noise * x})
		var a, out mat.Dense
		a.Mul(whitened, turn)
		if err := out.Solve(lower.T(), &a); err != nil {
			panic(err)
		}
		return &out
	}
	return of(noise), of(0)
}

// A verdict is of two values, one outside S_F: inside, and of larger noise than pays, there is none.
func TestJudge(t *testing.T) {
	p := pairsOf(t, uneven)
	outside, inside := whiten(p, 0.5)
	loud, _ := whiten(p, 50)
	across := mat.NewDense(2, 1, []float64{0, 1})
	for _, c := range []struct {
		name string
		a    *mat.Dense
		want oracle.Verdict
	}{{"outside", outside, oracle.Refuted}, {"inside", inside, oracle.Undecided}, {"loud", loud, oracle.Undecided}, {"across", across, oracle.Undecided}} {
		f, err := Judge(p, InfoNCE, .5, c.a)
		if err != nil || f.Verdict != c.want {
			t.Errorf("%s: %+v, %v, expected %v", c.name, f, err, c.want)
		}
		if (f.Verdict == oracle.Refuted) != (f.Gain() > 0) {
			t.Errorf("%s: %v by a gain of %g", c.name, f.Verdict, f.Gain())
		}
	}
	for _, temperature := range []float64{0, -1, math.NaN(), math.Inf(1), 1e-4} {
		if f, err := Judge(p, InfoNCE, temperature, outside); err == nil {
			t.Errorf("a temperature of %g: %+v", temperature, f)
		}
	}
}

// drawn is a mixture of 1 to 3 components on a line, of means on a dyadic grid.
func drawn(t *rapid.T, farthest int64) string {
	weights, means := "", ""
	for i := range rapid.IntRange(1, 3).Draw(t, "components") {
		if i > 0 {
			weights, means = weights+", ", means+", "
		}
		m := rapid.Int64Range(-8*farthest, 8*farthest).Draw(t, "eighths")
		if i == 0 && m == 0 {
			m = 8
		}
		weights += fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "weight"))
		means += fmt.Sprintf(`["%d/8", 0]`, m)
	}
	return fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": "%d/8"}`, weights, means, rapid.IntRange(0, 8).Draw(t, "eighths of δ"))
}

// The rule's weights sum to 1 given each component, within its bounds, and a mirrored mixture has the same losses.
func TestRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := gmm.Read("test", strings.NewReader(drawn(t, 6)))
		if err != nil {
			t.Fatal(err)
		}
		l, err := line.Of(d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		temperature := float64(rapid.IntRange(1, 16).Draw(t, "eighths of τ")) / 8
		noise := math.Exp2(float64(rapid.IntRange(-20, 8).Draw(t, "log₂ ε")))
		p, err := onPlane(l, noise, temperature, fine)
		if err != nil {
			t.Fatal(err)
		}
		least := 1.0
		for _, w := range p.weights {
			least = math.Min(least, w)
		}
		for k, given := range p.given {
			total := p.sumOver(func(j int) float64 { return given[j] })
			if bound := p.outer/least + p.density + p.sum; math.Abs(total-1) > bound || bound > 1e-11 {
				t.Errorf("component %d has a probability of 1 + %.2g, by bounds within ±%.2g", k+1, total-1, bound)
			}
		}
		mirrored := l
		mirrored.Signs = nil
		for _, s := range l.Signs {
			mirrored.Signs = append(mirrored.Signs, -s)
		}
		for _, of := range []Loss{InfoNCE, Sigmoid(2)} {
			one, err := JudgeNoise(l, of, temperature, noise)
			if err != nil {
				t.Fatal(err)
			}
			other, err := JudgeNoise(mirrored, of, temperature, noise)
			if err != nil {
				t.Fatal(err)
			}
			for _, pair := range [][2]Enclosure{{one.Inside, other.Inside}, {one.Outside, other.Outside}} {
				if off := math.Abs(pair[0].Value - pair[1].Value); off > pair[0].Error+pair[1].Error {
					t.Errorf("%v and mirrored %v differ by %.2g", pair[0], pair[1], off)
				}
			}
		}
	})
}

// As the noise goes to 0 the loss tends to that inside, at the rate of Slope, by less than the remainder's bound.
func TestSlope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := gmm.Read("test", strings.NewReader(drawn(t, 2)))
		if err != nil {
			t.Fatal(err)
		}
		l, err := line.Of(d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		temperature := float64(rapid.IntRange(2, 16).Draw(t, "eighths of τ")) / 8
		slope, err := Slope(l, temperature)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Descent(l, temperature)
		if err != nil {
			t.Fatal(err)
		}
		if off := math.Abs(found.Value - slope.Value); off > found.Error+slope.Error || found.Error > 0.02*slope.Value {
			t.Errorf("a slope of %v, by values %v", slope, found)
		}
		x := newLaw(l)
		_, right, left, _ := x.signs()
		for power := 4; power <= 16; power += 4 { // the bound of the remainder where it is large
			noise := math.Ldexp(1, -power)
			outside, err := InfoNCE.Outside(l, noise, temperature)
			if err != nil {
				t.Fatal(err)
			}
			inside := InfoNCE.Inside(l, temperature)
			rest := outside.Value - inside.Value + slope.Value*noise
			if bound := remainder(1/temperature, math.Min(right, left), noise); math.Abs(rest) > bound+outside.Error+inside.Error {
				t.Errorf("ε = 2^−%d: a remainder of %.3g, by bounds at most %.3g", power, rest, bound)
			}
		}
	})
}
