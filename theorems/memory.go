package theorems

import (
	"sync"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// memory keeps decisions on one mixture, so that claims which rest on the same one do not make it twice. It may be used by several goroutines.
type memory struct {
	decisions sync.Map // from decision to func() (losses.Decision, error), which decides once
	units     sync.Once
	measured  gmm.Pairs
}

// decision is what is decided: a loss of pairs, with their δ.
type decision struct {
	loss        losses.Settings
	left, right *gmm.Mixture
	delta       string
}

// inUnits are the pairs in units of their own, measured once where there is a memory.
func (m *memory) inUnits(p gmm.Pairs) gmm.Pairs {
	if m == nil {
		return measured(p)
	}
	m.units.Do(func() { m.measured = measured(p) })
	return m.measured
}

// measured are pairs in units of their own; as they are, where they are no mixture then.
func measured(p gmm.Pairs) gmm.Pairs {
	left, err := inUnits(p.Left)
	right := left
	if err == nil && p.Modalities() == 2 {
		right, err = inUnits(p.Right)
	}
	if err != nil {
		return p
	}
	if scaled, err := gmm.NewPaired(left, right, p.ExactDelta()); err == nil {
		return scaled
	}
	return p
}

// decided is the decision on a loss of the case's pairs with the standard options, made once where the case has a memory.
func (c Case) decided(l losses.Loss) (losses.Decision, error) {
	once := func() (losses.Decision, error) { return decide(l, c.Pairs, losses.Options{}) }
	if c.memory != nil {
		kept, _ := c.memory.decisions.LoadOrStore(decision{l.Settings, c.Pairs.Left, c.Pairs.Right, c.Pairs.ExactDelta().RatString()}, sync.OnceValues(once))
		once = kept.(func() (losses.Decision, error))
	}
	return once()
}
