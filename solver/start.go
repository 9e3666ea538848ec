package solver

import (
	"math"
	"math/rand/v2"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// zero is M = 0.
func (f *stated) zero() *mat.Dense {
	return mat.NewDense(len(f.Law.Left.Second), len(f.Law.Right.Second), nil)
}

// startFrom returns the given matrix in the coordinates of f, or M = 0 where that
// is nearer to stationary: a start may come from a very different mixture, whose
// softmax here is too steep to integrate.
func (f *stated) startFrom(ws *Workspace, given *mat.Dense) *mat.Dense {
	if given == nil || !f.Law.Symmetric() {
		return f.zero()
	}
	rotation := f.Law.Left.Rotation
	start := dense.Times(dense.Times(rotation.T(), f.whitened.Left.Restriction(f.pairs.Left, given)), rotation)
	dense.Symmetrise(start)
	if size := mat.Norm(start, 2); math.IsNaN(size) || math.IsInf(size, 0) {
		return f.zero()
	}
	at, err := ws.state.Try(f, start, f.Coarsest())
	if err != nil || !(at.Norm < f.NormAtZero()) {
		return f.zero()
	}
	return start
}

// randomStart returns a random matrix of full rank, symmetric in one modality, small enough that
// its softmaxes are no steeper than those of typical minimisers, and in the domain of f.
func (f *stated) randomStart(rng *rand.Rand) *mat.Dense {
	start := f.zero()
	rows, columns := start.Dims()
	for i := range rows {
		for j := range columns {
			if f.Law.Symmetric() && j > i {
				break
			}
			start.Set(i, j, rng.NormFloat64())
			if f.Law.Symmetric() {
				start.Set(j, i, start.At(i, j))
			}
		}
	}
	longest := mat.Norm(f.whitened.Left.Means, 2) * mat.Norm(f.whitened.Right.Means, 2)
	start.Scale(1/((1+longest)*math.Sqrt(float64(max(rows, columns)))), start)
	for !f.Contains(start) {
		start.Scale(0.5, start)
	}
	return start
}
