package clustering_test

import (
	"math"
	"testing"

	"contrastcheck/comparison/clustering"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distmv"
	"pgregory.net/rapid"
)

// Each row is classified as by rules that are fitted anew to all others.
func TestLeaveOneOutRefits(t *testing.T) {
	wrong := 0
	rapid.Check(t, func(t *rapid.T) {
		const classes, q = 2, 2
		n := rapid.IntRange(5, 8).Draw(t, "rows of each class")
		s := clustering.Labelled{X: mat.NewDense(classes*n, q, nil)}
		for i := range classes * n {
			s.Labels = append(s.Labels, i%classes)
			for j := range q {
				s.X.Set(i, j, float64(i%classes)+rapid.Float64Range(-2, 2).Draw(t, "x"))
			}
		}
		got := clustering.NewLeaveOneOut(s, nil)
		if got.Quadratic == nil {
			return // rows on a line
		}
		for i, label := range s.Labels {
			nearest, likeliest := make([]float64, classes), make([]float64, classes)
			for k := range classes {
				var rows []float64
				count := 0
				for j, of := range s.Labels {
					if of == k && j != i {
						rows = append(rows, s.X.RawRowView(j)...)
						count++
					}
				}
				own := mat.NewDense(count, q, rows)
				mean := []float64{stat.Mean(mat.Col(nil, 0, own), nil), stat.Mean(mat.Col(nil, 1, own), nil)}
				var covariance mat.SymDense
				stat.CovarianceMatrix(&covariance, own, nil)
				covariance.ScaleSym(float64(count-1)/float64(count), &covariance)
				normal, ok := distmv.NewNormal(mean, &covariance, nil)
				if !ok {
					return
				}
				x := s.X.RawRowView(i)
				nearest[k] = math.Hypot(x[0]-mean[0], x[1]-mean[1])
				likeliest[k] = math.Log(float64(count)) + normal.LogProb(x)
			}
			const tie = 1e-9
			if math.Abs(nearest[0]-nearest[1]) > tie && got.NearestMean[i] != (nearest[label] > nearest[1-label]) {
				t.Fatalf("row %d: nearest mean wrong: %v, distances %v of class %d", i, got.NearestMean[i], nearest, label)
			}
			if math.Abs(likeliest[0]-likeliest[1]) > tie*(1+math.Abs(likeliest[0])) && got.Quadratic[i] != (likeliest[label] < likeliest[1-label]) {
				t.Fatalf("row %d: quadratic rule wrong: %v, densities %v of class %d", i, got.Quadratic[i], likeliest, label)
			}
			if got.Quadratic[i] != got.NearestMean[i] {
				wrong++
			}
		}
	})
	if wrong == 0 {
		t.Error("the rules were never told apart")
	}
}
