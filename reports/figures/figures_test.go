package figures

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/price"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/plotter"
)

var update = flag.Bool("update", false, "write the golden figures anew")

// Every kind of figure, small.
func examples() []Figure {
	undefined := comparison.Estimate{Mean: math.NaN(), StandardError: math.NaN()}
	rows := []comparison.Row{
		{Projection: comparison.SVD, Scores: comparison.Scores[comparison.Estimate]{LargestAngle: undefined, AdjustedRand: comparison.Estimate{Mean: 0.5, StandardError: 0.1}}},
		{Projection: comparison.LDA, Scores: comparison.Scores[comparison.Estimate]{Discriminant: comparison.Estimate{Mean: 3, StandardError: 0.2}, LargestAngle: undefined}},
	}
	plane := comparison.Scatter{Projection: comparison.LDA, Dimension: 2, Points: [][2]float64{{0, 1}, {2, 3}, {1, 1}}, Labels: []int{0, 1, 0}}
	line := comparison.Scatter{Projection: comparison.SVD, Dimension: 1, Points: [][2]float64{{0, 0}, {2, 0}, {1, 0}}, Labels: []int{0, 1, 0}}
	onLine := price.Picture{Dimension: 1, Means: [][]float64{{-1}, {1}}, Weights: []float64{0.5, 0.5}, Axes: [][]float64{{-2, 0, 2}}, Encoders: []price.Drawn{
		{Map: price.Linear, Outputs: [][]float64{{-1, 0, 1}}}, {Map: price.Network}, {Map: price.Shared, Outputs: [][]float64{{-2, 0.5, 2}}}}}
	inPlane := price.Picture{Dimension: 2, Means: [][]float64{{0, 0}, {2, 0}, {0, 2}}, Weights: []float64{0.25, 0.25, 0.5}, Axes: [][]float64{{-2, 0, 2}, {-1, 1}}, Encoders: []price.Drawn{
		{Map: price.Linear, Outputs: [][]float64{{-1, -1, 0, 0, 1, 1}}}, {Map: price.Network}, {Map: price.Shared, Outputs: [][]float64{{-2, -1, 0, 0, 1, 2}, {1, 0, 1, 0, 1, -1}}}}}
	return []Figure{
		Encoders("curves", "Curves", []string{"a", "b"}, onLine),
		Encoders("contours", "Contours", []string{"a", "b", "c"}, inPlane),
		DefectAgainstBound([]Measured{{1e-16, 1e-10, "bounded"}, {0, 0, "bounded"}, {1e-3, 1e-9, "estimated"}}),
		FrontierMap(Map{Figure: Figure{ID: "map", Title: "Map"}, XLabel: "x", YLabel: "y", Cells: []Cell{{0, 0, "holds"}, {0, 1, "holds"}, {1, 0, "refuted"}, {1, 1, "undecided"}}}),
		FrontierMap(Map{Figure: Figure{ID: "marked-map", Title: "Map"}, XLabel: "x", YLabel: "y", Cells: []Cell{{0, 0, "holds"}, {0, 1, "holds"}, {1, 0, "refuted"}, {1, 1, "holds"}}, Mark: &Mark{0.8, 0.25, "here"}}),
		FrontierMap(Map{Figure: Figure{ID: "critical-map", Title: "Map"}, XLabel: "x", YLabel: "y", Cells: []Cell{{0, 0, "holds"}, {0, 1, "unreached"}, {1, 0, "refuted"}, {1, 1, "undecided"}, {3, 0, "refuted"}, {3, 1, "holds"}},
			Critical: []Mark{{X: 0.6, Y: 0}}, Axes: Scales{X: true}, Other: true}),
		VerdictsAlong(Line{Figure: Figure{ID: "line", Title: "Line"}, XLabel: "δ", YLabel: "λ", Points: []Judged{{0, 1e-4, "holds"}, {0.5, math.NaN(), "undecided"}, {1, -2e-4, "refuted"}}, Critical: []float64{0.3}}),
		VerdictsAlong(Line{Figure: Figure{ID: "logarithmic-line", Title: "Line"}, XLabel: "N", YLabel: "λ", Points: []Judged{{1, math.NaN(), "undecided"}}, Logarithmic: true}),
		EigenvalueAlongDelta([]Curve{{Name: "curve", Points: plotter.XYs{{X: 0, Y: 0}, {X: 0.5, Y: -0.1}, {X: 1, Y: 0.1}}}}),
		LossAlongNoise([]Departure{{"near", 0.2, plotter.XYs{{X: 0.1, Y: -0.1}, {X: 0.5, Y: -0.2}, {X: 1, Y: 0.5}}}, {"far", 0.01, plotter.XYs{{X: 0.1, Y: -0.01}, {X: 0.5, Y: 0.005}}}}),
		AngleDensities([]Angles{{"one", plotter.XYs{{X: -math.Pi, Y: 0.1}, {X: 0, Y: 0.7}, {X: math.Pi, Y: 0.1}}, [2]float64{0.8, 0.2}}, {"other", plotter.XYs{{X: -math.Pi, Y: 0.7}, {X: 0, Y: 0.1}, {X: math.Pi, Y: 0.7}}, [2]float64{0.2, 0.8}}}),
		NoiseAlongTemperature([]Curve{{"near", plotter.XYs{{X: 0.1, Y: 0.1}, {X: 1, Y: 0.3}}}, {"far", plotter.XYs{{X: 0.1, Y: 1e-3}, {X: 1, Y: 1e-5}}}}),
		EigenvalueAlongNegatives([]Series{{"x̂, rare", []Judged{{0, 1e-5, "undecided"}, {1, -1e-3, "refuted"}, {2, 1e-2, "holds"}}}, {"none", []Judged{{0, math.NaN(), "undecided"}}}}),
		KeptByLosses("kept", "Kept", "What is kept", []string{"InfoNCE", "spectral"}, []string{"one mixture", "S_F of another"}, [][]KeptCell{{{Kept: 1, Lost: 1, Of: 2}, {Kept: 1, Of: 2}}, {{Kept: 2, Of: 2}, {Kept: 1, Of: 2, Theorem: true}}}),
		Distribution("distribution", "defect", []float64{0, 1e-9, 1e-3, 1}),
		Distribution("single", "angle", []float64{90}),
		Scatters("scatter", "Scatter", "<Caption> & more", []string{"a", "b"}, []Scatter{{"LDA", plane}, {"SVD", line}}),
		Scatters("single-scatter", "Scatter", "One panel", []string{"a", "b"}, []Scatter{{"LDA", plane}}),
		Scatters("three-scatters", "Scatter", "Three panels", []string{"a", "b"}, []Scatter{{"LDA", plane}, {"SVD", line}, {"random", plane}}),
		ScoresPerProjection("scores", "Scores", rows),
		Plane("a plane", comparison.Plane{X: "x", Y: "y", Fisher: comparison.PlaneLine{Name: "S_F"}, Lines: []comparison.PlaneLine{{Name: "Col(A*)", Direction: [2]float64{1, -1}}},
			Components: []comparison.PlaneComponent{{Weight: 0.25, Mean: [2]float64{1, 2}, Covariance: [3]float64{1, 0.5, 1}}}}),
	}
}

// What the figures look like: -update writes the golden files anew; look at them.
func TestGoldenFigures(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden digits are those of amd64; other processors round products and sums together")
	}
	for _, f := range examples() {
		path := filepath.Join("testdata", f.ID+".svg")
		if *update {
			if err := os.WriteFile(path, []byte(f.Standalone()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), f.Standalone()); diff != "" {
			t.Errorf("%s (−golden +drawn):\n%.1500s", path, diff)
		}
	}
}

// Every figure has words, an ID of its own, and lines that turn light in the dark.
func TestFiguresAreComplete(t *testing.T) {
	ids := map[string]bool{}
	for _, f := range examples() {
		if ids[f.ID] || f.ID == "" || unfit.MatchString(strings.ReplaceAll(f.ID, "-", "")) {
			t.Errorf("the ID %q is not good, or not its own", f.ID)
		}
		ids[f.ID] = true
		if len(f.Title) < 3 || len(f.Alt) < 30 {
			t.Errorf("%s: title %q, alternative %q", f.ID, f.Title, f.Alt)
		}
		if !strings.HasPrefix(f.SVG, "<svg ") || !strings.HasSuffix(f.SVG, "</svg>") || !strings.Contains(f.SVG, `aria-label="`+escape(f.Alt)+`"`) {
			t.Errorf("%s: not an <svg> with its alternative: %.200s", f.ID, f.SVG)
		}
		for _, fixed := range []string{"#000000", "font-variant", "NaN", "Inf<", "Inf,"} {
			if strings.Contains(f.SVG, fixed) {
				t.Errorf("%s has %s", f.ID, fixed)
			}
		}
		if strings.Count(f.SVG, "currentColor") < 3 || strings.Count(f.SVG, "<text") < 3 {
			t.Errorf("%s: the style was not applied", f.ID)
		}
		if standalone := f.Standalone(); !strings.Contains(standalone, "prefers-color-scheme:dark") {
			t.Errorf("%s: a file of its own stays light", f.ID)
		}
	}
}

// The words say what there is to see.
func TestAlternativesSayWhatThereIs(t *testing.T) {
	all := map[string]Figure{}
	for _, f := range examples() {
		all[f.ID] = f
	}
	for id, words := range map[string]string{
		"curves":             "linear: from -1 to 1; best shared encoder: from -2 to 2",
		"contours":           "lines 0.5 apart. linear, outputs from -1 to 1; best shared encoder, outputs from -2 to 2 and from -1 to 1",
		"containment-defect": "1 lie above the diagonal",
		"map":                "equality holds at 2, is refuted at 1, undecided at 1",
		"critical-map":       "the claim holds at 2, is refuted at 2, undecided at 1. Dots mark 1 critical values.",
		"line":               "the claim holds at 1, is refuted at 1, undecided at 1. Dashed lines mark 1 critical values.",
		"eigenvalue-delta":   "negative at 1 of 3 values of δ, between 0.5 and 0.5, at least -0.1",
		"distribution":       "4 random cases, from 0 to 1",
		"plane-a-plane":      "Col(A*) is a line at -45° to the horizontal",
	} {
		if !strings.Contains(all[id].Alt, words) {
			t.Errorf("%s: %q lacks %q", id, all[id].Alt, words)
		}
	}
	if c := all["distribution"].Caption; !strings.Contains(c, "1 of them, exactly 0, are not drawn") {
		t.Errorf("zeros on a logarithmic axis are lost silently: %q", c)
	}
}

// What is of one verdict is one area: between two that touch, a page shows a seam.
func TestMapsHaveNoSeams(t *testing.T) {
	var all []Cell
	for x := range 4 {
		for y := range 3 {
			all = append(all, Cell{float64(x), float64(y), []string{"holds", "refuted", "undecided"}[(x+y)%3]})
		}
	}
	f := FrontierMap(Map{Figure: Figure{ID: "seams", Title: "Seams"}, XLabel: "x", YLabel: "y", Cells: all})
	for _, colour := range []string{"#A9D8F2", "#D55E00", "#A0A0A0"} {
		if n := strings.Count(f.SVG, "fill:"+colour); n != 2 {
			t.Errorf("%d areas are %s, want one and its key", n, colour)
		}
	}
}

// A histogram counts every value once.
func TestBarsCountAll(t *testing.T) {
	values := []float64{-3, -3, 0, 0.1, 2, 5, 5}
	total := 0
	for _, n := range newBars(values, -3, 5).counts {
		total += n
	}
	if total != len(values) {
		t.Errorf("%d of %d values counted", total, len(values))
	}
}

// Ellipses lie the right number of standard deviations from the mean.
func TestEllipse(t *testing.T) {
	g := comparison.PlaneComponent{Mean: [2]float64{1, -2}, Covariance: [3]float64{2, 0.5, 1}}
	determinant := 2*1 - 0.5*0.5
	for _, p := range ellipse(g, 2) {
		x, y := p[0]-1, p[1]+2
		if q := (1*x*x - 2*0.5*x*y + 2*y*y) / determinant; math.Abs(q-4) > 1e-12 {
			t.Fatalf("the point %v is %g standard deviations away, want 2", p, math.Sqrt(q))
		}
	}
}

// Ticks are few, and written as people write them.
func TestTicks(t *testing.T) {
	labelled := 0
	for _, tick := range (decades{}).Ticks(-18, -6) {
		if tick.Label != "" {
			labelled++
			if !strings.HasPrefix(tick.Label, "10⁻") {
				t.Errorf("the label %q", tick.Label)
			}
		}
	}
	if labelled < 4 || labelled > 8 {
		t.Errorf("%d labels", labelled)
	}
	for x, want := range map[float64]string{-0.02: "−0.02", 5e-10: "5·10⁻¹⁰", 30: "30"} {
		if got := number(x); got != want {
			t.Errorf("%g is written %s, want %s", x, got, want)
		}
	}
}
