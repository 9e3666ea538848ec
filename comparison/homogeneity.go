package comparison

import (
	"fmt"

	"contrastcheck/comparison/clustering"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Homogeneity is Box's M test of one covariance for all classes. With S_k the unbiased covariances of n_k rows in d coordinates and S the pooled one, n = Σ n_k,
//
//	M = (n − K) log|S| − Σ (n_k − 1) log|S_k|,   c = (Σ 1/(n_k − 1) − 1/(n − K)) (2d² + 3d − 1)/(6(d + 1)(K − 1)),
//
// (1 − c)M is about χ² of ½d(d + 1)(K − 1) degrees of freedom where the classes are Gaussian with one covariance (Box, Biometrika 36 (1949)). It is large where they are
// not Gaussian, too.
type Homogeneity struct {
	Statistic float64 // (1 − c)M
	Freedom   int
	P         float64 // how probable as large a statistic is under one covariance
}

// Different tells whether one covariance is a poor description: one in a thousand samples of one covariance says so.
func (h Homogeneity) Different() bool { return h.Freedom > 0 && h.P < 1e-3 }

// Words say that one covariance is a poor description; "" where it is none.
func (h Homogeneity) Words() string {
	if !h.Different() {
		return ""
	}
	return fmt.Sprintf("One covariance for all classes is a poor description of these rows (Box's M: χ² = %.4g at %d degrees of freedom, p = %.1g).", h.Statistic, h.Freedom, h.P)
}

// homogeneity tests labelled rows; 0 where it cannot: for one class, or one that has too few rows for a covariance of its own.
func homogeneity(s clustering.Labelled, classes int) Homogeneity {
	n, d := s.X.Dims()
	counts := make([]int, classes)
	for _, class := range s.Labels {
		counts[class]++
	}
	pooled := mat.NewSymDense(d, nil)
	var logs, inverses float64
	for class, count := range counts {
		if classes < 2 || count <= d+1 {
			return Homogeneity{}
		}
		own := mat.NewDense(count, d, nil)
		row := 0
		for i, of := range s.Labels {
			if of == class {
				own.SetRow(row, s.X.RawRowView(i))
				row++
			}
		}
		var covariance mat.SymDense
		stat.CovarianceMatrix(&covariance, own, nil)
		var factor mat.Cholesky
		if !factor.Factorize(&covariance) {
			return Homogeneity{}
		}
		free := float64(count - 1)
		logs += free * factor.LogDet()
		inverses += 1 / free
		covariance.ScaleSym(free/float64(n-classes), &covariance)
		pooled.AddSym(pooled, &covariance)
	}
	var factor mat.Cholesky
	if !factor.Factorize(pooled) {
		return Homogeneity{}
	}
	free, dimension, others := float64(n-classes), float64(d), float64(classes-1)
	c := (inverses - 1/free) * (2*dimension*dimension + 3*dimension - 1) / (6 * (dimension + 1) * others)
	h := Homogeneity{Statistic: (1 - c) * (free*factor.LogDet() - logs), Freedom: d * (d + 1) / 2 * (classes - 1)}
	h.P = distuv.ChiSquared{K: float64(h.Freedom)}.Survival(h.Statistic)
	return h
}
