package term

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// ErrColumns says that a representation has more columns than its loss of own covariances is integrated over.
var ErrColumns = errors.New("solver: expected fewer columns where each component has its own covariance")

// MostTiltedColumns is the largest number r of columns of a representation of which the log-partition of own covariances is evaluated.
const MostTiltedColumns = 3

// tiltedLogPartitionOf is LogPartitionOf for covariances S_k and T_k of the components,
//
//	−δ Σ w_k (u_k − ū)ᵀ(v_k − v̄) − ūᵀv̄ + Σ_j w_j E_z log Σ_k w_k exp(zᵀv_k + ½ zᵀT_kz),   z ∼ N(u_j, S_j),
//
// by Gauss and Hermite in each direction. The error is the difference to a rule of ¾ as many points, beside rounding.
func tiltedLogPartitionOf(weights, logWeights []float64, delta float64, left, right Projected) (value, err float64, failure error) {
	r, _ := left.Means.Dims()
	if r > MostTiltedColumns {
		return math.NaN(), math.Inf(1), fmt.Errorf("%w: at most %d, found %d", ErrColumns, MostTiltedColumns, r)
	}
	points := [MostTiltedColumns + 1]int{1, 160, 80, 40}[r]
	u, v := centredColumns(weights, left.Means), centredColumns(weights, right.Means)
	size := 1.0
	for k, w := range weights {
		pull := w * delta * mat.Dot(u.ColView(k), v.ColView(k))
		value -= pull
		size += math.Abs(pull)
	}
	mean := func(p Projected) (sum *mat.VecDense) {
		sum = mat.NewVecDense(r, nil)
		for k, w := range weights {
			sum.AddScaledVec(sum, w, p.Means.ColView(k))
		}
		return sum
	}
	value -= mat.Dot(mean(left), mean(right))
	for j, w := range weights {
		root, failure := symmetricRoot(left.covariance(j))
		if failure != nil {
			return math.NaN(), math.Inf(1), failure
		}
		fine := right.meanLog(logWeights, left.Means.ColView(j), root, points)
		coarse := right.meanLog(logWeights, left.Means.ColView(j), root, 3*points/4)
		value += w * fine
		err += w * math.Abs(fine-coarse)
		size += w * math.Abs(fine)
	}
	return value, err + float64(4*max(left.Dimension, right.Dimension)+4*len(weights)+16*r*r)*unitRoundoff*size, nil
}

// covariance is that of component k.
func (p Projected) covariance(k int) *mat.Dense {
	if p.Own == nil {
		return mat.DenseCopyOf(p.Covariance)
	}
	return mat.DenseCopyOf(p.Own[k])
}

// meanLog is E log Σ_k w_k exp(zᵀv_k + ½ zᵀT_kz), z ∼ N(u, RRᵀ).
func (p Projected) meanLog(logWeights []float64, u mat.Vector, root *mat.Dense, points int) float64 {
	rule := quadrature.Hermite(points)
	r := u.Len()
	t, z, image := make([]float64, r), make([]float64, r), make([]float64, r)
	logs := make([]float64, len(logWeights))
	var covariances []*mat.Dense
	for k := range logWeights {
		covariances = append(covariances, p.covariance(k))
	}
	var along func(direction int, weight float64) float64
	along = func(direction int, weight float64) (sum float64) {
		if direction < r {
			for i, node := range rule.Nodes {
				t[direction] = node
				sum += along(direction+1, weight*rule.Weights[i])
			}
			return sum
		}
		for i := range z {
			z[i] = u.AtVec(i)
			for c, x := range t {
				z[i] += root.At(i, c) * x
			}
		}
		for k, log := range logWeights {
			for i := range image {
				image[i] = p.Means.At(i, k)
				for c, x := range z {
					image[i] += covariances[k].At(i, c) * x / 2
				}
			}
			logs[k] = log
			for i, x := range z {
				logs[k] += x * image[i]
			}
		}
		return weight * floats.LogSumExp(logs)
	}
	return along(0, 1)
}
