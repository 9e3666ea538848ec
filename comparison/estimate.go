package comparison

import (
	"gonum.org/v1/gonum/stat"
)

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

// average turns the scores of the seeds that were done into rows.
func average(seeds [][]score) []Row {
	var done [][]score
	for _, scores := range seeds {
		if scores != nil {
			done = append(done, scores)
		}
	}
	if done == nil {
		return nil
	}
	rows := make([]Row, len(done[0]))
	for i := range rows {
		over := func(value func(score) float64) Estimate {
			values := make([]float64, len(done))
			for n, scores := range done {
				values[n] = value(scores[i])
			}
			return estimate(values)
		}
		rows[i] = Row{
			Projection:                done[0][i].projection,
			Dimension:                 over(func(s score) float64 { return s.dimension }),
			Discriminant:              over(func(s score) float64 { return s.discriminant }),
			LargestAngle:              over(func(s score) float64 { return s.angle }),
			AdjustedRand:              over(func(s score) float64 { return s.rand }),
			AdjustedMutualInformation: over(func(s score) float64 { return s.information }),
			NearestNeighbour:          over(func(s score) float64 { return s.nearestNeighbour }),
			NearestCentroid:           over(func(s score) float64 { return s.nearestCentroids }),
		}
	}
	return rows
}
