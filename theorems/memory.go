package theorems

import (
	"sync"

	"contrastcheck/losses"
)

// memory keeps decisions on one mixture, so that claims which rest on the same one do not make it twice. It may be used by several goroutines.
type memory struct{ decisions sync.Map } // from losses.Settings to func() (losses.Decision, error), which decides once

// decided is the decision on a loss of the case's pairs with the standard options, made once where the case has a memory.
func (c Case) decided(l losses.Loss) (losses.Decision, error) {
	once := func() (losses.Decision, error) { return decide(l, c.Pairs, losses.Options{}) }
	if c.memory != nil {
		kept, _ := c.memory.decisions.LoadOrStore(l.Settings, sync.OnceValues(once))
		once = kept.(func() (losses.Decision, error))
	}
	return once()
}
