package soundness

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// parts writes a table of 1533 turned parts, by how many µm they are off in length and in width: of 1500 good ones, 30 of a worn tool and 3 of a broken one, farther out and in another
// direction. The mean is nearly 0, and yet the best representation is a line.
func parts() string {
	rng := rand.New(rand.NewPCG(26, 0))
	var b strings.Builder
	b.WriteString("length,width,kind\n")
	for _, class := range []struct {
		kind          string
		rows          int
		length, width float64
	}{{"good", 1500, -0.2, -0.1}, {"worn", 30, 8, 3}, {"broken", 3, 17, 12}} {
		for range class.rows {
			fmt.Fprintf(&b, "%.1f,%.1f,%s\n", class.length+rng.NormFloat64(), class.width+rng.NormFloat64(), class.kind)
		}
	}
	return b.String()
}

// testdata/parts.csv is what its generator writes.
func TestParts(t *testing.T) { isWritten(t, "parts.csv", parts()) }
