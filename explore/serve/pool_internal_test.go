package serve

import (
	"context"
	"testing"
)

// What is abandoned makes room for others, as often as that is allowed, until it ends.
func TestPool(t *testing.T) {
	t.Parallel()
	p, ctx := newPool(1, 0, 1), context.Background()
	first := p.enter(ctx)
	if first == nil || p.enter(ctx) != nil {
		t.Fatal("expected one place and no queue")
	}
	first.abandon()
	second := p.enter(ctx)
	if second == nil {
		t.Fatal("what is abandoned makes no room")
	}
	second.abandon() // one too many
	if p.enter(ctx) != nil {
		t.Error("two are abandoned, expected one at most")
	}
	first.leave()
	second.abandon()
	third := p.enter(ctx)
	if third == nil {
		t.Fatal("what has ended leaves no room")
	}
	second.leave()
	third.leave()
	third.abandon()
	if len(p.places)+len(p.queue)+len(p.abandoned) != 0 {
		t.Errorf("%d places, %d in the queue and %d abandoned are left", len(p.places), len(p.queue), len(p.abandoned))
	}
}
