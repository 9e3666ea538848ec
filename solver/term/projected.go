package term

import (
	"errors"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Projected is a mixture seen through a representation: means u_k as columns, r×K, and covariance S, r×r.
type Projected struct{ Means, Covariance *mat.Dense }

// LogPartitionOf is the log-partition at M = 1 of sides in r dimensions, with an estimate of its error:
//
//	−δ Σ w_k (u_k − ū)ᵀ(v_k − v̄) + ½ tr ST + ½ Σ w_k u_kᵀT u_k + E_z log Σ_k w_k exp(zᵀ(v_k − v̄)),   z ∼ Σ w_j N(u_j, S),
//
// u_k and S of the left side, v_k and T of the right one.
func LogPartitionOf(weights, logWeights []float64, delta float64, left, right Projected) (value, err float64, failure error) {
	centred, around := centredColumns(weights, left.Means), centredColumns(weights, right.Means)
	value = dense.Inner(left.Covariance, right.Covariance) / 2
	size := 1 + math.Abs(value) // a logarithm near 0 is off by the rounding of its argument
	for j, w := range weights {
		x := left.Means.ColView(j)
		pull, spread := w*delta*mat.Dot(centred.ColView(j), around.ColView(j)), w*mat.Inner(x, right.Covariance, x)/2
		value += spread - pull
		size += spread + math.Abs(pull)
	}
	root, failure := symmetricRoot(left.Covariance)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	var slopes, offsets mat.Dense
	slopes.Mul(root, around)
	offsets.Mul(left.Means.T(), around)
	for j := range weights {
		for i, log := range logWeights {
			offsets.Set(j, i, offsets.At(j, i)+log)
			size = max(size, math.Abs(offsets.At(j, i)), math.Abs(log))
		}
	}
	var memory dense.Arena
	c := newContrasts(&memory, &slopes, &offsets, lossTolerance)
	logs, off, failure := c.meanLogPartition(weights)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	for j, w := range weights {
		value += w * logs[j]
		size += w * math.Abs(logs[j])
	}
	r, k := left.Means.Dims()
	return value, off + float64(4*r+4*k+16)*unitRoundoff*size, nil
}

// symmetricRoot returns S^½ of a positive semidefinite matrix.
func symmetricRoot(s *mat.Dense) (*mat.Dense, error) {
	n, _ := s.Dims()
	dense.Symmetrise(s)
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(s).RawMatrix().Data), true) {
		return nil, errors.New("solver: the eigenvalues of AᵀΣA did not converge")
	}
	var vectors, scaled, root mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	scaled.CloneFrom(&vectors)
	scaled.Apply(func(_, j int, x float64) float64 { return x * math.Sqrt(max(0, values[j])) }, &scaled)
	root.Mul(&scaled, vectors.T())
	return &root, nil
}

// QuadraticOf is the quadratic at M = 1 of sides in r dimensions, and an estimate of its rounding error:
//
//	−2 Σ w_k u_kᵀ(δv_k + (1−δ)v̄) + tr (S + Σ w_k u_ku_kᵀ)(T + Σ w_k v_kv_kᵀ).
func QuadraticOf(weights []float64, delta float64, left, right Projected) (value, err float64) {
	second := func(p Projected) *mat.Dense {
		var out mat.Dense
		out.Add(p.Covariance, gmm.RawScatter(weights, p.Means))
		return &out
	}
	mean, partner := gmm.Mean(weights, right.Means), new(mat.VecDense)
	var size float64
	for k, w := range weights {
		u := left.Means.ColView(k)
		partner.ScaleVec(delta, right.Means.ColView(k))
		partner.AddScaledVec(partner, 1-delta, mean)
		value -= 2 * w * mat.Dot(u, partner)
		size += 2 * w * mat.Norm(u, 2) * mat.Norm(partner, 2)
	}
	one, other := second(left), second(right)
	value += dense.Inner(one, other)
	size += mat.Norm(one, 2) * mat.Norm(other, 2)
	r, k := left.Means.Dims()
	return value, float64(8*(2*r+k)) * unitRoundoff * size
}
