package proof_test

import (
	"bytes"
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
)

// A certificate goes to a file, and whoever reads it checks it: nothing in the file is believed.
func ExampleProve() {
	text := `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	file, err := gmm.Read("example", strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate, err := proof.Prove(proof.InfoNCE, file.Pairs, gmm.Form{}) // no candidate: Newton's method finds one
	if err != nil {
		fmt.Println(err)
		return
	}
	var sent bytes.Buffer
	if err := certificate.Write(&sent); err != nil {
		fmt.Println(err)
		return
	}

	received, err := proof.Read("certificate.json", &sent)
	if err != nil {
		fmt.Println(err)
		return
	}
	theorem, err := proof.Check(received)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("equality %v: λ_min ≤ %s\n", theorem.Verdict, theorem.Bound())
	fmt.Println(theorem.Statement)
	// Output:
	// equality refuted: λ_min ≤ -0.000214267
	// Col(A*) ≠ S_F for the InfoNCE minimiser A* of this mixture at δ = 1 and every rank r ≥ dim S_F = 2
}
