package enclosure

import "math"

// mostWork is the work of a judgement for a limit of 1, in evaluations of an exponential's share: nodes times components².
const mostWork = 1.2e10

// Budget is the work that is left to a judgement. It counts work and not time, so that verdicts depend on nothing
// else. nil has no bound but those of each gradient.
type Budget struct{ limit, left float64 }

// NewBudget returns the work of a limit: > 0, 1 standing for some 20 seconds on two cores.
func NewBudget(limit float64) *Budget { return &Budget{limit, limit * mostWork} }

// times multiplies a bound of one gradient by the limit.
func (b *Budget) times(most float64) float64 {
	if b == nil {
		return most
	}
	return b.limit * most
}

// within is times, but no more than is left.
func (b *Budget) within(most float64) float64 {
	if b == nil {
		return most
	}
	return math.Min(b.times(most), b.left)
}

// nodes bounds what one gradient by a trapezoidal rule may cost, in nodes times components, of which limit is the most.
func (b *Budget) nodes(limit float64, components int) float64 {
	if b == nil {
		return limit
	}
	return math.Min(b.times(limit), b.left/(serial*float64(components)))
}

// serial is what a node of a rule costs that one core sums alone, beside one of which all cores have their share.
const serial = 2

// sampling bounds the products of one gradient by random points. The rounds before the last add a third.
func (b *Budget) sampling() float64 {
	if b == nil {
		return mostProducts
	}
	return math.Min(b.times(mostProducts), 0.75*b.left)
}

// spend takes note of work.
func (b *Budget) spend(work float64) {
	if b != nil {
		b.left -= work
	}
}

// own bounds the nodes of one component in one gradient of own covariances, in which every node of a component
// costs all components some products; a judgement evaluates a few.
func (b *Budget) own(components int) float64 {
	const costliest, evaluations, products = 2e6, 5, 4
	return b.times(min(costliest, mostWork/(evaluations*products*float64(components*components))))
}
