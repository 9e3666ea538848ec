package box

import (
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(100)
	os.Exit(m.Run())
}

// at is an expression in jets with its exact value at the fixed numbers and at a point u.
type at struct {
	jet        jet
	fixed, now *big.Rat
}

// holds tells that the jet contains the expression's values: at − fixed = Σ s_i u_i for some s_i in the slopes.
func (a at) holds(u []float64) bool {
	change := number{}
	for i, s := range a.jet.slopes {
		change = change.Add(s.Mul(interval.Exactly(u[i])))
	}
	moved := new(big.Rat).Sub(a.now, a.fixed)
	return contains(a.jet.mid, a.fixed) && contains(a.jet.all, a.now) && contains(change, moved)
}

func contains(x number, r *big.Rat) bool {
	end := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	return (math.IsInf(x.Lo, -1) || end(x.Lo).Cmp(r) <= 0) && (math.IsInf(x.Hi, 1) || end(x.Hi).Cmp(r) >= 0)
}

// Jets of sums, products and quotients contain the exact values and changes.
func TestJetsContainTheirExpressions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const symbols = 3
		eighth := func(label string, most int) float64 { return float64(rapid.IntRange(-most, most).Draw(t, label)) / 8 }
		u := make([]float64, symbols)
		for i := range u {
			u[i] = eighth("u", 8)
		}
		variable := func() at {
			mid, slopes := eighth("mid", 40), make([]number, symbols)
			now := new(big.Rat).SetFloat64(mid)
			for i := range slopes {
				s := eighth("slope", 8)
				slopes[i] = interval.Exactly(s)
				now.Add(now, new(big.Rat).SetFloat64(s*u[i]))
			}
			return at{affine(interval.Exactly(mid), slopes), new(big.Rat).SetFloat64(mid), now}
		}
		x := variable()
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			y := variable()
			switch rapid.IntRange(0, 4).Draw(t, "operation") {
			case 0:
				x = at{x.jet.plus(y.jet), new(big.Rat).Add(x.fixed, y.fixed), new(big.Rat).Add(x.now, y.now)}
			case 1:
				x = at{x.jet.minus(y.jet), new(big.Rat).Sub(x.fixed, y.fixed), new(big.Rat).Sub(x.now, y.now)}
			case 2:
				x = at{x.jet.times(y.jet), new(big.Rat).Mul(x.fixed, y.fixed), new(big.Rat).Mul(x.now, y.now)}
			case 3:
				if y.fixed.Sign() != 0 && y.now.Sign() != 0 {
					x = at{x.jet.over(y.jet), new(big.Rat).Quo(x.fixed, y.fixed), new(big.Rat).Quo(x.now, y.now)}
				}
			case 4:
				c := eighth("constant", 20)
				x = at{x.jet.times(constant(interval.Exactly(c))), new(big.Rat).Mul(x.fixed, new(big.Rat).SetFloat64(c)), new(big.Rat).Mul(x.now, new(big.Rat).SetFloat64(c))}
			}
			if !x.holds(u) {
				t.Fatal("a jet does not contain its expression")
			}
		}
	})
}

// Roots and logarithms of jets contain the changes of those functions, to float64's accuracy.
func TestRootsAndLogarithms(t *testing.T) {
	for _, width := range []float64{1e-6, 0.1, 0.5, 0.9} {
		for _, mid := range []float64{0.01, 1, 30} {
			x := affine(interval.Exactly(mid), []number{interval.Exactly(mid * width)})
			for u := -1.0; u <= 1; u += 0.125 {
				now := mid * (1 + width*u)
				for what, c := range map[string]struct {
					slope number
					moved float64
				}{
					"root":      {x.root().slopes[0], math.Sqrt(now) - math.Sqrt(mid)},
					"logarithm": {x.logSlopes()[0], math.Log1p(width * u)},
				} {
					change := c.slope.Mul(interval.Exactly(u))
					if slack := 1e-14 * (1 + math.Abs(math.Log(mid))); c.moved < change.Lo-slack || c.moved > change.Hi+slack {
						t.Errorf("%s at %g ± %g, u = %g: %g is not in [%g, %g]", what, mid, width, u, c.moved, change.Lo, change.Hi)
					}
				}
			}
		}
	}
	if x := affine(interval.Exactly(1), []number{interval.Exactly(1)}); x.root().all.Bounded() || x.logSlopes()[0].Bounded() {
		t.Error("a root or a logarithm near 0 is said to be bounded")
	}
}

// The factor of a change of logits contains (e^Δ − 1)/Δ and e^Δ, and no more than it must.
func TestExponential(t *testing.T) {
	for d := 0.0; d <= far; d += 1.0 / 64 {
		growth, psi := exponential(d)
		for _, delta := range []float64{-d, -d / 2, d / 2, d} {
			ratio := 1.0
			if delta != 0 {
				ratio = math.Expm1(delta) / delta
			}
			const slack = 1e-15
			if e := math.Exp(delta); e < growth.Lo*(1-slack) || e > growth.Hi*(1+slack) || ratio < psi.Lo*(1-slack) || ratio > psi.Hi*(1+slack) {
				t.Fatalf("d = %g, Δ = %g: %g not in [%g, %g], or %g not in [%g, %g]", d, delta, e, growth.Lo, growth.Hi, ratio, psi.Lo, psi.Hi)
			}
		}
		if growth.Hi > math.Exp(d)*1.1 || psi.Lo < -math.Expm1(-d)/math.Max(d, 1e-9)*0.9-1e-9 && d > 0 {
			t.Fatalf("d = %g: the enclosures [%g, %g] and [%g, %g] are far too wide", d, growth.Lo, growth.Hi, psi.Lo, psi.Hi)
		}
	}
}

// The rule integrates what has a closed form, to within its bound: E σ(x + bt) by a rule of twice the accuracy.
func TestRuleIsWithinItsBound(t *testing.T) {
	c := interval.NewContext(precision)
	logistic := func(offset, slope float64, accuracy uint) (value, bound float64) {
		r, err := newRule(c, []number{{Lo: 0, Hi: slope}}, accuracy)
		if err != nil {
			t.Fatal(err)
		}
		for n, density := range r.axes[0].density {
			x := offset + slope*float64(n-r.axes[0].half)*r.axes[0].step
			value += density.Middle() / (1 + math.Exp(-x))
		}
		return value, r.error
	}
	for _, slope := range []float64{0.1, 1, 3, 12} {
		for _, offset := range []float64{-6, -1, 0, 2} {
			for _, accuracy := range []uint{4, 8, 16, 24} {
				coarse, bound := logistic(offset, slope, accuracy)
				fine, _ := logistic(offset, slope, 48)
				if difference := math.Abs(coarse - fine); difference > bound+1e-13 {
					t.Errorf("slope %g, offset %g, accuracy %d: errs by %g, and is said to err by %g", slope, offset, accuracy, difference, bound)
				}
				if bound > math.Ldexp(1, -int(accuracy)) {
					t.Errorf("slope %g, accuracy %d: the bound is %g", slope, accuracy, bound)
				}
			}
		}
	}
	if _, err := newRule(c, []number{unbounded}, 24); err == nil {
		t.Error("a rule for a slope without a bound")
	}
}

// What is confirmed of a matrix that varies is true at the corners of its box.
func TestSignsOfMatricesThatVary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := func(label string) float64 { return float64(rapid.IntRange(-24, 24).Draw(t, label)) / 8 }
		const s, symbols = 2, 2
		l := law{g: newMatrix(s, s)}
		n := newMatrix(s, s)
		mid, moves := make([]float64, 3), make([][]float64, 3)
		for i, place := range entries(s) {
			mid[i] = entry("n")
			slopes := make([]number, symbols)
			moves[i] = make([]float64, symbols)
			for v := range slopes {
				moves[i][v] = entry("move") / 8
				slopes[v] = interval.Exactly(moves[i][v])
			}
			n[place[0]][place[1]] = affine(interval.Exactly(mid[i]), slopes)
			n[place[1]][place[0]] = n[place[0]][place[1]]
			l.g[place[0]][place[1]] = constant(interval.Exactly([]float64{2, 0.5, 1}[i]))
			l.g[place[1]][place[0]] = l.g[place[0]][place[1]]
		}
		w, err := l.whitening()
		if err != nil {
			t.Fatal(err)
		}
		epsilon := rapid.Float64Range(0, 0.25).Draw(t, "epsilon")
		margin := w.confirmed(n, interval.Exactly(epsilon))
		v := []float64{entry("v"), entry("v")}
		below := w.refuted(n, []number{interval.Exactly(v[0]), interval.Exactly(v[1])}, interval.Exactly(epsilon))
		length, reached := w.length(n).Hi, 0.0
		for corner := range 4 {
			x := mat.NewSymDense(s, nil)
			for i, place := range entries(s) {
				value := mid[i]
				for b := range symbols {
					value += moves[i][b] * float64(2*(corner>>b&1)-1)
				}
				x.SetSym(place[0], place[1], value)
			}
			var whitened mat.Dense // a gradient's length is that of R⁻¹xR⁻ᵀ
			whitened.Mul(w.j, x)
			whitened.Mul(&whitened, w.j.T())
			if reached = max(reached, mat.Norm(&whitened, 2)); reached > length*(1+1e-12) {
				t.Fatalf("a gradient as long as %g is said to be %g at most", reached, length)
			}
			if least := w.least(x).value; margin > 0 && least-epsilon < margin-1e-12 || below > 0 && least+epsilon > 1e-12-below {
				t.Fatalf("a margin of %g or %g is said to be left of a least eigenvalue of %g", margin, below, least)
			}
		}
	})
}

// A piece in which two means come to lie on a line is not one where they span a plane.
func TestMeansThatMayBeDependent(t *testing.T) {
	d, err := gmm.Read("test", strings.NewReader(`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, spans := range map[string]bool{"mean[1][2] in [-7, 3]": false, "mean[1][2] in [2, 4]": true} { // (3, −6) is a multiple of the other
		sides, err := Parse(text, d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		l := newLaw(Box{Pairs: d.Pairs, Sides: sides}, frame{dimension: 2, basis: []int{0, 1}, direct: true}, 1, nil)
		if err := l.spans(); (err == nil) != spans {
			t.Errorf("%s: %v", text, err)
		}
	}
}
