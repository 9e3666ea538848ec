package soundness

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// glyphs writes a table like one of scanned digits: 20 samples of each of ten classes, whose
// 8×8 pixels of 0 to 16 are a pattern of the class and noise that neighbours share. The
// left and right edges are always 0, and two pixels repeat their neighbours.
func glyphs() string {
	const classes, side, pixels, ink = 10, 8, 64, 16
	rng := rand.New(rand.NewPCG(8, 0))
	around := func(most int) int { return rng.IntN(2*most+1) - most }
	var pattern [classes][pixels]int
	for k := range pattern {
		for c := range pixels {
			pattern[k][c] = ink/2 + around(2)
		}
	}
	var b strings.Builder
	for c := range pixels {
		fmt.Fprintf(&b, "p%d,", c)
	}
	b.WriteString("glyph\n")
	for i := range 20 * classes {
		var noise [pixels + side]int
		for c := range noise {
			noise[c] = around(3) + around(3)
		}
		var x [pixels]int
		for c := range x {
			if column := c % side; column > 0 && column < side-1 {
				x[c] = min(max(pattern[i%classes][c]+(noise[c]+noise[c+1]+noise[c+side])/2, 0), ink)
			}
		}
		x[10], x[34] = x[9], x[33]
		for _, value := range x {
			fmt.Fprintf(&b, "%d,", value)
		}
		fmt.Fprintf(&b, "%d\n", i%classes)
	}
	return b.String()
}

// testdata/glyphs.csv is what its generator writes.
func TestGlyphs(t *testing.T) { isWritten(t, "glyphs.csv", glyphs()) }

// isWritten compares a file of the project's testdata with what its generator writes.
func isWritten(t *testing.T, name, want string) {
	t.Helper()
	file := shared(name)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Errorf("%s is not what its generator writes; go test ./internal/soundness -run '%s' -update writes it anew", file, t.Name())
	}
}
