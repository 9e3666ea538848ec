package dense

import (
	"sync"
	"sync/atomic"
)

// InChunks calls do for each of n pieces of work, by up to cores goroutines, each
// with its own number below cores. The pieces must not depend on one another.
func InChunks(n, cores int, do func(core, piece int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for core := range min(cores, n) {
		group.Go(func() {
			for piece := int(next.Add(1)) - 1; piece < n; piece = int(next.Add(1)) - 1 {
				do(core, piece)
			}
		})
	}
	group.Wait()
}
