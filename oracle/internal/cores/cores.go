// Package cores shares work out over the cores of a machine.
package cores

import (
	"runtime"
	"sync"
)

// Each calls do for 0, …, n − 1, on all cores but no more than memory should serve.
func Each(n int, do func(int)) {
	const widest = 4
	next := make(chan int)
	var group sync.WaitGroup
	for range min(n, widest, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}
