package campaign

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math"
	"runtime"
)

// Digits names the arithmetic of this machine: its architecture, and a checksum of the last digits of elementary functions, which some processors of one architecture compute by fused operations and others do not. Machines
// with different digits do not come to the same bytes.
func Digits() string {
	h := fnv.New64a()
	const values, step = 512, 0.0371
	for n := range values {
		x := step * float64(n+1)
		for _, y := range []float64{math.Exp(-x), math.Log(x), math.Sin(x), math.Tanh(x), math.Erf(x), math.Pow(x, step), math.Hypot(x, step), x*x + step} {
			fmt.Fprintf(h, "%x ", math.Float64bits(y))
		}
	}
	return runtime.GOARCH + "-" + hex.EncodeToString(h.Sum(nil))
}
