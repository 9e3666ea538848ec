package generators

import (
	"fmt"
	"hash/fnv"
)

// ExampleSeed is the argument of a generator's Example for case n of what is named so: it spreads the seeds of different names and cases.
func ExampleSeed(name string, seed uint64, n int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %d", name, seed, n)
	return int(h.Sum64() >> 2)
}
