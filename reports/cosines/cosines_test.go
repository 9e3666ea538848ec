package cosines

import (
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

var update = flag.Bool("update", false, "write the golden figures anew")

// The figures of docs/findings.md are those of a report. -update writes them anew: look at them.
func TestGoldenFigures(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden digits are those of amd64; other processors round products and sums together")
	}
	const temperatures = 33
	drawn := []func() (figures.Figure, error){
		func() (figures.Figure, error) { return LossAlongNoise(60) }, Angles,
		func() (figures.Figure, error) { return NoiseAlongTemperature(temperatures, func() {}) },
	}
	if !*update && !enough.Attack() {
		drawn = drawn[:2] // the last takes seconds
	}
	for _, draw := range drawn {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("..", "..", "docs", "figures", f.ID+".svg")
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

func TestLogarithmic(t *testing.T) {
	if x := logarithmic(0.1, 10, 3); math.Abs(x[1]-1) > 1e-12 || x[0] != 0.1 {
		t.Errorf("%v", x)
	}
}
