package figures

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// Indices and accents are taken apart from what stands around them; other words with underscores stay whole.
func TestRuns(t *testing.T) {
	for line, want := range map[string][]run{
		"outside S_F":     {{text: "outside S"}, {text: "F", index: true}},
		"λ_min(M_u on S)": {{text: "λ"}, {text: "min", index: true}, {text: "(M"}, {text: "u", index: true}, {text: " on S)"}},
		"A_V A_Tᵀ":        {{text: "A"}, {text: "V", index: true}, {text: " A"}, {text: "T", index: true}, {text: "ᵀ"}},
		"‖QM̂‖ of Σ̄":     {{text: "‖Q"}, {text: "M", accent: circumflex}, {text: "‖ of "}, {text: "Σ", accent: macron}},
		"M̂_u":            {{text: "M", accent: circumflex}, {text: "u", index: true}},
		"class_0 S_max1":  {{text: "class_0 S_max1"}},
	} {
		if diff := cmp.Diff(want, runs(line), cmp.AllowUnexported(run{})); diff != "" {
			t.Errorf("%s (−want +got):\n%s", line, diff)
		}
	}
}

// An index is smaller, lower and right after its letter; a bar is above its letter, as wide as it.
func TestFormulasAreSet(t *testing.T) {
	var drawn recorder.Canvas
	style := sans(normalText)
	typesetter.Draw(&drawn, "S_F", style, vg.Point{})
	var texts []*recorder.FillString
	for _, a := range drawn.Actions {
		if text, ok := a.(*recorder.FillString); ok {
			texts = append(texts, text)
		}
	}
	if len(texts) != 2 || texts[1].Size >= texts[0].Size || texts[1].Point.Y >= texts[0].Point.Y || texts[1].Point.X != texts[0].Point.X+style.Width("S") {
		t.Errorf("S_F is drawn as %v", texts)
	}
	if whole := style.Width("S_F"); whole <= style.Width("S") || whole >= style.Width("SF") {
		t.Errorf("S_F is %v wide", whole)
	}
	drawn.Reset()
	style.YAlign = draw.YBottom
	typesetter.Draw(&drawn, "Σ\u0304", style, vg.Point{})
	bars := 0
	for _, a := range drawn.Actions {
		if line, ok := a.(*recorder.Stroke); ok {
			bars++
			low, high := line.Path[0].Pos, line.Path[len(line.Path)-1].Pos
			if low.Y != high.Y || low.X < 0 || high.X > style.Width("Σ") || high.X-low.X < style.Width("Σ")/2 || low.Y < 0.7*normalText {
				t.Errorf("the bar goes from %v to %v", low, high)
			}
		}
	}
	if bars != 1 {
		t.Errorf("%d bars", bars)
	}
}
