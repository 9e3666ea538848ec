package oracle_test

import (
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// A candidate for the minimiser may come from anywhere; that of another program is judged by its own gradient, which bounds how far it is from the true one. Here it is good enough
// to tell that the second direction is lost.
func ExampleJudge() {
	text := `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	file, err := gmm.Read("example", strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	free := gmm.Plain(mat.NewSymDense(2, []float64{
		0.182946, -0.108093,
		-0.108093, 0.0635431,
	}))
	f := oracle.Judge(oracle.InfoNCE, file.Pairs, oracle.Candidates{Free: free, Constrained: free})
	fmt.Printf("equality %v, %v: %s\n", f.Equality(), f.Evidence.Grade, f.EqualityReason(0))

	guess := gmm.Plain(mat.NewSymDense(2, nil))
	f = oracle.Judge(oracle.InfoNCE, file.Pairs, oracle.Candidates{Free: guess, Constrained: guess})
	fmt.Println("of a poor candidate", f.Equality())
	// Output:
	// equality refuted, bounded: smallest eigenvalue of M_u on S_F: -0.0002396991, known to ±2.15e-05
	// of a poor candidate undecided
}
