package comparison

import "gonum.org/v1/gonum/stat"

// Row is what is known of one projection, averaged over seeds.
type Row struct {
	Projection Projection
	Scores[Estimate]
}

// Scores are what there is to know of a projection x ↦ Aᵀx, AᵀA = I. It is the subspace
// Col(A) that is scored: the lengths that a loss gives to the columns of its minimiser play
// no part.
type Scores[T any] struct {
	// Dimension is the number of columns of A.
	Dimension T `json:"dimension"`
	// Discriminant is J(A) = tr[(AᵀΣA)⁻¹(AᵀCA)], and LargestAngle the largest principal
	// angle of Col(A) and S_F in degrees, in the data's coordinates; where the dimensions
	// differ there are as many angles as the smaller space has.
	Discriminant T `json:"discriminant"`
	LargestAngle T `json:"largest_angle"`
	// AdjustedRand and AdjustedMutualInformation compare the labels of test samples with
	// the clusters that k-means finds in their projections, as many as there are components.
	AdjustedRand              T `json:"adjusted_rand"`
	AdjustedMutualInformation T `json:"adjusted_mutual_information"`
	// NearestNeighbour and NearestCentroid are the shares of test samples that these
	// classifiers get right when they know the labels of training samples.
	NearestNeighbour T `json:"nearest_neighbour_accuracy"`
	NearestCentroid  T `json:"nearest_centroid_accuracy"`
}

// all are the scores, in one order.
func (s *Scores[T]) all() []*T {
	return []*T{&s.Dimension, &s.Discriminant, &s.LargestAngle, &s.AdjustedRand, &s.AdjustedMutualInformation, &s.NearestNeighbour, &s.NearestCentroid}
}

// Converted applies f to each score.
func Converted[S, T any](scores Scores[S], f func(S) T) (out Scores[T]) {
	for n, x := range scores.all() {
		*out.all()[n] = f(*x)
	}
	return out
}

// Estimate is a mean over n seeds and its standard error, the sample's standard
// deviation over √n; that is NaN for n = 1, and both are where a value is not known.
type Estimate struct {
	Mean, StandardError float64
}

// estimate averages one number of the n seeds.
func estimate(values []float64) Estimate {
	mean, deviation := stat.MeanStdDev(values, nil)
	return Estimate{mean, stat.StdErr(deviation, float64(len(values)))}
}

// average turns the scores of seeds into rows.
func average(seeds [][]score) []Row {
	if len(seeds) == 0 {
		return nil
	}
	rows := make([]Row, len(seeds[0]))
	for i := range rows {
		rows[i].Projection = seeds[0][i].projection
		for n, e := range rows[i].all() {
			values := make([]float64, len(seeds))
			for seed, scores := range seeds {
				values[seed] = *scores[i].all()[n]
			}
			*e = estimate(values)
		}
	}
	return rows
}
