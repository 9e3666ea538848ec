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

func newBudget(limit float64) *budget {
	return &budget{left: mostOperations * limit, all: mostOperations * limit}
}

// spend refuses, with ErrOpen and gmm.ErrCost, what goes beyond the budget.
func (b *budget) spend(operations float64) error {
	if b.left -= operations; b.left < 0 {
		return fmt.Errorf("%w: %w: the integrals of all pieces would take more than %.2g operations; --limit %.0f allows twice as many", ErrOpen, gmm.ErrCost, b.all,
			math.Ceil(2*b.all/mostOperations))
	}
	return nil
}
