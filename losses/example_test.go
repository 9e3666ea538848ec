package losses_test

import (
	"context"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"

	"gonum.org/v1/gonum/mat"
)

// Two classes of weights 1:3 with means (2, 0) and (0, 1) and unit covariance: InfoNCE keeps one of the two directions that they span, certified.
func ExampleDecide() {
	means := mat.NewDense(2, 2, []float64{
		2, 0,
		0, 1,
	})
	m, err := gmm.New([]float64{1, 3}, means, mat.NewDiagDense(2, []float64{1, 1}))
	if err != nil {
		fmt.Println(err)
		return
	}
	pairs, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, loss := range []losses.Loss{losses.InfoNCE, losses.Spectral} {
		d, err := losses.Decide(context.Background(), loss, pairs, losses.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		f := d.Findings
		fmt.Printf("%s: Col(A*) = S_F %v (%v), rank %d\n", loss.Title, f.Equality(), f.Evidence.Grade, d.Rank())
	}
	// Output:
	// InfoNCE loss: Col(A*) = S_F refuted (bounded), rank 1
	// spectral loss: Col(A*) = S_F holds (bounded), rank 2
}
