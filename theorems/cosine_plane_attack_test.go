//go:build attack

package theorems

import (
	"fmt"
	"testing"
)

// Of 500 random mixtures whose means span a plane, a part at a time.
func TestPlanesReadNoise(t *testing.T) {
	const cases, part = 500, 25
	for from := 0; from < cases; from += part {
		t.Run(fmt.Sprint(from), func(t *testing.T) { planesReadNoise(t, from, from+part) })
	}
}
