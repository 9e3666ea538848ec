package quadrature_test

import (
	"fmt"
	"math"

	"contrastcheck/solver/quadrature"
)

func ExampleChoose() {
	// E 1/(1 + e^{-(t + ½)}), t standard normal: a softmax of two logits whose slopes differ by 1.
	rule, err := quadrature.Choose([]float64{1}, 1e-9, 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	var mean float64
	for i, t := range rule.Directions[0].Nodes {
		mean += rule.Directions[0].Weights[i] / (1 + math.Exp(-t-0.5))
	}
	fmt.Printf("%v: %.8f\n", rule, mean)
	// Output: Gauss–Hermite 23: 0.60202713
}
