package frontier_test

import (
	"context"
	"fmt"
	"math/big"

	"contrastcheck/frontier"
)

// rareOutlier asks whether a rare class is kept as δ varies.
func rareOutlier(axis string) (frontier.Map, error) {
	base, err := frontier.FamilyNamed("rare-outlier")
	if err != nil {
		return frontier.Map{}, err
	}
	delta, err := frontier.ParseAxis(axis)
	if err != nil {
		return frontier.Map{}, err
	}
	grid, err := frontier.NewGrid(base, delta)
	if err != nil {
		return frontier.Map{}, err
	}
	return frontier.Sweep(context.Background(), grid, frontier.Options{Workers: 2})
}

// Is a rare class kept while positive pairs seldom share their class?
func ExampleSweep() {
	swept, err := rareOutlier("delta=1/10:1/2:3")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, point := range swept.Points {
		fmt.Println("δ =", point.At[0].RatString(), point.Verdict)
	}
	// Output:
	// δ = 1/10 holds
	// δ = 3/10 refuted
	// δ = 1/2 refuted
}

// Up to which δ exactly? Both ends of a bracket are proved in interval arithmetic.
func ExampleRefine() {
	swept, err := rareOutlier("delta=1/10:1/5:2")
	if err != nil {
		fmt.Println(err)
		return
	}
	width, err := frontier.NewNarrow(big.NewRat(1, 1000))
	if err != nil {
		fmt.Println(err)
		return
	}
	brackets, err := frontier.Refine(context.Background(), swept, width, frontier.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range brackets {
		fmt.Printf("%v up to δ = %s, %v from %s on, proved %v\n", b.Low.Verdict, b.Low.At[0].FloatString(4), b.High.Verdict, b.High.At[0].FloatString(4), b.Proved())
	}
	// Output:
	// holds up to δ = 0.1588, refuted from 0.1589 on, proved true
}
