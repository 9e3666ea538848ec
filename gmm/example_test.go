package gmm_test

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Two classes in the plane, the second three times as likely. A float64 is the dyadic number
// that it is, so 0.1 is not 1/10.
func ExampleNew() {
	means := mat.NewDense(2, 2, []float64{
		2, 0,
		-0.5, 0.1,
	})
	covariance := mat.NewSymDense(2, []float64{
		1, 0.25,
		0.25, 1,
	})
	mixture, err := gmm.New([]float64{1, 3}, means, covariance)
	if err != nil {
		fmt.Println(err)
		return
	}
	pairs, err := gmm.NewPairs(mixture, big.NewRat(1, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("weights", pairs.Weights())
	fmt.Println("dim S_F =", mixture.FisherDimension())
	fmt.Println("0.1 is", mixture.Exact().Means[1][1])
	// Output:
	// weights [0.25 0.75]
	// dim S_F = 2
	// 0.1 is 3602879701896397/36028797018963968
}

func ExampleRead() {
	text := `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	file, err := gmm.Read("example", strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Pairs)
	fmt.Println("Fisher dimension", file.Pairs.Left.FisherDimension())
	// Output:
	// Pairs{Mixture{weights 1:3, means (2, 0) (0, 1), covariance identity}, δ = 1}
	// Fisher dimension 2
}

func ExampleMixture_Gram() {
	file, _ := gmm.Read("example", strings.NewReader(`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": [[2, 1], [1, 1]]}`))
	fmt.Println(file.Pairs.Left.Gram().G[0][1].Float64())
	// Output: -1
}

// The third coordinate is independent of the first two within each component; the second is coupled to the first, along which the means lie.
func ExampleMixture_Envelope() {
	file := `{"weights": [1, 1], "means": [[1, 0, 0], [-1, 0, 0]],
		"covariance": [[[1, "1/2", 0], ["1/2", 1, 0], [0, 0, 3]], [[1, "-1/2", 0], ["-1/2", 1, 0], [0, 0, 1]]]}`
	document, err := gmm.Read("mixture.json", strings.NewReader(file))
	if err != nil {
		panic(err)
	}
	m := document.Pairs.Left
	fmt.Println("Fisher subspace:", m.FisherDimension(), "of", m.Dimension())
	fmt.Println("envelope:", m.Envelope().Dimension(), m.Envelope().Basis())
	couplings, err := m.Couplings()
	if err != nil {
		panic(err)
	}
	for _, c := range couplings {
		fmt.Printf("component %d leads out of the Fisher subspace along %.1f by %.1f\n", c.Component+1, c.Direction, c.Size)
	}
	// Output:
	// Fisher subspace: 1 of 3
	// envelope: 2 [[1/1 0/1] [0/1 1/1] [0/1 0/1]]
	// component 1 leads out of the Fisher subspace along [0.0 1.0 0.0] by 0.5
	// component 2 leads out of the Fisher subspace along [0.0 1.0 0.0] by 0.5
}
