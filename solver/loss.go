package solver

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Loss returns the InfoNCE loss of the representation x ↦ Aᵀx, A being d×r, and
// an estimate of its error:
//
//	L(A) = −E[xᵀM x̂] + E_x log E_y exp(xᵀM y),   M = AAᵀ,
//
// (x, x̂) a positive pair, x and y independent draws from the mixture (Bansal,
// Kavis and Sanghavi, arXiv 2411.03517). With v_k = Aᵀμ_k, v̄ = Σ w_k v_k and
// S = AᵀΣA it equals
//
//	−δ Σ w_k |v_k − v̄|² + ½ tr S² + ½ Σ w_k v_kᵀS v_k + E_z log Σ_k w_k exp(zᵀ(v_k − v̄)),   z ∼ Σ w_j N(v_j, S).
//
// It panics if A does not have d rows.
func Loss(p gmm.Pairs, a *mat.Dense) (value, err float64, failure error) {
	if d, _ := a.Dims(); d != p.Left.Dimension() {
		panic(fmt.Sprintf("solver: a representation of %d rows does not fit dimension %d", d, p.Left.Dimension()))
	}
	if err := p.WantSingle(); err != nil {
		return math.NaN(), math.Inf(1), err
	}
	weights := p.Weights()
	var v, around, s, cov mat.Dense
	v.Mul(a.T(), p.Left.Means().T()) // r×K
	cov.Mul(a.T(), p.Left.Covariance())
	s.Mul(&cov, a)
	r, k := v.Dims()
	mean := gmm.Mean(weights, &v)
	around.CloneFrom(&v)
	around.Apply(func(i, _ int, x float64) float64 { return x - mean.AtVec(i) }, &around)
	value = mat.Dot(mat.NewVecDense(r*r, s.RawMatrix().Data), mat.NewVecDense(r*r, s.RawMatrix().Data)) / 2
	size := value
	for j, w := range weights {
		y, x := around.ColView(j), v.ColView(j)
		pull, spread := w*p.Delta()*mat.Dot(y, y), w*mat.Inner(x, &s, x)/2
		value += spread - pull
		size += spread + pull
	}
	root, failure := symmetricRoot(&s)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	var slopes, offsets mat.Dense
	slopes.Mul(root, &around)
	offsets.Mul(v.T(), &around)
	for j := range k {
		for i, log := range p.LogWeights() {
			offsets.Set(j, i, offsets.At(j, i)+log)
			size = max(size, math.Abs(offsets.At(j, i)), math.Abs(log))
		}
	}
	var memory arena
	c := newContrasts(&memory, &slopes, &offsets, lossTolerance)
	logs, off, failure := c.meanLogPartition(weights)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	for j, w := range weights {
		value += w * logs[j]
		size += w * math.Abs(logs[j])
	}
	rounding := float64(4*p.Left.Dimension()+4*k+16) * unitRoundoff * size
	return value, off + rounding, nil
}

// symmetricRoot returns S^½ of a positive semidefinite matrix.
func symmetricRoot(s *mat.Dense) (*mat.Dense, error) {
	n, _ := s.Dims()
	symmetrise(s)
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
