package clustering

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Labelled is a set of samples, the rows of X, with one label from 0 on for each.
type Labelled struct {
	X      *mat.Dense
	Labels []int
}

// NearestNeighbourAccuracy is the share of test samples whose label is that of the
// nearest training sample, in Euclidean distance. It panics if the numbers of
// coordinates differ, or those of samples and labels.
func NearestNeighbourAccuracy(training, test Labelled) float64 {
	check(training, test)
	return accuracy(training.X, training.Labels, test)
}

// NearestCentroidAccuracy is the share of test samples whose label is that of the
// nearest class mean of the training samples, in Euclidean distance. It panics as
// NearestNeighbourAccuracy does, and for a negative label.
func NearestCentroidAccuracy(training, test Labelled) float64 {
	check(training, test)
	_, q := training.X.Dims()
	classes := slices.Max(training.Labels) + 1
	sums, counts := mat.NewDense(classes, q, nil), make([]float64, classes)
	for i, label := range training.Labels {
		counts[label]++
		floats.Add(sums.RawRowView(label), training.X.RawRowView(i))
	}
	var present []int // a class without training samples has no centroid
	for label, count := range counts {
		if count > 0 {
			present = append(present, label)
		}
	}
	centroids := mat.NewDense(len(present), q, nil)
	for row, label := range present {
		for j, sum := range sums.RawRowView(label) {
			centroids.Set(row, j, sum/counts[label])
		}
	}
	return accuracy(centroids, present, test)
}

// accuracy classifies by the label of the nearest reference.
func accuracy(references *mat.Dense, labels []int, test Labelled) float64 {
	right := 0
	for i, label := range test.Labels {
		if index, _ := nearest(test.X.RawRowView(i), references); labels[index] == label {
			right++
		}
	}
	return float64(right) / float64(len(test.Labels))
}

func check(training, test Labelled) {
	for _, s := range []Labelled{training, test} {
		if n, _ := s.X.Dims(); n != len(s.Labels) {
			panic(fmt.Sprintf("clustering: %d samples with %d labels", n, len(s.Labels)))
		}
	}
	_, q := training.X.Dims()
	if _, other := test.X.Dims(); q != other {
		panic(fmt.Sprintf("clustering: training samples of %d coordinates, test samples of %d", q, other))
	}
}
