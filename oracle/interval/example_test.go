package interval_test

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/oracle/interval"
)

// Log(1 + exp x) at x = ⅓, with every digit that is sure.
func Example() {
	c := interval.NewContext(96)
	x := c.FromRat(big.NewRat(1, 3))
	y := c.Log(c.Add(c.FromInt(1), c.Exp(x)))
	if err := c.Err(); err != nil {
		fmt.Println(err)
		return
	}
	lower, upper := y.Decimal(25)
	fmt.Println(lower)
	fmt.Println(upper)
	// Output:
	// 0.8736389080227417874927614
	// 0.8736389080227417874927615
}

// A formula stays a formula: what went wrong is asked at its end.
func ExampleContext_Err() {
	c := interval.NewContext(53)
	difference := c.Sub(c.Sqr(c.Sqrt(c.FromInt(2))), c.FromInt(2)) // contains 0
	c.Exp(c.Quo(c.FromInt(1), difference))
	fmt.Println(errors.Is(c.Err(), interval.ErrDivision))
	// Output: true
}
