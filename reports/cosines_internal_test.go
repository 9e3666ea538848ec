package reports

import (
	"context"
	"flag"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/reports/figures"

	"github.com/google/go-cmp/cmp"
)

// The figures of docs/findings.md are those of a report. -update writes them anew: look at them.
func TestGoldenCosineFigures(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden digits are those of amd64; other processors round products and sums together")
	}
	update := flag.Lookup("update").Value.String() == "true"
	const temperatures = 33
	drawn := []func() (figures.Figure, error){
		func() (figures.Figure, error) { return lossAlongNoise(60) }, anglesOfClasses,
		func() (figures.Figure, error) { return noiseAlongTemperature(temperatures, func() {}) },
	}
	if !update && !enough.Attack() {
		drawn = drawn[:2] // the last takes seconds
	}
	for _, draw := range drawn {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("..", "docs", "figures", f.ID+".svg")
		if update {
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

// A report's chapter has the three pictures, as many steps as it says, and ends when it is told to.
func TestCosinePictures(t *testing.T) {
	steps := 0
	p := picturing{Options: Options{Effort: Effort{Grid: 2, Curve: 5}}, progress: func() { steps++ }}
	all, err := pictures["cosine-containment"].draw(context.Background(), p)
	if err != nil || len(all) != 3 || steps != pictures["cosine-containment"].steps(p.Effort) {
		t.Errorf("%d pictures in %d steps, %v", len(all), steps, err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := cosinePictures(ended, p); err == nil {
		t.Error("drawn after the end")
	}
	if x := logarithmic(0.1, 10, 3); math.Abs(x[1]-1) > 1e-12 || x[0] != 0.1 {
		t.Errorf("%v", x)
	}
}
