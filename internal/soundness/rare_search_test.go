//go:build attack

package soundness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// TestSearchRare looks for mixtures like those of testdata/rare and writes them to the
// directory OUT, for MINUTES, from SEED; if RAISED is 1, ones whose rare component raises the
// smallest eigenvalue above 0, and otherwise below.
func TestSearchRare(t *testing.T) {
	out := os.Getenv("OUT")
	if out == "" {
		t.Skip("OUT names no directory")
	}
	until := time.Now().Add(time.Duration(number(t, "MINUTES", 5)) * time.Minute)
	rng := rand.New(rand.NewPCG(uint64(number(t, "SEED", 1)), 0))
	uniform := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	cents := func(x float64) float64 { return math.Round(100*x) / 100 }
	raised := number(t, "RAISED", 0) == 1
	drawn, found := 0, map[bool]int{}
	for time.Now().Before(until) {
		drawn++
		a, y, off := uniform(.2, .8), uniform(.7, 1.5), uniform(.005, .1)
		if raised {
			y, off = uniform(.5, 1.8), uniform(-.3, .3)
		}
		near := []vec{{cents(a), cents(y + off)}, {-cents(a), cents(y - off)}}
		if rng.IntN(4) == 0 {
			near = append(near, vec{cents(uniform(-.5, .5)), cents(y + uniform(-.1, .1))})
		}
		raw := []float64{1, 1, 1}[:len(near)]
		if raised || rng.IntN(3) == 0 {
			raw = []float64{2, float64(3 + rng.IntN(4)), 2}[:len(near)]
		}
		b := planar{visual: near, delta: 1}
		b.weigh(raw)
		blind, err := b.minimise(square{})
		low, _ := eigenvalues(blind)
		if err != nil || math.Abs(low) > 5e-4 || math.Abs(low) < 4e-5 || raised != (low < 0) {
			continue
		}
		angle, size := uniform(0, 2*math.Pi), math.Exp(uniform(math.Log(100), math.Log(1500)))
		far := vec{math.Round(size * math.Cos(angle)), math.Round(size * math.Sin(angle))}
		j := rng.IntN(len(near))
		change := blind.times(far.less(near[j]))
		tau := uniform(4.3, 6)
		if raised {
			tau = uniform(5.1, 5.8)
		}
		log := math.Log(raw[j]) - tau*change.size() - near[j].dot(change)
		digits := math.Round(-log / math.Ln10)
		if !(digits >= 8 && digits <= 195) || raised && digits < 40 {
			continue
		}
		weight, _ := strconv.ParseFloat(fmt.Sprintf("1e-%.0f", digits), 64)
		tau = (math.Log(raw[j]/weight) - near[j].dot(change)) / change.size()
		raw = append(append([]float64{}, raw...), weight)
		b.visual = append(append([]vec{}, near...), far)
		b.weigh(raw)
		if g := b.at(blind, firstRule).gradient; math.Sqrt(inner(g, g)) < 3e-5 {
			continue
		}
		tr, ok := solvedTruth(b, raw, []int{len(raw) - 1}, blind)
		if !ok {
			continue
		}
		lambda, _ := eigenvalues(tr.minimiser)
		if lambda*low > 0 || math.Abs(lambda) < 1e-6 {
			continue
		}
		n := 4 + rng.IntN(2)
		r := cents(uniform(.1, .25))
		found[lambda > 0]++
		name := fmt.Sprintf("%s-%02d.json", map[bool]string{false: "refuted", true: "holds"}[lambda > 0], found[lambda > 0])
		t.Logf("%q: %.10g, // blind %.3g; K = %d, far mean at %.0f, weight 1e-%.0f, slope %.1f at %.2f", name, lambda, low, len(raw)*n, far.size(), digits, change.size(), tau)
		if err := os.WriteFile(filepath.Join(out, name), []byte(rareText(raw, b.visual, n, r, lambda)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d drawn, found %v", drawn, found)
}

// rareText is the mixture file of a product with a simplex of n corners: ±r in three dimensions for
// four of them, else r(n e_b − 1).
func rareText(raw []float64, plane []vec, n int, r, lambda float64) string {
	weights, means := []string{}, []string{}
	signs := [4][3]float64{{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}}
	for k, p := range plane {
		for c := range n {
			weights = append(weights, fmt.Sprintf("%g", raw[k]))
			row := []string{fmt.Sprintf("%g", p[0]), fmt.Sprintf("%g", p[1])}
			if n == 4 {
				for _, s := range signs[c] {
					row = append(row, fmt.Sprintf("%g", s*r))
				}
			} else {
				for i := range n {
					row = append(row, fmt.Sprintf("%g", math.Round(1e6*r*(float64(n)*delta(i, c)-1))/1e6))
				}
			}
			means = append(means, "["+strings.Join(row, ", ")+"]")
		}
	}
	return fmt.Sprintf("{\"name\": \"λ = %.6g, by its blocks\", \"weights\": [%s], \"means\": [%s], \"covariance\": \"identity\"}\n", lambda, strings.Join(weights, ", "), strings.Join(means, ", "))
}

// Solved and judged as a user would, the mixtures of testdata/rare make no false verdict; and
// their truths are those of the list. FILE is one of them, to solve it alone.
func TestRareComponentsSolved(t *testing.T) {
	for file, lambda := range rare {
		if only := os.Getenv("FILE"); only != "" && file != only {
			continue
		}
		p, b, x := readRare(t, file)
		tr, ok := solvedTruth(b.planar, b.raw, b.hidden, square{})
		if low, _ := eigenvalues(tr.minimiser); !ok || math.Abs(low-lambda) > tr.off+1e-14+5e-6*math.Abs(lambda) {
			t.Errorf("%s: the blocks say %.12g (off by %.2g), the list %.12g", file, low, tr.off, lambda)
		}
		if m := x.minimise(); !(m > 0) {
			t.Errorf("%s: the simplex has %g", file, m)
		}
		start := time.Now()
		c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Cores: 2})
		if err != nil {
			t.Logf("%s: %v", file, err)
			continue
		}
		f := findings(p, c)
		t.Logf("%s: %v by %v (%s), margin %.5g ± %.2g, claimed %.2g, truth %.5g, %.3g s", file, f.Equality(), f.Evidence.Grade, f.Evidence.Rule, f.Margin(),
			f.Evidence.Epsilon, c.Free.DistanceBound, lambda, time.Since(start).Seconds())
		if lambda < 0 && f.Equality() == oracle.Holds || lambda > 0 && f.Equality() == oracle.Refuted {
			t.Errorf("%s: %v by %v, but the least eigenvalue is %.10g", file, f.Equality(), f.Evidence.Grade, lambda)
		}
		if d := form(t, p, tr.minimiser, x, x.minimise()); distance(d, c.Free.Form) > c.Free.DistanceBound {
			t.Errorf("%s: the minimiser is %.3g away, claimed to be within %.3g", file, distance(d, c.Free.Form), c.Free.DistanceBound)
		}
	}
}
