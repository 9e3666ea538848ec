//go:build attack

package soundness

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// judged is what is recorded of an ordinary mixture.
type judged struct {
	Name                   string
	Components             int
	Grade, Verdict         string
	Margin, Epsilon, Bound float64 // Epsilon is −1 where nothing is bounded
	SolveSeconds, ToJudge  float64
	Failure                string `json:",omitempty"`
}

// ordinary draws mixture i: on a sphere, scattered, in clusters, or about a triangle's corners, with radii
// from 1 to 6, weights down to 3e-4, centred or not, and K = 6 … 16.
func ordinary(i int) (gmm.Pairs, string, error) {
	rng := rand.New(rand.NewPCG(19, uint64(i)))
	kinds := []string{"sphere", "scattered", "clusters", "triangle"}
	kind, k := kinds[i%4], 6+(i/4)%11
	d := k - 1 - rng.IntN(2)
	radius := 1 + 5*rng.Float64()
	weights, means := make([]float64, k), mat.NewDense(k, d, nil)
	skew := []float64{0, 1, 2.5}[rng.IntN(3)]
	centres := rotation(rng, d)
	corners := [3][2]float64{{-2, 4}, {-1, -3}, {-1, -1}}
	for c := range k {
		weights[c] = max(3e-4, math.Exp(skew*rng.NormFloat64()))
		for j := range d {
			means.Set(c, j, rng.NormFloat64())
		}
		size := mat.Norm(means.RowView(c), 2)
		for j := range d {
			x := means.At(c, j)
			switch kind {
			case "sphere":
				x *= radius / size
			case "scattered":
				x *= radius / math.Sqrt(float64(d))
			case "clusters":
				x = 0.5*x + radius*centres.At(j, c%3)
			case "triangle":
				x *= 2 / math.Sqrt(float64(d))
				if j < 2 {
					x = corners[c%3][j]
				}
			}
			means.Set(c, j, math.Round(1e4*x)/1e4)
		}
	}
	m, err := gmm.NewExact(exactOf(weights, means, identity(d)))
	if err != nil {
		return gmm.Pairs{}, "", err
	}
	p, err := gmm.NewPairs(m, gmm.Rationals([]float64{1, 1, 0.5}[rng.IntN(3)])[0])
	if err != nil {
		return gmm.Pairs{}, "", err
	}
	centred := rng.IntN(2) == 0
	if centred {
		p, err = p.Centre()
	}
	return p, fmt.Sprintf("%d: %s, K = %d, d = %d, radius %.3g, skew %g, centred %v, delta %g", i, kind, k, d, radius, skew, centred, p.Delta()), err
}

// TestOrdinary solves and judges ordinary mixtures, CASES of them from FROM on, and writes verdicts, margins and epsilons
// to the file OUT; with BEFORE, such a file of another version, it lists what changed.
func TestOrdinary(t *testing.T) {
	cases, from := number(t, "CASES", 220), number(t, "FROM", 0)
	until := time.Now().Add(time.Duration(number(t, "MINUTES", 55)) * time.Minute)
	tolerance := map[bool]float64{true: 1e-4, false: 1e-5}
	var all []judged
	counts := map[string]int{}
	write := func() {
		if out := os.Getenv("OUT"); out != "" {
			text, err := json.MarshalIndent(all, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(out, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := from; i < from+cases && time.Now().Before(until); i++ {
		p, name, err := ordinary(i)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Tolerance: tolerance[p.Components() > 9], Cores: 2})
		if err != nil {
			all = append(all, judged{Name: name, Components: p.Components(), Failure: err.Error()})
			continue
		}
		solved := time.Now()
		f := findings(p, c)
		r := judged{Name: name, Components: p.Components(), Grade: f.Evidence.Grade.String(), Verdict: f.Equality().String(), Margin: f.Margin(), Epsilon: f.Evidence.Epsilon,
			Bound: c.Free.DistanceBound, SolveSeconds: solved.Sub(start).Seconds(), ToJudge: time.Since(solved).Seconds()}
		if math.IsInf(r.Epsilon, 0) || math.IsNaN(r.Epsilon) {
			r.Epsilon = -1
		}
		all = append(all, r)
		counts[r.Grade+", "+r.Verdict]++
		if i%10 == 9 {
			write()
		}
	}
	write()
	t.Log(len(all), counts)
	if file := os.Getenv("BEFORE"); file != "" {
		compareOrdinary(t, file, all)
	}
}

func compareOrdinary(t *testing.T, file string, all []judged) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var earlier []judged
	if err := json.Unmarshal(text, &earlier); err != nil {
		t.Fatal(err)
	}
	before := map[string]judged{}
	for _, r := range earlier {
		before[r.Name] = r
	}
	same, lost, changed := 0, 0, 0
	for _, r := range all {
		was, ok := before[r.Name]
		switch {
		case !ok:
		case was.Verdict == r.Verdict:
			same++
		default:
			changed++
			if r.Verdict == "undecided" {
				lost++
			}
			t.Logf("%s: %s by %s (%.4g ± %.2g), was %s by %s (%.4g ± %.2g)", r.Name, r.Verdict, r.Grade, r.Margin, r.Epsilon, was.Verdict, was.Grade, was.Margin, was.Epsilon)
			if r.Verdict != "undecided" && was.Verdict != "undecided" {
				t.Errorf("%s: turned over", r.Name)
			}
		}
	}
	t.Logf("%d verdicts as before, %d changed, %d of these became undecided", same, changed, lost)
	if 100*lost > same+changed {
		t.Errorf("more than 1 %% became undecided: %d of %d", lost, same+changed)
	}
}
