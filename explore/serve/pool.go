package serve

import (
	"context"
	"sync"
	"time"
)

// pool has places for what is computed at once, for what waits for that, and for what is still computed though nobody waits for it any more.
type pool struct{ places, queue, abandoned chan struct{} }

func newPool(places, waiting, abandoned int) *pool {
	return &pool{make(chan struct{}, places), make(chan struct{}, places+waiting), make(chan struct{}, abandoned)}
}

// enter waits for a place; nil where too many wait, or none is free in time.
func (p *pool) enter(ctx context.Context) *place {
	select {
	case p.queue <- struct{}{}:
	default:
		return nil
	}
	late := time.NewTimer(waitWithin)
	defer late.Stop()
	select {
	case p.places <- struct{}{}:
		return &place{of: p}
	case <-late.C:
	case <-ctx.Done():
	}
	<-p.queue
	return nil
}

// place is one in a pool.
type place struct {
	of              *pool
	access          sync.Mutex
	left, abandoned bool
}

// leave ends the work in it.
func (x *place) leave() {
	x.access.Lock()
	defer x.access.Unlock()
	if x.left = true; x.abandoned {
		<-x.of.abandoned
		return
	}
	x.free()
}

// abandon gives the place to others while the work in it goes on, unless too many have done so: a step of it does not end before its time.
func (x *place) abandon() {
	x.access.Lock()
	defer x.access.Unlock()
	if x.left {
		return
	}
	select {
	case x.of.abandoned <- struct{}{}:
		x.abandoned = true
		x.free()
	default:
	}
}

func (x *place) free() {
	<-x.of.places
	<-x.of.queue
}
