package oracle

import "math"

// Limit multiplies the work that one judgement may spend on its gradients: > 0. 1 stands for some 20 seconds on two
// cores, and is what functions without a limit use. Where it is spent, what is not decided is Undecided.
type Limit float64

// mostWork is the work of a judgement for a limit of 1, in evaluations of an exponential's share: nodes times components².
const mostWork = 1.2e10

// budget is the work that is left to a judgement. It counts work and not time, so that verdicts depend on nothing
// else. nil has no bound but those of each gradient.
type budget struct{ limit, left float64 }

func (l Limit) budget() *budget { return &budget{float64(l), float64(l) * mostWork} }

// times multiplies a bound of one gradient by the limit.
func (b *budget) times(most float64) float64 {
	if b == nil {
		return most
	}
	return b.limit * most
}

// nodes bounds what one gradient by a trapezoidal rule may cost, in nodes times components, of which limit is the most.
func (b *budget) nodes(limit float64, components int) float64 {
	if b == nil {
		return limit
	}
	return math.Min(b.times(limit), b.left/(serial*float64(components)))
}

// serial is what a node of a rule costs that one core sums alone, beside one of which all cores have their share.
const serial = 2

// sampling bounds the products of one gradient by random points. The rounds before the last add a third.
func (b *budget) sampling() float64 {
	if b == nil {
		return mostProducts
	}
	return math.Min(b.times(mostProducts), 0.75*b.left)
}

// spend takes note of work.
func (b *budget) spend(work float64) {
	if b != nil {
		b.left -= work
	}
}
