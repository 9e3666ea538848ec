package search_test

import (
	"context"
	"fmt"

	"contrastcheck/search"
	"contrastcheck/theorems"
)

// The hunt ends at the simplest counterexample that it can make. What it finds depends on the seed and the number of evaluations alone.
func ExampleHunt() {
	claim, err := theorems.FindHunted("equality")
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := search.Hunt(context.Background(), claim, search.Options{Evaluations: 200, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(claim.Statement)
	fmt.Printf("%v, %v\n", found.Outcome.Verdict, found.Outcome.Grade)
	fmt.Println(found.Case.Pairs)
	// Output:
	// At δ = 1, with r ≥ K columns, Col(A*) = S_F, as printed
	// refuted, proved
	// Pairs{Mixture{weights 1:2, means (3, 0) (0, 2), covariance identity}, δ = 1}
}
