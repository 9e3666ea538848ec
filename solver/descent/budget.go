package descent

import "errors"

// Budget is what a solve may spend on quadrature in all: products, that is nodes times components². It
// counts work and not time, so that results depend on nothing else. nil has no bound.
type Budget struct {
	limit float64
	left  float64
	kept  float64 // of it, for what comes later
	used  float64
}

// mostProducts is the budget of a solve for a limit of 1: about half a minute on two cores.
const mostProducts = 2.4e10

// NewBudget returns the budget of a solve for a limit: 0 means 1.
func NewBudget(limit float64) *Budget {
	if limit == 0 {
		limit = 1
	}
	return &Budget{limit: limit, left: limit * mostProducts}
}

// ErrSpent says that the budget is spent.
var ErrSpent = errors.New("solver: the limit on the work of a solve is reached before anything is found; --limit N allows N times as much")

// Keep sets a share of what is left aside, until the next call.
func (b *Budget) Keep(share float64) {
	if b != nil {
		b.kept = share * b.left
	}
}

// Nodes bounds the nodes of one rule for so many components: most of them for a limit of 1, but no more than what is left
// pays for, ErrSpent where that is too little to be of use.
func (b *Budget) Nodes(most, components int) (int, error) {
	if b == nil {
		return most, nil
	}
	const useful = 1 << 10
	most = int(b.limit * float64(most))
	affordable := (b.left - b.kept) / float64(components*components)
	if affordable < useful {
		return 0, ErrSpent
	}
	if float64(most) <= affordable {
		return most, nil
	}
	return int(affordable), nil
}

// Spend takes note of so many nodes.
func (b *Budget) Spend(nodes, components int) {
	if b != nil {
		products := float64(nodes) * float64(components*components)
		b.left -= products
		b.used += products
	}
}

// Exhausted tells whether an error ends a descent that stands where it is: there is nothing
// left to spend, or a softmax is met that is beyond any rule after so much work that what was found
// is worth more than a refusal.
func (b *Budget) Exhausted(err error) bool {
	const refusable = 2e9 // seconds
	return errors.Is(err, ErrSpent) || err != nil && b != nil && b.used > refusable
}

// AtLimit is what a rule's name says where the budget ended a solve.
const AtLimit = "; the limit on the work of a solve ended it: --limit N allows N times as much"
