package box

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
)

// budget is what is left of the operations that a proof, or its check, may take.
type budget struct{ left, all float64 }

// mostOperations is the budget for a limit of 1: about a minute.
const mostOperations = 1e9

// newBudget refuses, with ErrOpen and gmm.ErrCost, boxes of which one piece alone would take much of the budget, or of the memory.
func newBudget(b Box, limit float64) (*budget, error) {
	const mostNumbers = 5e7 // 16 bytes each, a few times over
	k, d, symbols := float64(b.Pairs.Components()), float64(b.Pairs.Left.Dimension()), float64(len(b.Sides))
	s := min(k, d)
	symbols += s*(s+1)/2 + 1 // the search's
	numbers, work := symbols*(k*k+k*d+d*d), symbols*(k*k*s+k*s*s+(d+k)*d*d)
	if share := max(numbers/mostNumbers, 10*work/mostOperations) / limit; share > 1 {
		return nil, fmt.Errorf("%w: %w: %d numbers that vary, of %.0f components in %.0f dimensions, are too many; --limit %.0f allows this", ErrOpen, gmm.ErrCost, len(b.Sides), k, d, math.Ceil(share*limit))
	}
	return &budget{left: mostOperations * limit, all: mostOperations * limit}, nil
}

// spend refuses, with ErrOpen and gmm.ErrCost, what goes beyond the budget.
func (b *budget) spend(operations float64) error {
	if b.left -= operations; b.left < 0 {
		return fmt.Errorf("%w: %w: the integrals of all pieces would take more than %.2g operations; --limit %.0f allows twice as many", ErrOpen, gmm.ErrCost, b.all,
			math.Ceil(2*b.all/mostOperations))
	}
	return nil
}
