package serve

import (
	"context"
	"time"
)

// pool has places for what is computed at once, and for what waits for that.
type pool struct{ places, queue chan struct{} }

func newPool(places, waiting int) *pool {
	return &pool{make(chan struct{}, places), make(chan struct{}, places+waiting)}
}

// enter waits for a place; false where too many wait, or none is free in time.
func (p *pool) enter(ctx context.Context) bool {
	select {
	case p.queue <- struct{}{}:
	default:
		return false
	}
	late := time.NewTimer(waitWithin)
	defer late.Stop()
	select {
	case p.places <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	<-p.queue
	return false
}

// leave gives the place to another.
func (p *pool) leave() {
	<-p.places
	<-p.queue
}
