package solver_test

import (
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

func ExampleMinimise() {
	text := `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	file, _ := gmm.Read("example", strings.NewReader(text))
	c, err := solver.Minimise(solver.InfoNCE, file.Pairs, solver.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("rank %d, loss %.6f\n", c.Constrained.Rank, c.Constrained.Loss)
	fmt.Printf("A* = %.4f\n", mat.Formatted(c.Constrained.Left.Padded(2, 1), mat.FormatPython()))
	// Output:
	// rank 1, loss -0.114685
	// A* = [[0.4278], [-0.2524]]
}

func ExampleEvaluate() {
	text := `{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": "identity", "a": [[0.5], [0.25]]}`
	file, _ := gmm.Read("example", strings.NewReader(text))
	value, _, err := solver.Evaluate(solver.InfoNCE, file.Pairs, file.A, nil)
	fmt.Printf("%.12f %v\n", value, err)
	// Output: -0.180688286072 <nil>
}
